package import Records

/// A delimited file that is being read, batch by batch, in memory that does not grow with it.
///
/// Calls block; its owner decides on which thread. The file closes with the cursor.
package final class CSVCursor: RecordCursor {
    /// The column names: trimmed and in Unicode's form C, doubled and empty ones as they stand.
    package let header: [String]
    /// Where the next batch starts; keep it in the transaction that takes the batch.
    package private(set) var position: ReadPosition
    /// For each row of the last batch that is `V-ENCODING`: which byte it was.
    package private(set) var byteFaults: [ByteFault] = []
    /// What is to say of the file as a whole, complete once `next` has returned `nil`.
    package private(set) var findings: [Finding] = []

    private let file: SourceFile
    private var rows: RowReader
    /// No row has come since the header.
    private var isAtFirstRow: Bool
    private var hasEnded = false

    init(
        file: SourceFile, rows: RowReader, header: [String], encoding: TextEncoding,
        isAtFirstRow: Bool
    ) {
        self.file = file
        self.rows = rows
        self.header = header
        self.isAtFirstRow = isAtFirstRow
        position = ReadPosition(
            byteOffset: rows.offset, nextRow: rows.nextRow, encoding: encoding)
    }

    /// The next rows, readable and unreadable together at most `rowLimit`; `nil` after the last.
    ///
    /// - Parameter rowLimit: at least 1. Fewer rows come where they are very large.
    /// - Throws: `E-IO`; `E-CHANGED` in place of the last batch, where the file is no longer what
    ///   was opened.
    package func next(upTo rowLimit: Int) throws(ReadFailure) -> SourceBatch? {
        precondition(rowLimit > 0, "a batch has room for a row")
        var places: [SourceBatch.RowPlace] = []
        var unreadable: [UnreadableRow] = []
        places.reserveCapacity(min(rowLimit, 4096))
        byteFaults = []
        rows.clear()
        while !hasEnded, places.count + unreadable.count < rowLimit,
            rows.arenaCount < RecordLimits.batchBytes
        {
            let row = rows.nextRow
            switch try rows.readRow() {
            case .row(let raw):
                places.append(.init(row: row, raw: raw))
            case .blank:
                break
            case .unreadable(let raw, let reason):
                if case .encoding(let fault) = reason { byteFaults.append(fault) }
                unreadable.append(
                    UnreadableRow(
                        place: .init(row: row, raw: raw),
                        finding: Finding(code: reason.entry.code, effect: .quarantined)))
            case .endOfFile:
                try file.verifyUnchanged()
                hasEnded = true
            }
        }
        position = ReadPosition(
            byteOffset: rows.offset, nextRow: rows.nextRow, encoding: position.encoding)
        guard !places.isEmpty || !unreadable.isEmpty else {
            if isAtFirstRow, findings.isEmpty {
                findings = [Finding(code: RowFault.noRows.code, effect: .warning)]
            }
            return nil
        }
        isAtFirstRow = false
        return SourceBatch(
            bytes: Array(rows.arena[..<rows.arenaCount]), cells: Array(rows.splitter.cells[...]),
            columnCount: header.count, places: places, unreadable: unreadable)
    }

    package func content(of row: UnreadableRow) throws(ReadFailure) -> [UInt8] {
        let raw = row.place.raw
        return try rawBytes(
            raw.lowerBound..<min(raw.upperBound, raw.lowerBound + RecordLimits.keptBytes))
    }

    /// The raw bytes of an unreadable row, to be kept.
    ///
    /// A row refused as `V-LINE` may be as long as the file: ask for it in pieces.
    ///
    /// - Throws: `E-IO`, `E-CHANGED`.
    package func rawBytes(_ range: Range<Int>) throws(ReadFailure) -> [UInt8] {
        try file.bytes(range)
    }
}
