import Evidence
import Privacy
import Programmes
package import Records
import Storage

/// A request as whoever decides of it reads it before he signs (申请详情).
package struct IdentifyPortrait: Sendable, Encodable {
    /// Who has approved it.
    package struct Approval: Sendable, Encodable {
        package let name: String
        /// As he signed them.
        package let department: String
        /// A raw value of `CustodyPerson.Role`.
        package let role: String
        package let at: String
    }

    /// What an approval would do now.
    package enum Effect: String, Sendable, Encodable {
        /// Takes the outer layer off; somebody of another department is needed still.
        case first
        /// Lets the requester see the persons.
        case second
        /// It is not allowed: the request is over, or was changed, or the clock is behind.
        case none
    }

    package let request: IdentifyReading
    /// The requester's, as it is listed; `nil` for one who is not.
    package let department: String?
    /// The reason's code in words, and on what it rests; `nil` for a code that is not there now.
    package let reason: Wording?
    package let basis: String?
    /// When it lapses, with or without another approval; `nil` where it is over.
    package let until: String?
    package let approvals: [Approval]
    /// Whether request and approvals are as they were signed, and when.
    package let isGenuine: Bool
    package let effect: Effect
    /// Who may approve next, of those who are listed.
    package let approvers: [String]
}

extension IdentifyDesk {
    /// A request with all that an approval signs. Throws `IdentifyFailure`, `StorageFailure`,
    /// `DecodingError`.
    package func portrait(of id: String) async throws -> IdentifyPortrait {
        try await database.read { transaction in
            guard let found = try IdentifyBook(in: transaction).found(id) else {
                throw IdentifyFailure(.request, place: id)
            }
            let now = try moment(in: transaction)
            let isGenuine: Bool
            do {
                _ = try genuine(id, in: transaction)
                isGenuine = true
            } catch is IdentifyFailure { isGenuine = false }
            let state = found.state(at: now)
            let isPending = [.asked, .half, .open].contains(state)
            var effect = IdentifyPortrait.Effect.none
            if try isGenuine && !found.isReviewedEarly && !isBehind(in: transaction) {
                if state == .asked { effect = .first } else if state == .half { effect = .second }
            }
            let reason = reasons.reasons.first { $0.code == found.request?.reason }
            return IdentifyPortrait(
                request: try reading(of: found, at: now, in: transaction),
                department: custody.person(named: found.asked.by)?.department,
                reason: reason?.title, basis: reason?.basis,
                until: isPending ? found.lapses.dateTime : nil,
                approvals: found.approvals.map(portrait), isGenuine: isGenuine, effect: effect,
                approvers: effect == .none ? [] : approvers(of: found))
        }
    }

    private func portrait(
        of approval: (fact: Fact.Identified, at: Timestamp)
    ) -> IdentifyPortrait.Approval {
        let words = approval.fact.text.flatMap(IdentifyDecision.init(canonical:))
        return IdentifyPortrait.Approval(
            name: approval.fact.by, department: words?.department ?? "?",
            role: words?.role ?? "?", at: approval.at.dateTime)
    }

    /// Who may approve next.
    private func approvers(of found: IdentifyBook.Case) -> [String] {
        guard let request = found.request else { return [] }
        return custody.people.filter { person in
            (try? demand(person, mayApprove: request, after: found)) != nil
        }.map { "\($0.name)（\($0.department)）" }
    }
}
