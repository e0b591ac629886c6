/// What a case looks for (病例所找的部分): a part's mapping, or the name of a key that is one case's
/// alone, and the keyed digest of the text that joins.
package struct PartLink: Sendable, Hashable {
    let mapping: String
    /// Hex.
    let key: String

    /// What stands in a mapping's place where the key may be one case's alone, as a barcode is.
    static func claim(of field: String) -> String { "once/" + field }

    var isClaim: Bool { mapping.hasPrefix("once/") }
}
