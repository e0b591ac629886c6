/// What somebody looks for in a trail.
package struct AuditQuestion: Sendable {
    package var account: String?
    package var action: String?
    package var object: String?
    /// Days of the county, `2026-11-29`, both inclusive.
    package var from: String?
    package var to: String?

    package init(
        account: String? = nil, action: String? = nil, object: String? = nil, from: String? = nil,
        to: String? = nil
    ) {
        self.account = account
        self.action = action
        self.object = object
        self.from = from
        self.to = to
    }

    /// Whether a row is of those that are asked for; an account matches the person, too.
    package func matches(_ row: AuditRow) -> Bool {
        let day = row.at.prefix(10)
        return (account.map { $0 == row.account || $0 == row.person } ?? true)
            && (action.map { row.action == $0 || row.action.hasPrefix($0 + " ") } ?? true)
            && (object.map { isAbout($0, row) } ?? true)
            && (from.map { day >= $0 } ?? true) && (to.map { day <= $0 } ?? true)
    }

    /// Whether what a row is about, or one thing of several, begins so.
    private func isAbout(_ object: String, _ row: AuditRow) -> Bool {
        guard let whole = row.object else { return false }
        return whole.hasPrefix(object)
            || whole.split(separator: " ").contains { $0.hasPrefix(object) }
    }
}
