/// How a connection is set up, and how its transactions run.
extension SQLiteHandle {
    /// Large, since most of what is stored are sealed blocks of some hundred records.
    private static let pageSizeBytes: Int64 = 16_384
    /// Of each connection: what falls out of it still lies in the system's own cache.
    private static let cacheSizeKibibytes: Int64 = 4_096
    private static let logLimitBytes: Int64 = 64 << 20
    /// `SQLITE_READONLY_ROLLBACK`, a macro: a journal beside the file must be undone first.
    static let needsRollback: Int32 = 8 | 3 << 8

    /// Throws `schemaTooNew` before anything in the file is changed.
    func refuseNewerSchema(known: Int) throws(StorageFailure) {
        let found = try schemaNumber()
        if found > known {
            throw StorageFailure(.schemaTooNew(found: found, known: known))
        }
    }

    /// Throws `schemaTooNew`, or `schemaTooOld` for a file that only a writer may bring up to date.
    func refuseOtherSchema(than known: Int) throws(StorageFailure) {
        try refuseNewerSchema(known: known)
        let found = try schemaNumber()
        if found < known {
            throw StorageFailure(.schemaTooOld(found: found, known: known))
        }
    }

    /// Write-ahead log, every commit forced to disk. In this mode `NORMAL` loses acknowledged
    /// commits when the power fails.
    func setUpForWriting(
        _ durability: SQLiteDatabase.Durability
    ) throws(StorageFailure) {
        try execute("PRAGMA page_size = \(SQLiteHandle.pageSizeBytes)")
        let mode = try run("PRAGMA journal_mode = WAL").first
        guard try mode?.text(0) == "wal" else { throw StorageFailure(.cannotOpen) }
        try set("synchronous", durability.rawValue)
        try set("foreign_keys", 1)
        try set("journal_size_limit", SQLiteHandle.logLimitBytes)
        try set("wal_autocheckpoint", 0)
        moveLogOurselves()
        try setUpForAll()
    }

    /// Cannot change anything and never moves the log: while two connections do, SQLite before
    /// 3.51.3 can lose part of a transaction.
    func setUpForReading() throws(StorageFailure) {
        try set("query_only", 1)
        try set("wal_autocheckpoint", 0)
        try setUpForAll()
    }

    private func setUpForAll() throws(StorageFailure) {
        try set("temp_store", 2)  // in memory: nothing spills into a file of its own
        try set("trusted_schema", 0)
        try set("secure_delete", 1)  // what is erased is gone from its page, too
        try set("cache_size", -SQLiteHandle.cacheSizeKibibytes)
    }

    /// SQLite ignores a setting it does not know, so each is read back.
    private func set(_ setting: String, _ value: Int64) throws(StorageFailure) {
        try execute("PRAGMA \(setting) = \(value)")
        guard try run("PRAGMA \(setting)").first?.int64(0) == value else {
            throw StorageFailure(.cannotOpen)
        }
    }

    private func schemaNumber() throws(StorageFailure) -> Int {
        try run("PRAGMA user_version").first?.int(0) ?? 0
    }

    /// Applies the steps that the file does not have yet, all in one transaction: a file is of this
    /// program's schema or of the one that it had.
    func migrate(_ migrations: [Migration]) throws(StorageFailure) {
        precondition(
            migrations.map(\.number) == migrations.indices.map { $0 + 1 },
            "migrations are not numbered 1, 2, 3, …")
        let missing = migrations.dropFirst(try schemaNumber())
        guard let last = missing.last else { return }
        try execute(Dialect.sqlite.begin.text)
        do {
            for migration in missing { try execute(migration.statements.description) }
            try execute("PRAGMA user_version = \(last.number)")
            try execute("COMMIT")
        } catch {
            abandon()
            throw error
        }
    }

    /// Runs `work` between `begin` and `COMMIT`. Rethrows what it throws, after a rollback.
    func transact<Outcome>(
        _ begin: String, _ work: (any Transaction) throws -> Outcome
    ) throws -> Outcome {
        try refuseAfterFailedForcing()
        _ = try run(begin)
        let transaction = SQLiteTransaction(self)
        do {
            let outcome = try work(transaction)
            if let failure = transaction.failure { throw failure }
            _ = try run("COMMIT")
            if transaction.isErasing { log.holdsErased = true }
            shortenLog()
            return outcome
        } catch {
            if let failure = error as? StorageFailure { note(failure) }
            abandon()
            throw error
        }
    }

    /// Rolls back, unless SQLite already did. A rollback that fails leaves the transaction open,
    /// so that the next one cannot begin: nothing is ever half kept.
    private func abandon() {
        if isInTransaction { try? execute("ROLLBACK") }
    }
}
