/// Tags, which a window always holds whole.
extension XMLPull {
    /// Reads a tag that opens an element.
    ///
    /// - Returns: whether it closes itself; `nil` where it is not whole yet.
    mutating func readOpeningTag() throws(XMLFailure) -> Bool? {
        var at = position + 1
        name = passName(&at)
        attributes.removeAll(keepingCapacity: true)
        guard at < end else { return try cut() }
        guard !name.isEmpty else { throw malformed }
        while true {
            let before = at
            passSpace(&at)
            guard at < end else { return try cut() }
            switch window[at] {
            case UInt8(ascii: ">"):
                position = at + 1
                return false
            case UInt8(ascii: "/"):
                guard at + 1 < end else { return try cut() }
                guard window[at + 1] == UInt8(ascii: ">") else { throw malformed }
                position = at + 2
                return true
            default:
                guard at > before else { throw malformed }
                guard try readAttribute(&at) else { return try cut() }
            }
        }
    }

    /// Reads a tag that closes an element; `false` where it is not whole yet.
    mutating func readClosingTag() throws(XMLFailure) -> Bool {
        var at = position + 2
        name = passName(&at)
        passSpace(&at)
        guard at < end else { return try cut() != nil }
        guard window[at] == UInt8(ascii: ">"), !name.isEmpty else { throw malformed }
        position = at + 1
        return true
    }

    /// Reads `name="value"`; `false` where it is not whole yet.
    private mutating func readAttribute(_ at: inout Int) throws(XMLFailure) -> Bool {
        let name = passName(&at)
        passSpace(&at)
        guard at < end else { return false }
        guard !name.isEmpty, window[at] == UInt8(ascii: "=") else { throw malformed }
        at += 1
        passSpace(&at)
        guard at < end else { return false }
        let mark = window[at]
        guard mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") else { throw malformed }
        let start = at + 1
        guard let close = find(mark, from: start) else { return false }
        guard find(UInt8(ascii: "<"), from: start, to: close) == nil else { throw malformed }
        attributes.append((name, start..<close))
        guard attributes.count <= limits.tagAttributes, close - position <= limits.tagBytes else {
            throw XMLFailure(.attributeBomb)
        }
        at = close + 1
        return true
    }

    /// The tag goes on behind the window: `nil`, or what speaks against that.
    private func cut() throws(XMLFailure) -> Bool? {
        guard !isComplete else { throw malformed }
        guard end - position <= limits.tagBytes else { throw XMLFailure(.attributeBomb) }
        return nil
    }

    private func passName(_ at: inout Int) -> Range<Int> {
        let start = at
        while at < end, !XMLPull.endsName(window[at]) { at += 1 }
        return start..<at
    }

    private func passSpace(_ at: inout Int) {
        while at < end, MarkupScan.isSpace(window[at]) { at += 1 }
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "&"):
            true
        default: false
        }
    }
}
