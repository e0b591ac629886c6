import Definitions
import Mappings
import Records

/// What stands in a mapping's files and may be somebody's (M14): examples, constants, comments,
/// titles, word tables.
extension SheetLint {
    /// Looks at the examples field by field, and at every line of the files for numbers.
    static func judgeExamples(
        _ mapping: Mapping, _ ground: SheetGround, _ list: inout FindingList
    ) {
        let signs = ground.tables.signs
        let dictionary = mapping.dictionary
        let names = dictionary.elements.filter { element in
            if case .personName = element.kind { true } else { false }
        }
        let ordinals = Set(names.map(\.ordinal))
        let columns = Set(mapping.rules.filter { ordinals.contains($0.ordinal) }.flatMap(\.columns))
        let fields = Set(names.map(\.name))
        for example in mapping.examples {
            for (name, text) in example.input where looksReal(text) { list.add("M14", name) }
            for (name, text) in example.output where looksReal(text) { list.add("M14", name) }
            for (name, text) in example.output where isDigest(text) { list.add("M08", name) }
            for (name, text) in example.input
            where columns.contains(name) && isName(text, signs) { list.add("M14", name) }
            for (name, text) in example.output
            where fields.contains(name) && isName(text, signs) { list.add("M14", name) }
        }
        for file in ground.files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for (number, line) in text.split(
                omittingEmptySubsequences: false,
                whereSeparator: {
                    $0 == "\n" || $0 == "\r\n"
                }
            ).enumerated() where looksReal(String(line)) {
                list.add("M14", "\(file.path):\(number + 1)")
            }
        }
    }

    /// Whether an example of a name may be somebody's: letters that no sign says are invented.
    static func isName(_ text: String, _ signs: PrivacySigns) -> Bool {
        !signs.isEmpty && text.contains(where: \.isLetter) && !signs.isInvented(text)
            && text.count > 1
    }

    /// Whether a text is a digest as people write one: 32, 40 or 64 hexadecimal digits.
    private static func isDigest(_ text: String) -> Bool {
        [32, 40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
                default: false
                }
            } && text.contains { $0.isLetter }
    }
}
