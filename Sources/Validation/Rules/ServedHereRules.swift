import Definitions
import Mappings
import Records

/// The case was served in this county and is paid from its money: the division of service is
/// the county's, or one that the county took over from later; so is the funding area. A code of
/// WS 218 whose division is another one is told of: who is designated says the county's list.
struct ServedHere: Rule {
    static let name = "servedHere"
    static let summary = Wording(
        zh: "服务地区划与经费结算区域是本县的；与机构代码中的区划不符时提示。",
        en: "Division of service and funding area are this county's; another division in the "
            + "institution's code is told of.")
    private let division: Int
    private let area: Int
    private let institution: Int
    private let day: Int
    private let names: (division: String, area: String, institution: String)
    private let places: CodeList
    private let areas: CodeList
    private let code: String
    private static let sixDigits = 6
    /// Divisions change hands seldom: no county is the fifth heir of another.
    private static let mostHeirs = 4
    /// Of WS 218: 9 organisation code, 6 division, 7 others.
    private static let codeCount = 22
    private static let divisionOfCode = 9..<15

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        division = try section.field("division", in: dictionary)
        area = try section.field("area", in: dictionary)
        institution = try section.field("institution", in: dictionary)
        day = try section.field("on", in: dictionary)
        let elements = dictionary.elements
        names = (elements[division].name, elements[area].name, elements[institution].name)
        guard case .division(let places) = elements[division].kind else {
            throw section.error(at: "division", "应为区划字段。", "A field of divisions is expected.")
        }
        guard case .code(let areas) = elements[area].kind else {
            throw section.error(at: "area", "应为代码字段。", "A field of codes is expected.")
        }
        self.places = places
        self.areas = areas
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        let day = record.day(day)
        let served = record.text(division)?.prefix(ServedHere.sixDigits)
        if let county = context.county {
            if let served, !isOf(county.region, served, on: day) {
                findings.append(Finding(code: code, effect: .quarantined, field: names.division))
            }
            if let paid = record.code(area), !isPaid(by: county, areas.codes[paid].bytes, day) {
                findings.append(Finding(code: code, effect: .quarantined, field: names.area))
            }
        }
        if let served, let text = record.text(institution), text.count == ServedHere.codeCount {
            let first = text.startIndex
            let own = text[
                first + ServedHere.divisionOfCode.lowerBound..<first
                    + ServedHere.divisionOfCode.upperBound]
            if !own.elementsEqual(served), !isOf(Array(served), own, on: day),
                !isOf(Array(own), served, on: day)
            {
                findings.append(Finding(code: code, effect: .warning, field: names.institution))
            }
        }
    }

    private func isPaid(by county: ServedCounty, _ area: [UInt8], _ day: CalendarDate?) -> Bool {
        if area == county.fundingArea { return true }
        // A division's budget goes to its heir with it; a development zone's is nobody else's.
        return county.fundingArea == county.region && isOf(county.region, area[...], on: day)
    }

    /// Whether a division is the one asked for, or was on that day what this one took over.
    private func isOf(
        _ heir: [UInt8], _ division: some Collection<UInt8>, on day: CalendarDate?
    ) -> Bool {
        if division.elementsEqual(heir) { return true }
        guard let day else { return false }
        var bytes = Array(division)
        for _ in 0..<ServedHere.mostHeirs {
            let first = bytes.withUnsafeBufferPointer { places.ordinal(of: $0) }
            guard let first, let next = successor(of: first, since: day) else { return false }
            bytes = Array(next.utf8)
            if bytes == heir { return true }
        }
        return false
    }

    /// Who took a code over: of the entry that holds on the day, or of the last one before it.
    private func successor(of ordinal: Int, since day: CalendarDate) -> String? {
        if let entry = places.entry(of: ordinal, on: day) { return places.codes[entry].successor }
        return places.codes[ordinal].successor
    }
}
