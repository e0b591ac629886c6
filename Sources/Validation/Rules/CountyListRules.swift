import Definitions
import Mappings
import Records

/// Who signed works where it was done (医师与机构, L-072). Silent without the county's list, and where
/// the list does not know the institution.
struct StaffOfInstitution: Rule {
    static let name = "staffOfInstitution"
    static let summary = Wording(
        zh: "医师当日属于该机构（staff.csv）；没有名单、或名单没有该机构的，不核对。",
        en: "Who signed works at the institution on the day (staff.csv); without a list, or where "
            + "it does not know the institution, nothing is said.")
    private let field: Int
    private let fieldName: String
    private let institution: Int
    private let day: Int
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        institution = try section.field("institution", in: dictionary)
        day = try section.field("on", in: dictionary)
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let staff = context.staff, let name = record.text(field),
            let institution = record.text(institution), let day = record.day(day)
        else { return }
        if staff.works(name, at: institution, on: day) == false {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// The laboratory's quality is proved for the month (检验质量控制, R-19). Evidence only: it never holds a
/// record up. Silent where the county keeps no list.
struct QualityReference: Rule {
    static let name = "qualityReference"
    static let summary = Wording(
        zh: "检验机构当月有质量控制凭据且室间质评未失控（quality.csv）；没有名单的不核对。",
        en: "The laboratory has a proof of quality for the month, and did not fail its external "
            + "assessment (quality.csv); without a list nothing is said.")
    /// The first that is filled names the laboratory.
    private let laboratory: [Int]
    private let fieldName: String
    private let day: Int
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        laboratory = try section.someFields("laboratory", in: dictionary)
        fieldName = dictionary.elements[laboratory[0]].name
        day = try section.field("on", in: dictionary)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let quality = context.quality, let day = record.day(day),
            let laboratory = laboratory.lazy.compactMap({ record.text($0) }).first
        else { return }
        if !quality.isProved(laboratory, in: day.month) {
            findings.append(Finding(code: code, effect: .warning, field: fieldName))
        }
    }
}
