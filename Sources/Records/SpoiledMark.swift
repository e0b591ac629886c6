/// How a cell whose content cannot be told is kept with its row (损坏的单元格): its text, a mark, and the
/// code of what ails it, so that the row says the same when it is read again.
package enum SpoiledMark {
    /// ASCII's record separator; no cell holds one of its own, see `RowText`.
    package static let byte: UInt8 = 0x1E

    /// Takes a kept cell apart; `code` is `nil` where its content can be told.
    package static func parts(of cell: [UInt8]) -> (text: [UInt8], code: String?) {
        guard let mark = cell.firstIndex(of: byte) else { return (cell, nil) }
        return (
            Array(cell[..<mark]), String(decoding: cell[(mark + 1)...], as: UTF8.self)
        )
    }
}

extension SourceBatch {
    /// The code of what ails a cell; `nil` where its content can be told.
    package func fault(row: Int, column: Int) -> String? {
        spoiled.first { $0.row == row && $0.column == column }?.code
    }
}
