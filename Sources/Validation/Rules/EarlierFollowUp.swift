import Definitions
import Mappings
import Records

/// Another follow-up of the same case came before this one (此前应有的随访, L-083): an outcome has an
/// early-pregnancy follow-up.
///
/// A clinic may write what it knows of the earlier one in a column of its own; where it does not,
/// the county's register says whether that record ever came, kept here or sent. Which day it bears is
/// not asked: the register keeps no value of a record, and the existence of both is no secret of
/// health that the county does not hold already. A preview has no register, and believes the column.
struct EarlierFollowUp: Rule {
    static let name = "earlierFollowUp"
    static let summary = Wording(
        zh: "同一档案此前已有所列随访：本行写明，或登记簿中有该记录。",
        en: "Another follow-up of the case came before: the row says so, or the register has it.")
    /// The earlier follow-up's record, by name.
    let record: String
    private let field: Int
    private let finding: Finding

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        record = try section.text("record")
        field = try section.field("field", in: dictionary)
        finding = Finding(
            code: code, effect: try section.effect(.warning),
            field: dictionary.elements[field].name)
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        // What the source does not bring proves nothing.
        if context.isMapped[field], record.value(field).isAbsent { findings.append(finding) }
    }

    /// Says what the register knows: it clears a row whose column is empty, and speaks where the
    /// source has no such column.
    func tell(
        _ isThere: Bool, of record: RecordRow, _ context: RuleContext,
        _ findings: inout [Finding], applies: () -> Bool
    ) {
        if isThere {
            findings.removeAll { $0 == finding }
        } else if !context.isMapped[field], applies(), !findings.contains(finding) {
            findings.append(finding)
        }
    }
}
