import Evidence
import Records

/// Every version and row of a year that is not paid, with its class and code: `exceptions.csv`.
///
/// Superseded ones are left out unless a dispute hangs on them, since another version stands for
/// them.
struct ExceptionList {
    private struct Line {
        let standing: BalanceClass
        let reason: UnpaidReason?
        let codes: [String]
        let record: RecordID?
        let version: Int
        let cell: PeriodCell
        let intake: IntakeID?
        let row: Int
        let submission: SubmissionID?
        let receipt: String?
    }

    private var lines: [Line] = []

    init(_ book: CaseBook, settlement: Settlement) {
        let period = settlement.statement.period
        let shelf = book.shelf
        let paid = settlement.paid.cases
        var reasons: [UInt32: UnpaidReason] = [:]
        for note in settlement.unpaid.notes {
            reasons[note.version] = UnpaidReason.allCases[Int(note.outcome)]
        }
        for record in 0..<UInt32(shelf.newest.count) {
            var place = shelf.newest[record]
            shelf.eachStanding(of: record) { note, standing in
                let reason = reasons[place]
                place = note.older
                let cell = shelf.cell(of: note)
                guard !cell.isKnown || period.contains(cell.calendarMonth),
                    standing != .accepted || !paid[Int(record)],
                    standing != .superseded || reason != nil
                else { return }
                let id = RecordID(shelf.records[record])
                let version = shelf.version(note, of: id)
                lines.append(
                    Line(
                        standing: standing, reason: reason, codes: Self.codes(of: version),
                        record: id, version: version.number, cell: version.cell,
                        intake: version.kept?.intake, row: version.kept?.row ?? 0,
                        submission: version.submission, receipt: version.receipt))
            }
        }
        for row in book.looseRows where row.fate != .superseded {
            guard period.contains(row.cell.month) else { continue }
            lines.append(
                Line(
                    standing: row.fate, reason: nil, codes: row.codes, record: nil, version: 0,
                    cell: row.cell, intake: row.intake, row: row.row, submission: nil,
                    receipt: nil))
        }
        lines.sort(by: Self.comesBefore)
    }

    /// The receipts that a line rests on.
    var receipts: [String] { lines.compactMap(\.receipt) }
    var submissions: [SubmissionID] { lines.compactMap(\.submission) }

    func csv() -> [UInt8] {
        var table = CSVTable(
            header: [
                "standing", "reason", "code", "record", "version", "institution", "month",
                "intake", "row", "submission", "receipt",
            ], isMarked: false)
        for line in lines {
            table.add([
                line.standing.rawValue, line.reason?.rawValue ?? "",
                line.codes.joined(separator: " "), line.record?.text ?? "",
                line.record == nil ? "" : "\(line.version)", line.cell.institution ?? "",
                line.cell.month?.description ?? "", line.intake?.text ?? "",
                line.row == 0 ? "" : "\(line.row)", line.submission?.text ?? "",
                line.receipt ?? "",
            ])
        }
        return table.bytes
    }

    private static func codes(of version: CaseVersion) -> [String] {
        var codes = version.isDisputed ? [Discrepancy.Kind.disputed.rawValue] : []
        if let code = version.verdict?.code { codes.append(code) }
        if version.sent == nil { codes += version.kept?.codes ?? [] }
        return codes
    }

    private static func comesBefore(_ left: Line, _ right: Line) -> Bool {
        if left.standing != right.standing {
            return left.standing.rawValue < right.standing.rawValue
        }
        if left.cell != right.cell { return left.cell < right.cell }
        let leftKey = (left.record?.text ?? "", left.version, left.intake?.text ?? "", left.row)
        let rightKey = (
            right.record?.text ?? "", right.version, right.intake?.text ?? "", right.row
        )
        return leftKey < rightKey
    }
}
