import Foundation
package import Records

/// A readable row as text, to be sealed and read again: its cells with a unit separator between.
package enum RowText {
    private static let separator: UInt8 = 0x1F

    /// One row's cells, UTF-8.
    package static func bytes(of batch: SourceBatch, row: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for column in 0..<batch.columnCount {
            if column > 0 { bytes.append(separator) }
            bytes.append(contentsOf: batch.bytes[batch.cell(row: row, column: column)])
        }
        return bytes
    }

    /// The cells of one row.
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

    /// A batch of rows under the numbers that they had.
    package static func batch(of rows: [(number: Int, bytes: [UInt8])]) -> SourceBatch {
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var columnCount = 0
        for row in rows {
            columnCount = 0
            var start = UInt32(bytes.count)
            for byte in row.bytes {
                if byte == separator {
                    cells.append(start..<UInt32(bytes.count))
                    columnCount += 1
                    start = UInt32(bytes.count)
                } else {
                    bytes.append(byte)
                }
            }
            cells.append(start..<UInt32(bytes.count))
            columnCount += 1
        }
        return SourceBatch(
            bytes: bytes, cells: cells, columnCount: columnCount,
            places: rows.map { SourceBatch.RowPlace(row: $0.number, raw: 0..<0) }, unreadable: [])
    }
}
