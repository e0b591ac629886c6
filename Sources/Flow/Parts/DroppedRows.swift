import Evidence
import Mappings
import Programmes
package import Records
package import Storage

/// Rows of parts that a person takes off the shelf (撤下的行), because the laboratory that wrote them
/// cannot take them back itself.
extension Register {
    /// Rows of one person's sample in one file.
    package struct ShelvedRows: Sendable {
        package let intake: IntakeID
        package let file: String
        package let mapping: String
        /// The first of them, as Excel counts.
        package let row: Int
        package let count: Int
    }

    /// Rows whose sample's number stands with another person too: of each person's the first.
    ///
    /// - Parameter within: by mapping the most days between rows of one sample.
    package func disputedRows(
        sampleWithin within: [String: Int], in transaction: any Transaction
    ) throws(StorageFailure) -> [ShelvedRows] {
        var found: [ShelvedRows] = []
        for row in try transaction.run(
            """
            SELECT part_row.intake AS intake, intake.name AS name, part_row.mapping AS mapping,
                min(part_row.row) AS row, count(*) AS rows, part_row.day AS day,
                part_row.key AS key, part_row.sample AS sample
            FROM part_row JOIN intake ON intake.intake = part_row.intake
            WHERE part_row.sample <> '' AND part_row.replaced = 0
                AND EXISTS (SELECT 1 FROM part_row AS other
                    WHERE other.mapping = part_row.mapping AND other.sample = part_row.sample
                        AND other.key <> part_row.key AND other.replaced = 0)
            GROUP BY part_row.intake, intake.name, part_row.mapping, part_row.day, part_row.key,
                part_row.sample
            ORDER BY part_row.mapping, intake.name, min(part_row.row)
            """)
        {
            let mapping = try row.text("mapping")
            let isDisputed = try isDisputed(
                key: row.text("key"), sample: row.text("sample"), day: row.int("day"), mapping,
                within: within[mapping], in: transaction)
            guard isDisputed else { continue }
            found.append(
                ShelvedRows(
                    intake: IntakeID(try row.text("intake")), file: try row.text("name"),
                    mapping: mapping, row: try row.int("row"), count: try row.int("rows")))
        }
        return found
    }

    private func isDisputed(
        key: String, sample: String, day: Int, _ mapping: String, within: Int?,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let (unknown, most) = (Register.unknownDay, within ?? 10_000_000)
        return try !transaction.run(
            """
            SELECT 1 FROM part_row WHERE mapping = \(mapping) AND sample = \(sample)
                AND key <> \(key) AND replaced = 0
                AND (day = \(unknown) OR \(day) = \(unknown) OR abs(day - \(day)) <= \(most))
            LIMIT 1
            """
        ).isEmpty
    }

    /// The items of which a row is on the shelf, by their id's beginning or their file's name.
    package func shelved(_ item: String, row: Int, in transaction: any Transaction)
        throws(StorageFailure) -> [ShelvedRows]
    {
        let prefix = item.lowercased() + "%"
        return try transaction.run(
            """
            SELECT part_row.intake AS intake, intake.name AS name, part_row.mapping AS mapping,
                (SELECT count(*) FROM part_row AS own WHERE own.intake = part_row.intake
                    AND own.key = part_row.key AND own.sample = part_row.sample) AS rows
            FROM part_row JOIN intake ON intake.intake = part_row.intake
            WHERE part_row.row = \(row) AND part_row.replaced = 0
                AND (intake.name = \(item) OR part_row.intake LIKE \(prefix))
            """
        ).map { (found) throws(StorageFailure) in
            ShelvedRows(
                intake: IntakeID(try found.text("intake")), file: try found.text("name"),
                mapping: try found.text("mapping"), row: row, count: try found.int("rows"))
        }
    }

    /// Takes the rows of one person's sample off the shelf, and has the cases judged again that
    /// they belong to or that share the sample's number.
    func drop(_ rows: ShelvedRows, in transaction: any Transaction) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO part_due (record)
            SELECT DISTINCT part_link.record FROM part_row AS own
                JOIN part_row AS other ON other.mapping = own.mapping
                    AND (other.key = own.key OR (own.sample <> '' AND other.sample = own.sample))
                JOIN part_link ON part_link.mapping = other.mapping AND part_link.key = other.key
            WHERE own.intake = \(rows.intake.text) AND own.row = \(rows.row)
            ON CONFLICT (record) DO NOTHING
            """)
        try transaction.run(
            """
            UPDATE part_row SET replaced = 2 WHERE intake = \(rows.intake.text)
                AND EXISTS (SELECT 1 FROM part_row AS own
                    WHERE own.intake = part_row.intake AND own.row = \(rows.row)
                        AND own.key = part_row.key AND own.sample = part_row.sample)
            """)
    }
}

extension Site {
    /// Rows whose sample's number stands with another person too. Throws `StorageFailure`.
    package func disputedRows(in transaction: any Transaction) throws -> [Register.ShelvedRows] {
        var within: [String: Int] = [:]
        for file in programmes.flatMap(\.programme.mappings) {
            within[file.partName] = file.mapping.part?.items?.sampleWithin
        }
        return try Register().disputedRows(sampleWithin: within, in: transaction)
    }

    /// Takes rows off the shelf, with who and why in the ledger.
    ///
    /// Throws `StorageFailure` and what the ledger throws.
    package func drop(
        _ rows: Register.ShelvedRows, by person: String, because reason: String,
        in transaction: any Transaction
    ) throws {
        try Register().drop(rows, in: transaction)
        try Ledger().append(
            [
                .dropped(
                    .init(
                        intake: rows.intake, row: rows.row, rows: rows.count, by: person,
                        because: reason))
            ], at: clock(), in: transaction)
    }
}
