/// Writes text into a document, byte by byte, with what has to be escaped escaped.
package enum XMLText {
    /// Appends UTF-8 bytes as the text of an element.
    /// - Throws: `XMLFailure` with `forbiddenCharacter` for what XML 1.0, section 2.2, does not
    ///   allow and for broken UTF-8; `output` is then as it was.
    package static func escape(
        text utf8: UnsafeRawBufferPointer, appendingTo output: inout [UInt8]
    ) throws(XMLFailure) {
        try escape(utf8, isAttribute: false, &output)
    }

    /// Appends UTF-8 bytes as the value of an attribute between double quotation marks, which the
    /// caller writes. Line breaks and tabs survive.
    /// - Throws: as for text.
    package static func escape(
        attribute utf8: UnsafeRawBufferPointer, appendingTo output: inout [UInt8]
    ) throws(XMLFailure) {
        try escape(utf8, isAttribute: true, &output)
    }

    private static func escape(
        _ utf8: UnsafeRawBufferPointer, isAttribute: Bool, _ output: inout [UInt8]
    ) throws(XMLFailure) {
        let before = output.count
        var written = 0
        var at = 0
        while at < utf8.count {
            let byte = utf8[at]
            guard byte < 0x80 else {
                let length = characterLength(utf8, at)
                guard length > 0 else {
                    output.removeSubrange(before...)
                    throw XMLFailure(.forbiddenCharacter)
                }
                at += length
                continue
            }
            if byte > 0x3E || (byte > 0x27 && byte < 0x3C) || byte == 0x20 {
                at += 1
                continue
            }
            guard byte > 0x20 || MarkupScan.isSpace(byte) else {
                output.removeSubrange(before...)
                throw XMLFailure(.forbiddenCharacter)
            }
            if let entity = entity(byte, isAttribute: isAttribute) {
                output.append(contentsOf: utf8[written..<at])
                output.append(
                    contentsOf: UnsafeBufferPointer(
                        start: entity.utf8Start, count: entity.utf8CodeUnitCount))
                written = at + 1
            }
            at += 1
        }
        output.append(contentsOf: utf8[written...])
    }

    /// A carriage return would come back as a line feed; in attributes all white space would come
    /// back as blanks (XML 1.0, sections 2.11 and 3.3.3).
    private static func entity(_ byte: UInt8, isAttribute: Bool) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case 0x0D: "&#13;"
        case UInt8(ascii: "\"") where isAttribute: "&quot;"
        case 0x09 where isAttribute: "&#9;"
        case 0x0A where isAttribute: "&#10;"
        default: nil
        }
    }

    /// The length of the character that begins here with a byte from 0x80 on, or 0 if it is none
    /// (RFC 3629, section 4) or one of U+FFFE, U+FFFF.
    static func characterLength(_ utf8: UnsafeRawBufferPointer, _ at: Int) -> Int {
        let first = utf8[at]
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        guard at + length <= utf8.count else { return 0 }
        let second = utf8[at + 1]
        switch first {
        case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
            0xF4 where second > 0x8F:
            return 0
        case 0xEF where second == 0xBF && utf8[at + 2] >= 0xBE:
            return 0
        default: break
        }
        for next in at + 1..<at + length where utf8[next] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
