/// A row of a list, in keyed names.
package enum ListedRow: Sendable {
    case complete(ListedPerson)
    /// Without this field, by ordinal, nobody can say whom, where or when it counts.
    case incomplete(field: Int)
}

/// Whom a row of a list counts, where and for which year. No personal value.
package struct ListedPerson: Sendable {
    package let year: Int
    /// The county's or township's code, 6 or 9 digits.
    package let division: String
    /// A keyed digest of the division as the row has it, village included. Stays at home.
    package let place: String
    /// The settlement pseudonym of that year (`out/settle-YYYY`): the ledger's name of her, too.
    package let person: String
    /// The row takes her off the list (取消).
    package let isRemoved: Bool
}
