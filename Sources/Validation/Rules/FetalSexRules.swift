import Definitions
import Mappings
import Records

/// Nothing says the sex of a fetus before it is born (胎儿性别, L-098): no karyotype whose sex
/// chromosomes are not masked (`46,XX`; `46,XN` is), no words that tell it, no code of a newborn's
/// sex. The laboratory masks; nothing is masked here.
struct FetalSexMasked: Rule {
    static let name = "fetalSexMasked"
    static let summary = Wording(
        zh: "胎儿出生前，核型、文字与性别代码不得透露性别；核型应写作 46,XN。",
        en:
            "Before birth no karyotype, word or code tells the sex; 46,XN is how it is masked.")
    private let fields: [(ordinal: Int, name: String, place: FetalSex.Place)]
    private let codes: [FieldTest]
    private let birth: CredibleBirth?
    private let words: FetalSexWords
    private let code: String
    /// The table of words as the programme names it, `nil` where only the built-in ones count.
    let table: String?

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var fields: [(ordinal: Int, name: String, place: FetalSex.Place)] = []
        let keys: [(String, FetalSex.Place)] = [
            ("karyotypes", .karyotype), ("texts", .text), ("numbers", .number), ("names", .name),
            ("institutions", .institution),
        ]
        for (key, place) in keys {
            for ordinal in try section.fields(key, in: dictionary) {
                fields.append((ordinal, dictionary.elements[ordinal].name, place))
            }
        }
        codes = try section.tests("codes", in: dictionary)
        guard !fields.isEmpty || !codes.isEmpty else {
            throw section.error(
                "缺少 “karyotypes”、“texts” 或 “codes”。", "karyotypes, texts or codes is missing.")
        }
        self.fields = fields
        if var born = try section.optionalSection("born") {
            birth = try CredibleBirth(&born, dictionary: dictionary)
            try born.finish()
        } else {
            birth = nil
        }
        let file = try section.table("words")
        table = file?.name
        words =
            if let file {
                try FetalSexWords(text: file.text, shownAs: file.name + ".csv")
            } else {
                .builtIn
            }
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let birth, birth.isSaid(by: record, context) { return }
        for (ordinal, name, place) in fields {
            guard let text = record.text(ordinal) else { continue }
            if FetalSex.isRevealed(by: text, in: place, words: words) {
                findings.append(Finding(code: code, effect: .quarantined, field: name))
            }
        }
        for test in codes where test.holds(record, context) == true {
            findings.append(Finding(code: code, effect: .quarantined, field: test.name))
        }
    }
}

/// When a record may be believed that the child is born (出生): a day that has come, an outcome that
/// is a birth, and a pregnancy long enough. A birth date alone lifts no secret.
private struct CredibleBirth {
    private let day: Int
    /// All must hold.
    private let conditions: [FieldTest]
    /// None may hold.
    private let exceptions: [FieldTest]
    /// Days on which she was still pregnant: the birth is after each that is filled.
    private let pregnantOn: [Int]
    /// Days on which the child was told of: the birth is not after any that is filled.
    private let toldOn: [Int]
    /// The last period, and the least whole days from it to a birth.
    private let period: Int?
    private let leastDays: Int

    init(_ section: inout Section, dictionary: ElementDictionary) throws(DefinitionError) {
        day = try section.field("day", in: dictionary)
        conditions = try section.tests("when", in: dictionary)
        exceptions = try section.tests("unless", in: dictionary)
        pregnantOn = try section.fields("after", in: dictionary)
        toldOn = try section.fields("until", in: dictionary)
        period = section.has("since") ? try section.field("since", in: dictionary) : nil
        let days = try section.integer("days")
        guard (period == nil) == (days == nil), days ?? 1 > 0 else {
            throw section.error("since 与 days 应同时填写。", "since and days stand together.")
        }
        leastDays = days ?? 0
    }

    func isSaid(by record: RecordRow, _ context: RuleContext) -> Bool {
        guard let born = record.day(day), born <= context.arrivedOn,
            conditions.allSatisfy({ $0.holds(record, context) == true }),
            !exceptions.contains(where: { $0.holds(record, context) == true }),
            pregnantOn.allSatisfy({ record.day($0).map { $0 < born } ?? true }),
            toldOn.allSatisfy({ record.day($0).map { born <= $0 } ?? true })
        else { return false }
        guard let period, let began = record.day(period) else { return true }
        return born.daysSince1970 - began.daysSince1970 >= leastDays
    }
}
