import Records
package import Storage

/// Rows of parts and the cases that they belong to (待合并的行): sealed content, keyed names.
extension Register {
    static let partsMigration: StaticString = """
        CREATE TABLE part_row (
            intake text NOT NULL, row bigint NOT NULL, mapping text NOT NULL, key text NOT NULL,
            sample text NOT NULL, sealed text NOT NULL, PRIMARY KEY (intake, row));
        CREATE INDEX part_row_key ON part_row (mapping, key);
        CREATE INDEX part_row_sample ON part_row (mapping, sample);
        CREATE TABLE part_link (
            mapping text NOT NULL, key text NOT NULL, record text NOT NULL,
            PRIMARY KEY (mapping, key, record));
        CREATE TABLE lead_row (
            record text PRIMARY KEY, intake text NOT NULL, row bigint NOT NULL,
            sealed text NOT NULL);
        CREATE TABLE part_due (record text PRIMARY KEY);
        ALTER TABLE kept_row ADD COLUMN parent text NOT NULL DEFAULT '';
        """

    static let partLinkIndexMigration: StaticString =
        "CREATE INDEX part_link_record ON part_link (record);"

    /// The day by which a row joins, and a case's that claims a key, as days since 1970; -1000000
    /// where nobody knows it. And whether a later file of its source put another in its place.
    static let partDaysMigration: StaticString = """
        ALTER TABLE part_row ADD COLUMN item text NOT NULL DEFAULT '';
        ALTER TABLE part_row ADD COLUMN day bigint NOT NULL DEFAULT -1000000;
        ALTER TABLE part_row ADD COLUMN replaced bigint NOT NULL DEFAULT 0;
        ALTER TABLE part_link ADD COLUMN day bigint NOT NULL DEFAULT -1000000;
        """

    static let unknownDay = -1_000_000

    /// A row of a part on its way to the shelf.
    struct ShelvedRow: Sendable {
        let row: Int
        /// Keyed digests, hex; the sample's is empty where the file has none.
        let key: String
        let sample: String
        let item: String
        let day: Int?
        /// What was reported before does not hold.
        let isDeletion: Bool
        let sealed: String
    }

    /// A row of a part from the shelf.
    struct PartOnShelf: Sendable {
        let intake: IntakeID
        let row: Int
        let key: String
        let sealed: String
        let header: String
        /// The sample's number stands with another key too.
        let isDisputed: Bool
    }

    /// Puts rows on the shelf and marks the cases that wait for them or may change by them.
    func shelve(
        _ rows: [ShelvedRow], of intake: IntakeID, mapping: String, in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.runEach(
            """
            INSERT INTO part_row (intake, row, mapping, key, sample, sealed, item, day)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (intake, row) DO NOTHING
            """, rows
        ) { row, parameters in
            parameters.bind(intake.text)
            parameters.bind(row.row)
            parameters.bind(mapping)
            parameters.bind(row.key)
            parameters.bind(row.isDeletion ? "" : row.sample)
            parameters.bind(row.sealed)
            parameters.bind(row.item)
            parameters.bind(row.day ?? Register.unknownDay)
        }
        for row in rows where !row.sample.isEmpty {
            try settleDispute(by: row, of: intake, mapping: mapping, in: transaction)
        }
        // The cases of these keys, and of other keys whose sample is in dispute by now.
        for key in Set(rows.map(\.key)) {
            try transaction.run(
                """
                INSERT INTO part_due (record)
                SELECT DISTINCT part_link.record FROM part_link
                WHERE part_link.mapping = \(mapping) AND (part_link.key = \(key)
                    OR part_link.key IN (
                        SELECT other.key FROM part_row AS own
                            JOIN part_row AS other ON other.mapping = own.mapping
                                AND other.sample = own.sample AND other.key <> own.key
                        WHERE own.mapping = \(mapping) AND own.key = \(key)
                            AND own.sample <> ''))
                ON CONFLICT (record) DO NOTHING
                """)
        }
        // A row that takes a result back names the sample that others have for themselves now.
        for sample in Set(rows.filter(\.isDeletion).map(\.sample)) where !sample.isEmpty {
            try transaction.run(
                """
                INSERT INTO part_due (record)
                SELECT DISTINCT part_link.record FROM part_link
                JOIN part_row ON part_row.mapping = part_link.mapping
                    AND part_row.key = part_link.key
                WHERE part_link.mapping = \(mapping) AND part_row.sample = \(sample)
                ON CONFLICT (record) DO NOTHING
                """)
        }
    }

    /// A later file of the same source ends a dispute over a sample's number: where it gives a
    /// person's item of that day under another number, the earlier row counts no more; where it
    /// takes the item back, the earlier row has no say in whose sample it is.
    private func settleDispute(
        by row: ShelvedRow, of intake: IntakeID, mapping: String, in transaction: any Transaction
    ) throws(StorageFailure) {
        let day = row.day ?? Register.unknownDay
        if row.isDeletion {
            try transaction.run(
                """
                UPDATE part_row SET sample = '' WHERE mapping = \(mapping) AND key = \(row.key)
                    AND item = \(row.item) AND day = \(day) AND sample = \(row.sample)
                """)
            return
        }
        try transaction.run(
            """
            UPDATE part_row SET replaced = 1 WHERE mapping = \(mapping) AND key = \(row.key)
                AND item = \(row.item) AND day = \(day) AND sample <> \(row.sample)
                AND intake IN (SELECT earlier.intake FROM intake AS earlier
                    JOIN intake AS own ON own.source = earlier.source
                    WHERE own.intake = \(intake.text) AND earlier.intake <> own.intake)
                AND EXISTS (SELECT 1 FROM part_row AS other
                    WHERE other.mapping = part_row.mapping AND other.sample = part_row.sample
                        AND other.sample <> '' AND other.key <> part_row.key)
            """)
    }

    /// The rows of a part by key, in the order of their arrival.
    ///
    /// - Parameter within: the most days between rows of one sample; `nil` for all.
    func parts(
        _ mapping: String, keys: [String], sampleWithin within: Int?,
        in transaction: any Transaction
    ) throws(StorageFailure) -> [PartOnShelf] {
        let unknown = Register.unknownDay
        let most = within ?? 10_000_000
        var found: [PartOnShelf] = []
        for key in keys {
            for row in try transaction.run(
                """
                SELECT part_row.intake, part_row.row, part_row.sealed, intake.header,
                    EXISTS (SELECT 1 FROM part_row AS other
                        WHERE other.mapping = part_row.mapping AND part_row.sample <> ''
                            AND other.sample = part_row.sample AND other.key <> part_row.key
                            AND other.replaced = 0
                            AND (other.day = \(unknown) OR part_row.day = \(unknown)
                                OR abs(other.day - part_row.day) <= \(most))
                    ) AS disputed
                FROM part_row JOIN intake ON intake.intake = part_row.intake
                WHERE part_row.mapping = \(mapping) AND part_row.key = \(key)
                    AND part_row.replaced = 0 AND part_row.sealed <> ''
                ORDER BY intake.arrived, part_row.intake, part_row.row
                """)
            {
                found.append(
                    PartOnShelf(
                        intake: IntakeID(try row.text("intake")), row: try row.int("row"),
                        key: key, sealed: try row.text("sealed"), header: try row.text("header"),
                        isDisputed: try row.int("disputed") == 1))
            }
        }
        return found
    }

    /// Keys of rows that were erased, nobody having asked for them in time.
    func erasedParts(_ mapping: String, keys: [String], in transaction: any Transaction)
        throws(StorageFailure) -> Set<String>
    {
        var found: Set<String> = []
        for key in keys {
            let rows = try transaction.run(
                """
                SELECT 1 FROM part_row WHERE mapping = \(mapping) AND key = \(key)
                    AND sealed = '' AND replaced = 0 LIMIT 1
                """)
            if !rows.isEmpty { found.insert(key) }
        }
        return found
    }

    /// A case's own row, kept so that the case can be put together again.
    struct Lead: Sendable {
        let record: String
        let row: Int
        let sealed: String
        /// The parts that it looks for.
        let links: [PartLink]
    }

    /// Notes the cases of one stretch with what they look for.
    func writeLeads(_ leads: [Lead], of intake: IntakeID, in transaction: any Transaction)
        throws(StorageFailure)
    {
        for lead in leads {
            try transaction.run(
                """
                INSERT INTO lead_row (record, intake, row, sealed)
                VALUES (\(lead.record), \(intake.text), \(lead.row), \(lead.sealed))
                ON CONFLICT (record) DO UPDATE SET intake = excluded.intake,
                    row = excluded.row, sealed = excluded.sealed
                """)
            let before = try claims(of: lead.record, in: transaction)
            try transaction.run("DELETE FROM part_link WHERE record = \(lead.record)")
            for link in lead.links {
                try transaction.run(
                    """
                    INSERT INTO part_link (mapping, key, record, day)
                    VALUES (\(link.mapping), \(link.key), \(lead.record),
                        \(link.day ?? Register.unknownDay))
                    ON CONFLICT (mapping, key, record) DO NOTHING
                    """)
            }
            // Who shares a key that may be one case's alone is judged again, and so is who did.
            for claim in before.symmetricDifference(lead.links.filter(\.isClaim)) {
                try transaction.run(
                    """
                    INSERT INTO part_due (record)
                    SELECT record FROM part_link WHERE mapping = \(claim.mapping)
                        AND key = \(claim.key) AND record <> \(lead.record)
                    ON CONFLICT (record) DO NOTHING
                    """)
            }
        }
    }

    private func claims(of record: String, in transaction: any Transaction)
        throws(StorageFailure) -> Set<PartLink>
    {
        var claims: Set<PartLink> = []
        for row in try transaction.run(
            "SELECT mapping, key, day FROM part_link WHERE record = \(record)")
        {
            var link = PartLink(mapping: try row.text("mapping"), key: try row.text("key"))
            let day = try row.int("day")
            link.day = day == Register.unknownDay ? nil : day
            if link.isClaim { claims.insert(link) }
        }
        return claims
    }

    /// By key the cases that claim it.
    func cases(of claim: String, keys: [String], in transaction: any Transaction)
        throws(StorageFailure) -> [String: Set<PartLink.Claimant>]
    {
        var cases: [String: Set<PartLink.Claimant>] = [:]
        for key in keys {
            for row in try transaction.run(
                "SELECT record, day FROM part_link WHERE mapping = \(claim) AND key = \(key)")
            {
                let day = try row.int("day")
                cases[key, default: []].insert(
                    PartLink.Claimant(
                        record: try row.text("record"),
                        day: day == Register.unknownDay ? nil : day))
            }
        }
        return cases
    }

    /// A case to be put together again, because a part of it came.
    struct DueLead: Sendable {
        let record: String
        let intake: IntakeID
        let row: Int
        let sealed: String
        let header: String
        let mapping: String
        /// Of the item.
        let name: String
        let digest: String
    }

    /// Whether cases are to be put together again: their part is on the shelf, and the run that put
    /// it there was cut short.
    package func hasDueLeads(in transaction: any Transaction) throws(StorageFailure) -> Bool {
        try !transaction.run(
            """
            SELECT 1 FROM part_due JOIN lead_row ON lead_row.record = part_due.record LIMIT 1
            """
        ).isEmpty
    }

    /// Cases to be put together again, those of one item together.
    func dueLeads(in transaction: any Transaction) throws(StorageFailure) -> [DueLead] {
        var due: [DueLead] = []
        for row in try transaction.run(
            """
            SELECT lead_row.record, lead_row.intake, lead_row.row, lead_row.sealed,
                intake.header, intake.mapping, intake.name, intake.digest
            FROM part_due JOIN lead_row ON lead_row.record = part_due.record
                JOIN intake ON intake.intake = lead_row.intake
            ORDER BY lead_row.intake, lead_row.row
            """)
        {
            due.append(
                DueLead(
                    record: try row.text("record"), intake: IntakeID(try row.text("intake")),
                    row: try row.int("row"), sealed: try row.text("sealed"),
                    header: try row.text("header"), mapping: try row.text("mapping"),
                    name: try row.text("name"), digest: try row.text("digest")))
        }
        return due
    }

    /// Whether all these cases still are to be put together again.
    func areDue(_ records: [String], in transaction: any Transaction) throws(StorageFailure)
        -> Bool
    {
        for record in records {
            let due = try transaction.run("SELECT 1 FROM part_due WHERE record = \(record)")
            if due.isEmpty { return false }
        }
        return true
    }

    /// Takes cases off the list of those that are due.
    func settleDue(_ records: [String], in transaction: any Transaction) throws(StorageFailure) {
        for record in records {
            try transaction.run("DELETE FROM part_due WHERE record = \(record)")
        }
    }

    /// Takes rows off the kept ones: they went out.
    func release(_ rows: [Int], of intake: IntakeID, in transaction: any Transaction)
        throws(StorageFailure)
    {
        for row in rows {
            try transaction.run(
                "DELETE FROM kept_row WHERE intake = \(intake.text) AND row = \(row)")
        }
    }

    /// A row of a part for which no case has come yet: its file and its place there name it.
    package struct RowWithoutCase: Sendable {
        package let mapping: String
        package let file: String
        /// As Excel counts; of several rows of one key the first.
        package let row: Int
    }

    /// The first rows of parts for which no case has come yet.
    package func rowsWithoutCase(limit: Int, in transaction: any Transaction)
        throws(StorageFailure) -> [RowWithoutCase]
    {
        var found: [RowWithoutCase] = []
        for row in try transaction.run(
            """
            SELECT part_row.mapping AS mapping, intake.name AS name, min(part_row.row) AS row
            FROM part_row JOIN intake ON intake.intake = part_row.intake
            WHERE part_row.sealed <> '' AND NOT EXISTS (SELECT 1 FROM part_link
                WHERE part_link.mapping = part_row.mapping AND part_link.key = part_row.key)
            GROUP BY part_row.mapping, intake.name, part_row.key
            ORDER BY part_row.mapping, intake.name, min(part_row.row) LIMIT \(limit)
            """)
        {
            found.append(
                RowWithoutCase(
                    mapping: try row.text("mapping"), file: try row.text("name"),
                    row: try row.int("row")))
        }
        return found
    }

    /// Keys of parts for which no case has come yet.
    package func partsWithoutCase(in transaction: any Transaction) throws(StorageFailure)
        -> [(mapping: String, keys: Int)]
    {
        try transaction.run(
            """
            SELECT mapping, count(DISTINCT key) AS keys FROM part_row
            WHERE part_row.sealed <> '' AND NOT EXISTS (SELECT 1 FROM part_link
                WHERE part_link.mapping = part_row.mapping AND part_link.key = part_row.key)
            GROUP BY mapping ORDER BY mapping
            """
        ).map { (row) throws(StorageFailure) in
            (try row.text("mapping"), try row.int("keys"))
        }
    }
}
