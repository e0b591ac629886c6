/// What the files of one decision are called, without their endings:
/// `<mapping>@<16 digits of the content's SHA-256>`, and from the second on that content `-2`.
struct DecisionName: Hashable, Comparable {
    let mapping: String
    /// 16 hexadecimal digits.
    let content: String
    /// From 1, in the order in which decisions on this content were made.
    let number: Int

    init(mapping: String, content: String, number: Int) {
        self.mapping = mapping
        self.content = content
        self.number = number
    }

    /// Reads a name; `nil` for anything else.
    init?(_ text: String) {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return nil }
        let parts = text[text.index(after: at)...].split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].utf8.count == 16, parts[0].allSatisfy(\.isHexDigit) else { return nil }
        mapping = String(text[..<at])
        content = String(parts[0])
        guard parts.count == 2 else {
            number = 1
            return
        }
        guard let later = Int(parts[1]), later > 1, String(later) == parts[1] else { return nil }
        number = later
    }

    var text: String { "\(mapping)@\(content)" + (number == 1 ? "" : "-\(number)") }

    static func < (left: DecisionName, right: DecisionName) -> Bool {
        (left.mapping, left.content, left.number) < (right.mapping, right.content, right.number)
    }
}
