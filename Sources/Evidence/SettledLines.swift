package import Records
package import Storage

/// The lines of every statement that was issued (结算行): one case paid, or one taken off again.
/// They are only added to; each pack's tree stands over all lines of its year so far.
package struct SettledLines: Sendable {
    /// Where the next lines go.
    package struct Place: Sendable, Hashable {
        package let programme: String
        package let year: Int

        package init(programme: String, year: Int) {
            self.programme = programme
            self.year = year
        }
    }

    /// One line to be added: its case and its canonical bytes, ASCII, without a line feed.
    package struct Line: Sendable {
        package let seq: Int
        package let record: RecordID
        package let text: String

        package init(seq: Int, record: RecordID, text: String) {
            self.seq = seq
            self.record = record
            self.text = text
        }
    }

    private static let pageLines = 512

    package init() {}

    /// Adds lines in their order. Throws `StorageFailure`, also where a number is taken.
    package func append(
        _ lines: [Line], to place: Place, in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.runEach(
            """
            INSERT INTO settled_line (programme, year, seq, record, line)
            VALUES ($1, $2, $3, $4, $5)
            """, lines
        ) { line, parameters in
            parameters.bind(place.programme)
            parameters.bind(Int64(place.year))
            parameters.bind(Int64(line.seq))
            parameters.bind(line.record.text)
            parameters.bind(line.text)
        }
    }

    /// Hands over the lines of a year in their order, few in memory at a time. Throws
    /// `StorageFailure`, and what `each` throws.
    package func lines(
        of place: Place, in transaction: any Transaction, each: (String) throws -> Void
    ) throws {
        var last = 0
        while true {
            let rows = try transaction.run(
                """
                SELECT seq, line FROM settled_line
                WHERE programme = \(place.programme) AND year = \(place.year) AND seq > \(last)
                ORDER BY seq LIMIT \(SettledLines.pageLines)
                """)
            for row in rows {
                last = try row.int(0)
                try each(try row.text(1))
            }
            if rows.count < SettledLines.pageLines { return }
        }
    }

    /// The numbers of a case's lines in a year. Throws `StorageFailure`.
    package func places(
        of record: RecordID, in place: Place, _ transaction: any Transaction
    ) throws(StorageFailure) -> [Int] {
        try transaction.run(
            """
            SELECT seq FROM settled_line
            WHERE record = \(record.text) AND programme = \(place.programme)
                AND year = \(place.year) ORDER BY seq
            """
        ).map { row throws(StorageFailure) in try row.int(0) }
    }
}

/// The lines of statements. The database refuses to change or remove one.
package let settledLinesMigration: StaticString = """
    CREATE TABLE settled_line (
        programme text NOT NULL,
        year bigint NOT NULL,
        seq bigint NOT NULL,
        record text NOT NULL,
        line text NOT NULL,
        PRIMARY KEY (programme, year, seq)
    );
    CREATE INDEX settled_line_by_record ON settled_line (record);
    CREATE TRIGGER settled_line_stays BEFORE UPDATE ON settled_line
    BEGIN SELECT RAISE(ABORT, 'statements are only added to'); END;
    CREATE TRIGGER settled_line_is_kept BEFORE DELETE ON settled_line
    BEGIN SELECT RAISE(ABORT, 'statements are only added to'); END;
    """
