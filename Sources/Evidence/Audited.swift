import Records

extension Fact {
    /// The audit trail as it was (审计锚点): a row and the hash over all rows up to it.
    package struct Audited: Sendable, Codable, Hashable {
        package let row: Int64
        /// SM3, hex.
        package let hash: String

        package init(row: Int64, hash: String) {
            self.row = row
            self.hash = hash
        }

        var summary: Wording {
            Wording(
                zh: "审计记录到第 \(row) 行，\(hash.prefix(16))",
                en: "the audit trail has \(row) rows, \(hash.prefix(16))")
        }
    }
}
