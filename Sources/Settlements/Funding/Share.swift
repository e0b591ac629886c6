package import Records

/// A payer's part of a sum as an exact fraction, from 0 to 1.
package struct Share: Hashable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    /// Reads `4/5`, `0` or `1`; `nil` for anything else, such as a decimal or a percentage.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count <= 2, let numerator = parts[0] else { return nil }
        let written = parts.count == 2 ? parts[1] : 1
        guard let denominator = written, (1...1_000_000).contains(denominator),
            (0...denominator).contains(numerator)
        else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    static let none = Share(0, of: 1)

    /// In lowest terms.
    private init(_ numerator: Int64, of denominator: Int64) {
        var (divisor, rest) = (denominator, numerator)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// A part of a price above zero, exact.
    init(_ part: Money, of price: Money) {
        self.init(part.fen, of: price.fen)
    }

    /// Exact, and maybe more than the whole; `nil` where no 64 bits hold it.
    func adding(_ other: Share) -> Share? {
        guard let one = Share.product(numerator, other.denominator),
            let two = Share.product(other.numerator, denominator),
            let denominator = Share.product(denominator, other.denominator),
            case (let sum, false) = one.addingReportingOverflow(two)
        else { return nil }
        return Share(sum, of: denominator)
    }

    /// What is left of the whole; `nil` where that is less than nothing.
    var remainder: Share? {
        numerator <= denominator ? Share(denominator - numerator, of: denominator) : nil
    }

    private static func product(_ one: Int64, _ other: Int64) -> Int64? {
        let (product, isTooMuch) = one.multipliedReportingOverflow(by: other)
        return isTooMuch ? nil : product
    }

    /// The part of an amount, rounded down to the fen. The amount must not be negative.
    package func of(_ amount: Money) -> Money {
        precondition(amount >= .zero, "a share is taken of what is to be paid")
        let product = UInt64(amount.fen).multipliedFullWidth(by: UInt64(numerator))
        let (quotient, _) = UInt64(denominator).dividingFullWidth(product)
        return Money(fen: Int64(quotient))
    }
}

extension Share: CustomStringConvertible {
    /// `4/5`.
    package var description: String { "\(numerator)/\(denominator)" }
}
