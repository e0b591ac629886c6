import Definitions

/// How laboratories write units (单位写法), and the one name of each: `mappings/units.csv`.
struct UnitNames {
    /// Where it lies, beside the folders of the programmes.
    static let file = "../units"

    private let table: WordTable

    init(_ table: WordTable) {
        self.table = table
    }

    /// The one name of a unit; a unit that the table does not know is its own.
    func name(of unit: String) -> String {
        var cell = CellText()
        cell.fold(unit)
        return table.ordinal(of: cell.bytes).map { table.words[$0].code } ?? unit
    }

    /// All folded spellings of a unit, its own among them.
    func spellings(of unit: String) -> [[UInt8]] {
        let name = name(of: unit)
        let texts = table.words.filter { $0.code == name }.map(\.word) + [name, unit]
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
