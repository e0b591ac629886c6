extension Money {
    /// The amount in the capitals that bills and statements bear beside the figures (大写金额), e.g.
    /// `壹仟肆佰零玖元伍角整`.
    ///
    /// Source: 支付结算办法 (People's Bank of China, Yin Fa [1997] 393), annex one, points two and
    /// three: 整 after yuan and after jiao, never after fen; 零 for noughts in between, once for
    /// several; 壹拾, never 拾 alone.
    package var capitals: String {
        if fen == 0 { return "零元整" }
        let (yuan, rest) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
        let (jiao, cents) = rest.quotientAndRemainder(dividingBy: 10)
        var text = fen < 0 ? "负" : ""
        if yuan > 0 { text += Self.capitals(of: yuan) + "元" }
        switch (jiao, cents) {
        case (0, 0): text += "整"
        case (_, 0):
            // After round yuan a nought is read: 1,680.30 has none, 107,000.50 has one.
            if yuan > 0, yuan % 10 == 0 { text += "零" }
            text += Self.digits[Int(jiao)] + "角整"
        case (0, _):
            if yuan > 0 { text += "零" }
            text += Self.digits[Int(cents)] + "分"
        default:
            if yuan > 0, yuan % 10 == 0 { text += "零" }
            text += Self.digits[Int(jiao)] + "角" + Self.digits[Int(cents)] + "分"
        }
        return text
    }

    private static let digits = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]
    private static let places = ["", "拾", "佰", "仟"]
    /// For each four digits.
    private static let groups = ["", "万", "亿", "万亿", "亿亿"]

    /// A whole number above 0.
    private static func capitals(of number: UInt64) -> String {
        var groups: [Int] = []
        var rest = number
        while rest > 0 {
            groups.append(Int(rest % 10_000))
            rest /= 10_000
        }
        var text = ""
        var needsNought = false
        for (place, group) in groups.enumerated().reversed() {
            guard group > 0 else {
                needsNought = !text.isEmpty
                continue
            }
            if !text.isEmpty, needsNought || group < 1_000 { text += "零" }
            // 壹万伍仟亿, but 壹万亿 where nothing stands in between.
            let isSaid = place == 3 && groups[2] > 0
            text += capitals(ofGroup: group) + (isSaid ? "万" : Self.groups[place])
            needsNought = false
        }
        return text
    }

    /// 1 to 9,999.
    private static func capitals(ofGroup group: Int) -> String {
        var text = ""
        var needsNought = false
        for place in (0..<4).reversed() {
            let digit = group / [1, 10, 100, 1_000][place] % 10
            if digit == 0 {
                needsNought = !text.isEmpty
            } else {
                text += (needsNought ? "零" : "") + digits[digit] + places[place]
                needsNought = false
            }
        }
        return text
    }
}
