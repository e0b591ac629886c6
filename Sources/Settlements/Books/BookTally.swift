package import Records

/// Versions of one month that stand alike.
package struct MonthTally: Hashable, Sendable {
    /// `nil` for rows whose month could not be read.
    package let month: CalendarMonth?
    package let standing: BalanceClass
    /// Whether they were sent at least once, and did not stay at home.
    package let isSent: Bool
}

extension CaseBook {
    /// How many versions of cases, and rows of no known case, stand alike in each month.
    package func monthTallies() -> [MonthTally: Int] {
        struct Key: Hashable {
            let year: Int32
            let month: Int32
            let standing: BalanceClass
            let isSent: Bool
        }
        let shelf = shelf
        var counts: [Key: Int] = [:]
        func count(_ cell: CellNote, _ standing: BalanceClass, isSent: Bool) {
            counts[
                Key(year: cell.year, month: cell.month, standing: standing, isSent: isSent),
                default: 0] += 1
        }
        shelf.eachStanding { _, version, standing in
            count(shelf.cell(of: version), standing, isSent: version.isSent)
        }
        for row in shelf.looseRows { count(row.cell, row.fate, isSent: false) }
        return counts.reduce(into: [:]) { tallies, entry in
            let isKnown = entry.key.month > 0
            let month = CalendarMonth(year: Int(entry.key.year), month: Int(entry.key.month))
            let tally = MonthTally(
                month: isKnown ? month : nil, standing: entry.key.standing,
                isSent: entry.key.isSent)
            tallies[tally, default: 0] += entry.value
        }
    }
}
