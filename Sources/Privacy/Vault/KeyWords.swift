package import Records

/// What somebody signs who says that another one's key, or his own new one, is right (确认公钥).
package struct KeyWords: Codable, Sendable {
    /// The form's version, 1.
    package let v: Int
    /// `personKey`.
    package let kind: String
    package let roll: String
    package let region: String
    package let name: String
    package let department: String
    package let role: String
    /// SHA-256 of the confirmed public key, hex.
    package let key: String
    package let by: String
    /// SHA-256 of the signer's own public key, hex.
    package let signer: String
    package let because: String
    /// ISO 8601 with the offset of Asia/Shanghai.
    package let at: String

    /// - Parameters:
    ///   - by: who signs, by name.
    ///   - signer: SHA-256 of his public key, hex.
    package init(
        roll: String, region: String, name: String, department: String, role: String, key: String,
        by voucher: String, signer: String, because: String, at moment: Timestamp
    ) {
        v = 1
        kind = "personKey"
        self.roll = roll
        self.region = region
        self.name = name
        self.department = department
        self.role = role
        self.key = key
        by = voucher
        self.signer = signer
        self.because = because
        at = moment.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }
}
