/// Reads one row after the other into an arena of UTF-8 and a list of cells.
///
/// A row is one physical line, or several where quotes hold line breaks. A quote that never
/// closes, or closes in the middle of a later line's text, spoils only the line in which it was
/// opened: reading goes on at the line after it.
struct RowReader {
    enum Outcome {
        /// Its cells are the last ones of `splitter.cells`.
        case row(Range<Int>)
        /// An empty line.
        case blank
        case unreadable(Range<Int>, RowFault)
        case endOfFile
    }

    /// Excel's number of the row that comes next.
    private(set) var nextRow: Int
    /// File offset of the row that comes next.
    private(set) var offset: Int
    /// UTF-8 of the rows since `clear()`; the first `arenaCount` bytes count.
    private(set) var arena: [UInt8] = []
    private(set) var arenaCount = 0
    private(set) var splitter: CellSplitter
    private let decoder: TextDecoder
    private let limits: CSVOptions.Limits
    private var window: LineWindow
    /// The row's first unusable byte.
    private var fault: (byteOffset: Int, fault: TextFault)?

    init(
        _ file: SourceFile, at position: ReadPosition, options: CSVOptions
    ) throws(ReadFailure) {
        decoder = try TextDecoder(position.encoding)
        limits = options.limits
        splitter = CellSplitter(delimiter: options.delimiter, recordedColumns: limits.columns)
        nextRow = position.nextRow
        offset = position.byteOffset
        window = LineWindow(
            file, at: offset, unitBytes: position.encoding.unitBytes,
            blockBytes: options.blockBytes)
    }

    /// From now on a row has exactly this number of cells; the header has any.
    var exactColumns: Int? {
        didSet { splitter.recordedColumns = exactColumns ?? limits.columns }
    }

    /// Forgets the rows read so far and keeps the room they had.
    mutating func clear() {
        arenaCount = 0
        splitter.cells.removeAll(keepingCapacity: true)
    }

    /// Reads the next row. Every outcome but the end takes one of Excel's row numbers.
    mutating func readRow() throws(ReadFailure) -> Outcome {
        let (rowStart, arenaStart, cellStart) = (offset, arenaCount, splitter.cells.count)
        var lineStart = rowStart
        // From here the line, and the line break before it, are not split yet.
        var feedStart = arenaStart
        // Where the line ends in which the open quote was opened.
        var openingEnd = rowStart
        splitter.beginRow()
        fault = nil
        while true {
            let isFirst = lineStart == rowStart
            let line: LineWindow.Line
            switch try window.line(at: lineStart, rowStart: rowStart, rowLimit: limits.rowBytes) {
            case .line(let found):
                line = found
            case .endOfFile where isFirst:
                return .endOfFile
            case .tooLong where isFirst:
                let next = try window.skipLine(at: rowStart)
                return refuse(rowStart..<next, .line, arenaStart, cellStart)
            case .endOfFile, .tooLong:
                return refuse(rowStart..<openingEnd, .quote, arenaStart, cellStart)
            }
            if isFirst, line.content.isEmpty {
                (offset, nextRow) = (line.next, nextRow + 1)
                return .blank
            }
            append(line.content)
            switch split(from: feedStart) {
            case .withinQuotes:
                if splitter.openedInLastLine { openingEnd = line.next }
                feedStart = arenaCount
                append(line.content.upperBound..<line.next)
                lineStart = line.next
            case .textAfterQuote:
                let end = splitter.openedInLastLine ? line.next : openingEnd
                return refuse(rowStart..<end, .quote, arenaStart, cellStart)
            case .rowEnded:
                return finish(rowStart..<line.next, arenaStart, cellStart)
            }
        }
    }

    private mutating func split(from feedStart: Int) -> CellSplitter.Outcome {
        arena.withUnsafeMutableBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return .rowEnded }
            return splitter.feed(first, from: feedStart, to: arenaCount)
        }
    }

    /// Decodes raw bytes of the window to the arena's end. A byte that is no text is noted and
    /// left out; the row will not be given out, but its quotes are followed to its end.
    private mutating func append(_ raw: Range<Int>) {
        let room = arenaCount + TextDecoder.room(for: raw.count)
        if arena.count < room {
            let grown = max(room, arena.count * 2)
            arena.append(contentsOf: repeatElement(0, count: grown - arena.count))
        }
        var (written, firstFault) = (arenaCount, fault)
        window.withBytes(raw) { source, count in
            arena.withUnsafeMutableBufferPointer { bytes in
                guard let target = bytes.baseAddress else { return }
                var consumed = 0
                while consumed < count {
                    let stop = decoder.decode(
                        source + consumed, count: count - consumed, into: target + written)
                    consumed += stop.consumed
                    written += stop.written
                    if let fault = stop.isTruncated ? .malformed : stop.fault {
                        firstFault = firstFault ?? (raw.lowerBound + consumed, fault)
                        consumed += stop.faultBytes
                    }
                }
            }
        }
        (arenaCount, fault) = (written, firstFault)
    }

    /// A row whose last line was split without complaint.
    private mutating func finish(
        _ raw: Range<Int>, _ arenaStart: Int, _ cellStart: Int
    ) -> Outcome {
        // Excel leaves rows of bare delimiters behind: as blank as an empty line.
        if exactColumns != nil, fault == nil, !splitter.hasSurplus,
            splitter.cells[cellStart...].allSatisfy(\.isEmpty)
        {
            takeBack(arenaStart, cellStart)
            (offset, nextRow) = (raw.upperBound, nextRow + 1)
            return .blank
        }
        let isTooNarrow = splitter.columnCount < exactColumns ?? 0
        let isTooWide = splitter.hasSurplus || splitter.columnCount > limits.columns
        if fault != nil || isTooNarrow || isTooWide {
            return refuse(raw, .columns, arenaStart, cellStart)
        }
        (offset, nextRow) = (raw.upperBound, nextRow + 1)
        return .row(raw)
    }

    /// Takes a row back out of arena and cells.
    private mutating func takeBack(_ arenaStart: Int, _ cellStart: Int) {
        arenaCount = arenaStart
        splitter.cells.removeLast(splitter.cells.count - cellStart)
    }

    /// Gives a row out as unreadable. An unusable byte in it is the better reason.
    private mutating func refuse(
        _ raw: Range<Int>, _ reason: RowFault, _ arenaStart: Int, _ cellStart: Int
    ) -> Outcome {
        takeBack(arenaStart, cellStart)
        var reason = reason
        if let fault, raw.contains(fault.byteOffset) {
            reason = .encoding(
                ByteFault(row: nextRow, byteOffset: fault.byteOffset, fault: fault.fault))
        }
        (offset, nextRow) = (raw.upperBound, nextRow + 1)
        return .unreadable(raw, reason)
    }
}
