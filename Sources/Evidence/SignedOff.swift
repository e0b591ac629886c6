import Records

extension Fact {
    /// Somebody signed a statement that another one made, with a key of his own.
    package struct SignedOff: Sendable, Codable, Hashable {
        package let programme: String
        package let year: Int
        /// SHA-256 of the statement's JSON bytes, hex.
        package let statement: String
        package let signer: String
        /// As what, e.g. 财务复核.
        package let role: String
        /// SHA-256 of the public key's DER, hex.
        package let key: String
        /// Exactly what was signed.
        package let text: String
        /// DER, as Base64.
        package let signature: String

        package init(
            programme: String, year: Int, statement: String, signer: String, role: String,
            key: String, text: String, signature: String
        ) {
            self.programme = programme
            self.year = year
            self.statement = statement
            self.signer = signer
            self.role = role
            self.key = key
            self.text = text
            self.signature = signature
        }

        var summary: Wording {
            Wording(
                zh: "\(programme) \(year) 年度结算由 \(signer)（\(role)）签署",
                en: "\(programme) \(year) signed by \(signer) as \(role)")
        }
    }
}
