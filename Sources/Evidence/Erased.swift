import Records

extension Fact {
    /// What was kept sealed was erased, its time being over (到期清除): the proof of deletion.
    package struct Erased: Sendable, Codable, Hashable {
        /// The class of the retention rule.
        package let kind: String
        package let count: Int
        /// It came before this moment, microseconds since 1970.
        package let before: Int64
        /// SHA-256, hex, over the names of what was erased, a line each, in their order.
        package let digest: String
        package let by: String
        /// By item how many of its rows, where rows of parts were erased; absent elsewhere.
        package let items: [String: Int]?
        /// Why the clock was believed though the ledger had stood still, where a person said it.
        package let because: String?

        package init(
            kind: String, count: Int, before: Int64, digest: String, by: String,
            items: [String: Int]? = nil, because: String? = nil
        ) {
            self.items = items
            self.because = because
            self.kind = kind
            self.count = count
            self.before = before
            self.digest = digest
            self.by = by
        }

        var summary: Wording {
            Wording(
                zh: "\(by) 按期限清除 \(kind) \(count) 项",
                en: "\(by) erased \(count) of \(kind), by the rule")
        }
    }
}
