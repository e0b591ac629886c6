/// An amount in fen (分), the hundredth of a yuan. Never a fraction.
package struct Money: Hashable, Comparable, Sendable, Codable {
    package let fen: Int64

    package init(fen: Int64) {
        self.fen = fen
    }

    package init(from decoder: any Decoder) throws {
        fen = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fen)
    }

    package static let zero = Money(fen: 0)

    package static func < (left: Money, right: Money) -> Bool { left.fen < right.fen }
    package static func + (left: Money, right: Money) -> Money { Money(fen: left.fen + right.fen) }
    package static func - (left: Money, right: Money) -> Money { Money(fen: left.fen - right.fen) }
    package static func * (left: Money, count: Int64) -> Money { Money(fen: left.fen * count) }

    /// Yuan with two decimals, for people: `674400.00`.
    package var yuan: String {
        let magnitude = fen.magnitude
        let cents = magnitude % 100
        return "\(fen < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}
