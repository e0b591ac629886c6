import Definitions
import Mappings
import Records

/// Nothing of a person leaves without that person's consent: "要遵循知情同意原则".
struct ConsentCovers: Rule {
    static let name = "consentCovers"
    static let summary = Wording(
        zh: "知情同意覆盖所涉及的每一方；未覆盖一方的内容不上报。",
        en: "Consent covers each person; what it does not cover stays at home.")
    private let field: Int
    private let fieldName: String
    /// For each consent code the subjects that it covers.
    private let covered: [Int: [Int]]
    /// The code that says that nobody consents.
    private let nobody: Int
    /// When consent was withdrawn (撤回同意时间): what stands there ends it, whatever was signed.
    private let withdrawn: Int?
    private let withdrawnName: String
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        var covered: [Int: [Int]] = [
            try section.code("both", of: field, in: dictionary): Array(dictionary.subjects.indices)
        ]
        for (number, subject) in dictionary.subjects.enumerated() {
            covered[try section.code(subject.role, of: field, in: dictionary)] = [number]
        }
        self.covered = covered
        nobody = try section.code("nobody", of: field, in: dictionary)
        withdrawn =
            section.has("withdrawn")
            ? try section.field("withdrawn", in: dictionary) : nil
        withdrawnName = withdrawn.map { dictionary.elements[$0].name } ?? ""
        self.code = code
    }

    /// Whether the record says in so many words that nobody consents any more; an empty answer says
    /// nothing.
    func isWithdrawn(_ record: RecordRow) -> Bool {
        record.code(field) == nobody || hasEnded(record)
    }

    private func hasEnded(_ record: RecordRow) -> Bool {
        withdrawn.map { !record.value($0).isAbsent } ?? false
    }

    private func subjects(coveredIn record: RecordRow) -> [Int] {
        if hasEnded(record) { return [] }
        return record.code(field).flatMap { covered[$0] } ?? []
    }

    /// The subjects whose part must not leave, where another's may.
    func withheld(_ record: RecordRow) -> [Int] {
        let covered = subjects(coveredIn: record)
        let named = record.batch.dictionary.subjects.indices.filter(record.hasSubject)
        guard named.contains(where: covered.contains) else { return [] }
        return named.filter { !covered.contains($0) }
    }

    /// The subjects of whom nothing must leave, named or not, where another's part may.
    func uncovered(_ record: RecordRow) -> [Int] {
        let covered = subjects(coveredIn: record)
        guard !covered.isEmpty else { return [] }
        return record.batch.dictionary.subjects.indices.filter { !covered.contains($0) }
    }

    /// What is said where a person's part was withheld: shown, and the rest goes.
    var withheldFinding: Finding { Finding(code: code, effect: .warning, field: fieldName) }

    /// Holds a record whose consent covers nobody.
    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        let named = record.batch.dictionary.subjects.indices.filter(record.hasSubject)
        if !named.contains(where: subjects(coveredIn: record).contains) {
            let place = hasEnded(record) ? withdrawnName : fieldName
            findings.append(Finding(code: code, effect: .held, field: place))
        }
    }
}

/// The file is ticked complete, and so is every form of whoever is in it: only complete
/// forms count and are locked. A form that is ticked as not complete holds the file, whatever the
/// file says of itself.
struct Finished: Rule {
    static let name = "finished"
    static let summary = Wording(
        zh: "档案及其中每张表均已完成。", en: "The family file and every form in it is complete.")
    private let ticks: [(ordinal: Int, name: String, subject: Int?)]
    private let field: Int
    private let fieldName: String
    private let value: Int
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        value = try section.code("value", of: field, in: dictionary)
        ticks = Set(dictionary.forms.compactMap(\.complete)).sorted().map { ordinal in
            let element = dictionary.elements[ordinal]
            return (ordinal, element.name, dictionary.subject(of: element))
        }
        self.code = code
    }

    func isFinished(_ record: RecordRow) -> Bool { record.code(field) == value }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if !isFinished(record), !record.hasFinding(on: fieldName) {
            findings.append(Finding(code: code, effect: .held, field: fieldName))
        }
        for (ordinal, name, subject) in ticks where record.flag(ordinal) == false {
            if let subject, !record.hasSubject(subject) { continue }
            findings.append(Finding(code: code, effect: .held, field: name))
        }
    }
}

/// All items of the programme are done: "在完成所有检查项目的前提下"; else not settled.
struct Completeness: Rule {
    static let name = "completeness"
    static let summary = Wording(
        zh: "规定的检查项目全部完成；否则上报但不结算。",
        en: "All items are done; otherwise the record is sent and not settled.")
    let code: String
    private let items: [Item]

    private struct Item: Sendable {
        /// The subject that must be named, or `nil` for the family.
        let subject: Int?
        let fields: [Field]
    }

    private struct Field: Sendable {
        let ordinal: Int
        let name: String
        /// The code that says 未查, where the list has one.
        let notDone: Int?
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let notDone = try section.text("notDone")
        var items: [Item] = []
        for var item in try section.sections("items") {
            _ = try item.text("item")
            _ = try item.text("zh")
            _ = try item.text("en")
            let subject = item.has("subject") ? try item.subject("subject", in: dictionary) : nil
            var fields: [Field] = []
            for name in try item.texts("fields") {
                guard let ordinal = dictionary.ordinal(of: name) else {
                    throw item.error(
                        at: "fields", "项目没有字段 “\(name)”。", "There is no field \(name).")
                }
                let code: Int? =
                    if case .code(let list) = dictionary.elements[ordinal].kind {
                        list.ordinal(of: notDone)
                    } else {
                        nil
                    }
                fields.append(Field(ordinal: ordinal, name: name, notDone: code))
            }
            try item.finish()
            items.append(Item(subject: subject, fields: fields))
        }
        self.items = items
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for item in items {
            if let subject = item.subject, !record.hasSubject(subject) { continue }
            for field in item.fields where context.isMapped[field.ordinal] {
                let value = record.value(field.ordinal)
                let isNotDone = field.notDone != nil && record.code(field.ordinal) == field.notDone
                // A tick that says no: the service was not given, the form not completed.
                if !value.isResult || isNotDone || record.flag(field.ordinal) == false {
                    findings.append(Finding(code: code, effect: .warning, field: field.name))
                    break
                }
            }
        }
    }
}

/// A file with one spouse only is sent, and settled by the county's parameter.
struct BothSpouses: Rule {
    static let name = "bothSpouses"
    static let summary = Wording(
        zh: "夫妻双方均有档案；单方档案按参数结算。",
        en: "Both spouses are named and examined; a one-spouse file is settled by a parameter.")
    private let examined: Int
    private let examinedName: String
    /// For each answer that leaves somebody out, the only subject that was examined.
    private let only: [Int: Int]
    let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        examined = try section.field("examined", in: dictionary)
        examinedName = dictionary.elements[examined].name
        var only: [Int: Int] = [:]
        for (number, subject) in dictionary.subjects.enumerated() {
            only[try section.code(subject.role, of: examined, in: dictionary)] = number
        }
        self.only = only
        self.code = code
    }

    /// For each subject whether the record names and the clinic examined it (实际受检方): settlement
    /// pays for a couple only where both were there.
    func examined(in record: RecordRow) -> [Bool] {
        let only = record.code(examined).flatMap { self.only[$0] }
        return record.batch.dictionary.subjects.indices.map { subject in
            record.hasSubject(subject) && (only == nil || only == subject)
        }
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        let dictionary = record.batch.dictionary
        for (number, subject) in dictionary.subjects.enumerated() where !record.hasSubject(number) {
            let field = dictionary.elements[subject.name].name
            if !record.hasFinding(on: dictionary.elements[subject.idNumber].name) {
                findings.append(Finding(code: code, effect: .warning, field: field))
            }
        }
        let named = dictionary.subjects.indices.map(record.hasSubject)
        if examined(in: record) != named {
            findings.append(Finding(code: code, effect: .warning, field: examinedName))
        }
    }
}

/// A complete file has every mandatory field that this source fills (L-070).
struct Mandatory: Rule {
    static let name = "mandatory"
    static let summary = Wording(
        zh: "已完成的档案不缺必填项。", en: "A complete file lacks no mandatory field.")
    private let required: [(ordinal: Int, name: String, subject: Int?)]
    /// Whoever has no number yet (证件待补) waits for it; nothing is wrong with the file.
    private let idNumbers: Set<Int>
    /// Forms that lack nothing before something stands in them: follow-ups come later.
    private let onceBegun: [(fields: [Int], required: [(ordinal: Int, name: String)])]
    private let finishedField: Int?
    private let finishedCode: Int?
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var later: [Element.Location] = []
        for name in try section.texts("onceBegun") {
            guard let form = dictionary.forms.firstIndex(where: { $0.name == name }) else {
                throw section.error(
                    at: "onceBegun", "没有表单 “\(name)”。", "There is no form \(name).")
            }
            later.append(.form(form))
        }
        let mandatory = dictionary.elements.filter { element in
            if case .month = element.kind { return false }
            // What a follow-up's row brings for checks alone may be missing.
            let isHeld = dictionary.followUp?.holds[element.ordinal] ?? true
            return element.isRequired && isHeld
        }
        required = mandatory.filter { !later.contains($0.location) }.map {
            // Of whoever is not in the file the family's part says nothing either.
            ($0.ordinal, $0.name, dictionary.subject(of: $0) ?? $0.about)
        }
        idNumbers = Set(dictionary.subjects.map(\.idNumber))
        onceBegun = later.map { form in
            (
                dictionary.elements(at: form).map(\.ordinal),
                mandatory.filter { $0.location == form }.map { ($0.ordinal, $0.name) }
            )
        }
        if section.has("finished") {
            let field = try section.field("finished", in: dictionary)
            finishedField = field
            finishedCode = try section.code("value", of: field, in: dictionary)
        } else {
            finishedField = nil
            finishedCode = nil
        }
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let finishedField, record.code(finishedField) != finishedCode { return }
        for (ordinal, name, subject) in required
        where context.isMapped[ordinal] && record.value(ordinal).isAbsent {
            if let subject, !record.hasSubject(subject) { continue }
            miss(name, record, &findings, idNumbers.contains(ordinal) ? .held : .quarantined)
        }
        for form in onceBegun where form.fields.contains(where: { !record.value($0).isAbsent }) {
            for (ordinal, name) in form.required
            where context.isMapped[ordinal] && record.value(ordinal).isAbsent {
                miss(name, record, &findings)
            }
        }
    }

    private func miss(
        _ name: String, _ record: RecordRow, _ findings: inout [Finding],
        _ effect: FindingEffect = .quarantined
    ) {
        // What could not be read has its finding already.
        if !record.hasFinding(on: name) {
            findings.append(Finding(code: code, effect: effect, field: name))
        }
    }
}
