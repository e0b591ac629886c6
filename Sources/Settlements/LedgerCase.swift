import Evidence
import Records

/// One case as our books have it now, beside what the national side says of it.
struct LedgerCase: Sendable {
    enum Standing: Sendable {
        case accepted, withdrawn, rejected, reversed
        /// It may have arrived, and no answer came.
        case unanswered
        /// It waits to be sent, or to be sent again.
        case queued
        /// The answers contradict each other.
        case frozen
        /// It never left.
        case home
    }

    let record: RecordID
    let cell: PeriodCell
    let standing: Standing
    /// The version in force, and the last one that was to be sent.
    let inForce: Int?
    let lastSent: Int?
    /// The last one is a withdrawal that nobody has answered.
    let isLeaving: Bool
    /// An earlier version was rejected.
    let wasRejected: Bool
    /// The service, or the follow-up, that it is.
    let service: String?
    /// The national side's numbers of it.
    let serials: [String]

    init(_ record: RecordID, _ versions: [CaseVersion], in book: CaseBook) {
        self.record = record
        let standings = book.standings(of: versions)
        let accepted = standings.lastIndex(of: .accepted).map { versions[$0] }
        let sent = versions.last { $0.sent != nil }
        let isFrozen = zip(versions, standings).contains { $0.isDisputed && $1 == .held }
        cell = (accepted ?? sent ?? versions[versions.count - 1]).cell
        standing =
            isFrozen ? .frozen : accepted != nil ? .accepted : LedgerCase.standing(sent, in: book)
        inForce = accepted?.number
        service = (accepted ?? sent)?.sent?.traits.service
        lastSent = sent?.number
        isLeaving = sent.map { $0.isWithdrawal && $0.verdict == nil } ?? false
        wasRejected = versions.contains {
            $0.number != sent?.number && $0.verdict?.verdict == .rejected
        }
        serials = Array(Set(versions.compactMap { $0.verdict?.serial })).sorted()
    }

    /// Of a case without a version in force, by the last one that was to be sent.
    private static func standing(_ sent: CaseVersion?, in book: CaseBook) -> Standing {
        guard let sent else { return .home }
        switch sent.verdict?.verdict {
        case .accepted: return .withdrawn
        case .rejected: return .rejected
        case .reversed: return .reversed
        case .transient: return .queued
        case .unknown: return .unanswered
        case nil: break
        }
        guard let dispatch = sent.submission.flatMap({ book.dispatches[$0] }) else { return .home }
        switch dispatch.state {
        case .queued: return .queued
        case .unanswered: return .unanswered
        case .held: return dispatch.firstSentAt == nil ? .queued : .unanswered
        case .cancelled: return dispatch.firstSentAt == nil ? .home : .unanswered
        }
    }
}
