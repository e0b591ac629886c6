import Definitions
import Records

/// Something that a scheme pays for (结算项目).
struct SchemeItem: Sendable {
    let name: String
    let title: Wording
    /// What stands beside a payer's name.
    let short: Wording
    let rule: String
    let price: Price
    /// The service that it is, where a programme has several.
    let service: String?
    let spouses: Spouses
    let once: Limit

    /// What one case costs.
    enum Price: Sendable, Equatable {
        case fen(Money)
        /// Each area has its own list (各区县自己的价目).
        case ofArea
        /// Nobody has decided: a case of it counts, at no amount, and blocks.
        case unset
    }

    /// How often a person may have it.
    enum Limit: String, CaseIterable, Sendable { case childOrder, pregnancy, each }

    /// Whom the record must name.
    enum Spouses: String, CaseIterable, Sendable {
        case both, one, wife, husband, any

        func fits(_ spouses: [Bool]) -> Bool {
            switch self {
            case .any: true
            case .both: spouses == [true, true]
            case .one: spouses == [true, false] || spouses == [false, true]
            case .wife: spouses == [true, false]
            case .husband: spouses == [false, true]
            }
        }
    }

    /// What it costs in an area; `nil` where nobody has said.
    func price(in area: SchemeArea?) -> Money? {
        switch price {
        case .fen(let price): price
        case .ofArea: area?.prices[name]
        case .unset: nil
        }
    }

    func funded(in area: SchemeArea?) -> FundedItem {
        FundedItem(name: name, title: title, rule: rule, price: price(in: area) ?? .zero)
    }

    /// Whether a case is one of it, if it is of its service.
    func fits(_ traits: SettlementTraits) -> Bool {
        traits.service == service && spouses.fits(traits.spouses)
    }

    var limit: ClaimLimit {
        switch once {
        case .childOrder: .once(of: "check", further: .secondClaim)
        case .pregnancy: .once(of: name, further: .secondTest)
        case .each: .eachTest(of: name)
        }
    }

    // MARK: - Reading

    static func all(_ section: inout Section) throws(DefinitionError) -> [SchemeItem] {
        var items: [SchemeItem] = []
        for var inner in try section.sections("items") {
            let item = try SchemeItem(&inner)
            guard !items.contains(where: { $0.name == item.name }) else {
                throw inner.error(at: "item", "项目出现两次。", "The item stands twice.")
            }
            try inner.finish()
            items.append(item)
        }
        guard let first = items.first else {
            throw section.error("缺少 “items”。", "items is missing.")
        }
        guard case .fen = first.price else {
            throw section.error(
                at: "items", "第一个项目须有单价：预测数按它计价。",
                "The first item needs a price: forecasts are reckoned by it.")
        }
        return items
    }

    private init(_ section: inout Section) throws(DefinitionError) {
        name = try section.text("item")
        title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        short = section.has("short") ? try section.wording("short") : title
        rule = try section.text("rule")
        price = try SchemeItem.price(&section)
        service = try section.optionalText("service")
        spouses = try section.choice("spouses", of: Spouses.self) ?? .any
        once = try section.choice("once", of: Limit.self) ?? .childOrder
    }

    /// Reads `priceFen: 24000`, `priceFen: area`, or `priceFen:` for what nobody has decided.
    private static func price(_ section: inout Section) throws(DefinitionError) -> Price {
        guard section.has("priceFen") else {
            throw section.error("缺少 “priceFen”。", "priceFen is missing.")
        }
        let text = try section.optionalText("priceFen")
        guard let text else { return .unset }
        if text == "area" { return .ofArea }
        guard let fen = Int64(text), (1...1_000_000_000_000).contains(fen) else {
            throw section.error(
                at: "priceFen", "“priceFen” 应为大于 0 的金额（分），或 area，或留空。",
                "priceFen is an amount above 0 in fen, or area, or empty.")
        }
        return .fen(Money(fen: fen))
    }
}
