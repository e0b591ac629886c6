internal import Glibc

/// A moving window over a file's raw bytes, which finds physical lines (CR LF, LF or CR).
///
/// CR and LF are never part of another character in UTF-8, GBK and GB 18030, so lines are found
/// before decoding; in UTF-16 they are looked for by units. Offsets are those of the file.
struct LineWindow {
    /// A physical line: its content without the line break, and where the next one starts.
    struct Line {
        let content: Range<Int>
        let next: Int
    }

    enum Search {
        case line(Line)
        case endOfFile
        /// The row has more raw bytes than allowed.
        case tooLong
    }

    let file: SourceFile
    private let unitBytes: Int
    private let blockBytes: Int
    private var buffer: [UInt8] = []
    /// File offset of `buffer[0]`.
    private var start: Int
    /// Bytes of `buffer` that are filled.
    private var filled = 0
    /// The first LF at or after `feedFrom`, or `feed == feedEnd` where none came before that.
    private var feedFrom = 0
    private var feed = 0
    private var feedEnd = 0

    init(_ file: SourceFile, at offset: Int, unitBytes: Int, blockBytes: Int) {
        self.file = file
        self.unitBytes = unitBytes
        self.blockBytes = blockBytes
        start = offset
        feedFrom = offset
        feed = offset
        feedEnd = offset
    }

    private var end: Int { start + filled }

    /// The line at `offset`, which belongs to a row that starts at `rowStart`. The window keeps
    /// every byte from `rowStart` on.
    mutating func line(
        at offset: Int, rowStart: Int, rowLimit: Int
    ) throws(ReadFailure) -> Search {
        guard offset < file.byteCount else { return .endOfFile }
        while true {
            if let line = lineBreak(from: offset) {
                return line.content.upperBound - rowStart > rowLimit ? .tooLong : .line(line)
            }
            // The last unit may be a CR whose LF is still to come, so allow for a line break.
            if end - rowStart > rowLimit + 2 * unitBytes { return .tooLong }
            try fill(keepingFrom: rowStart)
        }
    }

    /// Where the line after the one at `offset` starts, however long that is; keeps nothing.
    mutating func skipLine(at offset: Int) throws(ReadFailure) -> Int {
        var from = offset
        while true {
            if let line = lineBreak(from: from) { return line.next }
            let whole = (end - from) / unitBytes * unitBytes
            from += max(0, whole - unitBytes)
            try fill(keepingFrom: from)
        }
    }

    /// Gives the bytes of a range that the window holds.
    func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafePointer<UInt8>, Int) -> Result
    ) -> Result? {
        buffer.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { body($0 + (range.lowerBound - start), range.count) }
        }
    }

    private mutating func fill(keepingFrom offset: Int) throws(ReadFailure) {
        let kept = end - offset
        if offset > start, kept > 0 {
            let dropped = offset - start
            buffer.withUnsafeMutableBytes { bytes in
                guard let first = bytes.baseAddress else { return }
                _ = memmove(first, first + dropped, kept)
            }
        }
        start = offset
        filled = kept
        let count = min(blockBytes, file.byteCount - end)
        if buffer.count < filled + count {
            buffer.append(contentsOf: repeatElement(0, count: filled + count - buffer.count))
        }
        filled += try file.read(at: end, count: count, into: &buffer, from: filled)
    }

    /// The line from `offset`, or `nil` where its end is not in the window yet.
    private mutating func lineBreak(from offset: Int) -> Line? {
        let found = unitBytes == 1 ? bytewiseBreak(from: offset) : unitwiseBreak(from: offset)
        if let found { return found }
        guard end == file.byteCount, offset < end else { return nil }
        return Line(content: offset..<end, next: end)
    }

    private mutating func bytewiseBreak(from offset: Int) -> Line? {
        seekFeed(from: offset)
        let feed = min(feed, end)
        let isWholeFile = end == file.byteCount
        let (start, end) = (start, end)
        return buffer.withUnsafeBufferPointer { bytes -> Line? in
            guard let first = bytes.baseAddress, offset < end else { return nil }
            let from = first + (offset - start)
            if let found = memchr(from, 0x0D, feed - offset) {
                let index = offset + (UnsafeRawPointer(found) - UnsafeRawPointer(from))
                if index + 1 < end {
                    let isPair = bytes[index + 1 - start] == 0x0A
                    return Line(content: offset..<index, next: index + (isPair ? 2 : 1))
                }
                return isWholeFile ? Line(content: offset..<index, next: index + 1) : nil
            }
            return feed < end ? Line(content: offset..<feed, next: feed + 1) : nil
        }
    }

    /// Finds the first LF once for all the lines before it; else a file with CR alone would be
    /// searched to the window's end at each line.
    private mutating func seekFeed(from offset: Int) {
        if offset < feedFrom || offset > feed {
            (feedFrom, feed, feedEnd) = (offset, offset, offset)
        } else if feed < feedEnd {
            return
        }
        // Known: no LF in feedFrom..<feedEnd.
        let from = feedEnd
        let (start, end) = (start, end)
        feed = end
        feedEnd = end
        guard from < end else { return }
        buffer.withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return }
            let pointer = first + (from - start)
            guard let found = memchr(pointer, 0x0A, end - from) else { return }
            feed = from + (UnsafeRawPointer(found) - UnsafeRawPointer(pointer))
        }
    }

    private func unitwiseBreak(from offset: Int) -> Line? {
        buffer.withUnsafeBufferPointer { bytes -> Line? in
            var index = offset
            while index + 2 <= end {
                let low = bytes[index - start]
                if bytes[index + 1 - start] == 0, low == 0x0A || low == 0x0D {
                    if low == 0x0A { return Line(content: offset..<index, next: index + 2) }
                    guard index + 4 <= end else {
                        // Half a unit at the end of the file is no LF.
                        return end == file.byteCount
                            ? Line(content: offset..<index, next: index + 2) : nil
                    }
                    let isPair =
                        bytes[index + 2 - start] == 0x0A && bytes[index + 3 - start] == 0
                    return Line(content: offset..<index, next: index + (isPair ? 4 : 2))
                }
                index += 2
            }
            return nil
        }
    }
}
