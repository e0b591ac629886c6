import Delivery
import Evidence
import Records

/// Which submissions left, and when, by the ledger's word (发出): a send that begins counts, unless
/// it is told that nothing of it can have left this machine. What is not known counts as gone.
struct Departures {
    struct Way: Sendable {
        let day: CalendarDate
        /// To a person who types it, not sent.
        let isHandedOut: Bool
    }

    private var gone: [SubmissionID: Way] = [:]
    private var underWay: [SubmissionID: (attempt: Int, day: CalendarDate)] = [:]

    /// How an attempt ends before the first byte of the submission: nobody listens, the other side
    /// is not who it should be, or our certificate names another sender. Any other end may come
    /// after it.
    private static let beforeSending = Set(
        [TransportCode.unreachable, .untrusted, .sender].map(\.rawValue))

    mutating func add(_ entry: Ledger.Entry) {
        let day = entry.at.day
        switch entry.fact {
        case .onWire(let fact):
            // What was under way before has no end in the ledger: it may have left.
            leave(fact.submission)
            underWay[fact.submission] = (fact.attempt, day)
        case .attempted(let fact):
            let isUnsent =
                Departures.beforeSending.contains(fact.outcome)
                && fact.state == DeliveryState.due.rawValue
            if isUnsent, underWay[fact.submission]?.attempt == fact.attempt {
                underWay[fact.submission] = nil
            } else {
                leave(fact.submission)
            }
            // The send stands in a worker's journal, and the database does not know it.
            if fact.outcome == "JOURNAL" { note(fact.submission, day) }
        case .handedOut(let fact):
            for submission in fact.submissions {
                leave(submission)
                let first = gone[submission]?.day ?? day
                gone[submission] = Way(day: first, isHandedOut: true)
            }
        case .acknowledged(let fact):
            leave(fact.submission)
            note(fact.submission, day)
        default: break
        }
    }

    /// When a submission first left; `nil` where it did not.
    func way(of submission: SubmissionID) -> Way? {
        gone[submission]
            ?? underWay[submission].map { Way(day: $0.day, isHandedOut: false) }
    }

    private mutating func leave(_ submission: SubmissionID) {
        guard let begun = underWay.removeValue(forKey: submission) else { return }
        note(submission, begun.day)
    }

    private mutating func note(_ submission: SubmissionID, _ day: CalendarDate) {
        gone[submission] = gone[submission] ?? Way(day: day, isHandedOut: false)
    }
}
