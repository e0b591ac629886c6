import Records

/// Whether a text speaks of something (文字提及): one of several words, and not in a clause that
/// denies it. Word lists are data; looking for them is not.
struct WordSearch: Sendable {
    let words: [[UInt8]]
    /// Words before the found one in the same clause that take it back, e.g. 未见, 无.
    let denials: [[UInt8]]

    func isFound(in text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            for word in words {
                var start = 0
                while let place = WordSearch.place(of: word, in: text, from: start) {
                    if !isDenied(text, at: place) { return true }
                    start = place + 1
                }
            }
            return false
        }
    }

    private func isDenied(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        if denials.isEmpty { return false }
        var first = place
        while first > 0, !WordSearch.endsClause(text, before: first) { first -= 1 }
        let clause = UnsafeBufferPointer(rebasing: text[first..<place])
        return denials.contains { WordSearch.place(of: $0, in: clause, from: 0) != nil }
    }

    /// Whether a mark that ends a clause stands right before a place: , ; . and their full forms.
    private static func endsClause(_ text: UnsafeBufferPointer<UInt8>, before place: Int) -> Bool {
        switch text[place - 1] {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "."), UInt8(ascii: " "): return true
        default: break
        }
        guard place >= 3 else { return false }
        switch (text[place - 3], text[place - 2], text[place - 1]) {
        case (0xEF, 0xBC, 0x8C), (0xEF, 0xBC, 0x9B), (0xE3, 0x80, 0x82): return true  // ，；。
        default: return false
        }
    }

    private static func place(
        of word: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard let head = word.first, text.count >= word.count else { return nil }
        var place = start
        while place <= text.count - word.count {
            if text[place] == head {
                var length = 1
                while length < word.count, text[place + length] == word[length] { length += 1 }
                if length == word.count { return place }
            }
            place += 1
        }
        return nil
    }
}
