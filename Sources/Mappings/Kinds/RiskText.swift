import Records

/// Screening risks as laboratories write them (DOMAIN 3.1): `1:270`, `1/270`, `0.0037`,
/// `<1/50000`, `>1/50`, or N alone. Full-width forms are folded before.
enum RiskText {
    /// The risk, or `nil` where the bytes are none.
    static func risk(of bytes: [UInt8]) -> ScreeningRisk? {
        var rest = bytes[...]
        var comparator = ScreeningRisk.Comparator.equal
        switch rest.first {
        case UInt8(ascii: "<"): comparator = .below
        case UInt8(ascii: ">"): comparator = .above
        default: break
        }
        if comparator != .equal { rest = rest.dropFirst() }
        rest = rest.filter { $0 != 0x20 }[...]
        if rest.starts(with: "1/".utf8) || rest.starts(with: "1:".utf8) {
            return whole(rest.dropFirst(2)).map { ScreeningRisk(comparator, denominator: $0) }
        }
        if let point = rest.firstIndex(of: UInt8(ascii: ".")) {
            return probability(rest, point).map { ScreeningRisk(comparator, denominator: $0) }
        }
        // N alone: a comparator before it would be N's and not the risk's.
        guard comparator == .equal else { return nil }
        return whole(rest).map { ScreeningRisk(.equal, denominator: $0) }
    }

    private static func whole(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...7).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            digits.first != 0x30
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// N of a probability below 1, rounded to the nearest: 0.0037 is 1/270 (L-092).
    private static func probability(_ text: ArraySlice<UInt8>, _ point: Int) -> Int? {
        let before = text[..<point]
        let after = text[(point + 1)...]
        guard before.elementsEqual([0x30]), (1...12).contains(after.count),
            after.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        let scaled = after.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard scaled > 0 else { return nil }
        let scale = (0..<after.count).reduce(1) { product, _ in product * 10 }
        let rounded = (2 * scale + scaled) / (2 * scaled)
        return rounded >= 1 && rounded <= ScreeningRisk.most ? rounded : nil
    }
}
