package import LibCrypto

/// Somebody who may approve mappings (审批人), with the public half of a key that is his alone.
package struct ApprovalOfficer: Sendable {
    package let name: String
    package let role: String
    package let department: String
    package let key: VerifyingKey
    /// SHA-256 of the public key, hex.
    package let fingerprint: String
    /// The highest level (GB/T 39725) of fields that he may let leave.
    package let upTo: Int

    /// Throws `CryptoFailure` for a key that cannot be written out.
    package init(
        name: String, role: String, department: String, key: VerifyingKey, upTo: Int
    ) throws(CryptoFailure) {
        self.name = name
        self.role = role
        self.department = department
        self.key = key
        self.upTo = upTo
        fingerprint = try key.fingerprint()
    }
}
