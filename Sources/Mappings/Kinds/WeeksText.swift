/// A duration of pregnancy as clinics write it (孕周): `19+5`, `19周5天`, `19w5d`, `19周`, `137天`.
///
/// `19.5` is nineteen weeks and a half to one and nineteen weeks and five days to the other, and
/// `137` alone names no unit: neither is taken.
enum WeeksText {
    private static let week = ["周", "w", "W"].map { Array($0.utf8) }
    private static let day = ["天", "日", "d", "D"].map { Array($0.utf8) }
    private static let pregnant = Array("孕".utf8)
    private static let mostWeeks = 45

    /// Days of pregnancy, or `nil` where the folded bytes are none beyond doubt.
    static func days(of bytes: [UInt8]) -> Int? {
        var rest = bytes.filter { $0 != 0x20 }[...]
        if rest.starts(with: pregnant) { rest = rest.dropFirst(pregnant.count) }
        guard let first = number(&rest) else { return nil }
        if take(day, &rest) { return rest.isEmpty && first <= mostWeeks * 7 ? first : nil }
        let hasWeek = take(week, &rest)
        guard first <= mostWeeks else { return nil }
        if hasWeek, rest.isEmpty { return first * 7 }
        let hasPlus = rest.first == UInt8(ascii: "+")
        if hasPlus { rest = rest.dropFirst() }
        guard hasWeek || hasPlus, let days = number(&rest), days < 7 else { return nil }
        _ = take(day, &rest)
        return rest.isEmpty ? first * 7 + days : nil
    }

    /// One to three digits.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func take(_ marks: [[UInt8]], _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let mark = marks.first(where: { rest.starts(with: $0) }) else { return false }
        rest = rest.dropFirst(mark.count)
        return true
    }
}
