import Records

/// Who pays: shares on the year's line of one district, and the offset of what was paid ahead.
extension ChongqingFunding {
    package func account(year: Int, division: String, lines: [SettledLine]) -> FundingAccount {
        guard let district = districts.first(where: { $0.division == division }) else {
            return FundingAccount(
                payers: [],
                blocked: [
                    Blocker(
                        SettlementCode.districtUnset, parameter: "districts[\(division)]",
                        why: Wording(
                            zh: "districts[\(division)] 未设：\(name) 中没有本区县，不知由谁负担。",
                            en: "districts[\(division)] is unset: \(name) does not name this "
                                + "county, so nobody is known to pay."))
                ], warnings: [])
        }
        var blocked = unsetShares(of: district)
        var payers: [PayerLine] = []
        if let central = district.shares.central, let city = district.shares.city,
            let county = district.shares.district
        {
            let total = lines.reduce(Money.zero) { $0 + $1.fen }
            let ahead = Ahead(district: district, year: year, rule: self)
            blocked += ahead.blocked
            let centralDue = central.of(total)
            let cityDue = city.of(total)
            payers.append(
                PayerLine(
                    "central", zh: "中央", en: "Central", central, due: centralDue,
                    prepayment: ahead.prepayment(central, due: centralDue, of: \.central)))
            payers.append(
                PayerLine(
                    "city", zh: "市级", en: "City", city, due: cityDue,
                    prepayment: ahead.prepayment(city, due: cityDue, of: \.city)))
            // Rounded down once a payer; what is left over falls to the district.
            payers.append(
                PayerLine(
                    "district", zh: "区县", en: "District", county,
                    due: total - centralDue - cityDue, excess: excess(of: lines, in: district)))
        }
        return FundingAccount(
            payers: payers, blocked: blocked, warnings: warnings(district, payers: payers))
    }

    /// Above the standard by the district's own price, in the proportion of each line's
    /// price to the standard one.
    private func excess(of lines: [SettledLine], in district: DistrictParameters) -> Money {
        guard let localPrice = district.localPrice, localPrice > unitPrice else { return .zero }
        return lines.reduce(Money.zero) { sum, line in
            let localWorth = localPrice.fen * line.priceFen.fen / unitPrice.fen
            return sum + Money(fen: localWorth - line.priceFen.fen) * Int64(line.cases)
        }
    }

    private func unsetShares(of district: DistrictParameters) -> [Blocker] {
        let shares: [(name: String, share: Share?)] = [
            ("central", district.shares.central), ("city", district.shares.city),
            ("district", district.shares.district),
        ]
        return shares.filter { $0.share == nil }.map { unset in
            let parameter = "districts[\(district.division)].shares.\(unset.name)"
            return Blocker(
                SettlementCode.sharesUnset, parameter: parameter,
                why: Wording(
                    zh: "\(parameter) 未设：分担比例按渝财教〔2011〕257号执行，该文未取得，"
                        + "须由财政部门填写（R-12）。",
                    en: "\(parameter) is unset: the shares follow Yu Cai Jiao [2011] 257, which is "
                        + "not at hand; the finance bureau must enter it (R-12)."))
        }
    }

    private func warnings(_ district: DistrictParameters, payers: [PayerLine]) -> [Wording] {
        var warnings: [Wording] = []
        if let localPrice = district.localPrice, localPrice < unitPrice {
            warnings.append(
                Wording(
                    zh: "本地结算标准 \(localPrice.yuan) 元低于 \(unitPrice.yuan) 元，通知未作规定，"
                        + "仍按 \(unitPrice.yuan) 元结算（R-15）。",
                    en:
                        "The local price of \(localPrice.yuan) yuan is below \(unitPrice.yuan), "
                        + "which the notice does not foresee; settled at \(unitPrice.yuan) (R-15).")
            )
        }
        for line in payers {
            guard let prepayment = line.prepayment, !prepayment.isPaidAsComputed else { continue }
            warnings.append(
                Wording(
                    zh: "\(line.title.zh)实际预拨 \(prepayment.paidFen.yuan) 元与按预测计算的数额不同，"
                        + "按实际数结转（R-13）。",
                    en:
                        "\(line.title.en) money paid ahead, \(prepayment.paidFen.yuan) yuan, "
                        + "differs from what the forecast gives; the carry-over follows what "
                        + "was paid (R-13)."))
        }
        return warnings
    }
}

/// What is known of one district's year for paying ahead; only central and city money is.
private struct Ahead {
    typealias Payer = KeyPath<PaidAhead.ByPayer, Money?>

    let rule: ChongqingFunding
    let amounts: PaidAhead?
    let nextForecast: Int64?
    let place: String
    let isFirstYear: Bool

    init(district: DistrictParameters, year: Int, rule: ChongqingFunding) {
        self.rule = rule
        amounts = district.year(year)
        nextForecast = district.year(year + 1)?.forecast
        place = "districts[\(district.division)].years[\(year)]"
        isFirstYear = year <= rule.starts.parts.year
    }

    func prepayment(_ share: Share, due: Money, of payer: Payer) -> Prepayment? {
        guard let forecast = amounts?.forecast, let carryIn = carryIn(payer) else { return nil }
        return Prepayment(
            basis: share.of(rule.unitPrice * forecast), carryIn: carryIn,
            stated: amounts?.prepaid[keyPath: payer], due: due,
            nextBasis: nextForecast.map { share.of(rule.unitPrice * $0) })
    }

    /// Before the first year nothing can have been carried over.
    private func carryIn(_ payer: Payer) -> Money? {
        amounts?.carryOver[keyPath: payer] ?? (isFirstYear ? .zero : nil)
    }

    var blocked: [Blocker] {
        var blocked: [Blocker] = []
        if amounts?.forecast == nil {
            blocked.append(
                Blocker(
                    SettlementCode.forecastUnset, parameter: "\(place).forecast",
                    why: Wording(
                        zh: "\(place).forecast 未设：预拨按年初上报的预测对数计算（R-13）。",
                        en: "\(place).forecast is unset: the prepayment follows the couples "
                            + "forecast at the beginning of the year (R-13).")))
        }
        for payer in DistrictParameters.payers where carryIn(payer.path) == nil {
            let parameter = "\(place).carryOver.\(payer.key)"
            blocked.append(
                Blocker(
                    SettlementCode.carryOverUnset, parameter: parameter,
                    why: Wording(
                        zh: "\(parameter) 未设：上年多拨抵顶当年预拨，少拨次年补足（R-14）。",
                        en: "\(parameter) is unset: last year's surplus offsets this year's "
                            + "payment, a deficit is made good (R-14).")))
        }
        return blocked
    }
}

extension PayerLine {
    fileprivate init(
        _ payer: String, zh: String, en: String, _ share: Share, due: Money,
        excess: Money = .zero, prepayment: Prepayment? = nil
    ) {
        self.payer = payer
        title = Wording(zh: zh, en: en)
        self.share = share.description
        dueFen = due
        excessFen = excess
        totalFen = due + excess
        self.prepayment = prepayment
        rules = PayerRules(total: "R-12", excess: "R-15", prepayment: "R-13", carryOver: "R-14")
    }
}
