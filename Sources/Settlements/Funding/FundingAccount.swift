import Definitions
package import Records

/// A parameter as a statement shows it; its value is `unset` where nobody has set it.
package struct Parameter: Sendable, Codable, Hashable {
    package let name: String
    package let value: String

    init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value ?? "unset"
    }
}

/// The paid cases of one item.
package struct SettledLine: Sendable, Codable, Hashable {
    package let item: String
    package let title: Wording
    package let rule: String
    /// Cases, e.g. couples, and the persons in them.
    package let cases: Int
    package let persons: Int
    /// Price of one case, and of all, in fen.
    package let priceFen: Money
    package let fen: Money
}

/// Something that must be known before money moves.
package struct Blocker: Sendable, Codable, Hashable {
    package let code: String
    /// The parameter to set, where it is one.
    package let parameter: String?
    package let wording: Wording

    /// - Parameter why: the sentence for people; else what the code says anyway.
    init(_ entry: CodeEntry, parameter: String? = nil, why: Wording? = nil) {
        code = entry.code
        self.parameter = parameter
        wording = why ?? entry.what
    }
}

/// Who pays, what was paid ahead, and what stands in the way.
package struct FundingAccount: Sendable {
    package let payers: [PayerLine]
    package let blocked: [Blocker]
    package let warnings: [Wording]
}

/// One payer's year.
package struct PayerLine: Sendable, Codable, Hashable {
    /// `central`, `city` or `district`; with a point and the item where items are shared out
    /// each by itself, e.g. `city.serum`.
    package let payer: String
    package let title: Wording
    /// The exact fraction, e.g. `4/5`.
    package let share: String
    /// Its part of the year's standard amount, in fen; the last payer bears the remainder.
    package let dueFen: Money
    /// What the county adds above the standard price by its own decision, in fen.
    package let excessFen: Money
    package let totalFen: Money
    /// For payers that pay ahead.
    package let prepayment: Prepayment?
    package let rules: PayerRules
}

/// By which rules of the programme a payer's figures stand, e.g. R-12 (依据): a table of the
/// statement shows them beside the amounts.
package struct PayerRules: Sendable, Codable, Hashable {
    /// What is due in all.
    package let total: String
    /// What is paid above the standard price; `nil` where the notice knows no such thing.
    package let excess: String?
    /// What is paid ahead, and the difference from what was due.
    package let prepayment: String
    /// What goes over into the next year.
    package let carryOver: String
}
