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
        try transaction.runEach(
            """
            INSERT INTO vault_key (key, outer_key, inner_key, wrapped) VALUES ($1, $2, $3, $4)
            """, vault.keys
        ) { nested, parameters in
            parameters.bind(vault.keyID)
            parameters.bind(nested.outer)
            parameters.bind(nested.inner)
            parameters.bind(nested.wrapped)
        }
    }

    /// Takes cases out of the vault: their persons withdrew their consent. Throws
    /// `StorageFailure`.
    func forgetPersons(of records: [RecordID], in transaction: any Transaction)
        throws(StorageFailure)
    {
        for record in records {
            try transaction.run("DELETE FROM vault WHERE record = \(record.text)")
        }
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
