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
    private let fields: [(ordinal: Int, name: String, isKaryotype: Bool)]
    private let born: Int
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let karyotypes = try section.fields("karyotypes", in: dictionary)
        let texts = try section.fields("texts", in: dictionary)
        guard !karyotypes.isEmpty || !texts.isEmpty else {
            throw section.error("缺少 “karyotypes” 或 “texts”。", "karyotypes or texts is missing.")
        }
        fields =
            karyotypes.map { ($0, dictionary.elements[$0].name, true) }
            + texts.map { ($0, dictionary.elements[$0].name, false) }
        born = try section.field("born", in: dictionary)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let day = record.day(born), day <= context.arrivedOn { return }
        for (ordinal, name, isKaryotype) in fields {
            guard let text = record.text(ordinal) else { continue }
            let folded = FetalSexMasked.folded(text)
            let isTold =
                isKaryotype
                ? FetalSex.isRevealed(byKaryotype: folded) : FetalSex.isRevealed(byText: folded)
            if isTold {
                findings.append(Finding(code: code, effect: .quarantined, field: name))
            }
        }
    }

    /// Full-width forms (U+FF01 to U+FF5E) as ASCII, and no ideographic spaces.
    private static func folded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.count)
        var place = text.startIndex
        while place < text.endIndex {
            let rest = text[place...]
            if rest.starts(with: [0xE3, 0x80, 0x80]) {
                place += 3
            } else if rest.count >= 3, rest[place] == 0xEF,
                rest[place + 1] == 0xBC || rest[place + 1] == 0xBD,
                case let low = Int(rest[place + 1] - 0xBC) << 6 | Int(rest[place + 2] & 0x3F),
                (0x01...0x5E).contains(low)
            {
                folded.append(UInt8(low + 0x20))
                place += 3
            } else {
                folded.append(rest[place])
                place += 1
            }
        }
        return folded
    }
}
