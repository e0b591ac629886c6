package import Definitions
import Records

/// What clinics write and the code it means (用词对照表): `words/*.csv`, header `word,code`.
///
/// A class, so that reading a cell passes one reference.
package final class WordTable: Sendable {
    package let name: String
    /// Pairs in the order of the file.
    package let words: [(word: String, code: String)]
    private let table: ByteTable

    package init(name: String, text: String, shownAs file: String) throws(DefinitionError) {
        let rows = try CodeTable(text: text, shownAs: file)
        try rows.expect(header: ["word", "code"])
        var draft = Draft()
        for row in rows.rows where !draft.add(row.cells[0], row.cells[1]) {
            throw rows.error(
                row, "“\(row.cells[0])” 有两个不同的代码。",
                "\(row.cells[0]) has two different codes.")
        }
        self.name = name
        words = draft.words
        table = ByteTable(draft.keys)
    }

    private init(name: String, _ draft: Draft) {
        self.name = name
        words = draft.words
        table = ByteTable(draft.keys)
    }

    /// The numbers that a set of codes writes for a list (代码对照); `nil` where it has none.
    package convenience init?(crosswalkOf kind: ElementKind, in set: String) {
        guard case .code(let list) = kind.asSingle else { return nil }
        self.init(of: list, in: set)
    }

    /// The same for a list.
    convenience init?(of list: CodeList, in set: String) {
        guard let numbers = list.crosswalk?.numbers(in: set), !numbers.isEmpty else { return nil }
        var draft = Draft()
        for number in numbers { _ = draft.add(number.text, list.codes[number.ordinal].code) }
        self.init(name: "crosswalk", draft)
    }

    /// Several tables as one, the first one's words first.
    ///
    /// - Returns: the table, or the first word that two of them understand differently.
    package static func merged(_ tables: [WordTable]) -> MergedWords {
        var draft = Draft()
        for table in tables {
            for (word, code) in table.words where !draft.add(word, code) {
                return .contradiction(word: word)
            }
        }
        return .table(WordTable(name: tables.map(\.name).joined(separator: "+"), draft))
    }

    /// The ordinal in `words` of a folded cell, or `nil` where the table does not know it.
    func ordinal(of cell: [UInt8]) -> Int? {
        cell.withUnsafeBufferPointer { table.number(of: $0) }
    }

    /// A table while its words come in.
    private struct Draft {
        private(set) var words: [(word: String, code: String)] = []
        private(set) var keys: [(key: [UInt8], number: Int)] = []
        private var codes: [[UInt8]: String] = [:]
        private var cell = CellText()

        /// Takes a word in; `false` where it means another code already.
        mutating func add(_ word: String, _ code: String) -> Bool {
            Array(word.utf8).withUnsafeBufferPointer { cell.fold($0) }
            if let earlier = codes.updateValue(code, forKey: cell.bytes), earlier != code {
                return false
            }
            keys.append((cell.bytes, words.count))
            words.append((word, code))
            return true
        }
    }
}

/// What became of several tables of words.
package enum MergedWords {
    case table(WordTable)
    case contradiction(word: String)
}
