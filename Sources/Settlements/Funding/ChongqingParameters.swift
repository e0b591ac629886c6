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
    private let years: [(year: Int, entry: PaidAhead)]

    struct Shares: Sendable {
        let central: Share?
        let city: Share?
        let district: Share?
    }

    /// Central and city money alone is paid ahead.
    static var payers: PaidAhead.Payers { [("central", \.central), ("city", \.city)] }

    init(_ section: inout Section) throws(DefinitionError) {
        division = try section.text("division")
        localPrice = try section.amount("localPriceFen")
        shares = try DistrictParameters.shares(in: &section)
        itemPrices = try DistrictParameters.itemPrices(in: &section)
        years = try section.years { (_, inner) throws(DefinitionError) in
            try PaidAhead(&inner, payers: DistrictParameters.payers)
        }
        try section.finish()
    }

    func year(_ year: Int) -> PaidAhead? { years.first { $0.year == year }?.entry }

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
                guard let price = try items.amount(item) else {
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
