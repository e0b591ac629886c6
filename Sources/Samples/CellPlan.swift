import Definitions
import Mappings
import Records

/// How one column of the file is written: what it says and in which words.
///
/// A class, since it is looked up for every cell and a struct of this size would be copied.
final class CellPlan {
    let element: Element
    /// The spouse whom the column is about, or `nil` for the family.
    let spouse: Spouse?
    let invention: FieldInvention
    /// Of a form that is filled after the check (随访); such columns stay empty.
    let isFollowUp: Bool
    /// For each code of the invention, or for no and yes, the words that mean it: quoted UTF-8, the
    /// usual one first.
    private let words: [[[UInt8]]]
    private let places: Int
    private let range: ClosedRange<Int64>

    /// How often each of the first words is used; clinics keep to one and stray to a few.
    private static let wordWeights = [60, 20, 12, 8]

    init(
        _ rule: FieldRule, dictionary: ElementDictionary, _ world: InventedWorld,
        _ quoting: CellQuoting, _ encoder: TextEncoder
    ) throws(SampleFailure) {
        let element = dictionary.elements[rule.ordinal]
        self.element = element
        isFollowUp =
            if case .form(let form) = element.location {
                dictionary.forms[form].name.hasSuffix("FollowUp")
            } else { false }
        spouse = dictionary.subject(of: element).map {
            dictionary.subjects[$0].role == "husband" ? .husband : .wife
        }
        invention =
            isFollowUp
            ? FieldInvention { _, _ in .nothing }
            : FieldInvention.of(
                element, spouse: spouse, institutions: world.institutions,
                isWhole: world.request.isWhole)
        let codes: [String]
        switch element.kind {
        case .code(let list), .set(let list):
            codes = invention.codes
            for code in codes where list.ordinal(of: code) == nil {
                throw .mapping(field: element.name, problem: code)
            }
        case .flag:
            codes = rule.words == nil ? ["0", "1"] : ["false", "true"]
        default: codes = []
        }
        var words: [[[UInt8]]] = []
        for code in codes {
            let spellings = CellPlan.spellings(of: code, rule).filter(encoder.holds)
            guard !spellings.isEmpty else { throw .mapping(field: element.name, problem: code) }
            words.append(spellings.prefix(CellPlan.wordWeights.count).map(quoting.quoted))
        }
        self.words = words
        switch element.kind {
        case .integer(let least, let most):
            places = 0
            range = least...most
        case .decimal(let places, let least, let most):
            self.places = places
            range = least...most
        default:
            places = 0
            range = 0...Int64.max
        }
    }

    /// What the clinic may write for a code.
    static func spellings(of code: String, _ rule: FieldRule) -> [String] {
        guard let table = rule.words else { return [code] }
        return table.words.lazy.filter { $0.code == code }.map(\.word)
    }

    /// Appends the cell of a couple, quoted where that is needed.
    func append(
        _ couple: InventedCouple, _ random: inout RandomStream, _ dates: [DateSpelling],
        _ quoting: CellQuoting, to bytes: inout [UInt8]
    ) {
        if let spouse, !couple.isPresent(spouse) { return }
        switch invention.fact(couple, couple.person(spouse ?? .wife)) {
        case .nothing: break
        case .text(let text): quoting.append(text.utf8, to: &bytes)
        case .code(let code): appendWord(words[code], &random, to: &bytes)
        case .codes(let codes):
            for (place, code) in codes.enumerated() {
                if place > 0 { bytes.append(contentsOf: "、".utf8) }
                appendWord(words[code], &random, to: &bytes)
            }
        case .flag(let flag): appendWord(words[flag ? 1 : 0], &random, to: &bytes)
        case .number(let scaled, let places):
            let start = bytes.count
            appendDecimal(fitted(scaled, places), places: self.places, to: &bytes)
            if random.below(250) == 0 { widen(&bytes, from: start) }
        case .day(let day):
            let isUsual = dates.count == 1 || random.below(10) < 7
            dates[isUsual ? 0 : 1 + random.below(dates.count - 1)].append(day, to: &bytes)
        }
    }

    private func appendWord(
        _ words: [[UInt8]], _ random: inout RandomStream, to bytes: inout [UInt8]
    ) {
        var place = 0
        if words.count > 1 {
            var left = random.below(CellPlan.wordWeights.prefix(words.count).reduce(0, +))
            while left >= CellPlan.wordWeights[place] {
                left -= CellPlan.wordWeights[place]
                place += 1
            }
        }
        bytes.append(contentsOf: words[place])
    }

    /// A number in the field's own places and bounds.
    private func fitted(_ scaled: Int64, _ places: Int) -> Int64 {
        var scaled = scaled
        for _ in 0..<max(0, self.places - places) { scaled *= 10 }
        for _ in 0..<max(0, places - self.places) { scaled = (scaled + 5) / 10 }
        return min(range.upperBound, max(range.lowerBound, scaled))
    }

    /// The digits as an input method in full-width mode types them.
    private func widen(_ bytes: inout [UInt8], from start: Int) {
        let narrow = Array(bytes[start...])
        bytes.removeSubrange(start...)
        for byte in narrow {
            bytes.append(contentsOf: [0xEF, 0xBC, byte - 0x20 + 0x80])
        }
    }

    /// A number that no bound of the field allows: one zero too many; `nil` for other fields.
    var textOutOfRange: String? {
        switch element.kind {
        case .integer, .decimal:
            var bytes: [UInt8] = []
            appendDecimal(range.upperBound * 10, places: places, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        default: return nil
        }
    }
}
