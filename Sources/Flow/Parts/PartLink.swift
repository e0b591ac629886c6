/// What a case looks for (病例所找的部分): a part's mapping, or the name of a key that is one case's
/// alone, and the keyed digest of the text that joins.
package struct PartLink: Sendable, Hashable {
    let mapping: String
    /// Hex.
    let key: String
    /// Of a claim the case's day, as days since 1970; `nil` where it is not known.
    var day: Int?

    /// A case that claims a key, with its day as days since 1970.
    struct Claimant: Sendable, Hashable {
        let record: String
        let day: Int?
    }

    /// What stands in a mapping's place where the key may be one case's alone, as a barcode is.
    static func claim(of field: String) -> String { "once/" + field }

    /// Whether two days, since 1970, are so near that one number means one thing; a day that nobody
    /// knows is near to all.
    static func areNear(_ day: Int?, _ other: Int?, within: Int?) -> Bool {
        guard let day, let other, let within else { return true }
        return abs(day - other) <= within
    }

    var isClaim: Bool { mapping.hasPrefix("once/") }
}
