import Records
import Testing

/// Amounts in capitals, with the examples of the rule itself (支付结算办法, annex one, point three).
struct ChineseCapitalsTests {
    @Test(
        arguments: [
            (140_950, "壹仟肆佰零玖元伍角整"), (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元零叁角贰分"), (10_700_053, "壹拾万柒仟元零伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"), (32_504, "叁佰贰拾伍元零肆分"),
        ] as [(Int64, String)])
    func `the examples of the rule`(fen: Int64, text: String) {
        #expect(Money(fen: fen).capitals == text)
    }

    @Test(
        arguments: [
            (0, "零元整"), (1, "壹分"), (10, "壹角整"), (11, "壹角壹分"), (100, "壹元整"),
            (101, "壹元零壹分"), (110, "壹元壹角整"), (1_000, "壹拾元整"), (1_050, "壹拾元零伍角整"),
            (24_000, "贰佰肆拾元整"), (100_000_000, "壹佰万元整"), (100_000_100, "壹佰万零壹元整"),
            (1_000_000_000_000, "壹佰亿元整"), (1_000_000_100_000, "壹佰亿零壹仟元整"),
            (1_000_010_000_000, "壹佰亿零壹拾万元整"), (2_000_000_000_000_000, "贰拾万亿元整"),
            (150_000_000_000_000, "壹万伍仟亿元整"),
            (-48_000, "负肆佰捌拾元整"),
        ] as [(Int64, String)])
    func `noughts, tens and the ends`(fen: Int64, text: String) {
        #expect(Money(fen: fen).capitals == text)
    }

    /// Reads capitals back, digit by digit, whatever noughts stand in between.
    private func fen(_ text: String) -> Int64 {
        let digits = Array("零壹贰叁肆伍陆柒捌玖")
        var total: Int64 = 0
        var section: Int64 = 0
        var digit: Int64 = 0
        var sum: Int64 = 0
        for character in text {
            if let value = digits.firstIndex(of: character) {
                digit = Int64(value)
                continue
            }
            switch character {
            case "拾", "佰", "仟":
                section += digit * (character == "拾" ? 10 : character == "佰" ? 100 : 1_000)
            case "万":
                sum += (section + digit) * 10_000
                section = 0
            case "亿":
                sum = (sum + section + digit) * 100_000_000
                section = 0
            case "元":
                total += (sum + section + digit) * 100
                (sum, section) = (0, 0)
            case "角": total += digit * 10
            case "分": total += digit
            default: break
            }
            digit = 0
        }
        return total
    }

    @Test func `what is written is read as the same amount, and never has two noughts together`() {
        var number: UInt64 = 88_172_645_463_325_252
        for _ in 0..<20_000 {
            number ^= number << 13
            number ^= number >> 7
            number ^= number << 17
            // Up to ten billion yuan; many round ones among them.
            var fen = Int64(number % 1_000_000_000_000)
            for step in [10, 100, 10_000, 1_000_000] as [Int64] where number % 7 == UInt64(step % 7)
            {
                fen -= fen % step
            }
            let text = Money(fen: fen).capitals
            #expect(self.fen(text) == fen, "\(fen): \(text)")
            #expect(!text.contains("零零") && !text.contains("零元整") || fen == 0, "\(text)")
        }
    }
}
