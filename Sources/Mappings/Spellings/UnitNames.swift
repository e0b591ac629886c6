import Definitions

/// How laboratories write units (单位写法), and the one name of each: `words/units.csv`.
package struct UnitNames: Sendable {
    /// The table's name; programmes share it.
    package static let table = "words/units"

    private let words: WordTable

    package init(_ words: WordTable) {
        self.words = words
    }

    /// The one name of a unit; a unit that the table does not know is its own.
    package func name(of unit: String) -> String {
        var cell = CellText()
        cell.fold(unit)
        return words.ordinal(of: cell.bytes).map { words.words[$0].code } ?? unit
    }

    /// Whether the table has this spelling of a unit.
    package func knows(_ unit: String) -> Bool {
        var cell = CellText()
        cell.fold(unit)
        return words.ordinal(of: cell.bytes) != nil
    }

    /// All folded spellings of a unit, its own among them.
    func spellings(of unit: String) -> [[UInt8]] {
        let name = name(of: unit)
        let texts = words.words.filter { $0.code == name }.map(\.word) + [name, unit]
        var cell = CellText()
        return texts.map { text in
            cell.fold(text)
            return cell.bytes
        }
    }
}

extension CellText {
    /// Takes a text of a data file as a cell would be taken.
    mutating func fold(_ text: String) {
        Array(text.utf8).withUnsafeBufferPointer { fold($0) }
    }
}
