package import Records

/// Paying ahead and offsetting the next year (当年全额预拨、次年考核结算、差额多退少补), R-13 and R-14.
package struct Prepayment: Sendable, Codable, Hashable {
    /// Forecast × price × share, rounded down: what the year's payment starts from.
    package let basisFen: Money
    /// From the year before; positive: too much was paid.
    package let carryInFen: Money
    /// What was paid ahead: basis less carry-in, never below 0, or what the file states.
    package let paidFen: Money
    /// Basis less due; negative: a deficit.
    package let surplusFen: Money
    /// To the next year: paid plus carry-in less due; positive: too much was paid.
    package let carryOutFen: Money
    /// What the next year's payment is, where its forecast is known.
    package let next: NextPrepayment?

    /// - Parameters:
    ///   - stated: what was paid ahead in fact, where that is known; else it is computed.
    ///   - nextBasis: the next year's forecast × price × share, where that is known.
    package init(
        basis: Money, carryIn: Money, stated: Money?, due: Money, nextBasis: Money?
    ) {
        basisFen = basis
        carryInFen = carryIn
        paidFen = stated ?? Prepayment.payment(basis: basis, carryIn: carryIn)
        surplusFen = basis - due
        let carryOut = paidFen + carryIn - due
        carryOutFen = carryOut
        next = nextBasis.map { NextPrepayment(basis: $0, carryIn: carryOut) }
    }

    /// Whether what was paid ahead differs from what the rule says.
    package var isPaidAsComputed: Bool {
        paidFen == Prepayment.payment(basis: basisFen, carryIn: carryInFen)
    }

    static func payment(basis: Money, carryIn: Money) -> Money { max(.zero, basis - carryIn) }
}

/// The payment of the year after, from its forecast and what this year leaves over.
package struct NextPrepayment: Sendable, Codable, Hashable {
    package let basisFen: Money
    package let paymentFen: Money
    /// Surplus that the payment could not use up: floored at 0, the rest carried on.
    package let carriedOnFen: Money

    init(basis: Money, carryIn: Money) {
        basisFen = basis
        paymentFen = Prepayment.payment(basis: basis, carryIn: carryIn)
        carriedOnFen = max(.zero, carryIn - basis)
    }
}
