package import Records

/// What somebody did in wrapping the vault's keys anew, exactly as he signs it: canonical JSON,
/// keys sorted (重新封装).
package struct RewrapWords: Codable, Sendable, Hashable {
    /// Data keys that are wrapped for the same pairs.
    package struct Group: Codable, Sendable, Hashable {
        package let keys: [String]
        /// `outer/inner`, fingerprints of public keys, sorted.
        package let pairs: [String]

        package init(keys: [String], pairs: [String]) {
            self.keys = keys
            self.pairs = pairs
        }
    }

    /// Whose turn it was.
    package enum Turn: String, Codable, Sendable {
        /// Takes the outer layer off.
        case first
        /// Takes the inner one off and wraps anew.
        case second
    }

    /// The form's version, 1.
    package let v: Int
    package let kind: String
    package let id: String
    /// Of the county, GB/T 2260.
    package let region: String
    package let turn: Turn
    package let before: [Group]
    /// `outer/inner`, sorted.
    package let after: [String]
    /// SHA-256 of what the first one signed, hex, of each signature; empty for the first.
    package let first: [String]
    package let by: String
    package let department: String
    /// SHA-256 of the public key that signs, hex.
    package let key: String
    /// ISO 8601 with the offset of Asia/Shanghai.
    package let at: String

    package init(
        id: String, region: String, turn: Turn, before: [Group], after: Set<String>,
        first: [String], by person: CustodyPerson, key: String, at: Timestamp
    ) {
        v = 1
        kind = "rewrap"
        self.id = id
        self.region = region
        self.turn = turn
        self.before = before
        self.after = after.sorted()
        self.first = first
        by = person.name
        department = person.department
        self.key = key
        self.at = at.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }

    /// What a canonical text says; `nil` for any other.
    package init?(canonical text: String) {
        guard let read = value(ofCanonical: Array(text.utf8), as: RewrapWords.self) else {
            return nil
        }
        self = read
    }
}
