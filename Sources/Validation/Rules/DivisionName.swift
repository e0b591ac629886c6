import Definitions
import Mappings
import Records

/// A division's code and the names beside it are one place on the day of the file (L-017).
///
/// Codes are used again: 500110 was 万盛区 and is 綦江区, so a code that exists proves nothing. The
/// county must bear the code's name on that day; city and province must be those it lies in. A name
/// without its suffix (綦江 for 綦江区) is the place all the same; another suffix is another place.
struct DivisionName: Rule {
    static let name = "divisionName"
    static let summary = Wording(
        zh: "区划代码与所填县、市、省名称在建档之日是同一处。",
        en: "A division's code and the names beside it are one place on the day of the file.")
    private let day: Int
    private let places: [Place]
    private let code: String

    /// The fields that say one place.
    private struct Place: Sendable {
        let division: Int
        let names: DivisionNames
        let county: Field
        let city: Field?
        let province: Field?
    }

    private struct Field: Sendable {
        let ordinal: Int
        let name: String
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        day = try section.field("on", in: dictionary)
        var places: [Place] = []
        var known: [String: DivisionNames] = [:]
        for var place in try section.sections("places") {
            let division = try place.field("division", in: dictionary)
            guard case .division(let list) = dictionary.elements[division].kind else {
                throw place.error(
                    at: "division", "“division” 应为区划代码字段。", "division must hold a division.")
            }
            let names = known[list.name] ?? DivisionNames(of: list)
            known[list.name] = names
            func field(_ key: String) throws(DefinitionError) -> Field {
                let ordinal = try place.field(key, in: dictionary)
                return Field(ordinal: ordinal, name: dictionary.elements[ordinal].name)
            }
            places.append(
                Place(
                    division: division, names: names, county: try field("county"),
                    city: place.has("city") ? try field("city") : nil,
                    province: place.has("province") ? try field("province") : nil))
            try place.finish()
        }
        guard !places.isEmpty else {
            throw section.error("“places” 至少要有一处。", "places needs at least one place.")
        }
        self.places = places
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let day = record.date(day) else { return }
        for place in places {
            // A code that does not hold on the day has its finding already.
            guard let division = record.text(place.division),
                let code = place.names.ordinal(of: division.prefix(6)),
                place.names.list.holds(code, on: day)
            else { continue }
            func compare(
                _ field: Field?, _ isCalled: (ArraySlice<UInt8>, Int) -> Bool
            ) {
                guard let field, let text = record.text(field.ordinal),
                    !place.names.list.hasEntry(of: code, on: day, where: { isCalled(text, $0) })
                else { return }
                findings.append(
                    Finding(code: self.code, effect: .quarantined, field: field.name))
            }
            compare(place.county, place.names.isCounty)
            compare(place.city, place.names.isCity)
            compare(place.province, place.names.isProvince)
        }
    }
}
