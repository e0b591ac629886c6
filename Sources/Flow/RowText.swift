import Foundation
import Intake
package import Records

/// A readable row as text, to be sealed and read again: its cells with a unit separator between; a
/// cell whose content cannot be told bears the code of what ails it.
package enum RowText {
    private static let separator: UInt8 = 0x1F
    private static let substitute: UInt8 = 0x1A

    /// One row's cells, UTF-8.
    package static func bytes(of batch: SourceBatch, row: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for column in 0..<batch.columnCount {
            if column > 0 { bytes.append(separator) }
            for byte in batch.bytes[batch.cell(row: row, column: column)] {
                // What parts cells is no content; in its place a character that texts refuse too.
                let isMark = byte == separator || byte == SpoiledMark.byte
                bytes.append(isMark ? substitute : byte)
            }
            if let code = batch.fault(row: row, column: column) {
                bytes.append(SpoiledMark.byte)
                bytes.append(contentsOf: code.utf8)
            }
        }
        return bytes
    }

    /// The cells of one row, with the marks of what ails them.
    static func cells(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
    }

    /// Column names as text: JSON, since a cell of the header may hold a line break.
    package static func text(ofHeader header: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(header), as: UTF8.self)
    }

    /// Column names of such a text.
    package static func header(of text: String) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    /// A batch of rows under the numbers that they had. One with another number of cells is
    /// unreadable here as it was on arrival (V-COLUMNS): of such a row the raw bytes were kept.
    ///
    /// - Parameter columns: as many as the item's header has.
    package static func batch(
        of rows: [(number: Int, bytes: [UInt8])], columns: Int
    ) -> SourceBatch {
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var spoiled: [SourceBatch.SpoiledCell] = []
        var places: [SourceBatch.RowPlace] = []
        var unreadable: [UnreadableRow] = []
        for row in rows {
            let kept = RowText.cells(of: row.bytes)
            let place = SourceBatch.RowPlace(row: row.number, raw: 0..<0)
            guard kept.count == columns else {
                unreadable.append(UnreadableRow(otherColumnsAt: place))
                continue
            }
            for (column, cell) in kept.enumerated() {
                let (text, code) = SpoiledMark.parts(of: cell)
                let start = UInt32(bytes.count)
                bytes.append(contentsOf: text)
                cells.append(start..<UInt32(bytes.count))
                if let code {
                    spoiled.append(.init(row: places.count, column: column, code: code))
                }
            }
            places.append(place)
        }
        return SourceBatch(
            bytes: bytes, cells: cells, columnCount: columns, places: places,
            unreadable: unreadable,
            spoiled: spoiled)
    }
}
