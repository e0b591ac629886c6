package import Records

/// Something that is wrong for a while (事件): told of once when it begins, and once when it ends.
package struct Incident: Sendable, Hashable {
    /// What is the matter, as `shangbao explain` knows it.
    package let code: String
    /// Of what: an endpoint, a schedule, a deadline, a place; never a person. May be empty.
    package let subject: String
    package let since: Timestamp
    /// `nil` while it lasts.
    package let ended: Timestamp?

    /// Something that looks wrong now.
    package struct Sign: Sendable, Hashable {
        package let code: String
        package let subject: String
        /// It must last so long before anybody is told: a lane that is closed for a minute is no
        /// incident.
        package let patienceSeconds: Int64

        package init(_ code: String, _ subject: String = "", after patienceSeconds: Int64 = 0) {
            self.code = code
            self.subject = subject
            self.patienceSeconds = patienceSeconds
        }
    }
}
