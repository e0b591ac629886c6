import Definitions
import Mappings
import Records

/// One person stands in the files with another partner within some days (另有配偶). A row that
/// corrects its own record's partner is no second one.
struct OtherPartner: BatchRule {
    static let name = "otherPartner"
    static let summary = Wording(
        zh: "同一人在给定天数内不得与不同的配偶建档；acrossFiles 为真时连同以前的文件。",
        en: "A person has no files with two partners within so many days; with acrossFiles, those "
            + "of earlier files count too.")
    private let person: [Int]
    private let partner: [Int]
    private let fieldName: String
    private let on: Int
    private let days: Int32
    private let effect: FindingEffect
    private let code: String
    private let acrossFiles: Bool

    struct Seen: Sendable {
        let partner: UInt64
        let day: CalendarDate
        let record: UInt64?
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let person = dictionary.subjects[try section.subject("person", in: dictionary)].idNumber
        self.person = [person]
        fieldName = dictionary.elements[person].name
        partner = [
            dictionary.subjects[try section.subject("partner", in: dictionary)].idNumber
        ]
        on = try section.field("on", in: dictionary)
        days = Int32(try section.integer("days") ?? 365)
        effect = try section.effect()
        acrossFiles = try section.flag("acrossFiles") ?? false
        self.code = code
    }

    private var finding: Finding { Finding(code: code, effect: effect, field: fieldName) }

    var remembered: RememberedKey? {
        acrossFiles
            ? RememberedKey(key: person, owner: partner, on: on, days: days, finding: finding)
            : nil
    }

    func begin() -> [UInt64: Seen] { [:] }

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout [UInt64: Seen],
        into findings: inout [Finding]
    ) {
        guard let person = record.key(person), let partner = record.key(partner),
            let on = record.day(on)
        else { return }
        let own = record.caseKey
        if let seen = memory[person], seen.partner != partner, own == nil || seen.record != own,
            abs(on.daysSince1970 - seen.day.daysSince1970) <= days
        {
            findings.append(finding)
        } else {
            memory[person] = Seen(partner: partner, day: on, record: own)
        }
    }
}
