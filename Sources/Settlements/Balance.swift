package import Records

/// Whether the books balance: every version that was taken stands in exactly one class.
package struct Balance: Sendable {
    /// One institution and month; the unknown cell has neither.
    package struct Line: Sendable, Codable, Hashable {
        package let institution: String?
        package let month: CalendarMonth?
        /// Versions of cases, and rows whose case is unknown.
        package internal(set) var taken = 0
        package internal(set) var excluded = 0
        package internal(set) var quarantined = 0
        package internal(set) var queued = 0
        package internal(set) var unanswered = 0
        package internal(set) var held = 0
        package internal(set) var accepted = 0
        package internal(set) var rejected = 0
        package internal(set) var withdrawn = 0
        package internal(set) var superseded = 0

        init(_ cell: PeriodCell) {
            institution = cell.institution
            month = cell.month
        }

        var cell: PeriodCell { PeriodCell(institution: institution, month: month) }

        /// Whether taken is the sum of all the rest.
        package var balances: Bool {
            taken == BalanceClass.allCases.reduce(0) { $0 + self[$1] }
        }

        /// The count of one class.
        package subscript(standing: BalanceClass) -> Int {
            switch standing {
            case .excluded: excluded
            case .quarantined: quarantined
            case .queued: queued
            case .unanswered: unanswered
            case .held: held
            case .accepted: accepted
            case .rejected: rejected
            case .withdrawn: withdrawn
            case .superseded: superseded
            }
        }

        mutating func count(_ standing: BalanceClass) {
            switch standing {
            case .excluded: excluded += 1
            case .quarantined: quarantined += 1
            case .queued: queued += 1
            case .unanswered: unanswered += 1
            case .held: held += 1
            case .accepted: accepted += 1
            case .rejected: rejected += 1
            case .withdrawn: withdrawn += 1
            case .superseded: superseded += 1
            }
        }

        mutating func add(_ other: Line) {
            taken += other.taken
            excluded += other.excluded
            quarantined += other.quarantined
            queued += other.queued
            unanswered += other.unanswered
            held += other.held
            accepted += other.accepted
            rejected += other.rejected
            withdrawn += other.withdrawn
            superseded += other.superseded
        }
    }

    /// By institution and month; the unknown cell last.
    package let lines: [Line]
    /// Rows that should have been sent and never were; 0 in sound books.
    package let rowsWithoutFate: Int

    /// Folds the book: each version counts in the cell of its own institution and month.
    package init(_ book: CaseBook) {
        let shelf = book.shelf
        var places: [CellNote: Int] = [:]
        var lines: [Line] = []
        func count(_ cell: CellNote, _ standing: BalanceClass) {
            var place = lines.count
            if let known = places[cell] {
                place = known
            } else {
                places[cell] = place
                lines.append(Line(shelf.cell(cell)))
            }
            lines[place].taken += 1
            lines[place].count(standing)
        }
        shelf.eachStanding { _, version, standing in count(shelf.cell(of: version), standing) }
        for row in shelf.looseRows { count(row.cell, row.fate) }
        self.lines = lines.sorted { $0.cell < $1.cell }
        rowsWithoutFate = book.rowsWithoutFate
    }

    /// Whether every line balances and no row was lost.
    package var balances: Bool { rowsWithoutFate == 0 && lines.allSatisfy(\.balances) }

    /// The lines of one year, and the unknown cell, whose rows may belong to any year.
    package func lines(of year: Int) -> [Line] {
        lines.filter { $0.month == nil || $0.month?.year == year }
    }

    /// All lines added up; its institution and month are absent.
    package static func sum(_ lines: [Line]) -> Line {
        lines.reduce(into: Line(.unknown)) { $0.add($1) }
    }
}
