package import Records

/// A file without the rows that name nobody (空白行、合计行): rows of blank cells, and the sum that a
/// spreadsheet bears at its end. They are passed over, and the file's findings say so.
package final class TableCursor: RecordCursor {
    private let base: any RecordCursor
    private var skipped: Set<String> = []

    package init(_ base: any RecordCursor) { self.base = base }

    package var header: [String] { base.header }
    package var position: ReadPosition { base.position }
    package var findings: [Finding] {
        base.findings + skipped.sorted().map { Finding(code: $0, effect: .warning) }
    }

    package func next(upTo rowLimit: Int) throws(ReadFailure) -> SourceBatch? {
        while let batch = try base.next(upTo: rowLimit) {
            let idle = (0..<batch.rowCount).map { TableCursor.fault(of: $0, in: batch) }
            skipped.formUnion(idle.compactMap { $0 })
            let busy = idle.allSatisfy { $0 == nil } ? batch : batch.rows { idle[$0] == nil }
            if busy.rowCount + busy.unreadable.count > 0 { return busy }
        }
        return nil
    }

    package func content(of row: UnreadableRow) throws(ReadFailure) -> [UInt8] {
        try base.content(of: row)
    }

    /// Why a row names nobody; `nil` where it may.
    private static func fault(of row: Int, in batch: SourceBatch) -> String? {
        for column in 0..<batch.columnCount {
            let cell = batch.bytes[batch.cell(row: row, column: column)]
            let isBlank = cell.allSatisfy { $0 <= 0x20 || $0 == 0xE3 || $0 == 0x80 }
            if isBlank, batch.fault(row: row, column: column) == nil { continue }
            guard cell.count <= 18 else { return nil }
            let word = String(decoding: cell, as: UTF8.self).filter {
                !$0.isWhitespace && $0 != ":" && $0 != "："
            }
            return sums.contains(word) ? RowFault.sumRow.code : nil
        }
        return RowFault.blankRow.code
    }

    private static let sums: Set<String> = ["合计", "总计", "小计", "共计", "总数", "本页合计"]
}

extension SourceBatch {
    /// The batch with some of its rows.
    fileprivate func rows(where isKept: (Int) -> Bool) -> SourceBatch {
        let kept = (0..<rowCount).filter(isKept)
        let numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        return SourceBatch(
            bytes: bytes,
            cells: kept.flatMap { cells[$0 * columnCount..<($0 + 1) * columnCount] },
            columnCount: columnCount, places: kept.map { places[$0] }, unreadable: unreadable,
            spoiled: spoiled.compactMap { cell in
                numbers[cell.row].map { SpoiledCell(row: $0, column: cell.column, code: cell.code) }
            })
    }
}
