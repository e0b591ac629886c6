/// How people see personal values in previews and on consoles (遮蔽): enough to recognise a row with
/// the papers in hand, too little to find the person. All take UTF-8 in its normal form.
package enum Masking {
    /// `990101********0022`; anything but 18 characters shows nothing.
    package static func idNumber(_ bytes: some Collection<UInt8>) -> String {
        guard bytes.count == 18 else { return stars }
        return text(bytes.prefix(6)) + stars + text(bytes.suffix(4))
    }

    /// The first character and one star, however long the name is: 测*.
    package static func personName(_ bytes: some Collection<UInt8>) -> String {
        let name = text(bytes)
        return name.count < 2 ? "*" : String(name.prefix(1)) + "*"
    }

    /// The last three digits.
    package static func phone(_ bytes: some Collection<UInt8>) -> String {
        bytes.count < 7 ? stars : stars + text(bytes.suffix(3))
    }

    /// Down to the county (县级), then a star. Where a sign of anything smaller comes first, only
    /// what stands before the last larger unit is shown.
    package static func address(_ bytes: some Collection<UInt8>) -> String {
        let name = Array(text(bytes))
        var shown = 0
        scan: for (index, character) in name.enumerated() {
            if smallerUnits.contains(character) || character.isNumber { break }
            switch character {
            case "省", "市", "州", "盟":
                shown = index + 1
            case "区", "县", "旗":
                shown = index + 1
                let word = String(name[0...index])
                if !word.hasSuffix("自治区"), !word.hasSuffix("地区") { break scan }
            default:
                break
            }
        }
        return String(name[0..<shown]) + "*"
    }

    /// The year alone of a day that begins with it: `1986-**-**`.
    package static func birthDate(_ bytes: some Collection<UInt8>) -> String {
        let year = bytes.prefix(4)
        guard year.count == 4, year.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return stars }
        return text(year) + "-**-**"
    }

    /// What is shown of a value that may not be shown at all.
    package static let stars = "********"

    private static let smallerUnits: Set<Character> = [
        "镇", "乡", "街", "村", "路", "号", "道", "组", "社", "屯", "庄", "巷", "弄", "栋", "楼", "室", "小",
    ]

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
