/// How a text is kept among many others: a byte that says how and how long it is, then the text; a
/// digest in hexadecimal takes half of its length and a pseudonym in base32 five eighths.
///
/// Each text has one form, so that texts are the same where their forms are.
enum TextForm {
    /// First bytes: plain text of up to 127 bytes; hexadecimal of 1 to 63 bytes; base32 of 1 to 31
    /// times 8 characters; plain text with its length in the 4 bytes that follow.
    private static let hexadecimal: UInt8 = 128
    private static let base32: UInt8 = 192
    private static let long: UInt8 = 255
    private static let longHead = 5

    /// Calls `body` with the form of a text; the bytes are gone afterwards.
    static func with<Result>(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var text = text
        return text.withUTF8 { text in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + longHead) { room in
                let count = write(text, to: room)
                return body(UnsafeBufferPointer(rebasing: room[..<count]))
            }
        }
    }

    private static func write(
        _ text: UnsafeBufferPointer<UInt8>, to room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        if text.count % 2 == 0, (2...126).contains(text.count), packHex(text, to: room) {
            room[0] = hexadecimal + UInt8(text.count / 2)
            return 1 + text.count / 2
        }
        if text.count % 8 == 0, (8...248).contains(text.count), packBase32(text, to: room) {
            room[0] = base32 + UInt8(text.count / 8)
            return 1 + text.count / 8 * 5
        }
        guard text.count >= Int(hexadecimal) else {
            room[0] = UInt8(text.count)
            for (place, byte) in text.enumerated() { room[1 + place] = byte }
            return 1 + text.count
        }
        room[0] = long
        for place in 0..<4 {
            room[1 + place] = UInt8(truncatingIfNeeded: text.count >> (8 * place))
        }
        for (place, byte) in text.enumerated() { room[longHead + place] = byte }
        return longHead + text.count
    }

    private static func packHex(
        _ text: UnsafeBufferPointer<UInt8>, to room: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        for place in 0..<(text.count / 2) {
            let (high, low) = (digit(text[2 * place]), digit(text[2 * place + 1]))
            guard (high | low) < 16 else { return false }
            room[1 + place] = high << 4 | low
        }
        return true
    }

    private static func packBase32(
        _ text: UnsafeBufferPointer<UInt8>, to room: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        for group in 0..<(text.count / 8) {
            var bits: UInt64 = 0
            for place in 0..<8 {
                let letter = letter(text[8 * group + place])
                guard letter < 32 else { return false }
                bits = bits << 5 | UInt64(letter)
            }
            for place in 0..<5 {
                room[1 + 5 * group + place] = UInt8(truncatingIfNeeded: bits >> (32 - 8 * place))
            }
        }
        return true
    }

    /// Lower-case hexadecimal; 255 for anything else.
    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        default: 255
        }
    }

    /// Lower-case base32 (RFC 4648): `a` to `z`, then `2` to `7`; 255 for anything else.
    private static func letter(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x61...0x7A: byte - 0x61
        case 0x32...0x37: byte - 0x32 + 26
        default: 255
        }
    }

    /// The text of the form that begins here.
    static func text(_ form: UnsafeBufferPointer<UInt8>) -> String {
        let (first, body) = (form[0], 1)
        switch first {
        case ..<hexadecimal:
            return plain(form, body, Int(first))
        case long:
            return plain(form, longHead, longCount(form))
        case ..<base32:
            let count = Int(first - hexadecimal)
            return String(unsafeUninitializedCapacity: 2 * count) { text in
                for place in 0..<count {
                    text[2 * place] = character(ofDigit: form[body + place] >> 4)
                    text[2 * place + 1] = character(ofDigit: form[body + place] & 15)
                }
                return 2 * count
            }
        default:
            let count = Int(first - base32)
            return String(unsafeUninitializedCapacity: 8 * count) { text in
                for group in 0..<count {
                    var bits: UInt64 = 0
                    for place in 0..<5 {
                        bits = bits << 8 | UInt64(form[body + 5 * group + place])
                    }
                    for place in 0..<8 {
                        text[8 * group + place] = character(
                            ofLetter: UInt8(truncatingIfNeeded: bits >> (35 - 5 * place)) & 31)
                    }
                }
                return 8 * count
            }
        }
    }

    /// The length of the form that begins here.
    static func count(_ form: UnsafeBufferPointer<UInt8>) -> Int {
        switch form[0] {
        case ..<hexadecimal: 1 + Int(form[0])
        case long: longHead + longCount(form)
        case ..<base32: 1 + Int(form[0] - hexadecimal)
        default: 1 + 5 * Int(form[0] - base32)
        }
    }

    private static func longCount(_ form: UnsafeBufferPointer<UInt8>) -> Int {
        (0..<4).reduce(0) { $0 | Int(form[1 + $1]) << (8 * $1) }
    }

    private static func plain(
        _ form: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
    ) -> String {
        String(
            decoding: UnsafeBufferPointer(rebasing: form[start..<(start + count)]), as: UTF8.self)
    }

    private static func character(ofDigit digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x57 + digit
    }

    private static func character(ofLetter letter: UInt8) -> UInt8 {
        letter < 26 ? 0x61 + letter : 0x32 + letter - 26
    }

    /// Whether one text comes before another; digests are compared as they lie.
    static func comesBefore(
        _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard one[0] == other[0], one[0] > hexadecimal, one[0] < base32 else {
            return text(one) < text(other)
        }
        for place in 1...Int(one[0] - hexadecimal) where one[place] != other[place] {
            return one[place] < other[place]
        }
        return false
    }
}
