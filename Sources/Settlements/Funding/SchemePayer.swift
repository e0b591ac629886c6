import Definitions
import Records

/// One who bears a part of the price (出资方): the terms that hold in an area are added up, or it
/// bears what the others leave.
struct SchemePayer: Sendable {
    let name: String
    let title: Wording
    /// By which rules it pays ahead and carries over; `nil` for one that pays what its cases cost.
    let ahead: AheadRules?
    /// Stands for a part that nobody is known to bear (未落实): above zero it blocks.
    let isNobody: Bool
    /// The rule by which it bears what an area's own price is above the scheme's.
    let localPriceRule: String?
    /// What to say where its part is not known.
    let why: Wording?
    /// The rule by which it bears its part, by item.
    private let rules: [String: String]
    private let terms: [SchemeTerm]
    /// Where it bears the rest; `nil` for one that has terms.
    private let rest: SchemeCondition?

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
        /// Not to be said while the area has no share for this payer.
        case unsetShare
        /// A sum of fractions that no 64 bits hold.
        case tooFine

        /// `1/2`, `rest`, `unset`.
        var description: String {
            switch self {
            case .share(let share): share.description
            case .rest: "rest"
            case .unset, .unsetShare, .tooFine: "unset"
            }
        }
    }

    func rule(of item: SchemeItem) -> String { rules[item.name] ?? "" }

    /// Itself, where its share is each area's to say.
    var areaShares: [String] {
        terms.contains { $0.amount == .ofArea } ? [name] : []
    }

    /// Whether it may bear a part of an item, in whatever area.
    func concerns(_ item: String) -> Bool {
        rest != nil || terms.contains { $0.item == nil || $0.item == item }
    }

    /// What it bears of an item in an area; `nil` for one that bears the rest, in other areas.
    func part(
        of item: SchemeItem, in area: SchemeArea, _ scheme: FundingScheme, _ year: Int
    ) -> Part? {
        if let rest {
            switch rest.holds(in: area, scheme, year) {
            case .yes: return .rest
            case .no: return nil
            case .unset(let trait): return .unset(trait: trait)
            }
        }
        var sum = Share.none
        for term in terms where term.item == nil || term.item == item.name {
            switch term.condition.holds(in: area, scheme, year) {
            case .no: continue
            case .unset(let trait): return .unset(trait: trait)
            case .yes: break
            }
            let share: Share? =
                switch term.amount {
                case .share(let share): share
                case .ofArea: area.shares[name]
                case .fen(let fen): item.price(in: area).map { Share(fen, of: $0) }
                }
            guard let share else { return .unsetShare }
            guard let more = sum.adding(share) else { return .tooFine }
            sum = more
        }
        return .share(sum)
    }

    // MARK: - Reading

    static func all(
        _ section: inout Section, _ words: SchemeTerms
    ) throws(DefinitionError) -> [SchemePayer] {
        var payers: [SchemePayer] = []
        for var inner in try section.sections("payers") {
            let payer = try SchemePayer(&inner, words)
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
        guard payers.count(where: { $0.localPriceRule != nil }) <= 1 else {
            throw section.error(
                at: "payers", "超出标准的部分只能由一方承担（localPrice）。",
                "Only one payer may bear what is above the price (localPrice).")
        }
        for name in words.parameters where !payers.contains(where: { $0.standsIn(for: name) }) {
            throw section.error(
                at: "parameters", "“\(name)” 未设时须有一方 nobody: true 以 when: { \(name): unset } 列出。",
                "While \(name) is unset a payer with nobody: true must show the part, by when: { "
                    + "\(name): unset }.")
        }
        return payers
    }

    /// Whether it shows what nobody bears while a parameter is unset.
    private func standsIn(for parameter: String) -> Bool {
        isNobody
            && terms.contains { term in
                term.condition.wanted.contains { $0 == (parameter, SchemeTerms.unset) }
            }
    }

    private init(_ section: inout Section, _ words: SchemeTerms) throws(DefinitionError) {
        name = try section.text("payer")
        title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        rules = try words.rules(&section)
        isNobody = try section.flag("nobody") ?? false
        localPriceRule = try section.optionalText("localPrice")
        why = section.has("why") ? try section.wording("why") : nil
        if var inner = try section.optionalSection("ahead") {
            ahead = AheadRules(
                prepayment: try inner.text("rule"), carryOver: try inner.text("carryOver"))
            try inner.finish()
        } else {
            ahead = nil
        }
        var terms: [SchemeTerm] = []
        for var inner in try section.sections("bears") {
            terms.append(try SchemeTerm(&inner, words))
        }
        self.terms = terms
        if try section.flag("rest") ?? false {
            rest = try words.condition(&section)
        } else {
            rest = nil
        }
        guard (rest == nil) != terms.isEmpty else {
            throw section.error(
                "每个出资方写 bears 或 rest: true，只写其一。",
                "A payer has either bears or rest: true.")
        }
        if let item = words.items.first(where: { concerns($0) && rules[$0] == nil }) {
            throw section.error(
                at: "rule", "rule 中没有项目 “\(item)” 的依据。", "rule names none for the item \(item).")
        }
        guard rest == nil || ahead == nil else {
            throw section.error(
                at: "ahead", "承担余数的一方据实列支，不预拨。",
                "Who bears the rest pays what cases cost and nothing ahead.")
        }
    }
}
