import Definitions
import Mappings
import Records

/// The province's name begins as its code says (省名与代码): the first two digits of a division.
struct ProvinceBearsName: Rule {
    static let name = "provinceBearsName"
    static let summary = Wording(
        zh: "省名与区划代码前两位一致。",
        en: "The province's name fits the first two digits of the division.")
    private let division: Int
    private let field: Int
    private let fieldName: String
    /// By the two digits as one number.
    private let names: [Int: [UInt8]]
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        division = try section.field("division", in: dictionary)
        field = try section.field("name", in: dictionary)
        fieldName = dictionary.elements[field].name
        var names: [Int: [UInt8]] = [:]
        var provinces = try section.section("provinces")
        for key in provinces.keys {
            guard let number = Int(key), key.utf8.count == 2 else {
                throw provinces.error(at: key, "应为两位数字。", "Two digits are expected.")
            }
            names[number] = Array(try provinces.text(key).utf8)
        }
        try provinces.finish()
        self.names = names
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let division = record.text(division), division.count >= 2,
            let name = record.text(field)
        else { return }
        let digits = division.prefix(2).reduce(0) { $0 * 10 + Int($1) - 0x30 }
        guard let known = names[digits] else { return }
        if !name.starts(with: known), !known.starts(with: name) {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// Where nobody is registered locally, the day since when somebody lives here is there and does not
/// contradict the months (居住起始日期). A shortfall itself is the rule of residence.
struct ResidenceSince: Rule {
    static let name = "residenceSince"
    static let summary = Wording(
        zh: "双方均非本地户籍时，居住起始日期已填写，且与居住月数不矛盾。",
        en: "Without local registration the first day of residence is there and fits the months.")
    private let local: [Int]
    private let since: FieldTest
    private let months: Int
    private let day: Int
    private let least: Int64
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        local = try section.someFields("local", in: dictionary)
        since = FieldTest(
            try section.field("since", in: dictionary), isPresent: true, dictionary: dictionary)
        months = try section.field("months", in: dictionary)
        day = try section.field("on", in: dictionary)
        least = try section.number("least", places: 0) ?? 6
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for field in local where record.flag(field) != false { return }
        guard let first = record.day(since.ordinal) else {
            if since.holds(record, context) == false {
                findings.append(Finding(code: code, effect: effect, field: since.name))
            }
            return
        }
        guard let day = record.day(day) else { return }
        let lived = Int64(first.completedMonths(to: day))
        let claimsEnough = record.number(months).map { $0 >= least } ?? false
        if first > day || (claimsEnough && lived < least) {
            findings.append(Finding(code: code, effect: effect, field: since.name))
        }
    }
}
