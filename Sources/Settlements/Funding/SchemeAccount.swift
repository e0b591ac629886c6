import Definitions
import Records

extension FundingScheme {
    /// Who pays how much of the year's lines in one place. Each account by itself: a surplus of one
    /// never offsets another (R-20).
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
        var making = SchemeYearAccount(scheme: self, area: area, year: year)
        for items in accounts {
            let mine = lines.filter { line in items.contains { $0.name == line.item } }
            // Where nothing was done and nothing is planned, nobody need know who would pay.
            let isPlanned = area.year(year)?[items[0].name]?.isPlanned ?? false
            guard accounts.count == 1 || isPlanned || !mine.isEmpty else { continue }
            making.share(items, mine)
        }
        return FundingAccount(
            payers: making.payers, blocked: making.blocked, warnings: making.warnings)
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

    /// So many cases at a price each.
    private struct Sum {
        let price: Money
        let count: Int64
    }

    /// Shares out the year's cases of an account; where it is not known who bears what nothing of
    /// it is, and that blocks.
    mutating func share(_ items: [SchemeItem], _ lines: [SettledLine]) {
        for item in items where item.price(in: area) == nil {
            if lines.contains(where: { $0.item == item.name }) { blockPrice(of: item) }
        }
        guard let parts = parts(of: items[0]) else { return }
        let sums = lines.map { Sum(price: $0.priceFen, count: Int64($0.cases)) }
        var left = lines.reduce(Money.zero) { $0 + $1.fen }
        // Who bears the rest comes last, and bears what rounding leaves; lines keep their order.
        var dues: [Money] = parts.map { part in
            guard !part.isRest else { return .zero }
            let due = amount(of: part.share, sums)
            left = left - due
            return due
        }
        for (place, part) in parts.enumerated() where part.isRest { dues[place] = left }
        for (part, due) in zip(parts, dues) where part.isShown {
            add(part.payer, items[0], part.share, due: due, excess: excess(part.payer, lines))
        }
        warnOfLowPrice()
    }

    private struct Part {
        let payer: SchemePayer
        let share: Share
        let isRest: Bool

        /// Whoever bears nothing here and pays nothing ahead has no line.
        var isShown: Bool { isRest || share != .none || payer.paysAhead }
    }

    /// What each payer bears, in the order of the statement; `nil` where that is not known.
    private mutating func parts(of item: SchemeItem) -> [Part]? {
        var found: [(payer: SchemePayer, share: Share?)] = []
        var sum: Share? = Share.none
        let before = blocked.count
        for payer in scheme.payers where payer.concerns(item.name) {
            switch payer.part(of: item, in: area, scheme, year) {
            case nil: continue
            case .unset(let trait): block(trait: trait)
            case .unsetShare: block(shareOf: payer)
            case .rest: found.append((payer, nil))
            case .tooFine: sum = nil
            case .share(let share):
                sum = sum?.adding(share)
                found.append((payer, share))
            }
        }
        guard blocked.count == before else { return nil }
        guard let rest = sum?.remainder, found.count(where: { $0.share == nil }) == 1 else {
            blockParts(of: item)
            return nil
        }
        return found.map { Part(payer: $0.payer, share: $0.share ?? rest, isRest: $0.share == nil) }
    }

    /// What a share comes to, rounded as the scheme says.
    private func amount(of share: Share, _ sums: [Sum]) -> Money {
        switch scheme.rounding {
        case .year: share.of(sums.reduce(Money.zero) { $0 + $1.price * $1.count })
        case .case: sums.reduce(Money.zero) { $0 + share.of($1.price) * $1.count }
        }
    }

    /// Above the standard by the area's own price (R-15), in the proportion of each line's price to
    /// the standard one.
    private func excess(_ payer: SchemePayer, _ lines: [SettledLine]) -> Money {
        guard payer.localPriceRule != nil, let local = area.localPrice,
            let standard = scheme.items[0].price(in: area), local > standard
        else { return .zero }
        return lines.reduce(Money.zero) { sum, line in
            let localWorth = local.fen * line.priceFen.fen / standard.fen
            return sum + Money(fen: localWorth - line.priceFen.fen) * Int64(line.cases)
        }
    }

    private mutating func add(
        _ payer: SchemePayer, _ item: SchemeItem, _ share: Share, due: Money, excess: Money
    ) {
        let isAlone = scheme.accounts.count == 1
        let title =
            isAlone
            ? payer.title
            : Wording(
                zh: "\(payer.title.zh)（\(item.short.zh)）",
                en: "\(payer.title.en) (\(item.short.en))")
        let rule = payer.rule(of: item)
        let prepayment = prepayment(payer, item, share, due: due)
        payers.append(
            PayerLine(
                payer: isAlone ? payer.name : "\(payer.name).\(item.name)", title: title,
                share: share.description, dueFen: due, excessFen: excess, totalFen: due + excess,
                prepayment: prepayment,
                rules: PayerRules(
                    total: rule, excess: payer.localPriceRule,
                    prepayment: payer.ahead?.prepayment ?? rule,
                    carryOver: payer.ahead?.carryOver ?? rule)))
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
        guard let rules = payer.ahead else { return nil }
        let amounts = area.year(year)?[item.name]
        let isIdle = share == .none
        let isFirst = year <= scheme.starts.parts.year
        let place = "areas[\(area.code)].years[\(year)].\(item.name)"
        let forecast = amounts?.forecast ?? (isIdle ? 0 : nil)
        let carryIn = amounts?.carryOver[payer.name] ?? (isFirst || isIdle ? .zero : nil)
        if forecast == nil, !blocked.contains(where: { $0.parameter == "\(place).forecast" }) {
            block(
                SettlementCode.forecastUnset, "\(place).forecast",
                zh: "未设：预拨按年初上报的预测数计算（\(rules.prepayment)）。",
                en: "is unset: the prepayment follows the forecast at the beginning of the year "
                    + "(\(rules.prepayment)).")
        }
        if carryIn == nil {
            block(
                SettlementCode.carryOverUnset, "\(place).carryOver.\(payer.name)",
                zh: "未设：上年多拨抵顶当年，少拨补足（\(rules.carryOver)）。",
                en: "is unset: last year's surplus offsets this year's payment, a deficit is made "
                    + "good (\(rules.carryOver)).")
        }
        guard let forecast, let carryIn, let price = item.price(in: area) else { return nil }
        return Prepayment(
            basis: amount(of: share, [Sum(price: price, count: forecast)]), carryIn: carryIn,
            stated: amounts?.prepaid[payer.name], due: due,
            nextBasis: area.year(year + 1)?[item.name]?.forecast.map {
                amount(of: share, [Sum(price: price, count: $0)])
            })
    }

    /// A place that pays less than the standard is not foreseen.
    private mutating func warnOfLowPrice() {
        guard let rule = scheme.payers.lazy.compactMap(\.localPriceRule).first,
            let local = area.localPrice, let standard = scheme.items[0].price(in: area),
            local < standard
        else { return }
        warnings.append(
            Wording(
                zh: "本地结算标准 \(local.yuan) 元低于 \(standard.yuan) 元，办法未作规定，"
                    + "仍按 \(standard.yuan) 元结算（\(rule)）。",
                en: "The local price of \(local.yuan) yuan is below \(standard.yuan), which the "
                    + "scheme does not foresee; settled at \(standard.yuan) (\(rule))."))
    }
}

// MARK: - What blocks

extension SchemeYearAccount {
    private mutating func block(_ entry: CodeEntry, _ parameter: String, zh: String, en: String) {
        guard !blocked.contains(where: { $0.parameter == parameter }) else { return }
        blocked.append(
            Blocker(
                entry, parameter: parameter,
                why: Wording(zh: "\(parameter) \(zh)", en: "\(parameter) \(en)")))
    }

    private mutating func block(trait: String) {
        block(
            SettlementCode.traitUnset, "areas[\(area.code)].\(trait)",
            zh: "未设或未覆盖全年：\(year) 年由谁负担多少取决于它，须由财政部门填写。",
            en: "is unset, or not for the whole year: who bears how much in \(year) turns on it; "
                + "the finance bureau must enter it.")
    }

    private mutating func block(shareOf payer: SchemePayer) {
        block(
            SettlementCode.sharesUnset, "areas[\(area.code)].shares.\(payer.name)",
            zh: "未设：\(payer.why?.zh ?? "")须由财政部门填写。",
            en: "is unset: \(payer.why?.en ?? "") The finance bureau must enter it.")
    }

    private mutating func blockPrice(of item: SchemeItem) {
        let place =
            item.price == .unset
            ? "items[\(item.name)].priceFen" : "areas[\(area.code)].prices.\(item.name)"
        block(
            SettlementCode.priceUnset, place,
            zh: "未设：\(item.title.zh)怎样结算没有规定（\(item.rule)），本行暂不计金额，"
                + "须由财政部门填写。",
            en: "is unset: what is paid for this item is not stated (\(item.rule)); its line has "
                + "no amount yet. The finance bureau must enter it.")
    }

    private mutating func blockParts(of item: SchemeItem) {
        block(
            SettlementCode.partsOver, "areas[\(area.code)] \(item.name)",
            zh: "各方负担之和超过单价，或承担余数的不是恰好一方。",
            en: "The parts exceed the price, or not exactly one payer bears the rest.")
    }

    private mutating func block(nobody payer: SchemePayer, _ item: SchemeItem, _ due: Money) {
        let rule = payer.rule(of: item)
        block(
            SettlementCode.partOfNobody, "\(item.name).\(payer.name)",
            zh: "\(due.yuan) 元由谁负担没有规定（\(rule)）。\(payer.why?.zh ?? "")",
            en: "Who bears \(due.yuan) yuan is not stated (\(rule)). \(payer.why?.en ?? "")")
    }
}
