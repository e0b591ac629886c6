import Definitions
import Mappings
import Records

/// Nobody bears an ID number with a birthday after the day on which the item arrived (L-001).
struct BornByArrival: Rule {
    static let name = "bornByArrival"
    static let summary = Wording(
        zh: "身份证号中的出生日期不晚于文件到达之日。",
        en: "The birthday in the ID number is not after the item's arrival.")
    private let idNumber: Int
    private let field: String
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        idNumber = dictionary.subjects[try section.subject("subject", in: dictionary)].idNumber
        field = dictionary.elements[idNumber].name
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let number = record.text(idNumber), IDNumber.isFormed(number),
            let born = IDNumber.birthDate(of: number), born > context.arrivedOn
        {
            findings.append(Finding(code: code, effect: .quarantined, field: field))
        }
    }
}
