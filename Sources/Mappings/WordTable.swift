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
        var folded: [(key: [UInt8], number: Int)] = []
        var words: [(word: String, code: String)] = []
        var cell = CellText()
        for row in rows.rows {
            Array(row.cells[0].utf8).withUnsafeBufferPointer { cell.fold($0) }
            if let earlier = folded.first(where: { $0.key == cell.bytes }),
                words[earlier.number].code != row.cells[1]
            {
                throw rows.error(
                    row, "“\(row.cells[0])” 有两个不同的代码。",
                    "\(row.cells[0]) has two different codes.")
            }
            folded.append((cell.bytes, words.count))
            words.append((row.cells[0], row.cells[1]))
        }
        self.name = name
        self.words = words
        table = ByteTable(folded)
    }

    /// The ordinal in `words` of a folded cell, or `nil` where the table does not know it.
    func ordinal(of cell: [UInt8]) -> Int? {
        cell.withUnsafeBufferPointer { table.number(of: $0) }
    }
}
