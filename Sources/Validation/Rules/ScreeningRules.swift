import Definitions
import Mappings
import Records

/// The conclusion of a serum screening fits its risks and the cut-offs (L-092): high where a risk
/// is at or above its cut-off, and only there. Borderline is a class of its own and contradicts
/// neither; where no risk lies in its span it is shown. With a comparator the bound is used.
struct RiskConclusion: Rule {
    static let name = "riskConclusion"
    static let summary = Wording(
        zh: "血清筛查结论与风险值、切割值一致；临界风险单独成类，不在其范围内时警告。",
        en: "A serum conclusion fits the risks and cut-offs; borderline is a class of its own.")
    private let conclusion: Int
    private let conclusionName: String
    private let high: Int
    private let borderline: Int
    private let risks: [(field: Int, cutOff: Int)]
    private let borderlineTo: Int
    /// What makes a conclusion high without any of the risks, e.g. the AFP of a neural tube defect.
    private let orHigh: [FieldTest]
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        conclusion = try section.field("conclusion", in: dictionary)
        conclusionName = dictionary.elements[conclusion].name
        high = try section.code("high", of: conclusion, in: dictionary)
        borderline = try section.code("borderline", of: conclusion, in: dictionary)
        var risks: [(field: Int, cutOff: Int)] = []
        for var item in try section.sections("risks") {
            let field = try item.field("field", in: dictionary)
            guard case .risk = dictionary.elements[field].kind,
                let cutOff = try item.integer("cutOff"), cutOff > 0
            else {
                throw item.error("应为风险字段及其切割值 cutOff。", "A risk and its cutOff are expected.")
            }
            risks.append((field, cutOff))
            try item.finish()
        }
        guard !risks.isEmpty, let to = try section.integer("borderlineTo") else {
            throw section.error("缺少 “risks” 或 “borderlineTo”。", "risks or borderlineTo is missing.")
        }
        self.risks = risks
        borderlineTo = to
        orHigh = try section.tests("orHigh", in: dictionary)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let concluded = record.code(conclusion) else { return }
        var isHigh = false
        var isBorderline = false
        var known = 0
        for (field, cutOff) in risks {
            guard let risk = record.risk(field) else { continue }
            known += 1
            isHigh = isHigh || risk.isHigh(cutOff: cutOff)
            isBorderline =
                isBorderline
                || (!risk.isHigh(cutOff: cutOff) && risk.isHigh(cutOff: borderlineTo))
        }
        guard known > 0 else { return }
        let effect: FindingEffect?
        switch concluded {
        case borderline: effect = isBorderline && !isHigh ? nil : .warning
        case high:
            // A risk that is not there may be the high one.
            let isExplained =
                isHigh || known < risks.count
                || orHigh.contains { $0.holds(record, context) == true }
            effect = isExplained ? nil : .quarantined
        default: effect = isHigh ? .quarantined : nil
        }
        if let effect {
            findings.append(Finding(code: code, effect: effect, field: conclusionName))
        }
    }
}

/// The result of an NIPT fits its Z-scores and its fetal fraction (L-094): high where a Z-score
/// reaches the bound, and only there; with too little fetal DNA the test failed, or the sample is
/// drawn again.
struct NIPTConclusion: Rule {
    static let name = "niptConclusion"
    static let summary = Wording(
        zh: "NIPT 结果与 Z 值一致；胎儿游离 DNA 浓度不足时应为检测失败或重采血。",
        en: "An NIPT result fits the Z-scores; with a low fetal fraction it failed or is redrawn.")
    private let conclusion: Int
    private let conclusionName: String
    private let high: Int
    private let failed: Int
    private let scores: [(field: Int, from: Int64)]
    private let fraction: Int
    private let leastFraction: Int64
    private let redraw: Int
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        conclusion = try section.field("conclusion", in: dictionary)
        conclusionName = dictionary.elements[conclusion].name
        high = try section.code("high", of: conclusion, in: dictionary)
        failed = try section.code("failed", of: conclusion, in: dictionary)
        fraction = try section.field("fraction", in: dictionary)
        redraw = try section.field("redraw", in: dictionary)
        var scores: [(field: Int, from: Int64)] = []
        for field in try section.someFields("scores", in: dictionary) {
            let places = dictionary.elements[field].places
            guard let from = try section.number("highFrom", places: places) else {
                throw section.error("缺少 “highFrom”。", "highFrom is missing.")
            }
            scores.append((field, from))
        }
        self.scores = scores
        let places = dictionary.elements[fraction].places
        guard let least = try section.number("leastFraction", places: places) else {
            throw section.error("缺少 “leastFraction”。", "leastFraction is missing.")
        }
        leastFraction = least
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let concluded = record.code(conclusion),
            contradicts(concluded, record)
        else { return }
        findings.append(Finding(code: code, effect: .quarantined, field: conclusionName))
    }

    private func contradicts(_ concluded: Int, _ record: RecordRow) -> Bool {
        if let fraction = record.number(fraction), fraction < leastFraction {
            // Scores of too little DNA say nothing.
            return concluded != failed && record.flag(redraw) != true
        }
        var isHigh = false
        var isWhole = true
        for (field, from) in scores {
            guard let score = record.number(field) else {
                isWhole = false
                continue
            }
            isHigh = isHigh || score >= from
        }
        // A score that is not there may be the high one.
        return concluded == high ? isWhole && !isHigh : isHigh
    }
}

/// What must follow is done within so many days (时限): late, or still outstanding on the day of
/// arrival. One of `orAny` will do in its place, such as a refusal.
struct DoneWithin: Rule {
    static let name = "doneWithin"
    static let summary = Wording(
        zh: "在规定天数内完成；到达之日仍未完成的也提示。",
        en: "Done within so many days; what is outstanding when the item arrives is shown too.")
    private let field: FieldTest
    private let from: Int
    private let days: Int
    private let orAny: [FieldTest]
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = FieldTest(
            try section.field("field", in: dictionary), isPresent: true, dictionary: dictionary)
        from = try section.field("from", in: dictionary)
        guard let days = try section.integer("days"), days >= 0 else {
            throw section.error("缺少 “days”。", "days is missing.")
        }
        self.days = days
        orAny = try section.tests("orAny", in: dictionary)
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let from = record.day(from) else { return }
        for test in orAny where test.holds(record, context) == true { return }
        let last = from.adding(days: days)
        let isLate: Bool
        if let day = record.day(field.ordinal) {
            isLate = day > last
        } else {
            isLate = field.holds(record, context) == false && context.arrivedOn > last
        }
        if isLate { findings.append(Finding(code: code, effect: effect, field: field.name)) }
    }
}
