internal import Records

/// A workbook's sheet that is being read, batch by batch.
///
/// To go on after a crash it is read from its beginning again, up to the next row.
final class XLSXCursor: RecordCursor {
    let header: [String]
    private(set) var position: ReadPosition
    private(set) var findings: [Finding]

    private let file: SourceFile
    private var rows: SheetRows
    private let rowBytes: Int
    /// The texts of the last batch's unreadable rows, by number.
    private var contents: [Int: [UInt8]] = [:]
    /// No row has come since the header.
    private var isAtFirstRow: Bool
    private var hasEnded = false

    init(
        _ rows: consuming SheetRows, of file: SourceFile, header: [String], nextRow: Int,
        isResumed: Bool, rowBytes: Int, findings: [Finding]
    ) {
        self.rows = rows
        self.file = file
        self.header = header
        self.rowBytes = rowBytes
        self.findings = findings
        isAtFirstRow = !isResumed
        position = ReadPosition(byteOffset: 0, nextRow: nextRow, encoding: .utf8)
    }

    func next(upTo rowLimit: Int) throws(ReadFailure) -> SourceBatch? {
        precondition(rowLimit > 0, "a batch has room for a row")
        var batch = Batch(columnCount: header.count)
        contents = [:]
        var nextRow = position.nextRow
        while !hasEnded, batch.rowCount < rowLimit, batch.bytes.count < RecordLimits.batchBytes {
            guard let row = try rows.next() else {
                try file.verifyUnchanged()
                hasEnded = true
                break
            }
            guard row >= position.nextRow else { continue }
            nextRow = row + 1
            if let fault = take(row, into: &batch) {
                contents[row] = content
                batch.unreadable.append(
                    UnreadableRow(
                        place: .init(row: row, raw: 0..<0),
                        finding: Finding(code: fault.entry.code, effect: .quarantined)))
            }
        }
        position = ReadPosition(byteOffset: 0, nextRow: nextRow, encoding: .utf8)
        guard batch.rowCount > 0 else {
            if isAtFirstRow {
                isAtFirstRow = false
                findings.append(Finding(code: RowFault.noRows.code, effect: .warning))
            }
            return nil
        }
        isAtFirstRow = false
        return batch.source
    }

    /// The cells as they could be read, with a unit separator between.
    func content(of row: UnreadableRow) throws(ReadFailure) -> [UInt8] {
        contents[row.place.row] ?? []
    }

    private var content: [UInt8] {
        var bytes: [UInt8] = []
        var column = 0
        for cell in rows.cells {
            bytes.append(contentsOf: repeatElement(0x1F, count: cell.column - column))
            column = cell.column
            bytes.append(contentsOf: rows.text[cell.text])
            guard bytes.count < RecordLimits.keptBytes else { break }
        }
        return Array(bytes.prefix(RecordLimits.keptBytes))
    }

    /// Takes the row that was read into the batch, if it is not blank; what speaks against it.
    private func take(_ row: Int, into batch: inout Batch) -> RowFault? {
        guard !rows.isTooLong, rows.text.count <= rowBytes else { return .line }
        guard !rows.cells.isEmpty else { return nil }
        guard rows.cells.allSatisfy({ $0.column < header.count }) else { return .columns }
        batch.add(row: row, rows)
        return nil
    }

    private struct Batch {
        let columnCount: Int
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var places: [SourceBatch.RowPlace] = []
        var unreadable: [UnreadableRow] = []
        var spoiled: [SourceBatch.SpoiledCell] = []

        init(columnCount: Int) {
            self.columnCount = columnCount
        }

        var rowCount: Int { places.count + unreadable.count }

        mutating func add(row: Int, _ rows: borrowing SheetRows) {
            let base = UInt32(bytes.count)
            bytes.append(contentsOf: rows.text)
            var column = 0
            for cell in rows.cells {
                cells.append(contentsOf: repeatElement(base..<base, count: cell.column - column))
                cells.append(
                    base + UInt32(cell.text.lowerBound)..<base + UInt32(cell.text.upperBound))
                column = cell.column + 1
                if let fault = cell.fault {
                    spoiled.append(
                        .init(row: places.count, column: cell.column, code: fault.entry.code))
                }
            }
            cells.append(contentsOf: repeatElement(base..<base, count: columnCount - column))
            places.append(.init(row: row, raw: 0..<0))
        }

        var source: SourceBatch {
            SourceBatch(
                bytes: bytes, cells: cells, columnCount: columnCount, places: places,
                unreadable: unreadable, spoiled: spoiled)
        }
    }
}
