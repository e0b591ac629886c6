internal import Records

/// One message, decoded and cut into segments.
struct HL7Message {
    struct Segment {
        /// Of three letters, packed into a number.
        let id: UInt32
        /// In `text`, without its line break.
        let text: Range<Int>
        /// The number of its line in the file.
        let row: Int
    }

    /// UTF-8.
    let text: [UInt8]
    let segments: [Segment]
    let marks: HL7Marks
    let charset: HL7Charset
    /// Whether it is ORU^R01, the unsolicited report of results.
    let isReport: Bool

    /// Reads the bytes of one frame.
    ///
    /// - Parameters:
    ///   - declared: what a mapping says of the encoding.
    ///   - fallback: the encoding of a message that says nothing of it, `nil` where none holds.
    /// - Throws: a `MessageFault`, or a `ReadFailure` from `fallback` and the system.
    init(
        _ raw: [UInt8], firstRow: Int, declared: TextEncoding?,
        fallback: () throws(ReadFailure) -> TextEncoding?
    ) throws {
        let raw = raw[...].drop { !(0x41...0x5A).contains($0) }
        guard let marks = HL7Marks(raw) else { throw MessageFault.broken }
        self.marks = marks
        charset = try HL7Message.charset(raw, marks, declared, fallback)
        guard let text = try charset.decoded(raw.filter { $0 != 0x0B && $0 != 0x1C }[...]) else {
            throw MessageFault.encoding
        }
        self.text = text
        segments = try HL7Message.segments(of: text, marks, firstRow)
        guard let header = segments.first else { throw MessageFault.broken }
        func field(_ number: Int, _ component: Int) -> [UInt8] {
            let path = HL7Value(field: number, component: component)
            return path.range(in: text, header.text, isHeader: true, marks).map { Array(text[$0]) }
                ?? []
        }
        // A message without a name cannot be spoken of, one of another version not be understood.
        guard !field(10, 1).isEmpty, field(12, 1).starts(with: "2.".utf8) else {
            throw MessageFault.broken
        }
        let kind = (field(9, 1), field(9, 2))
        isReport =
            kind.0.elementsEqual("ORU".utf8)
            && (kind.1.isEmpty || kind.1.elementsEqual("R01".utf8))
    }

    /// MSH-18 is read before the message can be: its line is well-formed in one of two encodings,
    /// and no delimiter is mistaken in that.
    private static func charset(
        _ raw: ArraySlice<UInt8>, _ marks: HL7Marks, _ declared: TextEncoding?,
        _ fallback: () throws(ReadFailure) -> TextEncoding?
    ) throws -> HL7Charset {
        if let declared { return .encoding(declared) }
        let line = raw.prefix { $0 != 0x0D && $0 != 0x0A }
        let decoded =
            try HL7Charset.encoding(.utf8).decoded(line)
            ?? HL7Charset.encoding(.gb18030).decoded(line)
        guard let decoded else { throw MessageFault.encoding }
        let range = HL7Value(field: 18, repetition: .number(1), component: 1)
            .range(in: decoded, 0..<decoded.count, isHeader: true, marks)
        let name = range.map { String(decoding: decoded[$0], as: UTF8.self) } ?? ""
        guard name.isEmpty else {
            guard let charset = HL7Charset(named: name) else { throw MessageFault.charset }
            return charset
        }
        guard let encoding = try fallback() else { throw MessageFault.encoding }
        return .encoding(encoding)
    }

    private static func segments(
        of text: [UInt8], _ marks: HL7Marks, _ firstRow: Int
    ) throws -> [Segment] {
        var segments: [Segment] = []
        var (start, row) = (0, firstRow)
        while start < text.count {
            let end = text[start...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? text.count
            if end > start {
                guard let id = HL7Message.id(text[start..<end]),
                    end - start == 3 || text[start + 3] == marks.field
                else { throw MessageFault.broken }
                segments.append(Segment(id: id, text: start..<end, row: row))
            }
            let isPair = end + 1 < text.count && text[end] == 0x0D && text[end + 1] == 0x0A
            (start, row) = (end + (isPair ? 2 : 1), row + 1)
        }
        return segments
    }

    /// Three capitals or digits, packed; `nil` for anything else.
    static func id(_ bytes: some Collection<UInt8>) -> UInt32? {
        let letters = bytes.prefix(3)
        guard letters.count == 3,
            letters.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        return letters.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// The characters that part a message's values (MSH-1 and MSH-2).
struct HL7Marks: Equatable {
    let field: UInt8
    let component: UInt8
    let repetition: UInt8
    /// `nil` where nothing is escaped.
    let escape: UInt8?
    let subcomponent: UInt8?

    /// Reads them from a message's first bytes; `nil` where they are letters, digits, or the same.
    init?(_ raw: ArraySlice<UInt8>) {
        guard raw.count > 5, raw.starts(with: "MSH".utf8) else { return nil }
        let field = raw[raw.startIndex + 3]
        let others = raw.dropFirst(4).prefix { $0 != field && $0 >= 0x20 }
        guard (2...5).contains(others.count), Set(others).union([field]).count == others.count + 1,
            ([field] + others).allSatisfy(HL7Marks.canPart)
        else { return nil }
        let marks = Array(others)
        self.field = field
        component = marks[0]
        repetition = marks[1]
        escape = marks.count > 2 ? marks[2] : nil
        subcomponent = marks.count > 3 ? marks[3] : nil
    }

    private static func canPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: false
        default: (0x21...0x7E).contains(byte)
        }
    }
}

/// Why a message cannot be read.
enum MessageFault: Error {
    /// Its delimiters, its header or one of its segments is not what the standard says.
    case broken
    /// It ends without a line break: what is missing nobody knows.
    case cut
    /// It is longer than allowed.
    case long
    /// It says that it is written in something that is not known.
    case charset
    /// A byte that is no text in what it says that it is written in.
    case encoding
}
