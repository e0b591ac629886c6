import Records

extension Fact {
    /// The audit trail as it was (审计锚点): a row and the hash over all rows up to it.
    package struct Audited: Sendable, Codable, Hashable {
        package let row: Int64
        /// SM3, hex.
        package let hash: String
        /// The machine whose trail it is; absent in early entries.
        package let machine: String?
        /// Rows noted before that are not in the trail any more, where a person has seen to that.
        package let lost: [Int64]?
        package let by: String?
        package let because: String?

        package init(
            row: Int64, hash: String, machine: String? = nil, lost: [Int64]? = nil,
            by: String? = nil, because: String? = nil
        ) {
            self.row = row
            self.hash = hash
            self.machine = machine
            self.lost = lost
            self.by = by
            self.because = because
        }

        var summary: Wording {
            if let lost, let by {
                let rows = lost.map { "\($0)" }.joined(separator: " ")
                return Wording(
                    zh: "审计记录缺行（锚点 \(rows)），\(by) 已处理：\(because ?? "")",
                    en: "the audit trail lacks rows (heads \(rows)); seen to by \(by): "
                        + (because ?? ""))
            }
            return Wording(
                zh: "审计记录到第 \(row) 行，\(hash.prefix(16))",
                en: "the audit trail has \(row) rows, \(hash.prefix(16))")
        }
    }
}
