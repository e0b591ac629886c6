package import Definitions
import Mappings
import Records

extension ReviewSheet.Technique {
    /// What is done to a field on its way to the nation.
    package init(of element: Element) {
        switch (element.protection, element.kind) {
        case (.keep, .month): self = .month
        case (.keep, _): self = .keep
        case (.drop, _): self = .drop
        case (.encrypt, _): self = .encrypt
        }
    }
}

extension ReviewSheet.Field {
    init(
        _ element: Element, _ rule: FieldRule?, madeOf inputs: [Int], _ mapping: Mapping,
        _ tables: PrivacyTables
    ) {
        let dictionary = mapping.dictionary
        name = element.name
        number = element.number
        title = element.title
        switch element.location {
        case .subject(let subject):
            place = dictionary.subjects[subject].title
            path = "\(dictionary.subjects[subject].role)/\(element.wireName)"
        case .form(let form):
            place = dictionary.forms[form].title
            path = "\(dictionary.forms[form].name)/\(element.wireName)"
        }
        switch rule?.origin {
        case nil:
            let names = inputs.map { dictionary.elements[$0].name }.joined(separator: "、")
            (source, isConstant) = ("由 \(names) 计算", false)
        case .column(let column): (source, isConstant) = (column, false)
        case .constant(let value): (source, isConstant) = (value, true)
        case .boxes(let columns): (source, isConstant) = (columns.joined(separator: "、"), false)
        }
        isRequired = element.isRequired
        privacyClass = element.privacyClass.rawValue
        if let followUp = dictionary.followUp, !followUp.holds[element.ordinal] {
            (technique, reason) = (.drop, "只供随访的规则核对 (for the rules of the follow-up alone)")
        } else {
            (technique, reason) = Self.protection(of: element)
        }
        isFreeText =
            element.isText && !tables.isOpenText(element)
            && (technique != .drop || element.privacyClass != .operational)
        keyDomain = Self.keyDomain(of: element, technique, dictionary)
        level = tables.level(of: element)
        grade = technique == .drop ? nil : tables.grade(of: element, after: technique.rawValue)
        ground = technique == .drop ? nil : tables.ground(of: element)
        let example = SheetExample(element, rule, mapping, technique)
        before = example.before
        after = example.after
    }

    private static func protection(of element: Element) -> (ReviewSheet.Technique, String) {
        switch (element.protection, element.kind) {
        case (.keep, .month): (.month, "日期只报到年月 (the day stays here)")
        case (.keep(because: let reason), _): (.keep, reason)
        case (.drop(because: let reason), _): (.drop, reason)
        case (.encrypt, _): (.encrypt, "仅国家平台可解 (only they can open it)")
        }
    }

    private static func keyDomain(
        of element: Element, _ technique: ReviewSheet.Technique, _ dictionary: ElementDictionary
    ) -> String {
        var domains: [String] = []
        if technique == .encrypt { domains.append("密钥每份报文一把 (a key per submission)") }
        if dictionary.subjects.contains(where: { $0.idNumber == element.ordinal }) {
            domains.append("\(dictionary.pseudonymDomain) 假名 (pseudonym)")
        }
        if dictionary.caseFields.key.contains(element.ordinal) {
            domains.append("case-id 记录标识 (record id)")
        }
        return domains.joined(separator: "；")
    }
}
