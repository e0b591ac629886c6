/// A screening risk of 1/N (筛查风险), as laboratories report it: a comparator and N.
///
/// `<1/50000` is a risk below that bound. A higher risk has a smaller N.
package struct ScreeningRisk: Hashable, Sendable {
    package enum Comparator: UInt8, Sendable, CaseIterable {
        case equal, below, above

        /// The sign before N on the wire; none for an exact risk.
        package var sign: String {
            switch self {
            case .equal: ""
            case .below: "<"
            case .above: ">"
            }
        }
    }

    package let comparator: Comparator
    /// N of 1/N, 1 to 9,999,999; with a comparator the bound's.
    package let denominator: Int

    package init(_ comparator: Comparator, denominator: Int) {
        self.comparator = comparator
        self.denominator = denominator
    }

    /// The largest N that a field holds (N..7).
    package static let most = 9_999_999

    /// Whether the risk is at or above a cut-off of 1/N; 1/270 itself is high (DOMAIN 3.1, L-092).
    package func isHigh(cutOff: Int) -> Bool { denominator <= cutOff }
}
