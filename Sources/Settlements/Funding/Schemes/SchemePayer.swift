import Definitions
import Records

/// One who bears a part of the price (出资方): the terms that hold in an area are added up, or it
/// bears what the others leave.
struct SchemePayer: Sendable {
    let name: String
    let title: Wording
    /// The rule by which it bears its part.
    let rule: String
    /// By which rules it pays ahead and carries over; `nil` for one that pays what its cases cost.
    let ahead: AheadRules?
    /// Stands for a part that nobody is known to bear (未落实): above zero it blocks.
    let isNobody: Bool
    private let terms: [Term]
    /// Where it bears the rest; `nil` for one that has terms.
    private let rest: Condition?

    var paysAhead: Bool { ahead != nil }

    struct AheadRules: Sendable {
        let prepayment: String
        let carryOver: String
    }

    /// What it bears of a price.
    enum Part: Sendable, Equatable, CustomStringConvertible {
        /// An exact part of the price.
        case share(Share)
        /// What the others leave.
        case rest
        /// Not to be said while a trait of the area is unset.
        case unset(trait: String)
        /// A sum of fractions that no 64 bits hold.
        case tooFine

        /// `1/2`, `rest`, `unset`.
        var description: String {
            switch self {
            case .share(let share): share.description
            case .rest: "rest"
            case .unset, .tooFine: "unset"
            }
        }
    }

    /// A part that is borne where the area is so.
    private struct Term: Sendable {
        /// `nil` for every item.
        let item: String?
        let condition: Condition
        let amount: Amount

        enum Amount: Sendable {
            case share(Share)
            case fen(Money)
        }
    }

    /// What traits of an area must be, all of them.
    private struct Condition: Sendable {
        let wanted: [(trait: String, value: String)]

        /// Whether it holds, or which trait is unset.
        func holds(in area: SchemeArea, _ year: Int) -> Held {
            for (trait, value) in wanted {
                guard let found = area.value(of: trait, in: year) else { return .unset(trait) }
                if found != value { return .no }
            }
            return .yes
        }

        enum Held {
            case yes, no
            case unset(String)
        }
    }

    /// Whether it may bear a part of an item, in whatever area.
    func concerns(_ item: String) -> Bool {
        rest != nil || terms.contains { $0.item == nil || $0.item == item }
    }

    /// What it bears of an item in an area; `nil` for one that bears the rest, in other areas.
    func part(of item: SchemeItem, in area: SchemeArea, _ year: Int) -> Part? {
        if let rest {
            switch rest.holds(in: area, year) {
            case .yes: return .rest
            case .no: return nil
            case .unset(let trait): return .unset(trait: trait)
            }
        }
        var sum = Share.none
        for term in terms where term.item == nil || term.item == item.name {
            switch term.condition.holds(in: area, year) {
            case .no: continue
            case .unset(let trait): return .unset(trait: trait)
            case .yes: break
            }
            let share =
                switch term.amount {
                case .share(let share): share
                case .fen(let fen): Share(fen, of: item.price)
                }
            guard let more = sum.adding(share) else { return .tooFine }
            sum = more
        }
        return .share(sum)
    }

    // MARK: - Reading

    static func all(
        _ section: inout Section, items: [String], traits: [String]
    ) throws(DefinitionError) -> [SchemePayer] {
        var payers: [SchemePayer] = []
        for var inner in try section.sections("payers") {
            let payer = try SchemePayer(&inner, items: items, traits: traits)
            guard !payers.contains(where: { $0.name == payer.name }) else {
                throw inner.error(at: "payer", "出资方出现两次。", "The payer stands twice.")
            }
            try inner.finish()
            payers.append(payer)
        }
        guard payers.contains(where: { $0.rest != nil }) else {
            throw section.error(
                at: "payers", "须有一方 rest: true，承担其余和取整的余数。",
                "One payer must have rest: true and bear what is left, fen of rounding too.")
        }
        return payers
    }

    private init(
        _ section: inout Section, items: [String], traits: [String]
    ) throws(DefinitionError) {
        name = try section.text("payer")
        title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        rule = try section.text("rule")
        isNobody = try section.flag("nobody") ?? false
        if var inner = try section.optionalSection("ahead") {
            ahead = AheadRules(
                prepayment: try inner.text("rule"), carryOver: try inner.text("carryOver"))
            try inner.finish()
        } else {
            ahead = nil
        }
        var terms: [Term] = []
        for var inner in try section.sections("bears") {
            terms.append(try SchemePayer.term(&inner, items: items, traits: traits))
        }
        self.terms = terms
        if try section.flag("rest") ?? false {
            rest = try SchemePayer.condition(&section, traits: traits)
        } else {
            rest = nil
        }
        guard (rest == nil) != terms.isEmpty else {
            throw section.error(
                "每个出资方写 bears 或 rest: true，只写其一。",
                "A payer has either bears or rest: true.")
        }
        guard rest == nil || ahead == nil else {
            throw section.error(
                at: "ahead", "承担余数的一方据实列支，不预拨。",
                "Who bears the rest pays what cases cost and nothing ahead.")
        }
    }

    private static func term(
        _ section: inout Section, items: [String], traits: [String]
    ) throws(DefinitionError) -> Term {
        let item = try section.optionalText("item")
        if let item, !items.contains(item) {
            throw section.error(
                at: "item", "没有项目 “\(item)”。", "There is no item \(item).")
        }
        let condition = try condition(&section, traits: traits)
        let share = try section.optionalText("share")
        let fen = try section.amount("fen")
        try section.finish()
        switch (share, fen) {
        case (let text?, nil):
            guard let share = Share(text) else {
                throw section.error(
                    at: "share", "比例应写成分数，如 1/2。", "Write the share as a fraction, e.g. 1/2.")
            }
            return Term(item: item, condition: condition, amount: .share(share))
        case (nil, let fen?): return Term(item: item, condition: condition, amount: .fen(fen))
        default:
            throw section.error(
                "写 share（比例）或 fen（分），只写其一。", "Either share or fen.")
        }
    }

    private static func condition(
        _ section: inout Section, traits: [String]
    ) throws(DefinitionError) -> Condition {
        guard var inner = try section.optionalSection("when") else { return Condition(wanted: []) }
        var wanted: [(trait: String, value: String)] = []
        for trait in inner.keys {
            guard traits.contains(trait) else {
                let known = traits.joined(separator: ", ")
                throw inner.error(
                    at: trait, "没有区域属性 “\(trait)”；可用：\(known)。",
                    "Areas have no trait \(trait); known: \(known).")
            }
            wanted.append((trait, try inner.text(trait)))
        }
        try inner.finish()
        return Condition(wanted: wanted)
    }
}
