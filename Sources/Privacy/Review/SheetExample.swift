import Definitions
import Mappings
import Records

/// One invented value on its way through a field: as the clinic writes it, and what leaves of it.
struct SheetExample {
    let before: String
    let after: String

    init(
        _ element: Element, _ rule: FieldRule?, _ mapping: Mapping,
        _ technique: ReviewSheet.Technique
    ) {
        let value: String
        (before, value) = SheetExample.pair(element, rule, mapping)
        switch technique {
        case .drop: after = "—"
        case .keep: after = SheetExample.labelled(value, element, from: before)
        case .month: after = String(value.prefix(7))
        case .encrypt: after = "GWF1.…（\(SheetExample.masked(value, element))）"
        }
    }

    /// What the clinic writes and its canonical text.
    private static func pair(_ element: Element, _ rule: FieldRule?, _ mapping: Mapping)
        -> (before: String, value: String)
    {
        let column: String
        switch rule?.origin {
        // Nobody writes what is computed.
        case nil: return ("—", invented(element))
        case .constant(let value): return (value, value)
        case .column(let name): column = name
        case .boxes(let names): column = names[0]
        }
        // A month is made of its date, and is shown from there.
        var name = element.name
        if case .month(of: let date) = element.kind {
            name = mapping.dictionary.elements[date].name
        }
        // The mapping's own example shows this clinic's spelling. Identifiers are always ours, so
        // that nobody's gets onto the sheet by way of an example.
        if !element.isDirect {
            for example in mapping.examples {
                if let before = example.input[column], let value = example.output[name],
                    !value.isEmpty, !SheetLint.looksReal(before)
                {
                    return (before, value)
                }
            }
        }
        if let words = rule?.words?.words,
            let word = words.first(where: { $0.word != $0.code }) ?? words.first
        {
            return (word.word, word.code)
        }
        let value = invented(element)
        return (value, value)
    }

    private static func invented(_ element: Element) -> String {
        switch element.kind {
        case .idNumber:
            element.location == .subject(0) ? "990101198603150022" : "990101198411200013"
        case .personName: "测试甲"
        case .phone: "12012345678"
        case .address: "示例县"
        case .institution: "12990101MA0000T1XF"
        case .division(let list), .code(let list), .set(let list): list.codes.first?.code ?? ""
        case .integer(let least, let most): String((least + most) / 2)
        case .decimal(let places, let least, let most): decimal((least + most) / 2, places)
        case .date, .month: element.privacyClass == .quasi ? "1986-03-15" : "2012-03-05"
        case .flag: "true"
        case .dateTime: "2012-03-05 08:30"
        case .risk: "1/1000"
        case .karyotype: "46,XN"
        case .text: "示例文字"
        }
    }

    private static func decimal(_ scaled: Int64, _ places: Int) -> String {
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return places == 0 ? digits : "\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    /// A code with its label; anything else as it is.
    ///
    /// - Parameter word: as the clinic writes it.
    private static func labelled(_ value: String, _ element: Element, from word: String)
        -> String
    {
        switch element.kind {
        case .code(let list), .division(let list):
            guard let ordinal = list.ordinal(of: value) else { return value }
            return "\(value) \(list.codes[ordinal].label.zh)"
        case .flag:
            let meaning = value == "true" ? "是" : "否"
            // Which of the clinic's two words is yes must not be guessed from an arrow.
            let isPlain = word == value || word == meaning
            return "\(value)（\(isPlain ? meaning : "“\(word)”表示“\(meaning)”")）"
        default: return element.unit.map { "\(value) \($0)" } ?? value
        }
    }

    private static func masked(_ value: String, _ element: Element) -> String {
        switch element.kind {
        case .idNumber: Masking.idNumber(value.utf8)
        case .personName: Masking.personName(value.utf8)
        case .phone: Masking.phone(value.utf8)
        case .address: Masking.address(value.utf8)
        case .date: Masking.birthDate(value.utf8)
        default: Masking.stars
        }
    }
}
