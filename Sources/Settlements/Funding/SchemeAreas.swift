import Definitions
import Records

/// The places of a scheme (结算区域): what tells one from another, and each one's own figures.
struct SchemeAreas: Sendable {
    /// What areas may differ in (区域属性), e.g. whether the province manages the budget.
    let traits: [String]
    private let areas: [SchemeArea]
    /// Whether the scheme is the same everywhere: an area that is not named is one without figures.
    private let isEverywhere: Bool

    /// What an area says of itself beside its traits.
    struct Own: Sendable {
        /// Items whose price is each area's own.
        let priced: [String]
        /// Payers whose share is each area's own.
        let shares: [String]
        /// Whether somebody bears what an area pays above the price.
        let hasLocalPrice: Bool
    }

    init(_ section: inout Section, _ words: SchemeTerms, _ own: Own) throws(DefinitionError) {
        traits = words.traits
        isEverywhere = try section.flag("everywhere") ?? false
        guard !isEverywhere || (traits.isEmpty && own.shares.isEmpty) else {
            throw section.error(
                at: "everywhere", "各区域不同的办法不能对未列的区域都适用。",
                "A scheme whose areas differ cannot hold everywhere.")
        }
        var areas: [SchemeArea] = []
        for var inner in try section.sections("areas") {
            let area = try SchemeArea(&inner, traits: traits, own)
            guard !areas.contains(where: { $0.code == area.code }) else {
                throw inner.error(at: "area", "区域出现两次。", "The area stands twice.")
            }
            try inner.finish()
            areas.append(area)
        }
        self.areas = areas
    }

    /// Whether an area has a code that is no division's.
    var hasCodes: Bool { areas.contains { $0.division != nil } }

    /// A name under `years` that is none of these items or payers; `nil` where all are.
    func stray(items: [String], payers: [String]) -> String? {
        areas.lazy.compactMap { $0.stray(items: items, payers: payers) }.first
    }

    /// An area by its own code, or by its division's; `nil` for one that the scheme does not know.
    func area(_ code: String) -> SchemeArea? {
        areas.first { $0.code == code } ?? areas.first { $0.division == code }
            ?? (isEverywhere ? SchemeArea(code: code) : nil)
    }
}

/// One area with a budget of its own.
struct SchemeArea: Sendable {
    let code: String
    /// Its division code, where its own is another.
    let division: String?
    /// What it pays for a case of the first item, where that is not the scheme's price.
    let localPrice: Money?
    /// By payer, where the scheme leaves the shares to each area.
    let shares: [String: Share]
    /// By item what one case costs there, where the scheme leaves that to each area.
    let prices: [String: Money]
    private let values: [String: [Standing]]
    private let years: [(year: Int, entry: SchemeYear)]

    /// What a trait is, on the days given, both inclusive.
    private struct Standing: Sendable {
        let value: String
        let from: CalendarDate?
        let to: CalendarDate?
    }

    init(code: String) {
        self.code = code
        division = nil
        localPrice = nil
        shares = [:]
        prices = [:]
        values = [:]
        years = []
    }

    init(
        _ section: inout Section, traits: [String], _ own: SchemeAreas.Own
    ) throws(DefinitionError) {
        code = try section.text("area")
        division = try section.optionalText("division")
        localPrice = own.hasLocalPrice ? try section.amount("localPriceFen") : nil
        shares = try SchemeArea.shares(&section, of: own.shares)
        prices = try SchemeArea.prices(&section, of: own.priced)
        var values: [String: [Standing]] = [:]
        for trait in traits {
            values[trait] = try SchemeArea.standings(of: trait, &section)
        }
        self.values = values
        years = try section.years { (_, inner) throws(DefinitionError) in
            try SchemeYear(&inner)
        }
    }

    /// Reads `shares: { central: 4/5, city: 1/10 }`; an empty one is unset.
    private static func shares(
        _ section: inout Section, of payers: [String]
    ) throws(DefinitionError) -> [String: Share] {
        guard !payers.isEmpty, var inner = try section.optionalSection("shares") else { return [:] }
        var shares: [String: Share] = [:]
        var sum: Share? = Share.none
        for payer in payers {
            guard let text = try inner.optionalText(payer) else { continue }
            guard let share = Share(text) else {
                throw inner.error(
                    at: payer, "比例应写成分数，如 4/5。", "Write the share as a fraction, e.g. 4/5.")
            }
            shares[payer] = share
            sum = sum?.adding(share)
        }
        try inner.finish()
        guard sum?.remainder != nil else {
            throw section.error(
                at: "shares", "各方比例之和不能超过 1。", "The shares must not add up to more than 1.")
        }
        return shares
    }

    /// Reads `prices: { one-spouse-wife: { 血型: 1200, … } }`: the area's own list of what an item
    /// is made of, each with its price in fen.
    private static func prices(
        _ section: inout Section, of items: [String]
    ) throws(DefinitionError) -> [String: Money] {
        guard !items.isEmpty, var inner = try section.optionalSection("prices") else { return [:] }
        var prices: [String: Money] = [:]
        for item in items {
            guard var parts = try inner.optionalSection(item) else { continue }
            for part in parts.keys {
                guard let price = try parts.amount(part) else {
                    throw parts.error(at: part, "缺少该项目的价格（分）。", "It has no price in fen.")
                }
                prices[item] = (prices[item] ?? .zero) + price
            }
            try parts.finish()
        }
        try inner.finish()
        return prices
    }

    func year(_ year: Int) -> SchemeYear? { years.first { $0.year == year }?.entry }

    func stray(items: [String], payers: [String]) -> String? {
        years.lazy.compactMap { $0.entry.stray(items: items, payers: payers) }.first
    }

    /// What a trait is in a budget year; `nil` where that is not set for every day of it, or
    /// changes within it.
    func value(of trait: String, in year: Int) -> String? {
        guard let first = CalendarDate(iso: "\(year)-01-01"),
            let last = CalendarDate(iso: "\(year)-12-31")
        else { return nil }
        let whole = (values[trait] ?? []).filter { standing in
            (standing.from.map { $0 <= first } ?? true) && (standing.to.map { last <= $0 } ?? true)
        }
        return whole.count == 1 ? whole[0].value : nil
    }

    /// Reads one value for all time, or a list of `{ is, from, to }`.
    private static func standings(
        of trait: String, _ section: inout Section
    ) throws(DefinitionError) -> [Standing] {
        guard section.has(trait) else { return [] }
        guard section.isList(trait) else {
            return try section.optionalText(trait).map {
                [Standing(value: $0, from: nil, to: nil)]
            } ?? []
        }
        var standings: [Standing] = []
        for var inner in try section.sections(trait) {
            let standing = Standing(
                value: try inner.text("is"), from: try inner.date("from"), to: try inner.date("to"))
            if let from = standing.from, let to = standing.to, to < from {
                throw inner.error(at: "to", "止日早于起日。", "to is before from.")
            }
            try inner.finish()
            standings.append(standing)
        }
        return standings
    }
}

/// What is forecast and paid ahead in one year, item by item.
struct SchemeYear: Sendable {
    private let amounts: [String: Amounts]

    struct Amounts: Sendable {
        /// Cases.
        let forecast: Int64?
        /// Fen by payer.
        let prepaid: [String: Money]
        /// Fen by payer; positive: too much was paid in the year before.
        let carryOver: [String: Money]

        /// Whether cases are forecast, or money was paid or is carried.
        var isPlanned: Bool {
            (forecast ?? 0) > 0
                || [prepaid, carryOver].contains { $0.values.contains { $0 != .zero } }
        }
    }

    func stray(items: [String], payers: [String]) -> String? {
        for (item, amounts) in amounts.sorted(by: { $0.key < $1.key }) {
            if !items.contains(item) { return item }
            let named = Set(amounts.prepaid.keys).union(amounts.carryOver.keys)
            if let stray = named.subtracting(payers).min() { return stray }
        }
        return nil
    }

    subscript(item: String) -> Amounts? { amounts[item] }

    /// Reads `items: [{ item, forecast, prepaid: {…}, carryOver: {…} }]`.
    init(_ section: inout Section) throws(DefinitionError) {
        var amounts: [String: Amounts] = [:]
        for var inner in try section.sections("items") {
            let item = try inner.text("item")
            let forecast = try inner.integer("forecast")
            guard (0...100_000_000).contains(forecast ?? 0) else {
                throw inner.error(at: "forecast", "预测数不合理。", "This is no forecast.")
            }
            guard amounts[item] == nil else {
                throw inner.error(at: "item", "项目出现两次。", "The item stands twice.")
            }
            amounts[item] = Amounts(
                forecast: forecast.map(Int64.init),
                prepaid: try inner.amounts("prepaid", mayBeNegative: false),
                carryOver: try inner.amounts("carryOver", mayBeNegative: true))
            try inner.finish()
        }
        self.amounts = amounts
    }
}

extension Section {
    /// Fen by payer; those that are not there are unset.
    fileprivate mutating func amounts(
        _ key: String, mayBeNegative: Bool
    ) throws(DefinitionError) -> [String: Money] {
        guard var inner = try optionalSection(key) else { return [:] }
        var amounts: [String: Money] = [:]
        for payer in inner.keys {
            // Named and empty is unset.
            amounts[payer] = try inner.amount(payer, mayBeNegative: mayBeNegative)
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
    fileprivate mutating func years<Entry>(
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
