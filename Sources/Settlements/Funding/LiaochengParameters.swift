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
    let years: [Year]

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
        let year: Int
        let serum: Amounts?
        let nipt: Amounts?

        subscript(item: Item) -> Amounts? {
            switch item {
            case .serum: serum
            case .nipt: nipt
            }
        }
    }

    /// One item's year: tests forecast at its beginning, and fen by payer.
    struct Amounts: Sendable {
        let forecast: Int64?
        let prepaid: ByPayer
        let carryOver: ByPayer
    }

    /// Fen for each payer that pays ahead: the city alone.
    struct ByPayer: Sendable {
        let city: Money?

        static let unset = ByPayer(city: nil)
    }

    init(_ section: inout Section) throws(DefinitionError) {
        area = try section.text("area")
        division = try section.optionalText("division")
        isMunicipalDistrict = try section.flag("municipalDistrict")
        var standings: [Standing] = []
        for var inner in try section.sections("provinceManaged") {
            standings.append(try FundingArea.standing(&inner))
        }
        provinceManaged = standings
        var years: [Year] = []
        for var inner in try section.sections("years") {
            let year = try FundingArea.year(&inner)
            guard !years.contains(where: { $0.year == year.year }) else {
                throw inner.error(at: "year", "年份出现两次。", "The year stands twice.")
            }
            years.append(year)
        }
        self.years = years
        try section.finish()
    }

    func year(_ year: Int) -> Year? { years.first { $0.year == year } }

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

    private static func year(_ section: inout Section) throws(DefinitionError) -> Year {
        guard let number = try section.integer("year"), (2000...2099).contains(number) else {
            throw section.error(at: "year", "“year” 应为年份。", "year must be a year.")
        }
        let year = Year(
            year: number, serum: try amounts("serum", in: &section),
            nipt: try amounts("nipt", in: &section))
        try section.finish()
        return year
    }

    private static func amounts(_ key: String, in section: inout Section) throws(DefinitionError)
        -> Amounts?
    {
        guard var inner = try section.optionalSection(key) else { return nil }
        let forecast = try inner.integer("forecast")
        guard (forecast ?? 0) >= 0, (forecast ?? 0) <= 100_000_000 else {
            throw inner.error(at: "forecast", "预测人数不合理。", "This is no forecast of tests.")
        }
        let amounts = Amounts(
            forecast: forecast.map(Int64.init),
            prepaid: try byPayer("prepaid", in: &inner, mayBeNegative: false),
            carryOver: try byPayer("carryOver", in: &inner, mayBeNegative: true))
        try inner.finish()
        return amounts
    }

    private static func byPayer(
        _ key: String, in section: inout Section, mayBeNegative: Bool
    ) throws(DefinitionError) -> ByPayer {
        guard var inner = try section.optionalSection(key) else { return .unset }
        let city = try DistrictParameters.amount("city", in: &inner, mayBeNegative: mayBeNegative)
        try inner.finish()
        return ByPayer(city: city)
    }
}
