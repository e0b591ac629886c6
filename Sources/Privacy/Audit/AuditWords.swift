import Records

/// What a row keeps of what somebody typed (审计行的文字): bounded, and without numbers of people.
enum AuditWords {
    /// So many things are named; a request for names has twenty at most.
    static let mostObjects = 40
    static let longestName = 64
    /// Unicode scalars; a longer reason is refused before it comes here.
    static let longestReason = 500

    /// Things with a space between each: the first of many, then how many there were, `…(4500)`.
    static func objects(_ text: String) -> String {
        let words = text.split(separator: " ")
        let shown = words.prefix(mostObjects).map { object(String($0)) }
        let rest = words.count > mostObjects ? ["…(\(words.count))"] : []
        return (shown + rest).joined(separator: " ")
    }

    /// A person or an account.
    static func name(_ text: String) -> String { words(text, most: longestName) }

    /// Why something was done.
    static func reason(_ text: String) -> String { words(text, most: longestReason) }

    /// An id of ours as it is; whatever else was typed without what may be a person's number.
    private static func object(_ word: String) -> String {
        if isID(word) { return PersonalSigns.isIDNumber(within: word) ? "…" : word }
        guard word.unicodeScalars.allSatisfy(\.isASCII) else { return "…" }
        return PersonalSigns.masked(word)
    }

    private static func words(_ text: String, most: Int) -> String {
        // Cut before it is looked through, and not within a number that then looks like none.
        let scalars = text.unicodeScalars
        let isLong = scalars.count > most
        let start = String(String.UnicodeScalarView(scalars.prefix(most + 40)))
        let shown = PersonalSigns.maskedPersons(start).unicodeScalars
        guard isLong || shown.count > most else { return String(shown) }
        return String(String.UnicodeScalarView(shown.prefix(most))) + "…"
    }

    /// The very forms of ids here: a record or a file (32 hexadecimal digits), a digest (64), a
    /// submission (UUID), a request (ten letters and digits, not digits alone).
    private static func isID(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        func isHex(_ byte: UInt8) -> Bool { UnicodeScalar(byte).properties.isASCIIHexDigit }
        switch bytes.count {
        case 32, 64: return bytes.allSatisfy(isHex)
        case 36:
            return bytes.enumerated().allSatisfy { place, byte in
                [8, 13, 18, 23].contains(place) ? byte == UInt8(ascii: "-") : isHex(byte)
            }
        case 10:
            let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
            let digits = UInt8(ascii: "2")...UInt8(ascii: "7")
            return bytes.allSatisfy { letters.contains($0) || digits.contains($0) }
                && bytes.contains(where: letters.contains)
        default: return false
        }
    }
}
