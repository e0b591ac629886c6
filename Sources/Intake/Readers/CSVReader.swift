internal import Records

/// Reads delimited text as county systems and Excel write it (RFC 4180).
package struct CSVReader: RecordReader {
    package static let name = "csv"
    package static let fileEndings = ["csv", "txt"]

    private let options: CSVOptions

    package init(options: CSVOptions = CSVOptions()) {
        self.options = options
    }

    package var fileByteLimit: Int { options.limits.fileBytes }

    package func open(
        path: String, from position: ReadPosition?
    ) throws(ReadFailure) -> any RecordCursor {
        try CSVReader.open(path: path, options: options, from: position)
    }

    /// Opens a file, finds its encoding and reads its header.
    ///
    /// - Parameter position: a cursor's `position`, to go on after a crash; the header is read
    ///   again, the rows before it are not.
    /// - Throws: `E-NOFILE`, `E-TOOLARGE`, `E-EMPTY`, `V-BLANK`, `E-ENCODING`, `E-HEADER`,
    ///   `E-CHANGED` and `E-IO`.
    package static func open(
        path: String, options: CSVOptions = CSVOptions(), from position: ReadPosition? = nil
    ) throws(ReadFailure) -> CSVCursor {
        let file = try SourceFile(path: path, byteLimit: options.limits.fileBytes)
        let found = try EncodingLadder.climb(
            file, declared: position?.encoding ?? options.encoding, options)
        let start = ReadPosition(
            byteOffset: found.markBytes, nextRow: 1, encoding: found.encoding)
        var rows = try RowReader(file, at: start, options: options)
        let header = try readHeader(&rows, of: file, row: options.headerRow)
        let headerEnd = rows.offset
        if let position {
            guard position.encoding == found.encoding,
                (headerEnd...file.byteCount).contains(position.byteOffset)
            else { throw .changed(place: file.name, detail: "position outside the rows") }
            rows = try RowReader(file, at: position, options: options)
        }
        rows.exactColumns = header.count
        rows.clear()
        return CSVCursor(
            file: file, rows: rows, header: header, encoding: found.encoding,
            isAtFirstRow: rows.offset == headerEnd)
    }

    /// The column names; the reader stands behind them then.
    static func readHeader(
        _ rows: inout RowReader, of file: SourceFile, row headerRow: Int
    ) throws(ReadFailure) -> [String] {
        var isEmpty = true
        while true {
            let row = rows.nextRow
            let place = "\(file.name): \(row)"
            rows.clear()
            let outcome = try rows.readRow()
            if case .endOfFile = outcome {
                guard isEmpty else {
                    throw .header(place: place, detail: "the file ends before the header row")
                }
                throw row == 1 ? .empty(place: file.name) : .blank(place: file.name)
            }
            if !isBlank(outcome, rows) { isEmpty = false }
            // A blank first line leaves open whether the file has anything at all.
            if row < headerRow || isEmpty { continue }
            guard row == headerRow else {
                throw .header(place: "\(file.name): \(headerRow)", detail: "blank")
            }
            switch outcome {
            case .unreadable(_, .encoding(let fault)):
                throw .encoding(
                    place: place, detail: "byte \(fault.byteOffset): \(fault.fault.rawValue)")
            case .unreadable(_, let reason):
                throw .header(place: place, detail: reason.entry.code)
            default:
                let names = rows.splitter.cells.map { name(of: $0, in: rows.arena) }
                guard names.contains(where: { !$0.isEmpty }) else {
                    throw .header(place: place, detail: "blank")
                }
                return names
            }
        }
    }

    /// Whether a row holds nothing but spaces.
    private static func isBlank(_ outcome: RowReader.Outcome, _ rows: RowReader) -> Bool {
        switch outcome {
        case .blank: true
        case .row:
            rows.splitter.cells.allSatisfy { name(of: $0, in: rows.arena).isEmpty }
        case .unreadable, .endOfFile: false
        }
    }

    private static func name(of cell: Range<UInt32>, in arena: [UInt8]) -> String {
        ColumnName.trimmed(
            String(decoding: arena[Int(cell.lowerBound)..<Int(cell.upperBound)], as: UTF8.self))
    }
}
