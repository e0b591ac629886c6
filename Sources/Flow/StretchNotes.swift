import Foundation
import Records
import Storage
import Validation

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

    /// The same with another note of one row. A row without one was sent, and nothing was to be
    /// said.
    func with(_ note: RowNote) -> StretchNotes {
        let old = rows.first { $0.row == note.row }
        var tally = tally
        tally.count(-1, old?.fate ?? .sent, old?.findings ?? [])
        tally.count(1, note.fate, note.findings)
        let others = rows.filter { $0.row != note.row }
        return StretchNotes(tally: tally, rows: note.findings.isEmpty ? others : others + [note])
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

extension ArrivalTally {
    /// Counts one row, or takes it back.
    fileprivate mutating func count(_ number: Int, _ fate: Fate, _ found: [Finding]) {
        fates[fate.rawValue, default: 0] += number
        for code in Set(found.map(\.code)) { findings[code, default: 0] += number }
        fates = fates.filter { $0.value > 0 }
        findings = findings.filter { $0.value > 0 }
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

    /// Puts what rows say now in the place of what they said when they came: a case of which a part
    /// came later, a row that had to wait. One that says the same as before keeps its note.
    ///
    /// Throws `StorageFailure`, `EncodingError`, and `DecodingError` for what this program did not
    /// write.
    func amend(_ judged: [RowNote], of intake: IntakeID, in transaction: any Transaction) throws {
        for note in judged where note.fate != .unchanged {
            // Items of earlier releases have no notes.
            guard let found = try notes(of: intake, after: note.row, in: transaction) else {
                continue
            }
            let text = try found.notes.with(note).text
            try transaction.run(
                """
                UPDATE stretch_note SET notes = \(text)
                WHERE intake = \(intake.text) AND next_row = \(found.nextRow)
                """)
        }
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
