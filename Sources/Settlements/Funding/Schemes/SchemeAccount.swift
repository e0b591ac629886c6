import Records

/// Who pays for a year in one area, each item by itself: a surplus of one never offsets another
/// (R-20).
extension FundingScheme {
    package func account(year: Int, division: String, lines: [SettledLine]) -> FundingAccount {
        guard let area = areas.area(division) else {
            return FundingAccount(
                payers: [],
                blocked: [
                    Blocker(
                        SettlementCode.districtUnset, parameter: "areas[\(division)]",
                        why: Wording(
                            zh: "areas[\(division)] 未设：\(name) 中没有本区域，不知由谁负担。",
                            en: "areas[\(division)] is unset: \(name) does not name this area, so "
                                + "nobody is known to pay."))
                ], warnings: [])
        }
        var account = SchemeYearAccount(scheme: self, area: area, year: year)
        for item in items {
            let line = lines.first { $0.item == item.name }
            let isPlanned = area.year(year)?[item.name]?.isPlanned ?? false
            guard line != nil || isPlanned else { continue }
            account.share(item, count: Int64(line?.cases ?? 0))
        }
        return FundingAccount(
            payers: account.payers, blocked: account.blocked, warnings: account.warnings)
    }
}

/// The account of one area and year while it is made.
private struct SchemeYearAccount {
    let scheme: FundingScheme
    let area: SchemeArea
    let year: Int
    private(set) var payers: [PayerLine] = []
    private(set) var blocked: [Blocker] = []
    private(set) var warnings: [Wording] = []

    init(scheme: FundingScheme, area: SchemeArea, year: Int) {
        self.scheme = scheme
        self.area = area
        self.year = year
    }

    /// Shares out the year's cases of an item; where a trait is unset nothing of it is, and it
    /// blocks.
    mutating func share(_ item: SchemeItem, count: Int64) {
        var parts: [(payer: SchemePayer, share: Share?)] = []
        var sum = Share.none
        for payer in scheme.payers where payer.concerns(item.name) {
            switch payer.part(of: item, in: area, year) {
            case nil: continue
            case .unset(let trait): return block(trait: trait)
            case .rest: parts.append((payer, nil))
            case .tooFine: return block(item)
            case .share(let share):
                guard let more = sum.adding(share) else { return block(item) }
                sum = more
                parts.append((payer, share))
            }
        }
        guard parts.count(where: { $0.share == nil }) == 1, let rest = sum.remainder else {
            return block(item)
        }
        var left = item.price * count
        // Who bears the rest comes last, and bears what rounding leaves; lines keep their order.
        var dues: [Money] = parts.map { part in
            guard let share = part.share else { return .zero }
            let due = amount(of: share, item, count)
            left = left - due
            return due
        }
        for (place, part) in parts.enumerated() where part.share == nil { dues[place] = left }
        for (part, due) in zip(parts, dues) {
            add(part.payer, item, part.share ?? rest, due: due)
        }
    }

    /// What a share comes to of so many cases, rounded as the scheme says.
    private func amount(of share: Share, _ item: SchemeItem, _ count: Int64) -> Money {
        switch scheme.rounding {
        case .year: share.of(item.price * count)
        case .case: share.of(item.price) * count
        }
    }

    private mutating func add(
        _ payer: SchemePayer, _ item: SchemeItem, _ share: Share, due: Money
    ) {
        let isAlone = scheme.items.count == 1
        let title =
            isAlone
            ? payer.title
            : Wording(
                zh: "\(payer.title.zh)（\(item.title.zh)）",
                en: "\(payer.title.en) (\(item.title.en))")
        let prepayment = payer.ahead == nil ? nil : prepayment(payer, item, share, due: due)
        payers.append(
            PayerLine(
                payer: isAlone ? payer.name : "\(payer.name).\(item.name)", title: title,
                share: share.description, dueFen: due, excessFen: .zero, totalFen: due,
                prepayment: prepayment,
                rules: PayerRules(
                    total: payer.rule, excess: nil,
                    prepayment: payer.ahead?.prepayment ?? payer.rule,
                    carryOver: payer.ahead?.carryOver ?? payer.rule)))
        if payer.isNobody, due > .zero { block(nobody: payer, item, due) }
        guard let prepayment, !prepayment.isPaidAsComputed, let rules = payer.ahead else { return }
        warnings.append(
            Wording(
                zh: "\(title.zh)实际预拨 \(prepayment.paidFen.yuan) 元与按预测计算的数额不同，"
                    + "按实际数结转（\(rules.prepayment)）。",
                en: "\(title.en) money paid ahead, \(prepayment.paidFen.yuan) yuan, differs from "
                    + "what the forecast gives; the carry-over follows what was paid "
                    + "(\(rules.prepayment))."))
    }

    /// Whoever bears nothing pays nothing ahead, but may have a surplus of earlier years.
    private mutating func prepayment(
        _ payer: SchemePayer, _ item: SchemeItem, _ share: Share, due: Money
    ) -> Prepayment? {
        let amounts = area.year(year)?[item.name]
        let isIdle = share == .none
        let isFirst = year <= scheme.starts.parts.year
        let place = "areas[\(area.code)].years[\(year)].\(item.name)"
        let forecast = amounts?.forecast ?? (isIdle ? 0 : nil)
        let carryIn = amounts?.carryOver[payer.name] ?? (isFirst || isIdle ? .zero : nil)
        let rules = payer.ahead
        if forecast == nil, !blocked.contains(where: { $0.parameter == "\(place).forecast" }) {
            block(
                SettlementCode.forecastUnset, "\(place).forecast",
                zh: "未设：预拨按年初上报的预测数计算（\(rules?.prepayment ?? "")）。",
                en: "is unset: the prepayment follows the forecast at the beginning of the year "
                    + "(\(rules?.prepayment ?? "")).")
        }
        if carryIn == nil {
            block(
                SettlementCode.carryOverUnset, "\(place).carryOver.\(payer.name)",
                zh: "未设：上年多拨抵顶当年，少拨补足（\(rules?.carryOver ?? "")）。",
                en: "is unset: last year's surplus offsets this year's payment, a deficit is made "
                    + "good (\(rules?.carryOver ?? "")).")
        }
        guard let forecast, let carryIn else { return nil }
        return Prepayment(
            basis: amount(of: share, item, forecast), carryIn: carryIn,
            stated: amounts?.prepaid[payer.name], due: due,
            nextBasis: area.year(year + 1)?[item.name]?.forecast.map {
                amount(of: share, item, $0)
            })
    }

    // MARK: - What blocks

    private mutating func block(_ entry: CodeEntry, _ parameter: String, zh: String, en: String) {
        blocked.append(
            Blocker(
                entry, parameter: parameter,
                why: Wording(zh: "\(parameter) \(zh)", en: "\(parameter) \(en)")))
    }

    private mutating func block(trait: String) {
        let parameter = "areas[\(area.code)].\(trait)"
        guard !blocked.contains(where: { $0.parameter == parameter }) else { return }
        block(
            SettlementCode.traitUnset, parameter,
            zh: "未设或未覆盖全年：\(year) 年由谁负担多少取决于它，须由财政部门填写。",
            en: "is unset, or not for the whole year: who bears how much in \(year) turns on it; "
                + "the finance bureau must enter it.")
    }

    private mutating func block(_ item: SchemeItem) {
        block(
            SettlementCode.partsOver, "areas[\(area.code)] \(item.name)",
            zh: "各方负担之和超过单价，或承担余数的不是恰好一方。",
            en: "The parts exceed the price, or not exactly one payer bears the rest.")
    }

    private mutating func block(nobody payer: SchemePayer, _ item: SchemeItem, _ due: Money) {
        block(
            SettlementCode.partOfNobody, "\(item.name).\(payer.name)",
            zh: "\(due.yuan) 元由谁负担，办法没有写（\(payer.rule)）。",
            en: "Who bears \(due.yuan) yuan is not stated (\(payer.rule)).")
    }
}
