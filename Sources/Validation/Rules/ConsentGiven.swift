import Definitions
import Mappings
import Records

/// The one person of a record consents (R-06, 知情同意); one who says no takes back what was sent.
struct ConsentGiven: Rule {
    static let name = "consentGiven"
    static let summary = Wording(
        zh: "本人已知情同意；没有同意的不上报，已上报的撤销。",
        en: "The person consents; without it nothing is sent, and what was sent is taken back.")
    private let field: Int
    private let fieldName: String
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        guard case .flag = dictionary.elements[field].kind else {
            throw section.error(at: "field", "应为是否字段。", "A field of yes or no is expected.")
        }
        self.code = code
    }

    /// Whether the record says in so many words that she does not consent; an empty answer says
    /// nothing.
    func isDenied(_ record: RecordRow) -> Bool { record.flag(field) == false }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        // An empty answer is what a mandatory field lacks.
        if isDenied(record) {
            findings.append(Finding(code: code, effect: .held, field: fieldName))
        }
    }
}
