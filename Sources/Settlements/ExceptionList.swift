import Evidence
import Records

/// Every version and row of a year that is not paid, with its class and code: `exceptions.csv`.
///
/// Superseded ones are left out unless a dispute hangs on them, since another version stands for
/// them.
struct ExceptionList {
    /// Where a line is read from when it is written: a million cases have many of them.
    private enum Source {
        /// A version by its place on the shelf.
        case version(UInt32, of: UInt32)
        /// A row of no version by its place.
        case loose(UInt32)
    }

    private struct Line {
        let standing: BalanceClass
        let reason: UnpaidReason?
        let cell: PeriodCell
        let source: Source
    }

    /// A line written out.
    private struct Written {
        let codes: [String]
        let record: RecordID?
        let version: Int
        let intake: IntakeID?
        let row: Int
        let submission: SubmissionID?
        let receipt: String?
    }

    /// What the lines rest on.
    struct Grounds {
        fileprivate(set) var receipts: Set<String> = []
        fileprivate(set) var submissions: Set<String> = []
    }

    private let shelf: BookShelf
    private let looseRows: [KeptEntry]
    private var lines: [Line] = []

    init(_ book: CaseBook, settlement: Settlement) {
        let period = settlement.statement.period
        let shelf = book.shelf
        self.shelf = shelf
        looseRows = Array(book.looseRows)
        let paid = settlement.paid.cases
        var reasons: [UInt32: UnpaidReason] = [:]
        for note in settlement.unpaid.notes {
            reasons[note.version] = UnpaidReason.allCases[Int(note.outcome)]
        }
        for record in 0..<UInt32(shelf.newest.count) {
            var place = shelf.newest[record]
            shelf.eachStanding(of: record) { note, standing in
                let own = place
                let reason = reasons[own]
                place = note.older
                let cell = shelf.cell(of: note)
                guard !cell.isKnown || period.contains(cell.calendarMonth),
                    standing != .accepted || !paid[Int(record)],
                    standing != .superseded || reason != nil
                else { return }
                lines.append(
                    Line(
                        standing: standing, reason: reason, cell: shelf.cell(cell),
                        source: .version(own, of: record)))
            }
        }
        for (place, row) in looseRows.enumerated() where row.fate != .superseded {
            guard period.contains(row.cell.month) else { continue }
            lines.append(
                Line(
                    standing: row.fate, reason: nil, cell: row.cell, source: .loose(UInt32(place))))
        }
        lines.sort(by: comesBefore)
    }

    /// Writes the table; returns what its lines rest on.
    func write(to file: PackFile) throws(PackFailure) -> Grounds {
        var table = CSVTable(
            header: [
                "standing", "reason", "code", "record", "version", "institution", "month",
                "intake", "row", "submission", "receipt",
            ], isMarked: false)
        var grounds = Grounds()
        for line in lines {
            let written = written(line)
            if let receipt = written.receipt { grounds.receipts.insert(receipt) }
            if let submission = written.submission { grounds.submissions.insert(submission.text) }
            table.add([
                line.standing.rawValue, line.reason?.rawValue ?? "",
                written.codes.joined(separator: " "), written.record?.text ?? "",
                written.record == nil ? "" : "\(written.version)", line.cell.institution ?? "",
                line.cell.month?.description ?? "", written.intake?.text ?? "",
                written.row == 0 ? "" : "\(written.row)", written.submission?.text ?? "",
                written.receipt ?? "",
            ])
            try file.append(table.taken())
        }
        try file.append(table.taken())
        return grounds
    }

    private func written(_ line: Line) -> Written {
        switch line.source {
        case .version(let place, let record):
            let id = RecordID(shelf.records[record])
            let version = shelf.version(shelf.versions[place], of: id)
            return Written(
                codes: Self.codes(of: version), record: id, version: version.number,
                intake: version.kept?.intake, row: version.kept?.row ?? 0,
                submission: version.submission, receipt: version.receipt)
        case .loose(let place):
            let row = looseRows[Int(place)]
            return Written(
                codes: row.codes, record: nil, version: 0, intake: row.intake, row: row.row,
                submission: nil, receipt: nil)
        }
    }

    private static func codes(of version: CaseVersion) -> [String] {
        var codes = version.isDisputed ? [Discrepancy.Kind.disputed.rawValue] : []
        if let code = version.verdict?.code { codes.append(code) }
        if version.sent == nil { codes += version.kept?.codes ?? [] }
        return codes
    }

    private func comesBefore(_ left: Line, _ right: Line) -> Bool {
        if left.standing != right.standing {
            return left.standing.rawValue < right.standing.rawValue
        }
        if left.cell != right.cell { return left.cell < right.cell }
        return key(left) < key(right)
    }

    private func key(_ line: Line) -> (String, Int, String, Int) {
        switch line.source {
        case .version(let place, let record):
            let version = shelf.versions[place]
            guard version.kept != noNumber else {
                return (shelf.records[record], Int(version.number), "", 0)
            }
            let kept = shelf.entry(shelf.kept[version.kept])
            return (shelf.records[record], Int(version.number), kept.intake.text, kept.row)
        case .loose(let place):
            let row = looseRows[Int(place)]
            return ("", 0, row.intake.text, row.row)
        }
    }
}
