import Records

extension Fact {
    /// What is kept sealed and waits for something was named to those who may still send it, before
    /// it is erased (清除前告知).
    package struct Warned: Sendable, Codable, Hashable {
        /// The class of the retention rule.
        package let kind: String
        package let count: Int
        /// It came before this moment, microseconds since 1970.
        package let before: Int64
        /// From this moment on it may be erased, microseconds since 1970.
        package let erasedFrom: Int64
        /// SHA-256, hex, over the names of what was named, a line each, in their order.
        package let digest: String
        package let by: String

        package init(
            kind: String, count: Int, before: Int64, erasedFrom: Int64, digest: String, by: String
        ) {
            self.kind = kind
            self.count = count
            self.before = before
            self.erasedFrom = erasedFrom
            self.digest = digest
            self.by = by
        }

        var summary: Wording {
            let day = Timestamp(microseconds: erasedFrom).day
            return Wording(
                zh: "\(by) 告知：\(kind) \(count) 项将于 \(day) 起清除",
                en: "\(by) named \(count) of \(kind), to be erased from \(day) on")
        }
    }
}
