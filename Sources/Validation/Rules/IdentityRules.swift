import Definitions
import Mappings
import Records

/// The 17th digit of the ID number says the sex of the subject (L-002).
struct SexOfIDNumber: Rule {
    static let name = "sexOfIdNumber"
    static let summary = Wording(
        zh: "身份证号第 17 位与性别一致。", en: "The ID number's 17th digit fits the sex.")
    private let idNumber: Int
    private let field: String
    private let isMale: Bool
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        idNumber = dictionary.subjects[try section.subject("subject", in: dictionary)].idNumber
        field = dictionary.elements[idNumber].name
        let sex = try section.text("sex")
        guard sex == "1" || sex == "2" else {
            throw section.error(at: "sex", "应为 1（男）或 2（女）。", "1 (male) or 2 (female).")
        }
        isMale = sex == "1"
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        // A passport's number says nothing of its bearer.
        if let number = record.text(idNumber), IDNumber.isFormed(number),
            IDNumber.isMale(number) != isMale
        {
            findings.append(Finding(code: code, effect: .quarantined, field: field))
        }
    }
}

/// The birth date is the one inside the ID number (L-003).
struct BirthDateOfIDNumber: Rule {
    static let name = "birthDateOfIdNumber"
    static let summary = Wording(
        zh: "出生日期与身份证号一致。", en: "The birth date is the ID number's.")
    private let idNumber: Int
    private let birthDate: Int
    private let field: String
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let subject = dictionary.subjects[try section.subject("subject", in: dictionary)]
        idNumber = subject.idNumber
        field = "\(subject.role).birthDate"
        guard let birthDate = dictionary.ordinal(of: field) else {
            throw section.error("项目没有字段 “\(field)”。", "The programme has no field \(field).")
        }
        self.birthDate = birthDate
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let number = record.text(idNumber), let day = record.date(birthDate),
            IDNumber.isFormed(number), IDNumber.birthDate(of: number) != day
        {
            findings.append(Finding(code: code, effect: .quarantined, field: field))
        }
    }
}

/// No two subjects of a case bear the same ID number (L-007).
struct DifferentPersons: Rule {
    static let name = "differentPersons"
    static let summary = Wording(
        zh: "夫妻双方身份证号不同。", en: "The spouses' ID numbers differ.")
    private let numbers: [Int]
    private let field: String?
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        numbers = dictionary.subjects.map(\.idNumber)
        field = numbers.last.map { dictionary.elements[$0].name }
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for (index, first) in numbers.enumerated() {
            guard let one = record.text(first) else { continue }
            for second in numbers[(index + 1)...]
            where record.text(second)?.elementsEqual(one) == true {
                findings.append(Finding(code: code, effect: .quarantined, field: field))
            }
        }
    }
}

/// A 15-digit number lost its validity on 2013-01-01: later files must bear 18 (L-015).
struct UpgradedIDNumber: Rule {
    static let name = "upgradedIdNumber"
    static let summary = Wording(
        zh: "规定日期之后的档案不得使用 15 位身份证号。",
        en: "After the day given no file may bear a 15-digit ID number.")
    private let opened: Int
    private let until: CalendarDate
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        opened = try section.field("opened", in: dictionary)
        guard let until = try section.date("until") else {
            throw section.error("缺少 “until”。", "until is missing.")
        }
        self.until = until
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let day = record.day(opened), day > until else { return }
        for finding in findings where finding.code == MappingCodes.upgradedIDNumberCode {
            findings.append(Finding(code: code, effect: .quarantined, field: finding.field))
        }
    }
}
