package import Records

/// Whether the books balance: every version that was taken stands in exactly one class.
package struct Balance: Sendable {
    /// One institution and month, and where it stands for one item its service; the unknown cell
    /// has none of them.
    package struct Line: Sendable, Codable, Hashable {
        package let institution: String?
        package let month: CalendarMonth?
        /// Of a programme that pays for several; else absent, as in a line for all of them.
        package let service: String?
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

        init(_ cell: PeriodCell, service: String? = nil) {
            institution = cell.institution
            month = cell.month
            self.service = service
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
    /// The same by item too (分服务项目), within each cell by the service's name, none first.
    package let items: [Line]
    /// Rows that should have been sent and never were; 0 in sound books.
    package let rowsWithoutFate: Int

    /// Folds the book: each version counts in the cell of its own institution and month.
    package init(_ book: CaseBook) {
        let shelf = book.shelf
        var places: [ItemNote: Int] = [:]
        var lines: [Line] = []
        func count(_ item: ItemNote, _ standing: BalanceClass) {
            var place = lines.count
            if let known = places[item] {
                place = known
            } else {
                places[item] = place
                lines.append(Line(shelf.cell(item.cell), service: item.service))
            }
            lines[place].taken += 1
            lines[place].count(standing)
        }
        shelf.eachStanding { _, version, standing in
            count(
                ItemNote(cell: shelf.cell(of: version), service: shelf.service(of: version)),
                standing)
        }
        for row in shelf.looseRows {
            count(ItemNote(cell: row.cell, service: shelf.service(of: row)), row.fate)
        }
        items = lines.sorted {
            $0.cell == $1.cell ? ($0.service ?? "") < ($1.service ?? "") : $0.cell < $1.cell
        }
        self.lines = Balance.cells(of: items)
        rowsWithoutFate = book.rowsWithoutFate
    }

    /// Whether every line balances and no row was lost.
    package var balances: Bool {
        rowsWithoutFate == 0 && lines.allSatisfy(\.balances) && items.allSatisfy(\.balances)
    }

    /// The items of each cell added up; in the order of the cells.
    private static func cells(of items: [Line]) -> [Line] {
        var lines: [Line] = []
        for item in items {
            if lines.last?.cell != item.cell { lines.append(Line(item.cell)) }
            lines[lines.count - 1].add(item)
        }
        return lines
    }

    /// The lines of one year, and the unknown cell, whose rows may belong to any year.
    package func lines(of year: Int) -> [Line] {
        lines.filter { $0.month == nil || $0.month?.year == year }
    }

    /// The items of one year, where the programme tells several apart; else none.
    package func items(of year: Int) -> [Line] {
        let items = items.filter { $0.month?.year == year }
        return items.contains { $0.service != nil } ? items : []
    }

    /// All lines added up; its institution and month are absent.
    package static func sum(_ lines: [Line]) -> Line {
        lines.reduce(into: Line(.unknown)) { $0.add($1) }
    }
}

/// Where something is counted, with its service.
private struct ItemNote: Hashable {
    let cell: CellNote
    let service: String?
}
