internal import Records

/// A file of messages that is being read, message by message.
final class HL7Cursor: RecordCursor {
    let header: [String]
    private(set) var position: ReadPosition
    private(set) var findings: [Finding] = []

    private let file: SourceFile
    private let options: HL7Options
    private var frames: HL7Frames
    private let rows: HL7Rows
    /// The message whose rows are being given, where it begins, and which segment comes next.
    private var message: HL7Message?
    private var frame = (offset: 0, row: 1)
    private var segment = 0
    /// Rows before this one were given before a crash.
    private let firstRow: Int
    /// What the file is written in, once a message asked for it.
    private var found: TextEncoding??
    private var isAtFirstRow: Bool
    private var hasEnded = false

    init(
        _ file: SourceFile, paths: [HL7Path], _ options: HL7Options, from position: ReadPosition?
    ) {
        self.file = file
        self.options = options
        header = options.columns
        rows = HL7Rows(paths)
        let start = position ?? ReadPosition(byteOffset: 0, nextRow: 1, encoding: .utf8)
        self.position = start
        firstRow = start.nextRow
        isAtFirstRow = position == nil
        frames = HL7Frames(
            file, at: min(start.byteOffset, file.byteCount), row: start.offsetRow ?? start.nextRow,
            options)
    }

    func next(upTo rowLimit: Int) throws(ReadFailure) -> SourceBatch? {
        precondition(rowLimit > 0, "a batch has room for a row")
        var batch = HL7Rows.Batch(columnCount: header.count)
        while batch.rowCount < rowLimit, batch.bytes.count < RecordLimits.batchBytes {
            if let message, let next = rows.next(of: message, from: segment) {
                segment = next + 1
                if message.segments[next].row >= firstRow {
                    try rows.add(next, of: message, at: frame.offset, to: &batch)
                }
                continue
            }
            message = nil
            guard try readFrame(into: &batch) else { break }
        }
        if let message, let next = rows.next(of: message, from: segment) {
            position = ReadPosition(
                byteOffset: frame.offset, nextRow: message.segments[next].row, encoding: .utf8,
                offsetRow: frame.row)
        } else {
            position = ReadPosition(
                byteOffset: frames.offset, nextRow: max(frames.row, position.nextRow),
                encoding: .utf8)
        }
        guard batch.rowCount > 0 else {
            if isAtFirstRow { note(.noRows) }
            isAtFirstRow = false
            return nil
        }
        isAtFirstRow = false
        return batch.source
    }

    func content(of row: UnreadableRow) throws(ReadFailure) -> [UInt8] {
        let raw = row.place.raw
        return try file.bytes(
            raw.lowerBound..<min(raw.upperBound, raw.lowerBound + RecordLimits.keptBytes))
    }

    private enum Note { case noRows, other, empty }

    private func note(_ note: Note) {
        let entry =
            switch note {
            case .noRows: RowFault.noRows
            case .other: MessageFault.otherEntry
            case .empty: MessageFault.emptyEntry
            }
        findings.append(Finding(code: entry.code, effect: .warning))
    }

    /// Takes the next frame; `false` at the end of the file.
    private func readFrame(into batch: inout HL7Rows.Batch) throws(ReadFailure) -> Bool {
        guard !hasEnded, let next = try frames.next() else {
            if !hasEnded { try file.verifyUnchanged() }
            hasEnded = true
            return false
        }
        switch next.kind {
        case .fileHeader, .batchHeader, .batchTrailer, .fileTrailer: return true
        case .stray: refuse(next, .broken, in: &batch)
        case .message:
            do {
                let read = try read(next)
                guard read.isReport else {
                    note(.other)
                    return true
                }
                guard rows.next(of: read, from: 0) != nil else {
                    note(.empty)
                    return true
                }
                message = read
                frame = (next.raw.lowerBound, next.firstRow)
                segment = 0
            } catch let fault as MessageFault {
                refuse(next, fault, in: &batch)
            } catch let failure as ReadFailure {
                throw failure
            } catch {
                refuse(next, .broken, in: &batch)
            }
        }
        return true
    }

    private func read(_ frame: HL7Frames.Frame) throws -> HL7Message {
        guard frame.raw.count <= options.messageBytes else { throw MessageFault.long }
        guard frame.isEnded else { throw MessageFault.cut }
        return try HL7Message(
            try file.bytes(frame.raw), firstRow: frame.firstRow, declared: options.encoding
        ) { () throws(ReadFailure) in try self.fileEncoding() }
    }

    private func refuse(
        _ frame: HL7Frames.Frame, _ fault: MessageFault, in batch: inout HL7Rows.Batch
    ) {
        batch.unreadable.append(
            UnreadableRow(
                place: .init(row: frame.firstRow, raw: frame.raw),
                finding: Finding(code: fault.entry.code, effect: .quarantined)))
    }

    /// UTF-8 or GB 18030, whichever the whole file is; `nil` where it is neither.
    private func fileEncoding() throws(ReadFailure) -> TextEncoding? {
        if let found { return found }
        do {
            let encoding = try EncodingLadder.climb(file, declared: nil, CSVOptions()).encoding
            found = .some(encoding)
            return encoding
        } catch let failure where failure.entry.code == "E-ENCODING" {
            found = .some(nil)
            return nil
        }
    }
}
