import Definitions
import Mappings
import Records

/// A form that was begun lacks no mandatory field that this source fills (L-070): forms are filled
/// in as a case goes on, and one that was not begun yet lacks nothing.
struct MandatoryInForms: Rule {
    static let name = "mandatoryInForms"
    static let summary = Wording(
        zh: "所列表单及其他已开始填写的表单不缺必填项；尚未开始的表单不查。",
        en: "The forms listed, and any other that was begun, lack no mandatory field.")
    private let parts: [Part]
    private let idNumbers: Set<Int>
    private let code: String

    private struct Part: Sendable {
        let required: [(ordinal: Int, name: String)]
        /// All its fields, where it is asked only if one of them is filled.
        let unlessEmpty: [Int]?
        let subject: Int?
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let always = try section.texts("always")
        for name in always where !dictionary.forms.contains(where: { $0.name == name }) {
            throw section.error(
                at: "always", "没有表单 “\(name)”。", "There is no form \(name).")
        }
        var parts: [Part] = []
        for subject in dictionary.subjects.indices {
            let elements = dictionary.elements(at: .subject(subject))
            parts.append(
                Part(
                    required: MandatoryInForms.required(elements), unlessEmpty: nil,
                    subject: subject))
        }
        for (number, form) in dictionary.forms.enumerated() {
            let elements = dictionary.elements(at: .form(number))
            parts.append(
                Part(
                    required: MandatoryInForms.required(elements),
                    unlessEmpty: always.contains(form.name) ? nil : elements.map(\.ordinal),
                    subject: form.subject))
        }
        self.parts = parts
        idNumbers = Set(dictionary.subjects.map(\.idNumber))
        self.code = code
    }

    private static func required(_ elements: [Element]) -> [(ordinal: Int, name: String)] {
        elements.filter(\.isRequired).compactMap { element in
            if case .month = element.kind { return nil }
            return (element.ordinal, element.name)
        }
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for part in parts {
            if let subject = part.subject, !record.hasSubject(subject) { continue }
            if let fields = part.unlessEmpty, fields.allSatisfy({ record.value($0).isAbsent }) {
                continue
            }
            for (ordinal, name) in part.required
            where context.isMapped[ordinal] && record.value(ordinal).isAbsent {
                // What could not be read has its finding already.
                if !record.hasFinding(on: name) {
                    // Whoever has no number yet (证件待补) waits for it.
                    let effect: FindingEffect =
                        idNumbers.contains(ordinal) ? .held : .quarantined
                    findings.append(Finding(code: code, effect: effect, field: name))
                }
            }
        }
    }
}
