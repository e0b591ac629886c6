import Privacy
import Records
import Storage

/// The identity vault in the database (身份保管库): sealed rows, and their keys under two
/// people's keys.
extension Register {
    /// `vault` has a case's latest row; `vault_key` each data key once for every pair of people.
    /// `identify_*` have what was approved, for as long as it may be opened.
    package static let vaultMigration: StaticString = """
        CREATE TABLE vault (record text PRIMARY KEY, key text NOT NULL, sealed text NOT NULL);
        CREATE INDEX vault_by_key ON vault (key);
        CREATE TABLE vault_key (
            key text NOT NULL, outer_key text NOT NULL, inner_key text NOT NULL,
            wrapped bytea NOT NULL, PRIMARY KEY (key, outer_key, inner_key));
        CREATE TABLE identify_layer (
            request text NOT NULL, key text NOT NULL, inner_key text NOT NULL,
            wrapped bytea NOT NULL, PRIMARY KEY (request, key, inner_key));
        CREATE TABLE identify_opening (
            request text PRIMARY KEY, key text NOT NULL, wrapped bytea NOT NULL);
        CREATE TABLE identify_row (
            request text NOT NULL, number bigint NOT NULL, record text NOT NULL,
            sealed text NOT NULL, PRIMARY KEY (request, number));
        """

    /// A case's row in the vault.
    struct VaultRow: Sendable {
        let key: String
        let sealed: String
    }

    /// Puts rows into the vault, each in the place of its case's earlier one. Throws
    /// `StorageFailure`.
    func write(_ vault: VaultStretch, in transaction: any Transaction) throws(StorageFailure) {
        guard !vault.rows.isEmpty else { return }
        try transaction.runEach(
            """
            INSERT INTO vault (record, key, sealed) VALUES ($1, $2, $3)
            ON CONFLICT (record) DO UPDATE SET key = excluded.key, sealed = excluded.sealed
            """, vault.rows
        ) { row, parameters in
            parameters.bind(row.record.text)
            parameters.bind(vault.keyID)
            parameters.bind(row.sealed)
        }
        try write(vault.keys, of: vault.keyID, in: transaction)
    }

    /// Puts the wrappings of a data key into the vault. Throws `StorageFailure`.
    func write(_ keys: [NestedKey], of keyID: String, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try transaction.runEach(
            """
            INSERT INTO vault_key (key, outer_key, inner_key, wrapped) VALUES ($1, $2, $3, $4)
            """, keys
        ) { nested, parameters in
            parameters.bind(keyID)
            parameters.bind(nested.outer)
            parameters.bind(nested.inner)
            parameters.bind(nested.wrapped)
        }
    }

    /// Takes cases out of the vault and out of what was opened: their persons withdrew their
    /// consent. Data keys that open nothing then are erased with them. Throws `StorageFailure`.
    func forgetPersons(of records: [RecordID], in transaction: any Transaction)
        throws(StorageFailure)
    {
        guard !records.isEmpty else { return }
        // A follow-up is about the same people.
        var records = records
        for parent in records { records += try followUps(of: parent, in: transaction) }
        for record in records {
            guard let row = try vaultRow(of: record, in: transaction) else { continue }
            try transaction.run("DELETE FROM vault WHERE record = \(record.text)")
            try eraseIdleKeys(where: "key = \(row.key)", in: transaction)
        }
        for record in records {
            try transaction.run("DELETE FROM identify_row WHERE record = \(record.text)")
        }
        try eraseOpenings(
            where: """
                NOT EXISTS (SELECT 1 FROM identify_row
                    WHERE identify_row.request = identify_opening.request)
                """, in: transaction)
        transaction.scrub()
    }

    /// Erases inner layers. Throws `StorageFailure`.
    func eraseLayers(where condition: SQL, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try erase(from: "identify_layer", where: condition, in: transaction)
    }

    /// Erases keys that were closed to a requester, and the rows under them. Throws
    /// `StorageFailure`.
    func eraseOpenings(where condition: SQL, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try erase(from: "identify_opening", where: condition, in: transaction)
        try transaction.run(
            """
            DELETE FROM identify_row WHERE NOT EXISTS (SELECT 1 FROM identify_opening
                WHERE identify_opening.request = identify_row.request)
            """)
    }

    /// Erases all wrappings of data keys. Throws `StorageFailure`.
    func eraseWrappings(where condition: SQL, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try erase(from: "vault_key", where: condition, in: transaction)
    }

    /// Erases data keys that open no row any more; returns their ids. Throws `StorageFailure`.
    @discardableResult
    func eraseIdleKeys(where condition: SQL = "1 = 1", in transaction: any Transaction)
        throws(StorageFailure) -> [String]
    {
        let idle: SQL = """
            \(clause: condition)
                AND NOT EXISTS (SELECT 1 FROM vault WHERE vault.key = vault_key.key)
            """
        let keys = try transaction.run(
            "SELECT DISTINCT key FROM vault_key WHERE \(clause: idle) ORDER BY key"
        ).map { (row) throws(StorageFailure) in try row.text(0) }
        if !keys.isEmpty { try eraseWrappings(where: idle, in: transaction) }
        for key in keys { try eraseLayers(where: "key = \(key)", in: transaction) }
        return keys
    }

    /// Overwrites what is wrapped by as many zeros in its place, then deletes it.
    private func erase(from table: SQL, where condition: SQL, in transaction: any Transaction)
        throws(StorageFailure)
    {
        for row in try transaction.run(
            """
            SELECT DISTINCT CAST(length(wrapped) AS bigint) FROM \(clause: table)
            WHERE \(clause: condition)
            """)
        {
            let count = try row.int(0)
            try transaction.run(
                """
                UPDATE \(clause: table) SET wrapped = \([UInt8](repeating: 0, count: count))
                WHERE length(wrapped) = \(count) AND \(clause: condition)
                """)
        }
        try transaction.run("DELETE FROM \(clause: table) WHERE \(clause: condition)")
        transaction.scrub()
    }

    /// A data key of the vault, and for which pairs it is wrapped.
    struct WrappedKey: Sendable {
        let key: String
        /// `outer/inner`, fingerprints.
        let pairs: Set<String>
    }

    /// How many data keys open rows, and how many of them are wrapped for each pair. Throws
    /// `StorageFailure`.
    func wrappings(in transaction: any Transaction) throws(StorageFailure)
        -> (keys: Int, pairs: [String: Int])
    {
        let keys = try transaction.run("SELECT count(DISTINCT key) FROM vault")[0].int(0)
        var pairs: [String: Int] = [:]
        for row in try transaction.run(
            """
            SELECT outer_key, inner_key, count(*) FROM vault_key
            WHERE EXISTS (SELECT 1 FROM vault WHERE vault.key = vault_key.key)
            GROUP BY outer_key, inner_key
            """)
        { pairs[NestedKey.pairName(try row.text(0), try row.text(1))] = try row.int(2) }
        return (keys, pairs)
    }

    /// The data keys that open rows and are not wrapped for exactly these pairs. Throws
    /// `StorageFailure`.
    func keysNotWrapped(
        for pairs: Set<String>, in transaction: any Transaction
    ) throws(StorageFailure) -> [WrappedKey] {
        var found: [String: Set<String>] = [:]
        for row in try transaction.run("SELECT DISTINCT key FROM vault") {
            found[try row.text(0)] = []
        }
        for row in try transaction.run("SELECT key, outer_key, inner_key FROM vault_key") {
            let key = try row.text(0)
            guard found[key] != nil else { continue }
            found[key]?.insert(NestedKey.pairName(try row.text(1), try row.text(2)))
        }
        return found.filter { $0.value != pairs }.map { WrappedKey(key: $0.key, pairs: $0.value) }
            .sorted { $0.key < $1.key }
    }

    /// Cases of some that are not in the vault. Throws `StorageFailure`.
    func notInVault(_ records: [String], in transaction: any Transaction)
        throws(StorageFailure) -> [String]
    {
        var gone: [String] = []
        for record in records where try vaultRow(of: RecordID(record), in: transaction) == nil {
            gone.append(record)
        }
        return gone
    }

    /// A case's row; `nil` for one that is not in the vault. Throws `StorageFailure`.
    func vaultRow(of record: RecordID, in transaction: any Transaction) throws(StorageFailure)
        -> VaultRow?
    {
        let rows = try transaction.run(
            "SELECT key, sealed FROM vault WHERE record = \(record.text)")
        guard let row = rows.first else { return nil }
        return VaultRow(key: try row.text(0), sealed: try row.text(1))
    }

    /// A data key as it is wrapped with one person outside. Throws `StorageFailure`.
    func nestedKeys(_ key: String, outer: String, in transaction: any Transaction)
        throws(StorageFailure) -> [NestedKey]
    {
        var found: [NestedKey] = []
        for row in try transaction.run(
            """
            SELECT inner_key, wrapped FROM vault_key
            WHERE key = \(key) AND outer_key = \(outer) ORDER BY inner_key
            """)
        {
            found.append(
                NestedKey(outer: outer, inner: try row.text(0), wrapped: try row.bytes(1)))
        }
        return found
    }
}
