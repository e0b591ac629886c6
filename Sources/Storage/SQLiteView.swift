/// A look into a database file that another process may be working on.
///
/// It takes no process lock, applies no migration and writes nothing: the write-ahead log lets one
/// process write while others read what was last committed. It never moves the log either, so at
/// most one process does. SQLite may leave its empty `-wal` and its index `-shm` beside the file;
/// the next writer takes them away.
package final class SQLiteView: SteadyDatabase {
    private let reader: SQLiteConnection
    package let stand = DatabaseStand.file

    private init(reader: SQLiteConnection) {
        self.reader = reader
    }

    /// Opens the file for reading. Where there is none, the view is of the empty tables, and none
    /// is made.
    ///
    /// - Parameter migrations: All steps of the schema; the file must have had every one.
    /// - Throws: `StorageFailure`: `schemaTooNew`, `schemaTooOld`, `networkFileSystem`,
    ///   `cannotOpen`, `corrupt`, `busy`.
    package static func open(
        _ path: String, migrations: [Migration], place: SQLiteDatabase.Place = .localOnly
    ) async throws -> SQLiteView {
        let reader = SQLiteConnection()
        try await reader.openForLooking(path, migrations, place)
        return SQLiteView(reader: reader)
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
        try await reader.transact("BEGIN", work)
    }

    /// Ends after the transactions that are under way. What comes later throws `closed`. May be
    /// called again.
    package func close() async {
        await reader.close()
    }
}
