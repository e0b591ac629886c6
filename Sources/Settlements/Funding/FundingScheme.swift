package import Definitions
import LibCrypto
package import Records

/// A way of paying, which is data alone (经费办法): what is paid for, who bears how much of it, how it
/// is rounded, and where. A new place is one more file under `mappings/funding/`.
package struct FundingScheme: Sendable {
    /// Its file's name, e.g. `chongqing-2012`.
    package let name: String
    package let title: Wording
    /// The programme whose cases it pays.
    package let programme: String
    /// What is counted, e.g. couples.
    package let unit: Wording
    /// Digest of its file, SHA-256 hex: which parameters a statement was made with.
    package let digest: String
    /// Whether it knows funding areas (经费结算区域) that are no division of their own, such as a
    /// development zone; else the county is looked up by its division code.
    package let knowsAreas: Bool
    /// Due dates that lie so many days apart or less are those of one pregnancy, whatever its
    /// number says (同一次妊娠); `nil` where claims are told apart by their number alone.
    package let samePregnancyDays: Int?
    /// Cases of earlier days are counted and never paid.
    let starts: CalendarDate
    let requirements: [Requirement]
    let items: [SchemeItem]
    let payers: [SchemePayer]
    let rounding: Rounding
    /// Whether all items make one account, rounded on their sum; else each is settled by itself.
    let isTogether: Bool
    /// What holds everywhere and somebody must decide (参数): a value, or `nil` while unset.
    let parameters: [(name: String, value: String?)]
    /// What the file says of places, and `nil` for one that it does not name.
    let areas: SchemeAreas
    /// The place whose own prices count.
    private var division: String?

    /// What a case must be to be paid for (结算条件).
    enum Requirement: String, CaseIterable, Sendable {
        /// Not paid for by the person herself.
        case free
        case complete
        /// Registered where the money comes from.
        case local
        /// Known by name.
        case realName

        /// Why a case is not paid, where it fails.
        func refusal(of traits: SettlementTraits) -> UnpaidReason? {
            switch self {
            case .free: traits.isFree ? nil : .selfPaid
            case .complete: traits.isComplete ? nil : .incomplete
            case .local: traits.isLocal == true ? nil : .notLocal
            case .realName: traits.isRealName == false ? .notRealName : nil
            }
        }
    }

    /// On what a part is rounded down to the fen; the payer of the rest bears what is left (舍入).
    enum Rounding: String, CaseIterable, Sendable {
        /// The year's amount of one item, once.
        case year
        /// The price of one case.
        case `case`
    }

    /// Reads a file of `mappings/funding/`.
    ///
    /// - Parameters:
    ///   - text: the file's content.
    ///   - file: its path as people know it, for errors.
    /// - Throws: `DefinitionError`, also for parts that cannot make up the whole.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        var section = try Section(text: text, shownAs: file)
        name = try section.text("funding")
        digest = Hex.encode(Hash.sha256.digest(Array(text.utf8)))
        title = try section.wording("title")
        programme = try section.text("programme")
        unit = try section.wording("unit")
        guard let starts = try section.date("starts") else {
            throw section.error("缺少 “starts”。", "starts is missing.")
        }
        self.starts = starts
        requirements = try FundingScheme.requirements(&section)
        samePregnancyDays = try section.integer("samePregnancyDays")
        guard (0...140).contains(samePregnancyDays ?? 0) else {
            throw section.error(
                at: "samePregnancyDays", "“samePregnancyDays” 应为 0 至 140 天。",
                "samePregnancyDays is 0 to 140 days.")
        }
        items = try SchemeItem.all(&section)
        isTogether = try section.flag("together") ?? false
        parameters = try FundingScheme.parameters(&section)
        let terms = try SchemeTerms(
            &section, items: items.map(\.name), isTogether: isTogether,
            parameters: parameters.map(\.name))
        payers = try SchemePayer.all(&section, terms)
        areas = try SchemeAreas(
            &section, terms,
            SchemeAreas.Own(
                priced: items.filter { $0.price == .ofArea }.map(\.name),
                shares: payers.flatMap(\.areaShares),
                hasLocalPrice: payers.contains { $0.localPriceRule != nil }))
        knowsAreas = areas.hasCodes
        guard let rounding = try section.choice("rounding", of: Rounding.self) else {
            throw section.error(
                "缺少 “rounding”：year（全年合计取整）或 case（每例取整）。",
                "rounding is missing: year (on the year's amount) or case (on each case).")
        }
        self.rounding = rounding
        let ahead = payers.filter(\.paysAhead).map(\.name)
        if let stray = areas.stray(items: accounts.map { $0[0].name }, payers: ahead) {
            throw section.error(
                at: "areas", "years 中的 “\(stray)” 不是项目，也不是预拨的出资方。",
                "\(stray) under years is no item, and no payer who pays ahead.")
        }
        try section.finish()
    }

    /// Items that make one account: all, or each by itself.
    var accounts: [[SchemeItem]] { isTogether ? [items] : items.map { [$0] } }

    /// Reads `parameters: { pmcRemainder: county }`; an empty one is unset.
    private static func parameters(
        _ section: inout Section
    ) throws(DefinitionError) -> [(name: String, value: String?)] {
        guard var inner = try section.optionalSection("parameters") else { return [] }
        var found: [(name: String, value: String?)] = []
        for name in inner.keys { found.append((name, try inner.optionalText(name))) }
        try inner.finish()
        return found
    }

    private static func requirements(
        _ section: inout Section
    ) throws(DefinitionError) -> [Requirement] {
        var found: [Requirement] = []
        for word in try section.texts("requires") {
            guard let requirement = Requirement(rawValue: word), !found.contains(requirement)
            else {
                let known = Requirement.allCases.map(\.rawValue).joined(separator: ", ")
                throw section.error(
                    at: "requires", "“requires” 只能是：\(known)，每个一次。",
                    "requires may hold \(known), each once.")
            }
            found.append(requirement)
        }
        return found
    }

    /// The services that it tells apart; none where there is one alone.
    package var services: Set<String> { Set(items.compactMap(\.service)) }

    /// What its services are called; none where there is one alone.
    package var serviceTitles: [String: Wording] {
        items.reduce(into: [:]) { titles, item in
            if let service = item.service, titles[service] == nil { titles[service] = item.title }
        }
    }

    /// The scheme as one place reads it, whose prices may be its own.
    package func local(to division: String) -> FundingScheme {
        var local = self
        local.division = division
        return local
    }

    /// Whether a record is a matter of money at all: follow-ups are counted and never paid.
    package func concerns(_ record: SubmittedRecord) -> Bool { concerns(record.traits) }

    func concerns(_ traits: SettlementTraits) -> Bool {
        items.contains { $0.service == traits.service }
    }

    /// What a case in force is worth on its own, before claims are compared.
    package func entitlement(of record: SubmittedRecord) -> Entitlement {
        record.servedOn < starts ? .unpaid(.beforeStart) : entitlement(of: record.traits)
    }

    /// The same of a case of the scheme's own time.
    func entitlement(of traits: SettlementTraits) -> Entitlement {
        for requirement in requirements {
            if let reason = requirement.refusal(of: traits) { return .unpaid(reason) }
        }
        if let item = item(of: traits) {
            return .paid(item.funded(in: division.flatMap(areas.area)))
        }
        // Of the facts by which items are told apart one is not there.
        return .unpaid(traits.spouses.count == 2 ? .oneSpouse : .incomplete)
    }

    /// How often a person may have what a case is worth.
    package func limit(of record: SubmittedRecord) -> ClaimLimit { limit(of: record.traits) }

    func limit(of traits: SettlementTraits) -> ClaimLimit {
        (item(of: traits) ?? items[0]).limit
    }

    private func item(of traits: SettlementTraits) -> SchemeItem? {
        items.first { $0.fits(traits) }
    }
}
