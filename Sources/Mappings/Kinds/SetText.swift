/// Several answers in one cell (多选): with 、 , ; | or a space between them.
enum SetText {
    private static let marks = Set(",;| ".utf8)

    /// The parts that are not empty.
    static func parts(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        func isComma(_ place: Int) -> Bool {
            // 、 U+3001; ， and ； were folded to ASCII.
            place + 2 < bytes.count && bytes[place] == 0xE3 && bytes[place + 1] == 0x80
                && bytes[place + 2] == 0x81
        }
        while index <= bytes.count {
            let width =
                index == bytes.count || marks.contains(bytes[index])
                ? 1
                : isComma(index) ? 3 : 0
            if width > 0 {
                if index > start { parts.append(bytes[start..<index]) }
                start = index + width
                index += width
            } else {
                index += 1
            }
        }
        return parts
    }
}
