/// Reading the markup of one record: tags, attributes, text between them.
extension RecordScan {
    /// A start tag: ranges into the bytes.
    struct Tag {
        let name: Range<Int>
        /// The first attribute apart, since most tags have one or none: no array is made for them.
        var first: (name: Range<Int>, value: Range<Int>)?
        var others: [(name: Range<Int>, value: Range<Int>)] = []
        /// `<x/>`.
        var isEmpty = false

        var attributes: [(name: Range<Int>, value: Range<Int>)] {
            first.map { [$0] + others } ?? []
        }

        /// The only attribute, or `nil` where there is none or more than one.
        var only: (name: Range<Int>, value: Range<Int>)? { others.isEmpty ? first : nil }
    }

    func invalid(_ what: String) -> Stop {
        Stop(verdict: .invalid(owner == "Record" ? what : "\(owner)/\(what)"))
    }

    func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(Stop) {
        if !holds { throw invalid(what()) }
    }

    func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    func equals(_ range: Range<Int>, _ text: String) -> Bool {
        range.count == text.utf8.count && slice(range).elementsEqual(text.utf8)
    }

    func equals(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count == text.count else { return false }
        for offset in 0..<text.count where bytes[range.lowerBound + offset] != text[offset] {
            return false
        }
        return true
    }

    func isHex(_ byte: UInt8) -> Bool {
        SchemaFacet.isDigit(byte) || (byte >= 0x61 && byte <= 0x66)
    }

    func matches(_ range: Range<Int>, _ count: Int, _ isAllowed: (UInt8) -> Bool) -> Bool {
        let text = SchemaFacet.trimmed(slice(range))
        return text.count == count && text.allSatisfy(isAllowed)
    }

    func peek(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    func peekTag(_ name: String) -> Bool {
        let count = name.utf8.count
        return bytes.count - index > count + 1 && bytes[index] == UInt8(ascii: "<")
            && slice(index + 1..<index + 1 + count).elementsEqual(name.utf8)
            && !isName(bytes[index + 1 + count])
    }

    private func isName(_ byte: UInt8) -> Bool {
        SchemaFacet.isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
            || (byte >= 0x61 && byte <= 0x7A)
    }

    /// Passes white space between elements; text there is wrong, other markup is not ours.
    mutating func space() throws(Stop) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "<"):
                if index + 1 < bytes.count,
                    bytes[index + 1] == UInt8(ascii: "!") || bytes[index + 1] == UInt8(ascii: "?")
                {
                    throw Stop(verdict: .unsure)
                }
                return
            case UInt8(ascii: "&"), 0x80...: throw Stop(verdict: .unsure)
            default: throw invalid("text()")
            }
        }
    }

    mutating func startTag(_ name: String.UTF8View) throws(Stop) -> Tag {
        let tag = try startTag()
        guard slice(tag.name).elementsEqual(name) else {
            throw invalid(String(decoding: slice(tag.name), as: UTF8.self))
        }
        return tag
    }

    mutating func startTag() throws(Stop) -> Tag {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "<") else { throw invalid("<") }
        index += 1
        var tag = Tag(name: try self.name())
        while true {
            let before = index
            skipSpace()
            guard index < bytes.count else { throw invalid("<") }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                return tag
            }
            if peek("/>") {
                index += 2
                tag.isEmpty = true
                return tag
            }
            guard index > before else { throw Stop(verdict: .unsure) }
            let key = try self.name()
            // A declaration of the namespace is no attribute to a schema.
            if equals(key, "xmlns") { throw Stop(verdict: .unsure) }
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw invalid("@") }
            index += 1
            skipSpace()
            let value = try quoted()
            for other in tag.attributes where slice(other.name).elementsEqual(slice(key)) {
                throw invalid("@")
            }
            if tag.first == nil {
                tag.first = (key, value)
            } else {
                tag.others.append((key, value))
            }
        }
    }

    private mutating func name() throws(Stop) -> Range<Int> {
        let start = index
        while index < bytes.count, isName(bytes[index]) { index += 1 }
        guard index > start, index < bytes.count else { throw Stop(verdict: .unsure) }
        switch bytes[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="): break
        default: throw Stop(verdict: .unsure)
        }
        guard !SchemaFacet.isDigit(bytes[start]) else { throw invalid("<") }
        return start..<index
    }

    private mutating func quoted() throws(Stop) -> Range<Int> {
        guard index < bytes.count else { throw invalid("@") }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw invalid("@") }
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != quote {
            switch bytes[index] {
            case UInt8(ascii: "<"): throw invalid("@")
            case UInt8(ascii: "&"), 0x80..., 0..<0x20: throw Stop(verdict: .unsure)
            default: index += 1
            }
        }
        guard index < bytes.count else { throw invalid("@") }
        index += 1
        return start..<index - 1
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    /// The raw text up to the next markup.
    mutating func content(of tag: Tag) throws(Stop) -> Range<Int> {
        isWide = false
        if tag.isEmpty { return index..<index }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            switch bytes[index] {
            case 0x0D, UInt8(ascii: "]"): throw Stop(verdict: .unsure)
            case 0x09, 0x0A, 0x20..<0x80: index += 1
            case 0x80...:
                isWide = true
                index += 1
            default: throw invalid("text()")
            }
        }
        if peek("<!") || peek("<?") { throw Stop(verdict: .unsure) }
        return start..<index
    }

    mutating func endTag(of tag: Tag) throws(Stop) {
        if tag.isEmpty { return }
        guard peek("</"), bytes.count - index > tag.name.count + 2,
            slice(index + 2..<index + 2 + tag.name.count).elementsEqual(slice(tag.name))
        else { throw invalid("</") }
        index += 2 + tag.name.count
        try closeEnd()
    }

    mutating func endTag(_ name: String.UTF8View) throws(Stop) {
        guard peek("</"), bytes.count - index > name.count + 2,
            slice(index + 2..<index + 2 + name.count).elementsEqual(name)
        else { throw invalid("</") }
        index += 2 + name.count
        try closeEnd()
    }

    private mutating func closeEnd() throws(Stop) {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { throw invalid("</") }
        index += 1
    }

    /// Whether bytes beyond ASCII are UTF-8 of characters that XML 1.0 allows.
    static func isXMLText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return !text.unicodeScalars.contains { $0.value == 0xFFFE || $0.value == 0xFFFF }
    }

    /// Resolves the five named entities into `scratch`; any other reference is not ours.
    mutating func resolve(_ range: Range<Int>) throws(Stop) {
        scratch.removeAll(keepingCapacity: true)
        var at = range.lowerBound
        while at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "&") else {
                scratch.append(bytes[at])
                at += 1
                continue
            }
            let rest = bytes[at..<range.upperBound]
            guard let known = RecordScan.entities.first(where: { rest.starts(with: $0.text) })
            else { throw Stop(verdict: .unsure) }
            scratch.append(known.byte)
            at += known.text.count
        }
    }

    private static let entities: [(text: [UInt8], byte: UInt8)] = [
        (Array("&amp;".utf8), 0x26), (Array("&lt;".utf8), 0x3C), (Array("&gt;".utf8), 0x3E),
        (Array("&quot;".utf8), 0x22), (Array("&apos;".utf8), 0x27),
    ]
}
