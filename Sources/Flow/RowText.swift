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

    /// A batch of one row, under the number that it had.
    package static func batch(of bytes: [UInt8], row: Int) -> SourceBatch {
        var cells: [Range<UInt32>] = []
        var start: UInt32 = 0
        for (index, byte) in bytes.enumerated() where byte == separator {
            cells.append(start..<UInt32(index))
            start = UInt32(index) + 1
        }
        cells.append(start..<UInt32(bytes.count))
        return SourceBatch(
            bytes: bytes, cells: cells, columnCount: cells.count,
            places: [SourceBatch.RowPlace(row: row, raw: 0..<0)], unreadable: [])
    }
}
