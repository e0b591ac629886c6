import Definitions
import Records

/// One area with a budget of its own (经费结算区域); what is `nil` is unset and blocks.
struct FundingArea: Sendable {
    /// Its code in `codes/fundingArea.csv`.
    let area: String
    /// Its division code, where it has one.
    let division: String?
    /// One of the four municipal districts (市辖区) with which the city shares.
    let isMunicipalDistrict: Bool?
    /// Whether the province manages its budget (省直管县), by days.
    let provinceManaged: [Standing]
    private let years: [(year: Int, entry: Year)]

    /// What is paid for, each by itself: surplus of one never offsets the other.
    enum Item: String, CaseIterable, Sendable, CustomStringConvertible {
        case serum, nipt

        var description: String { rawValue }
    }

    /// Whether the province manages it, on the days given, both inclusive.
    struct Standing: Sendable {
        let isManaged: Bool
        let from: CalendarDate
        let to: CalendarDate?
    }

    struct Year: Sendable {
        let serum: PaidAhead?
        let nipt: PaidAhead?

        subscript(item: Item) -> PaidAhead? {
            switch item {
            case .serum: serum
            case .nipt: nipt
            }
        }
    }

    private static var payers: PaidAhead.Payers { [("city", \.city), ("county", \.county)] }

    init(_ section: inout Section) throws(DefinitionError) {
        area = try section.text("area")
        division = try section.optionalText("division")
        isMunicipalDistrict = try section.flag("municipalDistrict")
        var standings: [Standing] = []
        for var inner in try section.sections("provinceManaged") {
            standings.append(try FundingArea.standing(&inner))
        }
        provinceManaged = standings
        years = try section.years { (_, inner) throws(DefinitionError) in
            Year(
                serum: try FundingArea.ahead("serum", in: &inner),
                nipt: try FundingArea.ahead("nipt", in: &inner))
        }
        try section.finish()
    }

    func year(_ year: Int) -> Year? { years.first { $0.year == year }?.entry }

    /// Whether the province manages the area in a budget year; `nil` where that is not set for
    /// every day of it, or changes within it.
    func isProvinceManaged(in year: Int) -> Bool? {
        guard let first = CalendarDate(iso: "\(year)-01-01"),
            let last = CalendarDate(iso: "\(year)-12-31")
        else { return nil }
        let whole = provinceManaged.filter { standing in
            standing.from <= first && (standing.to.map { last <= $0 } ?? true)
        }
        return whole.count == 1 ? whole[0].isManaged : nil
    }

    private static func standing(_ section: inout Section) throws(DefinitionError) -> Standing {
        guard let isManaged = try section.flag("is"), let from = try section.date("from") else {
            throw section.error("缺少 “is” 或 “from”。", "is or from is missing.")
        }
        let to = try section.date("to")
        if let to, to < from {
            throw section.error(at: "to", "止日早于起日。", "to is before from.")
        }
        try section.finish()
        return Standing(isManaged: isManaged, from: from, to: to)
    }

    private static func ahead(_ key: String, in section: inout Section) throws(DefinitionError)
        -> PaidAhead?
    {
        guard var inner = try section.optionalSection(key) else { return nil }
        let ahead = try PaidAhead(&inner, payers: payers)
        try inner.finish()
        return ahead
    }
}
