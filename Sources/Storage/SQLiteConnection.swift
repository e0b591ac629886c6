import Blocking

/// One SQLite connection on its own thread.
actor SQLiteConnection {
    private let executor: any SerialExecutor
    private var handle: SQLiteHandle?

    /// - Parameter executor: where its calls run; `nil` for a thread of its own.
    init(on executor: (any SerialExecutor)? = nil) {
        self.executor = executor ?? ThreadExecutor()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens a claimed file for writing, sets it up and brings its schema up to date.
    func openForWriting(
        _ file: DatabaseFile, _ migrations: [Migration], _ durability: SQLiteDatabase.Durability,
        checkpointed: @escaping CheckpointHook
    ) throws(StorageFailure) {
        let opened = try SQLiteHandle(file, readOnly: false)
        opened.log.isWhole = checkpointed
        try opened.refuseNewerSchema(known: migrations.count)
        try opened.setUpForWriting(durability)
        try opened.migrate(migrations)
        opened.checkpointsWhenClosed(true)
        handle = opened
    }

    /// Opens a file that is claimed and set up, for reading only.
    func openForReading(_ file: DatabaseFile) throws(StorageFailure) {
        let opened = try SQLiteHandle(file, readOnly: true)
        try opened.setUpForReading()
        handle = opened
    }

    /// Opens a file that another process may be working on, for reading only and without its lock.
    /// Where there is none yet, what would be in it: the empty tables, in memory.
    func openForLooking(
        _ path: String, _ migrations: [Migration], _ place: SQLiteDatabase.Place
    ) throws(StorageFailure) {
        let opened: SQLiteHandle
        if let file = try DatabaseFile.look(path, place) {
            opened = try SQLiteHandle(file, readOnly: true)
            do {
                try opened.refuseOtherSchema(than: migrations.count)
            } catch  where error.code == SQLiteHandle.needsRollback {
                // Its making was cut short before it had a log: whoever writes makes it anew.
                throw StorageFailure(.schemaTooOld(found: 0, known: migrations.count))
            }
        } else {
            opened = try SQLiteHandle(inMemory: ())
            try opened.migrate(migrations)
        }
        try opened.setUpForReading()
        handle = opened
    }

    /// One transaction around `work`.
    func transact<Outcome: Sendable>(
        _ begin: String, _ work: @Sendable (any Transaction) throws -> Outcome
    ) throws -> Outcome {
        guard let handle else { throw StorageFailure(.closed) }
        return try handle.transact(begin, work)
    }

    /// Moves the log into the file, if this connection writes, and closes. What could not be moved
    /// stays in the log and is found there at the next opening.
    func close() {
        handle?.emptyLog()
        handle = nil
    }
}
