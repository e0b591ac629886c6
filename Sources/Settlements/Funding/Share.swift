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

    /// The part of an amount, rounded down to the fen. The amount must not be negative.
    package func of(_ amount: Money) -> Money {
        precondition(amount >= .zero, "a share is taken of what is to be paid")
        let product = UInt64(amount.fen).multipliedFullWidth(by: UInt64(numerator))
        let (quotient, _) = UInt64(denominator).dividingFullWidth(product)
        return Money(fen: Int64(quotient))
    }

    /// Whether the shares make up the whole.
    static func areWhole(_ shares: [Share]) -> Bool {
        // Added as fractions, not as rounded numbers: 1/3 three times is the whole.
        var numerator: Int64 = 0
        var denominator: Int64 = 1
        for share in shares {
            numerator = numerator * share.denominator + share.numerator * denominator
            denominator *= share.denominator
        }
        return numerator == denominator
    }
}

extension Share: CustomStringConvertible {
    /// `4/5`.
    package var description: String { "\(numerator)/\(denominator)" }
}
