import Definitions
import Records

/// What a cell says before it is spelled (事实).
enum Fact {
    case nothing
    case text(String)
    /// The place of the code in the `codes` of its `FieldInvention`.
    case code(Int)
    /// Several answers of a tick list, by their places in `codes`; none is an empty cell.
    case codes([Int])
    case flag(Bool)
    /// A number scaled by ten to the power of its places.
    case number(Int64, places: Int)
    case day(CalendarDate)
}

/// How one field of the programme follows from an invented couple.
struct FieldInvention: Sendable {
    /// All codes that the field may say; empty where it is no code.
    let codes: [String]
    /// The person is the one whom the field is about, the wife for fields of the family.
    let fact: @Sendable (InventedCouple, InventedPerson) -> Fact

    init(
        codes: [String] = [], _ fact: @escaping @Sendable (InventedCouple, InventedPerson) -> Fact
    ) {
        self.codes = codes
        self.fact = fact
    }

    /// The invention for a field by its full name, e.g. `wife.hbsAg`, or a harmless answer for one
    /// that this generator does not know.
    static func of(
        _ element: Element, spouse: Spouse?, institutions: [SampleInstitution], isWhole: Bool
    ) -> FieldInvention {
        if isWhole, let known = whole(element.wireName, of: spouse) { return known }
        let known = spouse == nil ? family[element.wireName] : person[element.wireName]
        if let known { return known }
        if element.wireName == "fundingAreaCode" {
            return FieldInvention(codes: institutions.map(\.division)) { couple, _ in
                .code(couple.institutionNumber)
            }
        }
        return element.isRequired ? harmless(element.kind) : FieldInvention { _, _ in .nothing }
    }

    /// An answer that every programme's field of that kind accepts.
    private static func harmless(_ kind: ElementKind) -> FieldInvention {
        switch kind {
        case .text, .address: FieldInvention { _, _ in .text("示例") }
        case .personName:
            FieldInvention { couple, _ in .text(InventedNames.staff(couple.institutionNumber)) }
        case .idNumber: FieldInvention { _, person in .text(person.idNumber) }
        case .phone: FieldInvention { _, person in .text(person.phone) }
        case .institution: FieldInvention { couple, _ in .text(couple.institution.code) }
        case .division: FieldInvention { couple, _ in .text(couple.county.division) }
        case .set(let list): FieldInvention { _, _ in .text(list.codes[0].code) }
        case .risk: FieldInvention { _, _ in .text("1/1000") }
        case .karyotype: FieldInvention { _, _ in .text("46,XN") }
        case .code(let list): FieldInvention(codes: [list.codes[0].code]) { _, _ in .code(0) }
        case .integer(let least, _): FieldInvention { _, _ in .number(least, places: 0) }
        case .decimal(let places, let least, _):
            FieldInvention { _, _ in .number(least, places: places) }
        case .date, .month, .dateTime: FieldInvention { couple, _ in .day(couple.fileDate) }
        case .flag: FieldInvention { _, _ in .flag(false) }
        }
    }
}
