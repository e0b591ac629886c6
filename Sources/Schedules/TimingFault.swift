package import Records

/// Why a text about times cannot be read: at which character, and what to write instead.
package struct TimingFault: Error, Hashable, Sendable {
    /// 1-based, in the text itself.
    package let column: Int
    package let problem: Wording

    init(_ column: Int, _ zh: String, _ en: String) {
        self.column = column
        problem = Wording(zh: zh, en: en)
    }

    /// The problem with its place in the text.
    package var wording: Wording {
        Wording(
            zh: "第 \(column) 个字符：\(problem.zh)", en: "At character \(column): \(problem.en)")
    }
}

/// Reads a short ASCII text from left to right.
struct TimingText {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// 1-based.
    var column: Int { position + 1 }
    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Moves past a character, if it is the next one.
    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Moves past blanks; whether there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = position
        while let byte = next, byte == 0x20 || byte == 0x09 { position += 1 }
        return position > start
    }

    /// Moves past digits, up to six; `nil` where there is none.
    mutating func number() -> Int? {
        var number: Int?
        let start = position
        while let byte = next, (0x30...0x39).contains(byte), position - start < 6 {
            number = (number ?? 0) * 10 + Int(byte - 0x30)
            position += 1
        }
        return number
    }

    /// Moves past letters; in lower case, empty where there is none.
    mutating func word() -> String {
        var word: [UInt8] = []
        while let byte = next, (0x41...0x5A).contains(byte & 0xDF) {
            word.append(byte | 0x20)
            position += 1
        }
        return String(decoding: word, as: UTF8.self)
    }

    /// Moves past everything up to a blank.
    mutating func rest() -> String {
        let start = position
        while let byte = next, byte != 0x20, byte != 0x09 { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
