package import Definitions
package import Records

/// The notice of 2011-12-12 on the free preconception check in Chongqing, part three (five).
///
/// 240 yuan a couple, shared by central, city and district money; central and city
/// pay ahead and offset the next year; what a county pays above the standard is its
/// own.
package struct ChongqingFunding: FundingRule {
    package let name: String
    package let title: Wording
    package let programme: String
    package let unit = Wording(zh: "对", en: "couples")
    package let digest: String
    let unitPrice: Money
    let starts: CalendarDate
    let oneSpousePolicy: OneSpousePolicy
    let countsIncomplete: Bool
    let districts: [DistrictParameters]

    /// Reads the data after its name.
    package init(_ section: inout Section, digest: String) throws(DefinitionError) {
        self.digest = digest
        name = try section.text("funding")
        title = try section.wording("title")
        programme = try section.text("programme")
        guard let price = try section.amount("unitPriceFen") else {
            throw section.error("缺少 “unitPriceFen”。", "unitPriceFen is missing.")
        }
        unitPrice = price
        guard let starts = try section.date("starts") else {
            throw section.error("缺少 “starts”。", "starts is missing.")
        }
        self.starts = starts
        oneSpousePolicy = try section.choice("oneSpousePolicy", of: OneSpousePolicy.self) ?? .none
        guard oneSpousePolicy != .perItem else {
            throw section.error(
                at: "oneSpousePolicy", "oneSpousePolicy: perItem 尚不支持逐项结算；可用：none、half、full。",
                "oneSpousePolicy: perItem is not settled item by item yet; use none, half, full.")
        }
        countsIncomplete = try section.flag("countIncomplete") ?? false
        var districts: [DistrictParameters] = []
        for var inner in try section.sections("districts") {
            let district = try DistrictParameters(&inner)
            guard !districts.contains(where: { $0.division == district.division }) else {
                throw inner.error(at: "division", "区县出现两次。", "The county stands twice.")
            }
            districts.append(district)
        }
        self.districts = districts
    }

    /// The check alone, which is the programme's one service without a name.
    package func concerns(_ record: SubmittedRecord) -> Bool { record.traits.service == nil }

    package func entitlement(of record: SubmittedRecord) -> Entitlement {
        if record.servedOn < starts { return .unpaid(.beforeStart) }
        if !record.traits.isFree { return .unpaid(.selfPaid) }
        if !record.traits.isComplete && !countsIncomplete { return .unpaid(.incomplete) }
        let isCouple = record.traits.spouses.count == 2 && record.traits.spouses.allSatisfy { $0 }
        if isCouple { return .paid(couple) }
        switch oneSpousePolicy {
        case .full: return .paid(oneSpouse(price: unitPrice))
        case .half: return .paid(oneSpouse(price: Money(fen: unitPrice.fen / 2)))
        case .none, .perItem: return .unpaid(.oneSpouse)
        }
    }

    private var couple: FundedItem {
        FundedItem(
            name: "couple", title: Wording(zh: "夫妇双方免费检查", en: "Free check of a couple"),
            rule: "R-11", price: unitPrice)
    }

    private func oneSpouse(price: Money) -> FundedItem {
        FundedItem(
            name: "one-spouse", title: Wording(zh: "单方免费检查", en: "Free check of one spouse"),
            rule: "R-11", price: price)
    }

    package func parameters(year: Int, division: String) -> [Parameter] {
        let district = districts.first { $0.division == division }
        let amounts = district?.year(year)
        return [
            Parameter("unitPriceFen", "\(unitPrice.fen)"),
            Parameter("localPriceFen", "\((district?.localPrice ?? unitPrice).fen)"),
            Parameter("starts", starts.description),
            Parameter("oneSpousePolicy", oneSpousePolicy.rawValue),
            Parameter("countIncomplete", countsIncomplete ? "true" : "false"),
            Parameter("shares.central", district?.shares.central?.description),
            Parameter("shares.city", district?.shares.city?.description),
            Parameter("shares.district", district?.shares.district?.description),
            Parameter("forecast", amounts?.forecast.map { "\($0)" }),
            Parameter("nextForecast", district?.year(year + 1)?.forecast.map { "\($0)" }),
            Parameter("prepaid.central", amounts?.prepaid.central.map { "\($0.fen)" }),
            Parameter("prepaid.city", amounts?.prepaid.city.map { "\($0.fen)" }),
            Parameter("carryOver.central", amounts?.carryOver.central.map { "\($0.fen)" }),
            Parameter("carryOver.city", amounts?.carryOver.city.map { "\($0.fen)" }),
        ]
    }
}
