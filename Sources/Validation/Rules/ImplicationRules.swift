import Definitions
import Mappings
import Records

/// Where the entry's conditions hold, something must be so in other fields of the record (蕴含关系).
struct Implies: Rule {
    static let name = "implies"
    static let summary = Wording(
        zh: "在给定条件下，其他字段须填写、须为空，或须有给定的答案。",
        en: "Under its conditions other fields must be filled, be empty, or have certain answers.")
    /// Each that fails is a finding.
    private let all: [FieldTest]
    /// One of these is enough.
    private let any: [FieldTest]
    /// The field that the finding names where none of `any` holds.
    private let place: String?
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var all = try section.tests("then", in: dictionary)
        for ordinal in try section.fields("filled", in: dictionary) {
            all.append(FieldTest(ordinal, isPresent: true, dictionary: dictionary))
        }
        for ordinal in try section.fields("empty", in: dictionary) {
            all.append(FieldTest(ordinal, isPresent: false, dictionary: dictionary))
        }
        any = try section.tests("thenAny", in: dictionary)
        guard !all.isEmpty || !any.isEmpty else {
            throw section.error(
                "应有 then、thenAny、filled 或 empty。", "then, thenAny, filled or empty is missing.")
        }
        self.all = all
        let at = section.has("at") ? try section.field("at", in: dictionary) : nil
        place = at.map { dictionary.elements[$0].name }
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for test in all where test.holds(record, context) == false {
            findings.append(Finding(code: code, effect: effect, field: place ?? test.name))
        }
        var failed: FieldTest?
        for test in any {
            switch test.holds(record, context) {
            case true?: return
            case false?: failed = failed ?? test
            case nil: break
            }
        }
        // What the source does not bring proves nothing; one that fails is enough to say so.
        if let failed {
            findings.append(Finding(code: code, effect: effect, field: place ?? failed.name))
        }
    }
}

/// Answers that cannot all be true of one record (互斥).
struct NotTogether: Rule {
    static let name = "notTogether"
    static let summary = Wording(
        zh: "所列答案不得同时出现。", en: "The answers listed may not stand together.")
    private let tests: [FieldTest]
    private let place: String
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        tests = try section.tests("these", in: dictionary)
        guard let first = tests.first else {
            throw section.error("缺少 “these”。", "these is missing.")
        }
        let at = section.has("at") ? try section.field("at", in: dictionary) : nil
        place = at.map { dictionary.elements[$0].name } ?? first.name
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for test in tests where test.holds(record, context) != true { return }
        findings.append(Finding(code: code, effect: effect, field: place))
    }
}
