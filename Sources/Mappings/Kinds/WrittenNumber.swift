/// A number as a clinic wrote it, exact: its digits, where the point stands, and what stood before
/// it (`<0.01`, `1.2E3`).
///
/// For the spellings that the common way of `ValueReading` does not take.
struct WrittenNumber: Equatable {
    /// Below or above what the instrument can measure (检测限).
    enum Bound: Equatable { case none, below, above }

    /// Why a text is no number that can be taken.
    enum Refusal: Error {
        case notANumber
        /// A comma may be a decimal point or group thousands; nobody guesses which.
        case comma
        /// A spreadsheet's scientific notation whose last digits may be lost.
        case scientific
    }

    var bound = Bound.none
    /// All digits as one whole number, with its sign.
    var digits: Int64
    /// How many of the digits stand behind the point.
    var places: Int
    /// Whether it was written as `1.2E3`; it is then a whole number.
    var isScientific = false

    private static let mostDigits = 15

    /// Reads folded bytes.
    ///
    /// - Parameter decimalComma: whether `1,5` is one and a half.
    init(_ bytes: ArraySlice<UInt8>, decimalComma: Bool) throws(Refusal) {
        var rest = bytes
        bound = WrittenNumber.takeBound(&rest)
        while rest.first == 0x20 { rest = rest.dropFirst() }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let end = rest.firstIndex { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "e") }
        let plain = try WrittenNumber.plain(rest[..<(end ?? rest.endIndex)], decimalComma)
        digits = isNegative ? -plain.digits : plain.digits
        places = plain.places
        guard let end else { return }
        guard let power = WrittenNumber.exponent(rest[(end + 1)...]) else { throw .notANumber }
        try raise(by: power)
    }

    /// Takes `<`, `>`, `<=`, `>=`, `≤` or `≥` off the front.
    static func takeBound(_ rest: inout ArraySlice<UInt8>) -> Bound {
        for (sign, bound) in signs where rest.starts(with: sign) {
            rest = rest.dropFirst(sign.count)
            return bound
        }
        return .none
    }

    private static let signs: [([UInt8], Bound)] = [
        ("<=", Bound.below), ("<", .below), ("≤", .below), (">=", .above), (">", .above),
        ("≥", .above),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func plain(_ text: ArraySlice<UInt8>, _ decimalComma: Bool) throws(Refusal)
        -> (digits: Int64, places: Int)
    {
        var digits: Int64 = 0
        var count = 0
        var point: Int?
        for byte in text {
            switch byte {
            case UInt8(ascii: ".") where point == nil && count > 0 && !decimalComma: point = count
            case UInt8(ascii: ",") where decimalComma && point == nil && count > 0: point = count
            case UInt8(ascii: ","), UInt8(ascii: "."):
                // Only digits, points and commas make this a question of commas.
                let isOfCommas = count > 0 && text.contains(UInt8(ascii: ","))
                throw isOfCommas && text.allSatisfy(isDigitOrMark) ? .comma : .notANumber
            case 0x30...0x39 where count < mostDigits:
                digits = digits * 10 + Int64(byte - 0x30)
                count += 1
            default: throw .notANumber
            }
        }
        guard count > 0, point != count else { throw .notANumber }
        return (digits, point.map { count - $0 } ?? 0)
    }

    private static func isDigitOrMark(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".")
    }

    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard (1...2).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        let power = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return isNegative ? -power : power
    }

    /// Multiplies by a power of ten; only a whole number is taken, since a spreadsheet that writes
    /// a fraction so has rounded it.
    private mutating func raise(by power: Int) throws(Refusal) {
        isScientific = true
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        guard power >= places else { throw .scientific }
        for _ in 0..<(power - places) {
            let (product, overflows) = digits.multipliedReportingOverflow(by: 10)
            guard !overflows, product.magnitude < 1_000_000_000_000_000 else { throw .scientific }
            digits = product
        }
        places = 0
    }

    /// The number scaled by ten to the power of `count`, or `nil` where it has more decimals that
    /// are not zero, or is too large.
    func scaled(to count: Int) -> Int64? {
        var scaled = digits
        var left = places
        while left > count {
            guard scaled % 10 == 0 else { return nil }
            scaled /= 10
            left -= 1
        }
        while left < count {
            let (product, overflows) = scaled.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            scaled = product
            left += 1
        }
        return scaled
    }

    /// The number scaled by ten to the power of `count`, without the decimals that are too many;
    /// `nil` where it is too large.
    func cut(to count: Int) -> Int64? {
        var cut = self
        while cut.places > count {
            cut.digits /= 10
            cut.places -= 1
        }
        return cut.scaled(to: count)
    }

    /// Whether it is at least another number, whatever stands before either.
    func isAtLeast(_ other: WrittenNumber) -> Bool {
        Int128(digits) * WrittenNumber.power(other.places)
            >= Int128(other.digits) * WrittenNumber.power(places)
    }

    /// Ten to the power of a small number.
    static func power(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }
}
