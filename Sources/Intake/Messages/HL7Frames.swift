/// Finds messages and envelopes in a file by the first letters of its lines, before anything is
/// decoded: segments end with CR; LF and CR LF are taken too, and so are the marks of MLLP.
struct HL7Frames {
    /// One message, one line of an envelope, or lines that belong to none.
    struct Frame {
        enum Kind { case message, stray, fileHeader, batchHeader, batchTrailer, fileTrailer }

        let kind: Kind
        /// In the file.
        var raw: Range<Int>
        /// The number of its first line, from 1.
        let firstRow: Int
        /// Its last line has a line break.
        var isEnded: Bool

        /// The number in the first field of an envelope's line, `nil` where there is none.
        func firstField(in file: SourceFile) throws(ReadFailure) -> Int? {
            guard kind == .batchTrailer || kind == .fileTrailer, raw.count > 4 else { return nil }
            let end = min(raw.upperBound, raw.lowerBound + 64)
            let line = try file.bytes(raw.lowerBound..<end)
            let field = line.dropFirst(4).prefix { $0 != line[3] && $0 != 0x0D && $0 != 0x0A }
            guard !field.isEmpty else { return nil }
            return Int(String(decoding: field, as: UTF8.self)) ?? -1
        }
    }

    /// Where the next frame starts, and the number of its line.
    private(set) var offset: Int
    private(set) var row: Int
    private let file: SourceFile
    private var window: LineWindow
    private let lineBytes: Int

    init(_ file: SourceFile, at offset: Int, row: Int, _ options: HL7Options) {
        self.file = file
        self.offset = offset
        self.row = row
        window = LineWindow(file, at: offset, unitBytes: 1, blockBytes: 1 << 18)
        lineBytes = options.messageBytes
    }

    /// The next frame; blank lines between frames are passed over.
    ///
    /// - Throws: `E-IO`, `E-CHANGED`.
    mutating func next() throws(ReadFailure) -> Frame? {
        var frame: Frame?
        while let line = try line() {
            let kind = line.kind
            if frame == nil {
                guard line.isBlank else {
                    frame = Frame(
                        kind: kind ?? .stray, raw: line.raw, firstRow: row, isEnded: line.isEnded)
                    pass(line)
                    guard kind == nil || kind == .message else { return frame }
                    continue
                }
            } else if kind != nil {
                return frame
            }
            if let start = frame?.raw.lowerBound, !line.isBlank {
                frame?.raw = start..<line.raw.upperBound
                frame?.isEnded = line.isEnded
            }
            pass(line)
        }
        return frame
    }

    private struct Line {
        let raw: Range<Int>
        let kind: Frame.Kind?
        let isBlank: Bool
        let isEnded: Bool
    }

    private mutating func pass(_ line: Line) {
        (offset, row) = (line.raw.upperBound, row + 1)
    }

    private mutating func line() throws(ReadFailure) -> Line? {
        let content: Range<Int>
        let next: Int
        switch try window.line(at: offset, rowStart: offset, rowLimit: lineBytes) {
        case .line(let line): (content, next) = (line.content, line.next)
        case .endOfFile: return nil
        case .tooLong:
            next = try window.skipLine(at: offset)
            return Line(raw: offset..<next, kind: nil, isBlank: false, isEnded: true)
        }
        var start: [UInt8] = []
        _ = window.withBytes(content) { bytes, count in
            start = Array(UnsafeBufferPointer(start: bytes, count: min(count, 8)))
        }
        let visible = start.drop { HL7Frames.marks.contains($0) }
        return Line(
            raw: offset..<next, kind: HL7Frames.kind(visible), isBlank: visible.isEmpty,
            isEnded: next > content.upperBound)
    }

    /// The byte order mark, and MLLP's marks of a message's beginning and end.
    private static let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0x0B, 0x1C]

    private static func kind(_ start: ArraySlice<UInt8>) -> Frame.Kind? {
        switch String(decoding: start.prefix(3), as: UTF8.self) {
        case "MSH": .message
        case "FHS": .fileHeader
        case "BHS": .batchHeader
        case "BTS": .batchTrailer
        case "FTS": .fileTrailer
        default: nil
        }
    }
}
