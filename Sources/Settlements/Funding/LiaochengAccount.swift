import Records

/// Who pays for serum screening and NIPT in one area and year, each item by itself.
extension LiaochengFunding {
    package func account(year: Int, division: String, lines: [SettledLine]) -> FundingAccount {
        guard let area = area(division) else {
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
        var account = AreaAccount(area: area, year: year, starts: starts)
        for item in FundingArea.Item.allCases {
            let line = lines.first { $0.item == item.rawValue }
            guard line != nil || area.year(year)?[item] != nil else { continue }
            let count = Int64(line?.cases ?? 0)
            switch item {
            case .serum: share(serum, count: count, in: &account)
            case .nipt: share(nipt, count: count, in: &account)
            }
        }
        return FundingAccount(
            payers: account.payers, blocked: account.blocked, warnings: account.warnings)
    }

    /// In a municipal district city and district share the public money, elsewhere the county
    /// bears it alone; her own part is shown and never settled with anyone.
    private func share(_ serum: SerumPrice, count: Int64, in account: inout AreaAccount) {
        guard let isDistrict = account.area.isMunicipalDistrict else {
            return account.block(
                SettlementCode.areaKindUnset, "\(account.place).municipalDistrict",
                zh: "未设：四个市辖区由市级承担补贴的一半，其他县自行承担（R-32），不知本区域属哪一种。",
                en: "is unset: the city bears half in the four municipal districts, a county bears "
                    + "all (R-32), and this area may be either.")
        }
        let price = serum.item.price
        account.add(.person, .serum, serum.personal, of: price, count)
        // Rounded down once on a test; what is left over falls to the district.
        let city = isDistrict ? serum.cityShare.of(serum.publicMoney) : .zero
        account.addAhead(.city, .serum, city, of: price, count)
        account.addAhead(
            isDistrict ? .district : .county, .serum, serum.publicMoney - city, of: price, count)
    }

    /// The city does not pay where the province manages the county; who does is a parameter, since
    /// the scheme does not say.
    private func share(_ nipt: NIPTPrice, count: Int64, in account: inout AreaAccount) {
        guard let isManaged = account.area.isProvinceManaged(in: account.year) else {
            return account.block(
                SettlementCode.provinceManagedUnset, "\(account.place).provinceManaged",
                zh: "未设或未覆盖全年：省直管县市级不承担（R-34），须由财政局提供省直管县名单及起止日期。",
                en: "is unset, or not for the whole year: the city does not pay in a "
                    + "province-managed county (R-34); the finance bureau must give the list with "
                    + "its days.")
        }
        let local: Payer = account.area.isMunicipalDistrict == true ? .district : .county
        guard isManaged else {
            account.addAhead(.city, .nipt, nipt.city, of: nipt.price, count)
            account.addAhead(local, .nipt, nipt.county, of: nipt.price, count)
            return
        }
        account.addAhead(.city, .nipt, .zero, of: nipt.price, count)
        let isLocal = nipt.remainder == .county
        account.addAhead(
            local, .nipt, isLocal ? nipt.price : nipt.county, of: nipt.price, count)
        switch nipt.remainder {
        case .county: break
        case .province: account.add(.province, .nipt, nipt.city, of: nipt.price, count)
        case .unset:
            account.add(.unassigned, .nipt, nipt.city, of: nipt.price, count)
            account.block(
                SettlementCode.remainderUnset, "nipt.pmcRemainder",
                zh: "未设：省直管县由谁负担市级的 \(nipt.city.yuan) 元/人次，方案没有写（R-34）。",
                en: "is unset: who pays the city's \(nipt.city.yuan) yuan a test in a "
                    + "province-managed county is not stated (R-34).")
        }
    }
}

/// Who may bear a part.
private enum Payer: String {
    case person, city, district, county, province, unassigned

    var title: Wording {
        switch self {
        case .person: Wording(zh: "个人", en: "Persons")
        case .city: Wording(zh: "市级", en: "City")
        case .district: Wording(zh: "区级", en: "District")
        case .county: Wording(zh: "县级", en: "County")
        case .province: Wording(zh: "省级", en: "Province")
        case .unassigned: Wording(zh: "未落实", en: "Unassigned")
        }
    }
}

/// The account of one area and year while it is made.
private struct AreaAccount {
    let area: FundingArea
    let year: Int
    let starts: CalendarDate
    private(set) var payers: [PayerLine] = []
    private(set) var blocked: [Blocker] = []
    private(set) var warnings: [Wording] = []

    init(area: FundingArea, year: Int, starts: CalendarDate) {
        self.area = area
        self.year = year
        self.starts = starts
    }

    var place: String { "areas[\(area.area)]" }

    mutating func block(_ entry: CodeEntry, _ parameter: String, zh: String, en: String) {
        blocked.append(
            Blocker(
                entry, parameter: parameter,
                why: Wording(zh: "\(parameter) \(zh)", en: "\(parameter) \(en)")))
    }

    /// A part of the price of each test.
    mutating func add(
        _ payer: Payer, _ item: FundingArea.Item, _ part: Money, of price: Money, _ count: Int64,
        prepayment: Prepayment? = nil
    ) {
        let due = part * count
        let what = item == .serum ? Wording(zh: "血清", en: "serum") : Wording(zh: "无创", en: "NIPT")
        payers.append(
            PayerLine(
                payer: "\(payer.rawValue).\(item)",
                title: Wording(
                    zh: "\(payer.title.zh)（\(what.zh)）", en: "\(payer.title.en) (\(what.en))"),
                share: AreaAccount.fraction(part, of: price), dueFen: due, excessFen: .zero,
                totalFen: due, prepayment: prepayment,
                rules: PayerRules(
                    total: AreaAccount.rule(of: payer, item), excess: nil, prepayment: "R-36",
                    carryOver: "R-36")))
    }

    /// The sentence of the scheme by which a payer bears a part: her own part of serum screening,
    /// the public money of it, or NIPT.
    private static func rule(of payer: Payer, _ item: FundingArea.Item) -> String {
        switch (item, payer) {
        case (.serum, .person): "R-31"
        case (.serum, _): "R-32"
        case (.nipt, _): "R-34"
        }
    }

    /// A part that is paid ahead and offset in the next year.
    mutating func addAhead(
        _ payer: Payer, _ item: FundingArea.Item, _ part: Money, of price: Money, _ count: Int64
    ) {
        let path: KeyPath<PaidAhead.ByPayer, Money?> = payer == .city ? \.city : \.county
        let amounts = area.year(year)?[item]
        let name = payer == .city ? "city" : "county"
        let years = "\(place).years[\(year)].\(item)"
        let isFirst = year <= starts.parts.year
        // Whoever bears nothing pays nothing ahead, but may have a surplus of earlier years.
        let forecast = amounts?.forecast ?? (part == .zero ? 0 : nil)
        let carried = amounts?.carryOver[keyPath: path]
        let carryIn = carried ?? (isFirst || part == .zero ? .zero : nil)
        if forecast == nil, !blocked.contains(where: { $0.parameter == "\(years).forecast" }) {
            block(
                SettlementCode.forecastUnset, "\(years).forecast",
                zh: "未设：当年预拨按年初预测人次计算（R-36）。",
                en: "is unset: the prepayment follows the tests forecast at the beginning of the "
                    + "year (R-36).")
        }
        if carryIn == nil {
            block(
                SettlementCode.carryOverUnset, "\(years).carryOver.\(name)",
                zh: "未设：差额多退少补，上年多拨抵顶当年，少拨补足（R-36）。",
                en: "is unset: last year's surplus offsets this year's payment, a deficit is made "
                    + "good (R-36).")
        }
        guard let forecast, let carryIn else { return add(payer, item, part, of: price, count) }
        let prepayment = Prepayment(
            basis: part * forecast, carryIn: carryIn, stated: amounts?.prepaid[keyPath: path],
            due: part * count,
            nextBasis: area.year(year + 1)?[item]?.forecast.map { part * $0 })
        add(payer, item, part, of: price, count, prepayment: prepayment)
        if !prepayment.isPaidAsComputed, let line = payers.last {
            warnings.append(
                Wording(
                    zh: "\(line.title.zh)实际预拨 \(prepayment.paidFen.yuan) 元与按预测计算的数额不同，"
                        + "按实际数结转（R-36）。",
                    en: "\(line.title.en) money paid ahead, \(prepayment.paidFen.yuan) yuan, "
                        + "differs from what the forecast gives; the carry-over follows what was "
                        + "paid (R-36)."))
        }
    }

    /// In lowest terms, e.g. `4/15`.
    private static func fraction(_ part: Money, of whole: Money) -> String {
        var (divisor, rest) = (whole.fen, part.fen)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        return divisor == 0 ? "0/1" : "\(part.fen / divisor)/\(whole.fen / divisor)"
    }
}
