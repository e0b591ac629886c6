import Definitions
import Records

/// A policy on files that name one spouse only; the notice is silent.
enum OneSpousePolicy: String, CaseIterable, Sendable {
    case none, half, full, perItem
}

/// One county's parameters; what is `nil` is unset and blocks.
struct DistrictParameters: Sendable {
    let division: String
    let localPrice: Money?
    let shares: Shares
    private let years: [(year: Int, entry: PaidAhead)]

    struct Shares: Sendable {
        let central: Share?
        let city: Share?
        let district: Share?
    }

    /// Central and city money alone is paid ahead.
    static var payers: PaidAhead.Payers { [("central", \.central), ("city", \.city)] }

    init(_ section: inout Section) throws(DefinitionError) {
        division = try section.text("division")
        localPrice = try section.amount("localPriceFen")
        shares = try DistrictParameters.shares(in: &section)
        years = try section.years { (_, inner) throws(DefinitionError) in
            try PaidAhead(&inner, payers: DistrictParameters.payers)
        }
        try section.finish()
    }

    func year(_ year: Int) -> PaidAhead? { years.first { $0.year == year }?.entry }

    private static func shares(in section: inout Section) throws(DefinitionError) -> Shares {
        guard var inner = try section.optionalSection("shares") else {
            return Shares(central: nil, city: nil, district: nil)
        }
        let shares = Shares(
            central: try share("central", in: &inner), city: try share("city", in: &inner),
            district: try share("district", in: &inner))
        try inner.finish()
        let set = [shares.central, shares.city, shares.district].compactMap { $0 }
        guard set.count < 3 || Share.areWhole(set) else {
            throw section.error(
                at: "shares", "三方比例之和应为 1。", "The three shares must add up to 1.")
        }
        return shares
    }

    private static func share(
        _ key: String, in section: inout Section
    ) throws(DefinitionError) -> Share? {
        guard let text = try section.optionalText(key) else { return nil }
        guard let share = Share(text) else {
            throw section.error(
                at: key, "比例应写成分数，如 4/5。", "Write the share as a fraction, e.g. 4/5.")
        }
        return share
    }
}
