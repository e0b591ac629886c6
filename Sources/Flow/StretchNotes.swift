import Foundation
import Records
import Storage

/// What is to be said of one stretch of an item: kept with its rows, in their transaction, so that
/// the closing words about an item never depend on the process that began it.
struct StretchNotes: Sendable, Codable {
    /// What the stretch adds to the item's counts.
    let tally: ArrivalTally
    /// Rows with findings, by number.
    let rows: [RowNote]

    init(tally: ArrivalTally, rows: [RowNote]) {
        self.tally = tally
        self.rows = rows.sorted { $0.row < $1.row }
    }

    /// The one written form. Throws `EncodingError`.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension Register {
    /// Notes of stretches: codes, fields and counts, never a value. And what tells whether the file
    /// of a half-taken item is still there.
    static let notesMigration: StaticString = """
        CREATE TABLE stretch_note (
            intake text NOT NULL, next_row bigint NOT NULL, notes text NOT NULL,
            PRIMARY KEY (intake, next_row));
        ALTER TABLE intake ADD COLUMN source text NOT NULL DEFAULT '';
        ALTER TABLE intake ADD COLUMN path text NOT NULL DEFAULT '';
        ALTER TABLE intake ADD COLUMN abandoned bigint NOT NULL DEFAULT 0;
        """

    /// Keeps what is to be said of a stretch.
    ///
    /// - Parameters:
    ///   - nextRow: the Excel row after the stretch; tells its stretches apart.
    ///   - notes: as `StretchNotes` writes itself.
    func note(
        _ notes: String, of intake: IntakeID, before nextRow: Int,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO stretch_note (intake, next_row, notes)
            VALUES (\(intake.text), \(nextRow), \(notes))
            """)
    }

    /// The notes of the first stretch that ends after a row; `nil` after the last stretch.
    ///
    /// Throws `StorageFailure`, and `DecodingError` for what this program did not write.
    func notes(
        of intake: IntakeID, after row: Int, in transaction: any Transaction
    ) throws -> (nextRow: Int, notes: StretchNotes)? {
        let found = try transaction.run(
            """
            SELECT next_row, notes FROM stretch_note
            WHERE intake = \(intake.text) AND next_row > \(row) ORDER BY next_row LIMIT 1
            """)
        guard let first = found.first else { return nil }
        let notes = try JSONDecoder().decode(
            StretchNotes.self, from: Data(try first.text("notes").utf8))
        return (try first.int("next_row"), notes)
    }
}
