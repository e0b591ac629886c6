package import Definitions
import Records

extension FieldRule {
    /// The words of a cell for which no list and no table has a code, made half-width and trimmed
    /// (对照表中没有的写法). Only fields that hold codes, flags or divisions have any: what else a
    /// cell may hold names or describes a person.
    ///
    /// - Parameter cell: of a cell that reading refused as unknown.
    package func unknownWords(in cell: UnsafeBufferPointer<UInt8>, of element: Element)
        -> [String]
    {
        guard element.kind.holdsWords else { return [] }
        var text = CellText()
        text.fold(cell)
        guard !text.bytes.isEmpty else { return [] }
        guard case .set(let list) = element.kind else {
            return [String(decoding: text.bytes, as: UTF8.self)]
        }
        return SetText.parts(of: text.bytes).filter { part in
            let part = Array(part)
            return words.map { $0.ordinal(of: part) == nil } ?? (list.ordinal(of: part) == nil)
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a word is made of what the words of its list are made of, half of it at least; a
    /// name is not.
    package func isKin(_ word: String, of element: Element) -> Bool {
        // Divisions are digits, and tell where somebody lives no closer than a county.
        if case .division = element.kind { return true }
        let known = Set((words?.words ?? []).flatMap { $0.word })
        let shared = word.count { known.contains($0) || $0.isASCII }
        return !word.isEmpty && shared * 2 >= word.count
    }

    /// The column that the field comes from; `nil` where all rows have one value.
    package var column: String? {
        if case .column(let name) = origin { name } else { nil }
    }
}

extension ElementKind {
    /// Whether a cell of this kind holds words of a list, and never a name, a number or free text.
    package var holdsWords: Bool {
        switch self {
        case .code, .set, .flag, .division: true
        default: false
        }
    }
}

extension WordTable {
    /// The code that a word means here; `nil` for a word that the table does not know.
    package func code(of word: String) -> String? {
        var text = CellText()
        Array(word.utf8).withUnsafeBufferPointer { text.fold($0) }
        return ordinal(of: text.bytes).map { words[$0].code }
    }
}

extension MappingCodes {
    /// The codes that say that a list does not know what stands in a cell.
    package static var unknownWordCodes: Set<String> { [unknownCode.code, division.code] }
}
