import Definitions
import Mappings
import Records

/// A question and its tick-list agree (总括与明细): no with a box ticked, or yes with none, is what a
/// flipped polarity looks like.
struct ParentAndChildren: Rule {
    static let name = "parentAndChildren"
    static let summary = Wording(
        zh: "总括问题与其明细一致：答“否”则明细全空，答“是”则至少一项。",
        en: "A question and its tick-list agree: no with nothing ticked, yes with at least one.")
    private let parent: Int
    private let parentName: String
    private let children: [Int]
    private let isLonelyYesAllowed: Bool
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        parent = try section.field("parent", in: dictionary)
        parentName = dictionary.elements[parent].name
        children = try section.someFields("children", in: dictionary)
        isLonelyYesAllowed = try section.flag("yesMayStandAlone") ?? false
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let isYes = record.flag(parent) else { return }
        var isTicked = false
        var isKnown = true
        for child in children {
            let value = record.value(child)
            if value.isResult, record.flag(child) != false {
                isTicked = true
                break
            }
            if !context.isMapped[child] { isKnown = false }
        }
        // Yes with nothing ticked says something only where the source has the whole list.
        let contradicts = isYes ? !isTicked && isKnown && !isLonelyYesAllowed : isTicked
        if contradicts {
            findings.append(Finding(code: code, effect: effect, field: parentName))
        }
    }
}

/// An answer that asks for words has them, and words without that answer stand alone (“其他”与说明).
struct AnswerHasText: Rule {
    static let name = "answerHasText"
    static let summary = Wording(
        zh: "选了需要说明的答案就要有说明；没有选则不应有说明。",
        en: "An answer that asks for words has them; other answers have none.")
    private let answer: FieldTest
    private let text: Int
    private let textName: String
    private let effect: FindingEffect
    private let code: String

    /// `answer` is a test: the codes or the tick that ask for words.
    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var answer = try section.section("answer")
        self.answer = try FieldTest(&answer, dictionary: dictionary)
        try answer.finish()
        text = try section.field("text", in: dictionary)
        textName = dictionary.elements[text].name
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard context.isMapped[text], let asks = answer.holds(record, context) else { return }
        let isFilled = record.value(text).isResult
        if asks != isFilled, !record.hasFinding(on: textName) {
            findings.append(Finding(code: code, effect: effect, field: textName))
        }
    }
}

/// Two texts differ (内容不同): the spouses do not bear the same name.
struct DifferentTexts: Rule {
    static let name = "differentTexts"
    static let summary = Wording(
        zh: "两个字段的文字不同。", en: "The texts of two fields differ.")
    private let field: Int
    private let fieldName: String
    private let other: Int
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        other = try section.field("other", in: dictionary)
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let one = record.text(field), let two = record.text(other), one.elementsEqual(two) {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}
