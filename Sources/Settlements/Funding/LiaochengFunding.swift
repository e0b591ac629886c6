package import Definitions
package import Records

/// The scheme of Liaocheng for prenatal screening and diagnosis, 2016, its fourth point on money.
///
/// Serum screening costs 150 yuan a person: 80 of public money, which city and district share in
/// the municipal districts and a county bears alone, and 70 of her own. NIPT costs
/// 1,400 yuan a test: 1,000 of the city and 400 of the county. Both are paid ahead and
/// settled on actuals, by the number of persons known by name.
package struct LiaochengFunding: FundingRule {
    package let name: String
    package let title: Wording
    package let programme: String
    package let unit = Wording(zh: "人次", en: "tests")
    package let digest: String
    package let knowsAreas = true
    let starts: CalendarDate
    let residence: SubsidyResidence
    let serum: SerumPrice
    let nipt: NIPTPrice
    let areas: [FundingArea]

    /// Who is subsidised: the goal speaks of registered women, the money sentence of everyone.
    enum SubsidyResidence: String, CaseIterable, Sendable {
        case hukou, everyone
    }

    /// Reads the data after its name.
    package init(_ section: inout Section, digest: String) throws(DefinitionError) {
        self.digest = digest
        name = try section.text("funding")
        title = try section.wording("title")
        programme = try section.text("programme")
        guard let starts = try section.date("starts") else {
            throw section.error("缺少 “starts”。", "starts is missing.")
        }
        self.starts = starts
        residence = try section.choice("subsidyResidence", of: SubsidyResidence.self) ?? .hukou
        serum = try SerumPrice(&section)
        nipt = try NIPTPrice(&section)
        var areas: [FundingArea] = []
        for var inner in try section.sections("areas") {
            let area = try FundingArea(&inner)
            guard !areas.contains(where: { $0.area == area.area }) else {
                throw inner.error(at: "area", "区域出现两次。", "The area stands twice.")
            }
            areas.append(area)
        }
        self.areas = areas
    }

    package func entitlement(of record: SubmittedRecord) -> Entitlement {
        if record.servedOn < starts { return .unpaid(.beforeStart) }
        if record.traits.isRealName == false { return .unpaid(.notRealName) }
        if residence == .hukou, record.traits.isLocal != true { return .unpaid(.notLocal) }
        guard record.traits.isComplete else { return .unpaid(.incomplete) }
        switch record.traits.service {
        case "serum": return .paid(serum.item)
        case "nipt": return .paid(nipt.item)
        default: return .unpaid(.incomplete)
        }
    }

    package func limit(of record: SubmittedRecord) -> ClaimLimit {
        record.traits.service == "nipt"
            ? .eachTest(of: "nipt") : .once(of: "serum", further: .secondTest)
    }

    /// An area by its own code, or by the division code where it has one: the development zones
    /// have none.
    func area(_ code: String) -> FundingArea? {
        areas.first { $0.area == code } ?? areas.first { $0.division == code }
    }

    package func parameters(year: Int, division: String) -> [Parameter] {
        let area = area(division)
        var parameters = [
            Parameter("starts", starts.description),
            Parameter("subsidyResidence", residence.rawValue),
            Parameter("serum.publicFen", "\(serum.publicMoney.fen)"),
            Parameter("serum.personalFen", "\(serum.personal.fen)"),
            Parameter("serum.cityShareInDistricts", serum.cityShare.description),
            Parameter("nipt.priceFen", "\(nipt.price.fen)"),
            Parameter("nipt.cityFen", "\(nipt.city.fen)"),
            Parameter("nipt.pmcRemainder", nipt.remainder.rawValue),
            Parameter("area", area?.area),
            Parameter("municipalDistrict", area?.isMunicipalDistrict.map { "\($0)" }),
            Parameter("provinceManaged", area?.isProvinceManaged(in: year).map { "\($0)" }),
        ]
        for item in FundingArea.Item.allCases {
            let amounts = area?.year(year)?[item]
            let next = area?.year(year + 1)?[item]?.forecast
            parameters += [
                Parameter("\(item).forecast", amounts?.forecast.map { "\($0)" }),
                Parameter("\(item).nextForecast", next.map { "\($0)" }),
                Parameter("\(item).prepaid.city", amounts?.prepaid.city.map { "\($0.fen)" }),
                Parameter("\(item).prepaid.county", amounts?.prepaid.county.map { "\($0.fen)" }),
                Parameter("\(item).carryOver.city", amounts?.carryOver.city.map { "\($0.fen)" }),
                Parameter(
                    "\(item).carryOver.county", amounts?.carryOver.county.map { "\($0.fen)" }),
            ]
        }
        return parameters
    }
}

/// The price of a serum screening and its parts, in fen.
struct SerumPrice: Sendable {
    let publicMoney: Money
    let personal: Money
    /// The city's part of the public money in a municipal district.
    let cityShare: Share

    init(_ section: inout Section) throws(DefinitionError) {
        var inner = try section.section("serum")
        publicMoney = try inner.fen("publicFen")
        personal = try inner.fen("personalFen")
        guard let share = Share(try inner.text("cityShareInDistricts")) else {
            throw inner.error(
                at: "cityShareInDistricts", "比例应写成分数，如 1/2。",
                "Write the share as a fraction, e.g. 1/2.")
        }
        cityShare = share
        try inner.finish()
    }

    var item: FundedItem {
        FundedItem(
            name: "serum", title: Wording(zh: "血清学筛查", en: "Serum screening"), rule: "R-31",
            price: publicMoney + personal)
    }
}

/// The price of an NIPT and its parts, in fen.
struct NIPTPrice: Sendable {
    let price: Money
    let city: Money
    let remainder: Remainder

    /// Who pays the city's part in a county that the province manages; the scheme is silent.
    enum Remainder: String, CaseIterable, Sendable {
        case county, province, unset
    }

    init(_ section: inout Section) throws(DefinitionError) {
        var inner = try section.section("nipt")
        price = try inner.fen("priceFen")
        city = try inner.fen("cityFen")
        remainder = try inner.choice("pmcRemainder", of: Remainder.self) ?? .unset
        guard city <= price else {
            throw inner.error(
                at: "cityFen", "市级负担不能超过价格。", "cityFen must not exceed priceFen.")
        }
        try inner.finish()
    }

    var county: Money { price - city }

    var item: FundedItem {
        FundedItem(
            name: "nipt", title: Wording(zh: "无创产前基因检测", en: "Non-invasive screening"),
            rule: "R-34", price: price)
    }
}

extension Section {
    /// An amount in fen that must be there.
    fileprivate mutating func fen(_ key: String) throws(DefinitionError) -> Money {
        guard let amount = try amount(key) else {
            throw error("缺少 “\(key)”。", "\(key) is missing.")
        }
        return amount
    }
}
