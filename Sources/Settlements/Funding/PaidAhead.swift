import Definitions
import Records

/// What is forecast and paid ahead in one year (预测与预拨): of a county's checks, or of one item of an
/// area. What is `nil` is unset.
struct PaidAhead: Sendable {
    /// Couples or tests, reported at the beginning of the year.
    let forecast: Int64?
    let prepaid: ByPayer
    /// Positive: too much was paid in the year before.
    let carryOver: ByPayer

    /// Fen for each payer that pays ahead; `county` is the district in a municipal district.
    struct ByPayer: Sendable {
        var central: Money?
        var city: Money?
        var county: Money?
    }

    /// Who may pay ahead by a funding rule, each by its key.
    typealias Payers = [(key: String, path: WritableKeyPath<ByPayer, Money?>)]

    /// Reads `forecast`, `prepaid` and `carryOver` of a section that may have more.
    init(_ section: inout Section, payers: Payers) throws(DefinitionError) {
        let forecast = try section.integer("forecast")
        guard (forecast ?? 0) >= 0, (forecast ?? 0) <= 100_000_000 else {
            throw section.error(at: "forecast", "预测数不合理。", "This is no forecast.")
        }
        self.forecast = forecast.map(Int64.init)
        prepaid = try PaidAhead.byPayer("prepaid", in: &section, payers, mayBeNegative: false)
        carryOver = try PaidAhead.byPayer("carryOver", in: &section, payers, mayBeNegative: true)
    }

    private static func byPayer(
        _ key: String, in section: inout Section, _ payers: Payers, mayBeNegative: Bool
    ) throws(DefinitionError) -> ByPayer {
        var amounts = ByPayer()
        guard var inner = try section.optionalSection(key) else { return amounts }
        for payer in payers {
            amounts[keyPath: payer.path] = try inner.amount(payer.key, mayBeNegative: mayBeNegative)
        }
        try inner.finish()
        return amounts
    }
}

extension Section {
    /// An amount of at most a trillion fen; `nil` where it is unset.
    mutating func amount(_ key: String, mayBeNegative: Bool = false) throws(DefinitionError)
        -> Money?
    {
        guard let fen = try integer(key) else { return nil }
        guard abs(fen) <= 1_000_000_000_000, mayBeNegative || fen >= 0 else {
            throw error(at: key, "金额（分）不合理。", "This is no amount in fen.")
        }
        return Money(fen: Int64(fen))
    }

    /// The entries of `years:`, each year once.
    ///
    /// - Parameter read: reads what stands beside `year`.
    mutating func years<Entry>(
        _ read: (_ year: Int, inout Section) throws(DefinitionError) -> Entry
    ) throws(DefinitionError) -> [(year: Int, entry: Entry)] {
        var years: [(year: Int, entry: Entry)] = []
        for var inner in try sections("years") {
            guard let year = try inner.integer("year"), (2000...2099).contains(year) else {
                throw inner.error(at: "year", "“year” 应为年份。", "year must be a year.")
            }
            guard !years.contains(where: { $0.year == year }) else {
                throw inner.error(at: "year", "年份出现两次。", "The year stands twice.")
            }
            years.append((year, try read(year, &inner)))
            try inner.finish()
        }
        return years
    }
}
