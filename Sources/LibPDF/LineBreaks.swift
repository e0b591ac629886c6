/// Where a line may end (断行): between Chinese characters and at blanks.
enum LineBreaks {
    private static let closing: Set<Character> = [
        "，", "。", "、", "；", "：", "？", "！", "）", "》", "”", "】", "〕", "％", "…", ")", ",", ".", ";",
        ":", "%", "!", "?",
    ]
    private static let opening: Set<Character> = ["（", "《", "“", "【", "〔", "("]

    /// The pieces of a text that stay whole.
    static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var isOpen = false
        for character in text {
            let isWide = character.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
            let joins: Bool
            if let last = pieces.last?.last {
                let lastIsWide = last.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
                joins =
                    isOpen || closing.contains(character)
                    || (!isWide && !lastIsWide && character != " " && last != " ")
            } else {
                joins = false
            }
            if joins, let last = pieces.popLast() {
                pieces.append(last + String(character))
            } else {
                pieces.append(String(character))
            }
            isOpen = opening.contains(character)
        }
        return pieces
    }

    /// Where a word that is wider than its line parts: behind the last mark or before the last
    /// capital of what fits, so that a name breaks between its words.
    ///
    /// - Parameters:
    ///   - word: the whole word.
    ///   - fitting: how many of its characters fit on the line.
    /// - Returns: how many characters stand on this line, at least one.
    static func parting(of word: String, fitting: Int) -> Int {
        let characters = Array(word)
        guard fitting < characters.count else { return characters.count }
        for place in stride(from: fitting, to: 1, by: -1) {
            let (last, next) = (characters[place - 1], characters[place])
            let isMark = "/_-.=&?".contains(last)
            if isMark || (last.isLowercase && next.isUppercase) { return place }
        }
        return max(1, fitting)
    }
}
