/// One value as YAML writes it, plain where it can be and quoted where it must (YAML 1.2, 7.3).
enum YAMLScalar {
    /// A value that is read back as the same text wherever it stands.
    static func text(_ value: String) -> String {
        isPlain(value) ? value : quoted(value)
    }

    /// The same for the value of an option, which may be a number.
    static func option(_ value: String) -> String {
        let isNumber = Int(value).map { String($0) } == value
        // The first and the last of merged header rows.
        let isPair = value.wholeMatch(of: /\[[0-9]+, [0-9]+\]/) != nil
        return isNumber || isPair ? value : text(value)
    }

    /// Letters of any script, digits behind a letter, and the signs that begin and end nothing.
    private static func isPlain(_ value: String) -> Bool {
        guard let first = value.first, first.isLetter, !words.contains(value.lowercased()) else {
            return false
        }
        return value.allSatisfy { $0.isLetter || $0.isNumber || "_.·/()（）@-".contains($0) }
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// What some readers of YAML take for a truth or for nothing.
    private static let words: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null",
    ]
}
