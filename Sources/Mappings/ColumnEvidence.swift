package import Definitions
import Records

/// What the first rows of one column show, so that a mapping can be proposed (列的取样).
///
/// It is told cells and answers with counts. The texts themselves may be personal: nothing hands
/// them out, prints them or mirrors them.
package struct ColumnEvidence: Sendable {
    /// Rows that were looked at.
    package private(set) var rows = 0
    /// Rows in which something is written.
    package private(set) var filled = 0
    /// Whether there were more different texts than are kept; counts of texts are of the kept ones.
    package private(set) var hasMore = false
    private var texts: Set<[UInt8]> = []
    private var cell = CellText()
    private let mostTexts: Int

    /// - Parameter mostTexts: so many different texts are kept; 0 counts filled cells alone.
    package init(mostTexts: Int) {
        self.mostTexts = mostTexts
    }

    /// Takes the column's cell of the next row.
    package mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        rows += 1
        cell.fold(bytes)
        guard !cell.bytes.isEmpty else { return }
        filled += 1
        if texts.count < mostTexts {
            texts.insert(cell.bytes)
        } else if !texts.contains(cell.bytes) {
            hasMore = true
        }
    }

    /// Whether a text is a day or a number, as a cell of data is and no column's name.
    package static func isDayOrNumber(_ text: String) -> Bool {
        var cell = CellText()
        Array(text.utf8).withUnsafeBufferPointer { cell.fold($0) }
        if DateForm.usual.contains(where: { $0.day(of: cell.bytes)?.date != nil }) { return true }
        return (try? WrittenNumber(cell.bytes[...], decimalComma: false)) != nil
    }

    /// How many different texts there are.
    package var count: Int { texts.count }

    /// How many of the texts a table of words knows.
    package func count(knownTo table: WordTable, isSet: Bool) -> Int {
        texts.count { text in parts(text, isSet).allSatisfy { table.ordinal(of: $0) != nil } }
    }

    /// How many of the texts are codes of a list as they stand.
    package func count(knownTo list: CodeList, isSet: Bool) -> Int {
        texts.count { text in parts(text, isSet).allSatisfy { list.ordinal(of: $0) != nil } }
    }

    /// How many of the texts are one of these words.
    package func count(among words: [String]) -> Int {
        let known = Set(words.map { Array($0.utf8) })
        return texts.count { known.contains($0) }
    }

    /// Those of these words that occur, in their order.
    package func words(among words: [String]) -> [String] {
        words.filter { word in
            var folded = CellText()
            Array(word.utf8).withUnsafeBufferPointer { folded.fold($0) }
            return texts.contains(folded.bytes)
        }
    }

    /// Whether two tables make different codes of a text that both know.
    package func isReadOtherwise(by one: WordTable, than other: WordTable) -> Bool {
        texts.contains { text in
            guard let mine = one.ordinal(of: text), let its = other.ordinal(of: text) else {
                return false
            }
            return one.words[mine].code != other.words[its].code
        }
    }

    /// How many of the texts one spelling of dates reads.
    package func count(readBy form: DateForm) -> Int {
        texts.count { form.day(of: $0)?.date != nil }
    }

    /// How many of the texts at least one of the spellings reads, or are one of these words.
    package func count(readByAny forms: [DateForm], orAmong words: [String]) -> Int {
        let known = Set(words.map { Array($0.utf8) })
        return texts.count { text in
            known.contains(text) || forms.contains { $0.day(of: text)?.date != nil }
        }
    }

    private func parts(_ text: [UInt8], _ isSet: Bool) -> [[UInt8]] {
        isSet ? SetText.parts(of: text).map { Array($0) } : [text]
    }
}

extension ColumnEvidence: CustomStringConvertible, CustomReflectable {
    /// Counts alone.
    package var description: String { "<\(filled) of \(rows) rows, \(count) texts>" }
    /// Empty, so that no dump shows a text.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
