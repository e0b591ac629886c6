import Definitions
import Mappings
import Records

/// No text says the sex of a fetus before it is born (胎儿性别, L-098): a karyotype whose sex
/// chromosomes are not masked (`46,XX`; `46,XN` is), or words that tell it. The laboratory masks;
/// nothing is masked here.
struct FetalSexMasked: Rule {
    static let name = "fetalSexMasked"
    static let summary = Wording(
        zh: "胎儿出生前，核型与文字不得透露性别；核型应写作 46,XN。",
        en: "Before birth neither karyotype nor words tell the sex; 46,XN is how it is masked.")
    private let fields: [(ordinal: Int, name: String, place: FetalSex.Place)]
    private let born: Int?
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
        ]
        for (key, place) in keys {
            for ordinal in try section.fields(key, in: dictionary) {
                fields.append((ordinal, dictionary.elements[ordinal].name, place))
            }
        }
        guard !fields.isEmpty else {
            throw section.error("缺少 “karyotypes” 或 “texts”。", "karyotypes or texts is missing.")
        }
        self.fields = fields
        born = section.has("born") ? try section.field("born", in: dictionary) : nil
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
        if let born, let day = record.day(born), day <= context.arrivedOn { return }
        for (ordinal, name, place) in fields {
            guard let text = record.text(ordinal) else { continue }
            if FetalSex.isRevealed(by: text, in: place, words: words) {
                findings.append(Finding(code: code, effect: .quarantined, field: name))
            }
        }
    }
}
