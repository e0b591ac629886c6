import Evidence
import Privacy
import Records

/// A request as people read it: no name of those whom the cases are about.
package struct IdentifyReading: Sendable, Encodable {
    package let id: String
    package let state: IdentifyBook.State
    package let requester: String
    /// A code of `privacy/reasons.yaml`.
    package let reason: String
    package let caseNumber: String
    package let records: [String]
    package let breakGlass: Bool
    package let askedAt: String
    package let approvedBy: [String]
    /// Until when it can be opened.
    package let expires: String?
    /// How long it can be opened, and how often a day one person might ask, as the site's file had
    /// it then; `nil` where the request does not say.
    package let minutes: Int?
    package let perDay: Int?
    /// How often it was opened, and the cases that were shown in the clear.
    package let opened: Int
    package let revealed: [String]
    /// Who looked into it afterwards.
    package let reviewedBy: String?
    /// Of a request that is not over the cases that have left the vault since: consent was
    /// withdrawn.
    package let gone: [String]
    /// Of an emergency: once two have approved, nobody is listed who could look into it.
    package let lacksReviewer: Bool

    /// Whether the site's file allowed more than it does unless somebody changes it.
    package var isRaised: Bool {
        (minutes ?? 0) > CustodySettings.minutes || (perDay ?? 0) > CustodySettings.perDay
    }

    init(
        _ found: IdentifyBook.Case, at now: Timestamp, gone: [String] = [],
        lacksReviewer: Bool = false
    ) {
        self.gone = gone
        self.lacksReviewer = lacksReviewer
        id = found.id
        state = found.state(at: now)
        requester = found.asked.by
        reason = found.request?.reason ?? "?"
        caseNumber = found.request?.caseNumber ?? "?"
        records = found.asked.records.map(\.text)
        breakGlass = found.request?.breakGlass ?? false
        askedAt = found.askedAt.dateTime
        approvedBy = found.approvals.map(\.fact.by)
        expires = found.expires?.dateTime
        minutes = found.request?.minutes
        perDay = found.request?.perDay
        opened = found.opened
        revealed = found.revealed.map(\.text)
        reviewedBy = found.reviewed?.by
    }
}
