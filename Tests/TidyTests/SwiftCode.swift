/// Swift source with comments and the text of string literals blanked out: every byte that is left
/// is code, in its old place. Code inside interpolations stays.
struct SwiftCode {
    let bytes: [UInt8]
    let text: String
    let lines: [Substring]
    /// Lines, from 0, that begin inside a literal of several lines.
    let textLines: Set<Int>

    init(_ source: some Sequence<UInt8>) {
        var blanking = Blanking(bytes: Array(source))
        blanking.run()
        bytes = blanking.bytes
        text = String(decoding: bytes, as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        textLines = blanking.textLines
    }

    /// The number of the line, from 1, in which a byte stands.
    func line(of place: Int) -> Int { bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1 }

    /// Functions and initializers with a body: their first and last lines.
    var functions: [(name: String, first: Int, last: Int)] {
        var found: [(String, Int, Int)] = []
        for word in words where word.text == "func" || word.text == "init" {
            guard let body = body(after: word.end), let end = closingBrace(of: body) else {
                continue
            }
            found.append((word.text, line(of: word.start), line(of: end)))
        }
        return found
    }

    /// Names made of letters, digits and `_`, with where they stand.
    private var words: [(text: String, start: Int, end: Int)] {
        var words: [(String, Int, Int)] = []
        var start: Int?
        for place in 0...bytes.count {
            let isLetter = place < bytes.count && SwiftCode.isLetter(bytes[place])
            if isLetter, start == nil { start = place }
            if !isLetter, let begin = start {
                let isMember = begin > 0 && bytes[begin - 1] == UInt8(ascii: ".")
                if !isMember {
                    words.append(
                        (String(decoding: bytes[begin..<place], as: UTF8.self), begin, place))
                }
                start = nil
            }
        }
        return words
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        default: false
        }
    }

    private static let declarations: Set<String> = [
        "func", "var", "let", "init", "case", "struct", "class", "enum", "static", "mutating",
        "package", "private", "fileprivate", "internal", "override", "associatedtype", "typealias",
    ]

    /// The text between the braces of each `protocol`.
    var protocolBodies: [Substring] {
        text.ranges(of: /\bprotocol \w+/).compactMap { found in
            let start = text.utf8.distance(from: text.startIndex, to: found.upperBound)
            guard let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")),
                let close = closingBrace(of: open)
            else { return nil }
            return Substring(decoding: bytes[open..<close], as: UTF8.self)
        }
    }

    /// The brace that opens the body of the function whose keyword ends at `place`; `nil` for a
    /// requirement, which has none, and for a call.
    private func body(after place: Int) -> Int? {
        var depth = 0
        var hasParameters = false
        var word: [UInt8] = []
        for index in place..<bytes.count {
            let byte = bytes[index]
            if SwiftCode.isLetter(byte) {
                word.append(byte)
                continue
            }
            if depth == 0, SwiftCode.declarations.contains(String(decoding: word, as: UTF8.self)) {
                return nil
            }
            word.removeAll()
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["):
                depth += 1
                hasParameters = true
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: "{") where depth == 0: return hasParameters ? index : nil
            case UInt8(ascii: "}") where depth == 0: return nil
            default: break
            }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int? {
        var depth = 0
        for index in open..<bytes.count {
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }
}

/// Walks through source once and blanks what is no code.
private struct Blanking {
    var bytes: [UInt8]
    private(set) var textLines: Set<Int> = []
    private var place = 0
    private var line = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func run() {
        code(untilParenthesis: false)
    }

    /// Walks over code; inside an interpolation until its parenthesis closes.
    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "/") where sees("//"):
                while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { blank(1) }
                continue
            case UInt8(ascii: "/") where sees("/*"):
                comment()
                continue
            case UInt8(ascii: "#"), UInt8(ascii: "\""):
                if let hashes = literalAhead() {
                    literal(hashes: hashes)
                    continue
                }
            case UInt8(ascii: "(") where untilParenthesis: depth += 1
            case UInt8(ascii: ")") where untilParenthesis:
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: "\n"): line += 1
            default: break
            }
            place += 1
        }
    }

    private func sees(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] == UInt8(ascii: "\n") {
                line += 1
            } else {
                bytes[place] = UInt8(ascii: " ")
            }
            place += 1
        }
    }

    private mutating func comment() {
        var depth = 0
        while place < bytes.count {
            if sees("/*") {
                depth += 1
                blank(2)
            } else if sees("*/") {
                depth -= 1
                blank(2)
                if depth == 0 { return }
            } else {
                blank(1)
            }
        }
    }

    /// How many `#` stand before the quote that is next; `nil` if no literal begins here.
    private func literalAhead() -> Int? {
        let hashes = bytes[place...].prefix { $0 == UInt8(ascii: "#") }.count
        let quote = place + hashes
        return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? hashes : nil
    }

    private mutating func literal(hashes: Int) {
        let mark = String(repeating: "#", count: hashes)
        place += hashes
        let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
        place += quotes.utf8.count
        let end = quotes + mark
        let escape = "\\" + mark
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\"") where sees(end):
                place += end.utf8.count
                return
            case UInt8(ascii: "\n") where quotes.count == 1:
                // A quote inside a regular expression: it goes no further than its line.
                return
            case UInt8(ascii: "\\") where sees(escape + "("):
                blank(escape.utf8.count)
                place += 1
                code(untilParenthesis: true)
                place += 1
            case UInt8(ascii: "\\") where sees(escape): blank(escape.utf8.count + 1)
            default:
                blank(1)
                if quotes.count == 3 { textLines.insert(line) }
            }
        }
    }
}
