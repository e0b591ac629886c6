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
    private let fields: [(ordinal: Int, name: String)]
    private let born: Int
    private let words: [[UInt8]]
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        fields = try section.someFields("fields", in: dictionary)
            .map { ($0, dictionary.elements[$0].name) }
        born = try section.field("born", in: dictionary)
        words = try section.texts("words").map { Array($0.utf8) }
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let day = record.day(born), day <= context.arrivedOn { return }
        for (ordinal, name) in fields {
            guard let text = record.text(ordinal) else { continue }
            let folded = FetalSexMasked.folded(text)
            let isTold =
                FetalSexMasked.hasSexChromosomes(folded)
                || words.contains { FetalSexMasked.contains(folded, $0) }
            if isTold {
                findings.append(Finding(code: code, effect: .quarantined, field: name))
            }
        }
    }

    /// Full-width forms (U+FF01 to U+FF5E) as ASCII, capitals, no spaces and no brackets.
    private static func folded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.count)
        var place = text.startIndex
        while place < text.endIndex {
            var byte = text[place]
            var width = 1
            if byte == 0xEF, place + 2 < text.endIndex,
                text[place + 1] == 0xBC || text[place + 1] == 0xBD
            {
                let low = Int(text[place + 1] - 0xBC) << 6 | Int(text[place + 2] & 0x3F)
                if (0x01...0x5E).contains(low) {
                    byte = UInt8(low + 0x20)
                    width = 3
                }
            } else if text[place...].starts(with: [0xE3, 0x80, 0x80]) {
                byte = 0x20
                width = 3
            }
            place += width
            if byte == 0x20 || byte == 0x09 { continue }
            folded.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
        return folded
    }

    /// Two digits, a mark between or none, and X with a further sex chromosome: 46,XX; 47,XXY;
    /// 46XY. A single X (45,X) and the mask N tell nothing.
    private static func hasSexChromosomes(_ text: [UInt8]) -> Bool {
        for place in text.indices where isDigit(text[place]) {
            guard place > 0, isDigit(text[place - 1]) else { continue }
            var next = place + 1
            // An ideographic comma is three bytes.
            if text[next...].starts(with: "、".utf8) {
                next += 3
            } else if next < text.count, ",.;:/".utf8.contains(text[next]) {
                next += 1
            }
            guard next + 1 < text.count, text[next] == UInt8(ascii: "X") else { continue }
            if text[next + 1] == UInt8(ascii: "X") || text[next + 1] == UInt8(ascii: "Y") {
                return true
            }
        }
        return false
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard !word.isEmpty, text.count >= word.count else { return false }
        return (0...text.count - word.count).contains {
            text[$0..<$0 + word.count].elementsEqual(word)
        }
    }
}
