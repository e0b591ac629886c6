package import Records

/// How a period is closed (关账条件).
package struct ClosingTerms: Sendable {
    /// The last month; `nil` for the whole year.
    package let through: CalendarMonth?
    /// Whether what is still open is carried over to the next statement, by the word of those who
    /// sign this one (结转未决): it is listed, and blocks nothing.
    package let carriesOver: Bool
    /// So many days after the period's end it may be closed; `nil` asks for no end.
    package let daysAfterEnd: Int?
    /// Who makes the statement.
    package let maker: String?

    package init(
        through: CalendarMonth? = nil, carriesOver: Bool = false, daysAfterEnd: Int? = nil,
        maker: String? = nil
    ) {
        self.through = through
        self.carriesOver = carriesOver
        self.daysAfterEnd = daysAfterEnd
        self.maker = maker
    }

    func isTooEarly(for period: SettlementPeriod, at moment: Timestamp) -> Bool {
        daysAfterEnd.map { !period.isOver(at: moment, days: $0) } ?? false
    }
}
