import Definitions
import Records

/// A policy on files that name one spouse only; the notice is silent.
enum OneSpousePolicy: String, CaseIterable, Sendable {
    case none, half, full, perItem
}

/// The one spouse whom a one-spouse file names (单方档案).
enum Spouse: String, CaseIterable, Sendable, CustomStringConvertible {
    case wife, husband

    var description: String { rawValue }

    /// The line of the statement.
    var item: String { "one-spouse-\(rawValue)" }

    var title: Wording {
        switch self {
        case .wife: Wording(zh: "单方免费检查（妻子，逐项）", en: "Free check of a wife, by items")
        case .husband: Wording(zh: "单方免费检查（丈夫，逐项）", en: "Free check of a husband, by items")
        }
    }
}

/// One county's parameters; what is `nil` is unset and blocks.
struct DistrictParameters: Sendable {
    let division: String
    let localPrice: Money?
    let shares: Shares
    /// What all items of one spouse cost together, where the county has set their prices.
    let itemPrices: [Spouse: Money]
    let years: [Year]

    struct Shares: Sendable {
        let central: Share?
        let city: Share?
        let district: Share?
    }

    struct Year: Sendable {
        let year: Int
        /// Couples, reported at the beginning of the year.
        let forecast: Int64?
        let prepaid: ByPayer
        let carryOver: ByPayer
    }

    /// Fen for each payer that pays ahead.
    struct ByPayer: Sendable {
        let central: Money?
        let city: Money?

        static let unset = ByPayer(central: nil, city: nil)
    }

    init(_ section: inout Section) throws(DefinitionError) {
        division = try section.text("division")
        localPrice = try DistrictParameters.amount("localPriceFen", in: &section)
        shares = try DistrictParameters.shares(in: &section)
        itemPrices = try DistrictParameters.itemPrices(in: &section)
        var years: [Year] = []
        for var inner in try section.sections("years") {
            let year = try DistrictParameters.year(&inner)
            guard !years.contains(where: { $0.year == year.year }) else {
                throw inner.error(at: "year", "年份出现两次。", "The year stands twice.")
            }
            years.append(year)
        }
        self.years = years
        try section.finish()
    }

    func year(_ year: Int) -> Year? { years.first { $0.year == year } }

    private static func shares(in section: inout Section) throws(DefinitionError) -> Shares {
        guard var inner = try section.optionalSection("shares") else {
            return Shares(central: nil, city: nil, district: nil)
        }
        let shares = Shares(
            central: try share("central", in: &inner), city: try share("city", in: &inner),
            district: try share("district", in: &inner))
        try inner.finish()
        let set = [shares.central, shares.city, shares.district].compactMap { $0 }
        guard set.count < 3 || Share.areWhole(set) else {
            throw section.error(
                at: "shares", "三方比例之和应为 1。", "The three shares must add up to 1.")
        }
        return shares
    }

    /// `itemPricesFen: { wife: { 血型: 1200, … }, husband: { … } }`: the county's own list of items,
    /// each with its price in fen.
    private static func itemPrices(in section: inout Section) throws(DefinitionError)
        -> [Spouse: Money]
    {
        guard var inner = try section.optionalSection("itemPricesFen") else { return [:] }
        var prices: [Spouse: Money] = [:]
        for spouse in Spouse.allCases {
            guard var items = try inner.optionalSection(spouse.rawValue) else { continue }
            var sum: Money?
            for item in items.keys {
                guard let price = try amount(item, in: &items) else {
                    throw items.error(at: item, "缺少该项目的价格（分）。", "The item has no price in fen.")
                }
                sum = (sum ?? .zero) + price
            }
            try items.finish()
            prices[spouse] = sum
        }
        try inner.finish()
        return prices
    }

    private static func year(_ section: inout Section) throws(DefinitionError) -> Year {
        guard let number = try section.integer("year"), (2000...2099).contains(number) else {
            throw section.error(at: "year", "“year” 应为年份。", "year must be a year.")
        }
        let forecast = try section.integer("forecast")
        guard (forecast ?? 0) >= 0, (forecast ?? 0) <= 100_000_000 else {
            throw section.error(at: "forecast", "预测人数不合理。", "This is no forecast of couples.")
        }
        let year = Year(
            year: number, forecast: forecast.map(Int64.init),
            prepaid: try byPayer("prepaid", in: &section, mayBeNegative: false),
            carryOver: try byPayer("carryOver", in: &section, mayBeNegative: true))
        try section.finish()
        return year
    }

    private static func byPayer(
        _ key: String, in section: inout Section, mayBeNegative: Bool
    ) throws(DefinitionError) -> ByPayer {
        guard var inner = try section.optionalSection(key) else { return .unset }
        let central = try amount("central", in: &inner, mayBeNegative: mayBeNegative)
        let city = try amount("city", in: &inner, mayBeNegative: mayBeNegative)
        try inner.finish()
        return ByPayer(central: central, city: city)
    }

    /// Fen, up to a trillion.
    static func amount(
        _ key: String, in section: inout Section, mayBeNegative: Bool = false
    ) throws(DefinitionError) -> Money? {
        guard let fen = try section.integer(key) else { return nil }
        guard abs(fen) <= 1_000_000_000_000, mayBeNegative || fen >= 0 else {
            throw section.error(at: key, "金额（分）不合理。", "This is no amount in fen.")
        }
        return Money(fen: Int64(fen))
    }

    private static func share(
        _ key: String, in section: inout Section
    ) throws(DefinitionError) -> Share? {
        guard let text = try section.optionalText(key) else { return nil }
        guard let share = Share(text) else {
            throw section.error(
                at: key, "比例应写成分数，如 4/5。", "Write the share as a fraction, e.g. 4/5.")
        }
        return share
    }
}
