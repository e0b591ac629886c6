internal import Glibc

/// Finds the markup of a document and measures it; text is skipped at the speed of `memchr`.
///
/// The bytes it looks for are all below 0x40 and no digits, so none of them can be the second half
/// of a GB18030 character; `]` can, and is treated apart.
struct MarkupScan {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: DocumentLimits
    private var position = 0
    private var depth = 0
    private var isGB18030 = false

    init(bytes: UnsafeBufferPointer<UInt8>, limits: DocumentLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Looks at every piece of markup from the beginning to the end.
    mutating func run() throws(XMLFailure) {
        if let zero = find(0, from: 0, to: bytes.count) { throw malformed(at: zero) }
        try readDeclaration()
        while let open = find(UInt8(ascii: "<"), from: position, to: bytes.count) {
            position = open + 1
            guard position < bytes.count else { throw malformed(at: open) }
            switch bytes[position] {
            case UInt8(ascii: "!"): try passExclamation()
            case UInt8(ascii: "?"): try pass(over: "?>", from: position + 1)
            case UInt8(ascii: "/"):
                depth -= 1
                guard depth >= 0 else { throw malformed(at: open) }
                try passTag(from: open)
            default:
                let isWhole = try passTag(from: open)
                depth += isWhole ? 0 : 1
                guard depth <= limits.depth else { throw XMLFailure(.tooDeep) }
            }
        }
    }

    /// A comment or a CDATA section; anything else that begins so belongs to a document type.
    private mutating func passExclamation() throws(XMLFailure) {
        if starts(with: "!--", at: position) {
            try pass(over: "-->", from: position + 3)
        } else if starts(with: "![CDATA[", at: position) {
            if isGB18030 {
                try passGB18030Section(from: position + 8)
            } else {
                try pass(over: "]]>", from: position + 8)
            }
        } else {
            throw XMLFailure(.doctypeRefused)
        }
    }

    private mutating func pass(over end: StaticString, from start: Int) throws(XMLFailure) {
        var at = start
        while let candidate = find(end.utf8Start.pointee, from: at, to: bytes.count) {
            if starts(with: end, at: candidate) {
                position = candidate + end.utf8CodeUnitCount
                return
            }
            at = candidate + 1
        }
        throw malformed(at: start)
    }

    /// Steps from character to character, because the second byte of one may be `]`.
    private mutating func passGB18030Section(from start: Int) throws(XMLFailure) {
        var at = start
        while at < bytes.count {
            if bytes[at] >= 0x81 {
                guard at + 1 < bytes.count else { break }
                at += (0x30...0x39).contains(bytes[at + 1]) ? 4 : 2
            } else if starts(with: "]]>", at: at) {
                position = at + 3
                return
            } else {
                at += 1
            }
        }
        throw malformed(at: start)
    }

    /// Goes from `<` to the `>` that is not between quotation marks.
    /// - Returns: whether the tag closes itself (`/>`).
    @discardableResult
    private mutating func passTag(from open: Int) throws(XMLFailure) -> Bool {
        let end = min(bytes.count, open + limits.tagBytes)
        var at = open + 1
        var attributes = 0
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: ">"):
                position = at + 1
                return bytes[at - 1] == UInt8(ascii: "/")
            case UInt8(ascii: "="):
                attributes += 1
                guard attributes <= limits.tagAttributes else { throw XMLFailure(.attributeBomb) }
                at += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                // No closing mark within the limit: the loop ends and says which limit it was.
                at = (find(bytes[at], from: at + 1, to: end) ?? end) + 1
            case UInt8(ascii: "<"):
                throw malformed(at: at)
            default:
                at += 1
            }
        }
        throw end < bytes.count ? XMLFailure(.attributeBomb) : malformed(at: open)
    }

    // MARK: The XML declaration

    /// Reads `<?xml version="…" encoding="…" standalone="…"?>` to the letter, so that libxml2
    /// cannot see another encoding in it than we do.
    private mutating func readDeclaration() throws(XMLFailure) {
        guard starts(with: "<?xml", at: 0), bytes.count > 5, Self.isSpace(bytes[5]) else { return }
        position = 5
        guard try readPair("version") != nil else { throw malformed(at: position) }
        if let encoding = try readPair("encoding") {
            if isName(encoding, "gb18030"), limits.acceptsGB18030 {
                isGB18030 = true
            } else if !isName(encoding, "utf-8") {
                throw XMLFailure(.wrongEncoding)
            }
        }
        _ = try readPair("standalone")
        skipSpace()
        guard starts(with: "?>", at: position) else { throw malformed(at: position) }
        position += 2
    }

    /// Reads ` name="value"` if it stands here.
    /// - Returns: where the value lies, or nil if another thing stands here.
    private mutating func readPair(_ name: StaticString) throws(XMLFailure) -> Range<Int>? {
        let before = position
        skipSpace()
        guard position > before, starts(with: name, at: position) else {
            position = before
            return nil
        }
        position += name.utf8CodeUnitCount
        skipSpace()
        guard starts(with: "=", at: position) else { throw malformed(at: position) }
        position += 1
        skipSpace()
        guard position < bytes.count,
            bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'"),
            let close = find(bytes[position], from: position + 1, to: bytes.count)
        else { throw malformed(at: position) }
        let value = position + 1..<close
        position = close + 1
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func isName(_ range: Range<Int>, _ lowercase: StaticString) -> Bool {
        range.count == lowercase.utf8CodeUnitCount
            && range.enumerated().allSatisfy { offset, at in
                let isCapital = (0x41...0x5A).contains(bytes[at])
                return bytes[at] | (isCapital ? 0x20 : 0) == lowercase.utf8Start[offset]
            }
    }

    // MARK: Searching

    private func find(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress,
            let hit = memchr(base + start, Int32(byte), end - start)
        else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    private func starts(with text: StaticString, at start: Int) -> Bool {
        guard let base = bytes.baseAddress, start + text.utf8CodeUnitCount <= bytes.count else {
            return false
        }
        return memcmp(base + start, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    private func malformed(at offset: Int) -> XMLFailure {
        let line = bytes.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
        return XMLFailure(.malformed(line: line))
    }
}
