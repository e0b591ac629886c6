import Definitions
package import Records

/// A way of paying that is data alone (经费办法): what is paid for, who bears how much of it, how it
/// is rounded, and where. A new place is one more file under `mappings/funding/`.
package struct FundingScheme: FundingRule {
    package let name: String
    package let title: Wording
    package let programme: String
    package let unit: Wording
    package let digest: String
    package let knowsAreas: Bool
    package let samePregnancyDays: Int?
    /// Cases of earlier days are counted and never paid.
    let starts: CalendarDate
    let requirements: [Requirement]
    let items: [SchemeItem]
    let payers: [SchemePayer]
    let rounding: Rounding
    /// What the file says of places, and `nil` for one that it does not name.
    let areas: SchemeAreas

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

    /// Reads the data after its name. Throws `DefinitionError`, also for parts that cannot make up
    /// the whole.
    init(_ section: inout Section, name: String, digest: String) throws(DefinitionError) {
        self.name = name
        self.digest = digest
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
        areas = try SchemeAreas(&section)
        knowsAreas = areas.hasCodes
        payers = try SchemePayer.all(&section, items: items.map(\.name), traits: areas.traits)
        guard let rounding = try section.choice("rounding", of: Rounding.self) else {
            throw section.error(
                "缺少 “rounding”：year（全年合计取整）或 case（每例取整）。",
                "rounding is missing: year (on the year's amount) or case (on each case).")
        }
        self.rounding = rounding
        let ahead = payers.filter(\.paysAhead).map(\.name)
        if let stray = areas.stray(items: items.map(\.name), payers: ahead) {
            throw section.error(
                at: "areas", "years 中的 “\(stray)” 不是项目，也不是预拨的出资方。",
                "\(stray) under years is no item, and no payer who pays ahead.")
        }
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

    /// Follow-ups are none of the items.
    package func concerns(_ record: SubmittedRecord) -> Bool {
        items.contains { $0.service == record.traits.service }
    }

    package func entitlement(of record: SubmittedRecord) -> Entitlement {
        if record.servedOn < starts { return .unpaid(.beforeStart) }
        for requirement in requirements {
            if let reason = requirement.refusal(of: record.traits) { return .unpaid(reason) }
        }
        if let item = item(of: record) { return .paid(item.funded) }
        // Of the facts by which items are told apart one is not there.
        return .unpaid(record.traits.spouses.count == 2 ? .oneSpouse : .incomplete)
    }

    package func limit(of record: SubmittedRecord) -> ClaimLimit {
        (item(of: record) ?? items[0]).limit
    }

    private func item(of record: SubmittedRecord) -> SchemeItem? {
        items.first { $0.fits(record.traits) }
    }

    package func parameters(year: Int, division: String) -> [Parameter] {
        let area = areas.area(division)
        var parameters = [Parameter("starts", starts.description)]
        parameters += items.map { Parameter("\($0.name).priceFen", "\($0.price.fen)") }
        parameters.append(Parameter("rounding", rounding.rawValue))
        parameters.append(
            Parameter("requires", requirements.map(\.rawValue).joined(separator: " ")))
        for item in items {
            parameters.append(Parameter("\(item.name).service", item.service ?? "any"))
            parameters.append(Parameter("\(item.name).spouses", item.needsBoth ? "both" : "any"))
            parameters.append(Parameter("\(item.name).once", item.once.rawValue))
        }
        parameters.append(Parameter("samePregnancyDays", samePregnancyDays.map { "\($0)" }))
        parameters.append(Parameter("area", area?.code))
        for trait in areas.traits {
            parameters.append(Parameter(trait, area?.value(of: trait, in: year)))
        }
        for item in items {
            for payer in payers where payer.concerns(item.name) {
                let part = area.map { payer.part(of: item, in: $0, year)?.description ?? "none" }
                parameters.append(Parameter("\(item.name).\(payer.name).bears", part))
                if payer.isNobody {
                    parameters.append(Parameter("\(item.name).\(payer.name).nobody", "true"))
                }
            }
            for payer in payers where payer.paysAhead && payer.concerns(item.name) {
                let amounts = area?.year(year)?[item.name]
                let next = area?.year(year + 1)?[item.name]
                let place = "\(item.name).\(payer.name)"
                parameters += [
                    Parameter("\(place).forecast", amounts?.forecast.map { "\($0)" }),
                    Parameter("\(place).nextForecast", next?.forecast.map { "\($0)" }),
                    Parameter("\(place).prepaid", amounts?.prepaid[payer.name].map { "\($0.fen)" }),
                    Parameter(
                        "\(place).carryOver", amounts?.carryOver[payer.name].map { "\($0.fen)" }),
                ]
            }
        }
        return parameters
    }
}

/// Something that a scheme pays for (结算项目).
struct SchemeItem: Sendable {
    let name: String
    let title: Wording
    let rule: String
    let price: Money
    /// The service that it is, where a programme has several.
    let service: String?
    /// Whether both spouses must have been there.
    let needsBoth: Bool
    let once: Limit

    /// How often a person may have it.
    enum Limit: String, CaseIterable, Sendable { case childOrder, pregnancy, each }
    private enum Spouses: String, CaseIterable { case both, any }

    var funded: FundedItem { FundedItem(name: name, title: title, rule: rule, price: price) }

    func fits(_ traits: SettlementTraits) -> Bool {
        if let service, traits.service != service { return false }
        return !needsBoth || (traits.spouses.count == 2 && traits.spouses.allSatisfy { $0 })
    }

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
        guard !items.isEmpty else {
            throw section.error("缺少 “items”。", "items is missing.")
        }
        return items
    }

    private init(_ section: inout Section) throws(DefinitionError) {
        name = try section.text("item")
        title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        rule = try section.text("rule")
        guard let price = try section.amount("priceFen"), price > .zero else {
            throw section.error(
                at: "priceFen", "“priceFen” 应为大于 0 的金额（分）。",
                "priceFen is an amount above 0, in fen.")
        }
        self.price = price
        service = try section.optionalText("service")
        needsBoth = try section.choice("spouses", of: Spouses.self) == .both
        once = try section.choice("once", of: Limit.self) ?? .childOrder
    }

    var limit: ClaimLimit {
        switch once {
        case .childOrder: .once(of: name, further: .secondClaim)
        case .pregnancy: .once(of: name, further: .secondTest)
        case .each: .eachTest(of: name)
        }
    }
}
