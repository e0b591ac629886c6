/// How wide text stands in a terminal: Chinese characters take two columns (东亚宽字符).
package enum DisplayWidth {
    /// Columns of a line of text.
    package static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// Unicode's East Asian Width (UAX 11): wide and full-width count two, marks none.
    package static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }

    /// The text with spaces up to a width.
    package static func padded(_ text: String, to width: Int, onLeft: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - of(text)))
        return onLeft ? blanks + text : text + blanks
    }

    /// Breaks text into lines of at most so many columns: at spaces, and anywhere between Chinese
    /// characters, but never before a closing mark.
    package static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for piece in pieces(of: text) {
            if of(line) + of(trimmed(piece)) > width, !line.isEmpty {
                lines.append(trimmed(line))
                line = String(piece.drop { $0 == " " })
            } else {
                line += piece
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(trimmed(line)) }
        return lines
    }

    private static let closing: Set<Character> = [
        "，", "。", "；", "：", "、", "）", "”", "》", "】", "！", "？", ")", ",", ".", ";", ":",
    ]

    /// What may not be broken: a word with the space after it, or one wide character with the
    /// closing marks after it.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        for character in text {
            let isWide = of(String(character)) == 2
            if let last = pieces.last, let end = last.last {
                let continues = !isWide && end != " " && of(String(end)) == 1
                if continues || closing.contains(character) || character == " " {
                    pieces[pieces.count - 1].append(character)
                    continue
                }
            }
            pieces.append(String(character))
        }
        return pieces
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}
