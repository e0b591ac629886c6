package import Privacy
package import Records
package import Storage

/// What the county knows of items and cases (登记簿): how far an item is on disk, each case's latest
/// version, who had a free check, and the rows that were kept at home.
package struct Register: Sendable {
    package init() {}

    /// This module's tables; names and digests only, row content sealed.
    package static let migration: StaticString = """
        CREATE TABLE intake (
            intake text PRIMARY KEY, name text NOT NULL, digest text NOT NULL,
            mapping text NOT NULL, header text NOT NULL,
            state text NOT NULL CHECK (state IN ('open', 'closed')),
            position text NOT NULL, rows bigint NOT NULL, arrived bigint NOT NULL);
        CREATE TABLE case_version (
            record text PRIMARY KEY, version bigint NOT NULL, content bytea NOT NULL,
            intake text NOT NULL);
        CREATE TABLE entitlement (claim text PRIMARY KEY, record text NOT NULL);
        CREATE TABLE key_binding (one bigint PRIMARY KEY CHECK (one = 1), keys text NOT NULL);
        CREATE TABLE kept_row (
            intake text NOT NULL, row bigint NOT NULL, record text, version bigint NOT NULL,
            fate text NOT NULL, codes text NOT NULL, sealed text NOT NULL,
            PRIMARY KEY (intake, row));
        CREATE INDEX kept_row_record ON kept_row (record, version);
        CREATE INDEX kept_row_fate ON kept_row (fate, intake, row);
        """

    /// An item's progress on disk.
    package struct Progress: Sendable {
        package let isClosed: Bool
        /// Somebody gave it up half-way.
        package let isAbandoned: Bool
        /// The reader's position as JSON; empty before the first stretch.
        package let position: String
        package let rows: Int
    }

    /// How far an item is on disk; `nil` for one that never came.
    package func progress(of intake: IntakeID, in transaction: any Transaction)
        throws(StorageFailure) -> Progress?
    {
        let rows = try transaction.run(
            "SELECT state, abandoned, position, rows FROM intake WHERE intake = \(intake.text)")
        guard let row = rows.first else { return nil }
        return Progress(
            isClosed: try row.text("state") == "closed",
            isAbandoned: try row.int("abandoned") == 1, position: try row.text("position"),
            rows: try row.int("rows"))
    }

    /// What the clinics called their items.
    func itemNames(in transaction: any Transaction) throws(StorageFailure) -> [IntakeID: String] {
        var names: [IntakeID: String] = [:]
        for row in try transaction.run("SELECT intake, name FROM intake") {
            names[IntakeID(try row.text(0))] = try row.text(1)
        }
        return names
    }

    /// Notes an item that came for the first time. Throws `AnotherWorker` where it is there
    /// already, and `StorageFailure`.
    package func open(
        _ arrived: ArrivedItem, at moment: Timestamp, in transaction: any Transaction
    ) throws {
        let opened = try transaction.run(
            """
            INSERT INTO intake (intake, source, path, name, digest, mapping, header, state,
                position, rows, arrived)
            VALUES (\(arrived.intake.text), \(arrived.source), \(arrived.path), \(arrived.name),
                \(arrived.digest), \(arrived.mapping), \(arrived.header), 'open',
                '', 0, \(moment.microseconds))
            ON CONFLICT (intake) DO NOTHING RETURNING intake
            """)
        guard !opened.isEmpty else { throw AnotherWorker() }
    }

    /// Notes how far reading is, in the transaction that writes the rows, before them.
    ///
    /// - Parameter before: rows that were on disk when the stretch was decided.
    /// - Throws: `AnotherWorker` where the item is further by now, `StorageFailure`.
    package func advance(
        _ intake: IntakeID, to position: String, rows: Int, after before: Int,
        in transaction: any Transaction
    ) throws {
        let moved = try transaction.run(
            """
            UPDATE intake SET position = \(position), rows = rows + \(rows)
            WHERE intake = \(intake.text) AND rows = \(before) AND state = 'open'
            RETURNING intake
            """)
        guard !moved.isEmpty else { throw AnotherWorker() }
    }

    /// Notes that the item's last row has its fate; false if that was noted before.
    package func close(
        _ intake: IntakeID, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        try !transaction.run(
            """
            UPDATE intake SET state = 'closed' WHERE intake = \(intake.text) AND state = 'open'
            RETURNING intake
            """
        ).isEmpty
    }

    /// The latest version of a case.
    package struct CaseVersion: Sendable {
        package let version: Int
        package let content: [UInt8]
        package let intake: String
        /// The epoch of the key that the content's digest was made with.
        package let epoch: Int
    }

    /// The latest version of a case, whatever became of it.
    package func latest(of record: String, in transaction: any Transaction)
        throws(StorageFailure) -> CaseVersion?
    {
        let rows = try transaction.run(
            """
            SELECT version, content, intake, epoch FROM case_version WHERE record = \(record)
            """)
        guard let row = rows.first else { return nil }
        return CaseVersion(
            version: try row.int("version"), content: try row.bytes("content"),
            intake: try row.text("intake"), epoch: try row.int("epoch"))
    }

    /// Whether the latest version of a case was kept at home, and stayed there.
    package func isKept(_ record: String, version: Int, in transaction: any Transaction)
        throws(StorageFailure) -> Bool
    {
        try !transaction.run(
            "SELECT 1 FROM kept_row WHERE record = \(record) AND version = \(version) LIMIT 1"
        ).isEmpty
    }

    /// Notes under which keys this database names cases, the first time; whether they are these.
    ///
    /// - Parameter keys: fingerprints, never material.
    package func bind(to keys: String, in transaction: any Transaction) throws(StorageFailure)
        -> Bool
    {
        try transaction.run(
            "INSERT INTO key_binding (one, keys) VALUES (1, \(keys)) ON CONFLICT (one) DO NOTHING")
        return try transaction.run("SELECT keys FROM key_binding WHERE one = 1").first?.text(0)
            == keys
    }

    /// The case that holds a free check, if any does.
    ///
    /// - Parameter names: of the one check in every epoch, oldest first: while a rotation is under
    ///   way it may stand under any of them, and under one only.
    package func holder(of names: [String], in transaction: any Transaction)
        throws(StorageFailure) -> String?
    {
        for name in names.reversed() {
            let found = try transaction.run("SELECT record FROM entitlement WHERE claim = \(name)")
            if let row = found.first { return try row.text("record") }
        }
        return nil
    }

    /// Whether a case holds the free check of its person for one child order (孩次).
    package func hasClaim(
        _ record: String, order: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let rows = try transaction.run("SELECT claim FROM entitlement WHERE record = \(record)")
        for row in rows where try row.text(0).hasSuffix("/\(order)") { return true }
        return false
    }

    /// Writes the new latest versions, claims and kept rows of one stretch.
    ///
    /// - Throws: `AnotherWorker` where a case has got that version meanwhile from another item,
    ///   `KeyFailure` (`rotated`) where the names are of an epoch that is over, `StorageFailure`.
    package func write(_ stretch: Stretch, in transaction: any Transaction) throws {
        try NamingRegister().makeRoom(for: stretch, in: transaction)
        let written = try transaction.runEach(
            """
            INSERT INTO case_version (record, version, content, intake, epoch)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (record) DO UPDATE SET version = excluded.version,
                content = excluded.content, intake = excluded.intake, epoch = excluded.epoch
                WHERE case_version.version < excluded.version
                    OR (case_version.version = excluded.version
                        AND case_version.intake = excluded.intake)
            """, stretch.cases
        ) { item, parameters in
            parameters.bind(item.record)
            parameters.bind(item.version)
            parameters.bind(item.content)
            parameters.bind(stretch.intake.text)
            parameters.bind(item.epoch)
        }
        guard written == stretch.cases.count else { throw AnotherWorker() }
        try transaction.runEach(
            """
            INSERT INTO entitlement (claim, record, epoch, root) VALUES ($1, $2, $3, $4)
            ON CONFLICT (claim) DO UPDATE SET record = excluded.record
            """,
            stretch.claims
        ) { item, parameters in
            parameters.bind(item.claim)
            parameters.bind(item.record)
            parameters.bind(stretch.epochs?.link ?? 1)
            parameters.bind(stretch.epochs?.linkRoot ?? 1)
        }
        try transaction.runEach(
            """
            INSERT INTO kept_row (intake, row, record, version, fate, codes, sealed, parent)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (intake, row) DO UPDATE SET
                fate = excluded.fate, codes = excluded.codes, version = excluded.version,
                record = excluded.record
            """, stretch.kept
        ) { item, parameters in
            parameters.bind(stretch.intake.text)
            parameters.bind(item.row)
            parameters.bind(item.record)
            parameters.bind(item.version)
            parameters.bind(item.fate)
            parameters.bind(item.codes)
            parameters.bind(item.sealed)
            parameters.bind(item.parent)
        }
        for vault in stretch.vault { try write(vault, in: transaction) }
        try forgetPersons(of: stretch.forgotten, in: transaction)
        try remember(stretch.keys, in: transaction)
        try link(stretch.followUps, in: transaction)
    }

    /// What one stretch of rows changes.
    package struct Stretch: Sendable {
        package struct Case: Sendable {
            package let record: String
            package let version: Int
            package let content: [UInt8]
            /// The epoch of the key that the content's digest was made with.
            package let epoch: Int

            package init(record: String, version: Int, content: [UInt8], epoch: Int) {
                self.record = record
                self.version = version
                self.content = content
                self.epoch = epoch
            }
        }
        package struct Claim: Sendable {
            package let claim: String
            package let record: String
            /// What the same check was called in earlier epochs.
            package let earlier: [String]

            package init(claim: String, record: String, earlier: [String]) {
                self.claim = claim
                self.record = record
                self.earlier = earlier
            }
        }
        package struct Kept: Sendable {
            package let row: Int
            package let record: String?
            package let version: Int
            package let fate: String
            package let codes: String
            package let sealed: String
            /// The case of a follow-up; empty for others.
            package var parent = ""
        }

        package let intake: IntakeID
        /// The epochs that its names were made in; `nil` where none was made.
        package let epochs: NamingEpochs?
        package var cases: [Case] = []
        package var claims: [Claim] = []
        package var kept: [Kept] = []
        /// Who the cases that went out are about, where a vault is kept.
        package var vault: [VaultStretch] = []
        /// Cases whose persons are taken out of the vault.
        package var forgotten: [RecordID] = []
        /// What records that went out hold beyond their item.
        var keys: [HeldKey] = []
        /// Follow-ups that went out, with their cases.
        var followUps: [(record: String, parent: String)] = []

        package init(intake: IntakeID, epochs: NamingEpochs?) {
            self.intake = intake
            self.epochs = epochs
        }
    }

    /// Rows that wait for the answer to an earlier version of their case, and follow-ups that wait
    /// for their case.
    package func waiting(in transaction: any Transaction) throws(StorageFailure) -> [WaitingRow] {
        var waiting: [WaitingRow] = []
        for row in try transaction.run(
            """
            SELECT kept_row.intake, kept_row.row, kept_row.record, kept_row.version,
                kept_row.sealed, kept_row.parent, kept_row.codes, intake.header, intake.mapping
            FROM kept_row JOIN intake ON intake.intake = kept_row.intake
                JOIN case_version ON case_version.record = kept_row.record
                    AND case_version.version = kept_row.version
            WHERE kept_row.fate = 'held'
                AND (instr(' ' || kept_row.codes || ' ', ' H-WAITING ') > 0
                    OR instr(' ' || kept_row.codes || ' ', ' H-CASE ') > 0)
            ORDER BY kept_row.intake, kept_row.row
            """)
        {
            waiting.append(
                WaitingRow(
                    intake: IntakeID(try row.text("intake")), row: try row.int("row"),
                    record: RecordID(try row.text("record")), version: try row.int("version"),
                    parent: try row.text("parent"),
                    waitsForCase: try row.text("codes").split(separator: " ").contains("H-CASE"),
                    sealed: try row.text("sealed"), header: try row.text("header"),
                    mapping: try row.text("mapping")))
        }
        return waiting
    }

    /// Takes a row off the kept ones: it went out. Throws `AnotherWorker` where it has gone by
    /// another hand, `StorageFailure`.
    package func release(_ row: WaitingRow, in transaction: any Transaction) throws {
        let gone = try transaction.run(
            """
            DELETE FROM kept_row WHERE intake = \(row.intake.text) AND row = \(row.row)
            RETURNING row
            """)
        guard !gone.isEmpty else { throw AnotherWorker() }
    }
}

/// An item as the register knows it.
package struct ArrivedItem: Sendable {
    package let intake: IntakeID
    package let source: String
    /// Where its file lay when it came.
    package let path: String
    package let name: String
    package let digest: String
    /// As the site names it.
    package let mapping: String
    /// Column names, JSON.
    package let header: String

    package init(
        intake: IntakeID, source: String, path: String, name: String, digest: String,
        mapping: String, header: String
    ) {
        self.intake = intake
        self.source = source
        self.path = path
        self.name = name
        self.digest = digest
        self.mapping = mapping
        self.header = header
    }
}

/// A row that waits, with what is needed to read it again.
package struct WaitingRow: Sendable {
    package let intake: IntakeID
    package let row: Int
    package let record: RecordID
    package let version: Int
    /// The case of a follow-up; empty for others.
    package let parent: String
    /// It waits for its case, and not only for an answer.
    package let waitsForCase: Bool
    package let sealed: String
    package let header: String
    package let mapping: String
}
