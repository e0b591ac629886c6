internal import Glibc

/// Splits decoded UTF-8 into cells as RFC 4180 says, one physical line at a time.
///
/// It works in place: doubled quotes are closed up within their own cell. A `"` inside an unquoted
/// cell is taken literally, as Excel does. The line has no CR and LF but those of a quoted cell.
struct CellSplitter {
    enum Outcome {
        case rowEnded
        /// The line ended within quotes: the row goes on.
        case withinQuotes
        /// Text came after a closing quote.
        case textAfterQuote
    }

    /// Ranges of the cells of all rows so far.
    var cells: [Range<UInt32>] = []
    /// Cells that a row may have recorded; of those beyond it only `hasSurplus` is kept.
    var recordedColumns: Int
    /// Cells of the row so far, recorded or not.
    private(set) var columnCount = 0
    /// A cell beyond the recorded ones was not empty.
    private(set) var hasSurplus = false
    /// The quote that is open, or was the last to be, was opened in the line fed last.
    private(set) var openedInLastLine = false

    private let delimiter: UInt8
    private var isWithinQuotes = false
    private var cellStart = 0
    private var cellEnd = 0

    init(delimiter: CSVOptions.Delimiter, recordedColumns: Int) {
        self.delimiter = delimiter.rawValue
        self.recordedColumns = recordedColumns
    }

    mutating func beginRow() {
        columnCount = 0
        hasSurplus = false
        isWithinQuotes = false
        openedInLastLine = false
    }

    /// Takes the next line of the row, at `from..<end` of the buffer.
    mutating func feed(
        _ bytes: UnsafeMutablePointer<UInt8>, from: Int, to end: Int
    ) -> Outcome {
        var index = from
        if isWithinQuotes {
            openedInLastLine = false
            if let outcome = closeQuotes(bytes, &index, end) { return outcome }
            if index == end { return .rowEnded }
            index += 1
        }
        while true {
            if index < end, bytes[index] == 0x22 {
                index += 1
                (cellStart, cellEnd) = (index, index)
                isWithinQuotes = true
                openedInLastLine = true
                if let outcome = closeQuotes(bytes, &index, end) { return outcome }
            } else {
                let start = index
                while index < end, bytes[index] != delimiter { index += 1 }
                add(start..<index)
            }
            if index == end { return .rowEnded }
            index += 1
        }
    }

    /// Reads on to the closing quote; `nil` where it came, before a delimiter or the end.
    private mutating func closeQuotes(
        _ bytes: UnsafeMutablePointer<UInt8>, _ index: inout Int, _ end: Int
    ) -> Outcome? {
        while true {
            let found = memchr(bytes + index, 0x22, end - index)
            let quote = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(bytes) } ?? end
            let count = quote - index
            if cellEnd != index { memmove(bytes + cellEnd, bytes + index, count) }
            cellEnd += count
            if quote == end { return .withinQuotes }
            index = quote + 1
            if index < end, bytes[index] == 0x22 {
                bytes[cellEnd] = 0x22
                cellEnd += 1
                index += 1
                continue
            }
            isWithinQuotes = false
            add(cellStart..<cellEnd)
            return index < end && bytes[index] != delimiter ? .textAfterQuote : nil
        }
    }

    @inline(__always)
    private mutating func add(_ range: Range<Int>) {
        if columnCount < recordedColumns {
            cells.append(UInt32(range.lowerBound)..<UInt32(range.upperBound))
        } else if !range.isEmpty {
            hasSurplus = true
        }
        columnCount += 1
    }
}
