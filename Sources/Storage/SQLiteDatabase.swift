import CSQLite

/// A database in one SQLite file, for one process.
///
/// One connection writes and moves the log into the file, another only reads; each has its own
/// thread. Every commit is on disk before `write` returns. The file holds sealed bytes only, and
/// is readable by its owner alone.
package final class SQLiteDatabase: SteadyDatabase {
    /// Where a database file may be.
    package enum Place: Sendable {
        /// On a disk of this machine: network and FUSE file systems are refused.
        case localOnly
        /// Anywhere. Locks and forced writes are then as good as that file system's.
        case anywhere
    }

    /// What a commit waits for: values of SQLite's `synchronous`.
    package enum Durability: Int64, Sendable {
        /// The system's word: a power cut takes the last commits with it. Only for showing that a
        /// trial of power cuts would find that out.
        case normal = 1
        /// The disk's word.
        case full = 2
    }

    private let writer: SQLiteConnection
    private let reader: SQLiteConnection
    package let stand = DatabaseStand.file

    private init(writer: SQLiteConnection, reader: SQLiteConnection) {
        self.writer = writer
        self.reader = reader
    }

    /// Opens the file, or makes it, and brings its schema up to date. Beside it there will be
    /// `.lock`, `.turn`, `-wal` and `-shm`.
    ///
    /// - Parameters:
    ///   - migrations: All steps of the schema, numbered 1, 2, 3, …
    ///   - durability: always `full`, but in the trial of power cuts.
    ///   - executor: where both connections run; `nil` gives each a thread of its own.
    ///   - checkpointed: told each time that the log was moved into the file whole.
    /// - Throws: `StorageFailure`: `lockedByAnotherProcess`, `networkFileSystem` and
    ///   `schemaTooNew` before anything is changed; `cannotOpen`, `readOnly`, `full`, `corrupt`.
    package static func open(
        _ path: String, migrations: [Migration], place: Place = .localOnly,
        durability: Durability = .full, on executor: (any SerialExecutor)? = nil,
        checkpointed: @escaping CheckpointHook = {}
    ) async throws -> SQLiteDatabase {
        try await open(
            try DatabaseFile.claim(path, place), migrations, durability, on: executor,
            checkpointed: checkpointed)
    }

    /// Opens a claimed file.
    static func open(
        _ file: DatabaseFile, _ migrations: [Migration], _ durability: Durability = .full,
        on executor: (any SerialExecutor)? = nil, checkpointed: @escaping CheckpointHook = {}
    ) async throws -> SQLiteDatabase {
        let writer = SQLiteConnection(on: executor)
        let reader = SQLiteConnection(on: executor)
        try await writer.openForWriting(
            file, migrations, durability, checkpointed: checkpointed)
        try await reader.openForReading(file)
        return SQLiteDatabase(writer: writer, reader: reader)
    }

    /// Opens the file for one short piece of work, beside a process that has it and lends it
    /// (`LendingDatabase`): waits for its turn.
    ///
    /// - Parameter patience: for how long.
    /// - Throws: `lockedByAnotherProcess` where no turn came, else as `open`.
    package static func openInTurn(
        _ path: String, migrations: [Migration], place: Place = .localOnly,
        patience: Duration = .seconds(10)
    ) async throws -> SQLiteDatabase {
        do { return try await open(path, migrations: migrations, place: place) } catch let failure
            as StorageFailure where failure.reason == .lockedByAnotherProcess
        {}
        let wish = try ProcessLock(
            try DatabaseFile.local(path, place) + DatabaseFile.wish, isShared: true)
        let end = ContinuousClock.now + patience
        while true {
            do {
                let file = try DatabaseFile.claim(path, place, as: .guest)
                return try await open(
                    DatabaseFile(path: file.path, locks: file.locks + [wish]), migrations)
            } catch let failure
                as StorageFailure where failure.reason == .lockedByAnotherProcess
            {
                guard ContinuousClock.now < end else { throw failure }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @discardableResult
    package func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await writer.transact(Dialect.sqlite.begin.text, work)
    }

    package func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await reader.transact("BEGIN", work)
    }

    /// Ends after the transactions that are under way, moves the log into the file and gives the
    /// file back. What comes later throws `closed`. May be called again.
    package func close() async {
        // The writer last: the connection that closes last moves the log.
        await reader.close()
        await writer.close()
    }

    /// The version of the SQLite library in use, such as "3.40.1".
    package static func sqliteVersion() -> String {
        String(cString: sqlite3_libversion())
    }
}
