/// A database on a PostgreSQL server (15 or newer), for any number of processes.
///
/// **Writers take turns**, all processes' together, by a lock that ends with the transaction: each
/// sees what all before it wrote, as with a file, so that one SQL and one way of thinking serve
/// both. The ledger is a chain, so nearly all of them would wait for each other at its end anyway;
/// `docs/decisions` has the figures. Readers see one unchanging snapshot and wait for nobody.
///
/// A connection that breaks is made again. A transaction that broke before its commit was asked for
/// is done again; one whose commit nobody answered is looked up by the mark it leaves
/// (`CommitMark`), and never repeated blindly. A server that has taken over from another one is not
/// worked on: it may lack what was confirmed, and only a new start can find out.
package final class PostgreSQLDatabase: SteadyDatabase {
    private let writer: PostgreSQLConnection
    private let reader: PostgreSQLConnection
    package let stand: DatabaseStand

    private init(
        writer: PostgreSQLConnection, reader: PostgreSQLConnection, stand: DatabaseStand
    ) {
        self.writer = writer
        self.reader = reader
        self.stand = stand
    }

    /// Connects and brings the schema up to date.
    ///
    /// - Parameters:
    ///   - migrations: All steps of the schema, numbered 1, 2, 3, …
    ///   - jitter: gives numbers from 0 up to 1.
    /// - Throws: `StorageFailure`: `schemaTooNew` and all kinds of `server`, before anything is
    ///   changed.
    package static func open(
        _ address: PostgreSQLAddress, migrations: [Migration],
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) async throws -> PostgreSQLDatabase {
        let writer = PostgreSQLConnection(address, .writer, jitter: jitter)
        let reader = PostgreSQLConnection(address, .reader, jitter: jitter)
        let stand = try await writer.open(migrations, mayMigrate: true)
        try await reader.open(on: stand)
        return PostgreSQLDatabase(writer: writer, reader: reader, stand: stand)
    }

    /// Another way into the same server for what must not wait for a turn, on threads of its own:
    /// it may change single rows, and nothing that the ledger tells of.
    package static func openOutOfTurn(
        _ address: PostgreSQLAddress, on stand: DatabaseStand,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) async throws -> PostgreSQLDatabase {
        let writer = PostgreSQLConnection(address, .writerOutOfTurn, jitter: jitter)
        let reader = PostgreSQLConnection(address, .reader, jitter: jitter)
        try await writer.open(on: stand)
        try await reader.open(on: stand)
        return PostgreSQLDatabase(writer: writer, reader: reader, stand: stand)
    }

    @discardableResult
    package func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await writer.write(work)
    }

    package func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await reader.read(work)
    }

    /// Ends after the transactions that are under way. What comes later throws `closed`. May be
    /// called again.
    package func close() async {
        await reader.close()
        await writer.close()
    }
}

/// A look into a database on a PostgreSQL server: changes nothing, not even its schema.
package final class PostgreSQLView: SteadyDatabase {
    private let reader: PostgreSQLConnection
    package let stand: DatabaseStand

    private init(reader: PostgreSQLConnection, stand: DatabaseStand) {
        self.reader = reader
        self.stand = stand
    }

    /// Connects for reading. Throws `StorageFailure`: `schemaTooNew`, `schemaTooOld`, also for a
    /// database that nobody has written yet, and all kinds of `server`.
    package static func open(
        _ address: PostgreSQLAddress, migrations: [Migration],
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) async throws -> PostgreSQLView {
        let reader = PostgreSQLConnection(address, .reader, jitter: jitter)
        let stand = try await reader.open(migrations, mayMigrate: false)
        return PostgreSQLView(reader: reader, stand: stand)
    }

    /// Throws `readOnly`, always and before the work begins.
    package func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        throw StorageFailure(.readOnly)
    }

    package func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await reader.read(work)
    }

    /// Ends after the transaction that is under way. May be called again.
    package func close() async {
        await reader.close()
    }
}
