package import Records

/// What one statement is about (结算期): a year, or a year up to the end of a month.
///
/// A case belongs to the month of its service day. What becomes known after a statement was issued
/// goes into the next one of the same year, as lines that are linked to those before.
package struct SettlementPeriod: Sendable, Hashable {
    package let year: Int
    /// The last month; `nil` for the whole year.
    package let through: CalendarMonth?

    /// The whole year, or the year up to a month of it.
    package init(year: Int, through: CalendarMonth? = nil) {
        self.year = year
        self.through = through
    }

    /// Whether what stands in this month is in it; what has no known month may be, and is.
    package func contains(_ month: CalendarMonth?) -> Bool {
        guard let month else { return true }
        return month.year == year && (through.map { month <= $0 } ?? true)
    }

    /// Whether it may follow a period of the same year that was issued: it goes no less far.
    package func follows(_ earlier: SettlementPeriod) -> Bool {
        guard let through else { return true }
        return earlier.through.map { $0 <= through } ?? false
    }

    /// The day after its last one; there is none in a year that no calendar has.
    private var end: CalendarDate? {
        (through ?? CalendarMonth(year: year, month: 12)).adding(months: 1).firstDay
    }

    /// Whether it is over, and so many days have gone by since: until then answers are still on
    /// their way.
    package func isOver(at moment: Timestamp, days: Int) -> Bool {
        end.map { moment.day >= $0.adding(days: days) } ?? false
    }
}
