import Definitions
import Records

/// The names that a scheme's payers may speak of: its items, what areas differ in, and its
/// parameters.
struct SchemeTerms: Sendable {
    let items: [String]
    let isTogether: Bool
    let parameters: [String]
    /// What areas may differ in (区域属性), e.g. whether the province manages the budget.
    let traits: [String]

    /// What a parameter is that nobody has decided.
    static let unset = "unset"

    init(
        _ section: inout Section, items: [String], isTogether: Bool, parameters: [String]
    ) throws(DefinitionError) {
        self.items = items
        self.isTogether = isTogether
        self.parameters = parameters
        traits = try section.texts("traits")
        if let double = traits.first(where: parameters.contains) {
            throw section.error(
                at: "traits", "“\(double)” 既是参数又是区域属性。",
                "\(double) is a parameter and a trait of areas both.")
        }
    }

    /// Reads `rule: R-12`, or one for each item.
    func rules(_ section: inout Section) throws(DefinitionError) -> [String: String] {
        var probe = section
        guard let text = try? probe.text("rule") else {
            var inner = try section.section("rule")
            var rules: [String: String] = [:]
            for item in inner.keys { rules[try known(item, in: inner)] = try inner.text(item) }
            try inner.finish()
            return rules
        }
        _ = try section.text("rule")
        return items.reduce(into: [:]) { $0[$1] = text }
    }

    /// Reads `when`, all of which must hold; nothing always does.
    func condition(_ section: inout Section) throws(DefinitionError) -> SchemeCondition {
        guard var inner = try section.optionalSection("when") else {
            return SchemeCondition(wanted: [])
        }
        var wanted: [(name: String, value: String)] = []
        for name in inner.keys {
            guard traits.contains(name) || parameters.contains(name) else {
                let known = (traits + parameters).joined(separator: ", ")
                throw inner.error(
                    at: name, "没有区域属性或参数 “\(name)”；可用：\(known)。",
                    "There is no trait or parameter \(name); known: \(known).")
            }
            wanted.append((name, try inner.text(name)))
        }
        try inner.finish()
        return SchemeCondition(wanted: wanted)
    }

    fileprivate func known(_ item: String, in section: Section) throws(DefinitionError) -> String {
        guard items.contains(item) else {
            throw section.error("没有项目 “\(item)”。", "There is no item \(item).")
        }
        return item
    }
}

/// What an area and the parameters must be, all of it.
struct SchemeCondition: Sendable {
    let wanted: [(name: String, value: String)]

    /// Whether it holds, or which trait is unset. A parameter that is unset is just that: the part
    /// of nobody turns on it.
    func holds(in area: SchemeArea, _ scheme: FundingScheme, _ year: Int) -> Held {
        for (name, value) in wanted {
            if let parameter = scheme.parameters.first(where: { $0.name == name }) {
                if parameter.value ?? SchemeTerms.unset != value { return .no }
                continue
            }
            guard let found = area.value(of: name, in: year) else { return .unset(name) }
            if found != value { return .no }
        }
        return .yes
    }

    enum Held {
        case yes, no
        case unset(String)
    }
}

/// A part that is borne where the area is so.
struct SchemeTerm: Sendable {
    /// `nil` for every item.
    let item: String?
    let condition: SchemeCondition
    let amount: Amount

    enum Amount: Sendable, Equatable {
        case share(Share)
        case fen(Money)
        /// The area's own share for this payer.
        case ofArea
    }

    init(_ section: inout Section, _ words: SchemeTerms) throws(DefinitionError) {
        let item = try section.optionalText("item")
        condition = try words.condition(&section)
        let share = try section.optionalText("share")
        let fen = try section.amount("fen")
        try section.finish()
        self.item = try item.map { (item) throws(DefinitionError) in
            try words.known(item, in: section)
        }
        guard !words.isTogether || (item == nil && fen == nil) else {
            throw section.error(
                "together: true 时各项目合并分担，只能写 share。",
                "With together: true all items are shared out as one, by a share alone.")
        }
        switch (share, fen) {
        case ("area", nil): amount = .ofArea
        case (let text?, nil):
            guard let share = Share(text) else {
                throw section.error(
                    at: "share", "比例应写成分数，如 4/5，或 area（各区域自己的比例）。",
                    "Write the share as a fraction, e.g. 4/5, or area for each area's own.")
            }
            amount = .share(share)
        case (nil, let fen?): amount = .fen(fen)
        default:
            throw section.error(
                "写 share（比例）或 fen（分），只写其一。", "Either share or fen.")
        }
    }
}
