import CLibPQ

/// How a connection is looked at and set up before it is used.
extension PostgreSQLHandle {
    private static let oldestVersion = 150_000

    /// Which server this is, and on which timeline: both change when another one takes over.
    ///
    /// Throws `standby` for one that only follows.
    func stand() throws(StorageFailure) -> DatabaseStand {
        guard try execute("SELECT pg_is_in_recovery()") == "f" else {
            throw StorageFailure(.server(.standby))
        }
        let system = try execute("SELECT system_identifier FROM pg_control_system()")
        // The first eight digits of a segment's name. The control file would tell of a new
        // timeline only after its first checkpoint.
        let timeline = try execute(
            "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
        guard let system, let timeline else { throw StorageFailure(.other) }
        return DatabaseStand(system: system, timeline: timeline)
    }

    /// Throws `tooOld`, `pooled`, `collation`, `notDurable` before anything is changed.
    func refuseUnfit() throws(StorageFailure) {
        guard let version = Int(try setting("server_version_num")),
            version >= PostgreSQLHandle.oldestVersion
        else { throw StorageFailure(.server(.tooOld)) }
        // A proxy gives its own number for the server process. It may lend another process to
        // every transaction, and takes what a session prepared, locked or listens to with it.
        guard let process = try execute("SELECT pg_backend_pid()"),
            Int32(process) == PQbackendPID(connection)
        else { throw StorageFailure(.server(.pooled)) }
        // Text sorts by its bytes, as in SQLite: a language's order changes with the system's
        // libraries, and breaks indexes.
        let order = try execute(
            "SELECT datcollate FROM pg_database WHERE datname = current_database()")
        guard try setting("server_encoding") == "UTF8",
            ["C", "C.UTF-8", "C.utf8", "POSIX"].contains(order)
        else { throw StorageFailure(.server(.collation)) }
        guard try setting("fsync") == "on", try setting("full_page_writes") == "on" else {
            throw StorageFailure(.server(.notDurable))
        }
    }

    /// Every commit is on the server's disk, and on its synchronous standbys' where it has any;
    /// nothing waits for ever, and a process that stopped inside a transaction loses it.
    func setUp(idleSeconds: Int) throws(StorageFailure) {
        if try setting("synchronous_commit") != "remote_apply" {
            try execute("SET synchronous_commit = on")
            guard try setting("synchronous_commit") == "on" else {
                throw StorageFailure(.server(.notDurable))
            }
        }
        try execute("SET lock_timeout = '60s'")
        try execute("SET statement_timeout = '120s'")
        try execute("SET idle_in_transaction_session_timeout = '\(idleSeconds)s'")
    }

    private func setting(_ name: String) throws(StorageFailure) -> String {
        try execute("SHOW \(name)") ?? ""
    }
}

// MARK: - The schema

extension PostgreSQLHandle {
    /// The number of the last step that was applied; 0 in an empty database.
    private func schemaNumber() throws(StorageFailure) -> Int {
        guard try execute("SELECT to_regclass('schema_step')") != nil else { return 0 }
        return try execute("SELECT max(number) FROM schema_step").flatMap { Int($0) } ?? 0
    }

    /// Throws `schemaTooNew`, `schemaTooOld`.
    func refuseOtherSchema(than known: Int) throws(StorageFailure) {
        let found = try schemaNumber()
        if found > known { throw StorageFailure(.schemaTooNew(found: found, known: known)) }
        if found < known { throw StorageFailure(.schemaTooOld(found: found, known: known)) }
    }

    /// Applies the steps that the database does not have yet, each in one transaction, one
    /// process at a time. Throws `schemaTooNew` before anything is changed.
    func migrate(_ migrations: [Migration]) throws(StorageFailure) {
        precondition(
            migrations.map(\.number) == migrations.indices.map { $0 + 1 },
            "migrations are not numbered 1, 2, 3, …")
        while true {
            try execute(Dialect.postgreSQL.begin.text)
            do throws(StorageFailure) {
                let found = try schemaNumber()
                guard found <= migrations.count else {
                    throw StorageFailure(.schemaTooNew(found: found, known: migrations.count))
                }
                guard found < migrations.count else {
                    try execute("ROLLBACK")
                    return
                }
                if found == 0 { try execute(PostgreSQLSchema.foundation) }
                let next = migrations[found]
                try execute(PostgreSQLSchema.translated(next.statements.description))
                try execute("INSERT INTO schema_step (number) VALUES (\(next.number))")
                guard case .kept = try commit() else {
                    throw StorageFailure(.server(.outcomeUnknown))
                }
            } catch {
                if isConnected, isInTransaction { _ = try? execute("ROLLBACK") }
                throw error
            }
        }
    }
}
