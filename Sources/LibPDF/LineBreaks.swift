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
}
