/// Base64 on bytes (RFC 4648): the standard alphabet with padding, or the URL alphabet without.
///
/// Decoding is strict: no white space, exact padding, and no stray bits in the last character,
/// so that one sequence of bytes has exactly one text.
package enum Base64: Sendable {
    case standard
    case url

    /// Characters in the text of `byteCount` bytes.
    package func encodedCount(_ byteCount: Int) -> Int {
        switch self {
        case .standard: (byteCount + 2) / 3 * 4
        case .url: (byteCount * 4 + 2) / 3
        }
    }

    /// Writes the ASCII text of `bytes` to `output`, which has room for `encodedCount` bytes, and
    /// returns how many were written.
    @discardableResult
    package func encode(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let letters = alphabet.utf8Start
        var from = 0
        var to = 0
        while from + 3 <= bytes.count {
            let group =
                UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2])
            output[to] = letters[Int(group >> 18)]
            output[to + 1] = letters[Int(group >> 12 & 63)]
            output[to + 2] = letters[Int(group >> 6 & 63)]
            output[to + 3] = letters[Int(group & 63)]
            from += 3
            to += 4
        }
        let left = bytes.count - from
        if left == 0 { return to }
        let second = left == 2 ? UInt32(bytes[from + 1]) : 0
        let group = UInt32(bytes[from]) << 16 | second << 8
        output[to] = letters[Int(group >> 18)]
        output[to + 1] = letters[Int(group >> 12 & 63)]
        to += 2
        if left == 2 {
            output[to] = letters[Int(group >> 6 & 63)]
            to += 1
        }
        if self == .standard {
            for _ in left..<3 {
                output[to] = UInt8(ascii: "=")
                to += 1
            }
        }
        return to
    }

    /// The text of `bytes`.
    package func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { room in
            bytes.withUnsafeBytes { encode($0, into: UnsafeMutableRawBufferPointer(room)) }
        }
    }

    /// Decodes the ASCII `text` to the front of `output`; returns how many bytes were written, or
    /// nil when the text is not strictly of this form or the room too small.
    package func decode(
        _ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard let characters = unpaddedCount(text), characters % 4 != 1 else { return nil }
        let byteCount = characters * 3 / 4
        guard output.count >= byteCount else { return nil }
        var from = 0
        var to = 0
        while from + 4 <= characters {
            let group =
                bits(text[from]) << 18 | bits(text[from + 1]) << 12 | bits(text[from + 2]) << 6
                | bits(text[from + 3])
            if group > 0xFF_FFFF { return nil }
            output[to] = UInt8(truncatingIfNeeded: group >> 16)
            output[to + 1] = UInt8(truncatingIfNeeded: group >> 8)
            output[to + 2] = UInt8(truncatingIfNeeded: group)
            from += 4
            to += 3
        }
        if from == characters { return byteCount }
        let third = from + 2 < characters ? bits(text[from + 2]) << 6 : 0
        let group = bits(text[from]) << 18 | bits(text[from + 1]) << 12 | third
        let unused: UInt32 = from + 2 < characters ? 0xFF : 0xFFFF
        if group > 0xFF_FFFF || group & unused != 0 { return nil }
        output[to] = UInt8(truncatingIfNeeded: group >> 16)
        if from + 2 < characters { output[to + 1] = UInt8(truncatingIfNeeded: group >> 8) }
        return byteCount
    }

    /// The bytes of the ASCII `text`. Throws `malformed`.
    package func decode(_ text: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        var valid = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { room, count in
            let written = text.withUnsafeBytes {
                decode($0, into: UnsafeMutableRawBufferPointer(room))
            }
            valid = written != nil
            count = written ?? 0
        }
        guard valid else { throw CryptoFailure(.malformed, "base64") }
        return bytes
    }

    /// The bytes of `text`. Throws `malformed`.
    package func decode(_ text: String) throws(CryptoFailure) -> [UInt8] {
        try decode(Array(text.utf8))
    }

    private var alphabet: StaticString {
        switch self {
        case .standard: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        case .url: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        }
    }

    /// Characters before the padding, or nil when the padding is not that of the form.
    private func unpaddedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        if self == .url || text.isEmpty { return text.count }
        if text.count % 4 != 0 { return nil }
        let equals = UInt8(ascii: "=")
        if text[text.count - 1] != equals { return text.count }
        return text[text.count - 2] == equals ? text.count - 2 : text.count - 1
    }

    /// The six bits of a character, or a value whose 25th bit stays set under any shift above.
    @inline(__always)
    private func bits(_ character: UInt8) -> UInt32 {
        let last: (UInt8, UInt8) =
            self == .standard
            ? (UInt8(ascii: "+"), UInt8(ascii: "/")) : (UInt8(ascii: "-"), UInt8(ascii: "_"))
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return UInt32(character - 65)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return UInt32(character - 71)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt32(character + 4)
        case last.0: return 62
        case last.1: return 63
        default: return 0xFFFF_FFFF
        }
    }
}
