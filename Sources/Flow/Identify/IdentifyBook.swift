import Evidence
import Privacy
package import Records
package import Storage

/// Requests to find out who cases are about, as the ledger tells of them (身份还原登记).
package struct IdentifyBook: Sendable {
    /// One request and what became of it.
    struct Case: Sendable {
        /// `nil` where its text is no request: it was changed.
        let request: IdentifyRequest?
        let asked: Fact.Identified
        /// As it was signed: a line's own time bears no signature.
        let askedAt: Timestamp
        fileprivate(set) var approvals: [(fact: Fact.Identified, at: Timestamp)] = []
        fileprivate(set) var end: Fact.Identified.Step?
        fileprivate(set) var opened = 0
        fileprivate(set) var revealed: [RecordID] = []
        /// Who looked into it once it was over.
        fileprivate(set) var reviewed: Fact.Identified?
        /// Somebody looked into it before it was over, as an earlier version let him: it counts for
        /// nothing, and nothing goes on after it.
        fileprivate(set) var isReviewedEarly = false
        /// Numbers of its lines in the ledger, and the latest time that they bear.
        fileprivate(set) var lines: [Int64]
        fileprivate(set) var latest: Timestamp
        /// Whether a line's time is another than the one that was signed.
        fileprivate(set) var isMoved: Bool

        fileprivate init(_ fact: Fact.Identified, _ entry: Ledger.Entry) {
            request = fact.text.flatMap(IdentifyRequest.init(canonical:))
            asked = fact
            askedAt = request.flatMap { Timestamp(dateTime: $0.at) } ?? entry.at
            lines = []
            latest = entry.at
            isMoved = request.map { $0.at != entry.at.dateTime } ?? false
        }

        var id: String { asked.request }

        /// Whether the ledger has its end: it was closed, refused, or its time was over.
        var isOver: Bool { end != nil }

        /// With another step.
        fileprivate mutating func add(_ fact: Fact.Identified, _ entry: Ledger.Entry) {
            lines.append(entry.seq)
            latest = max(latest, entry.at)
            let words = fact.text.flatMap(IdentifyDecision.init(canonical:))
            if let words, words.at != entry.at.dateTime { isMoved = true }
            switch fact.step {
            case .approved:
                approvals.append((fact, words.flatMap { Timestamp(dateTime: $0.at) } ?? entry.at))
            case .refused, .closed, .expired: end = end ?? fact.step
            case .opened: opened += 1
            case .revealed: revealed += fact.records
            case .reviewed where isOver: reviewed = reviewed ?? fact
            case .reviewed: isReviewedEarly = true
            case .requested, .denied: break
            }
        }

        /// Whether the director stood in for somebody.
        var isBreakGlass: Bool {
            approvals.contains { approval in
                approval.fact.text.flatMap(IdentifyDecision.init(canonical:))?.role
                    == CustodyPerson.Role.director.rawValue
            }
        }

        /// When the second person approved it, and it could be opened.
        var approvedAt: Timestamp? { approvals.count > 1 ? approvals[1].at : nil }

        /// Until when it can be opened; `nil` before the second approval.
        var expires: Timestamp? {
            guard let request else { return nil }
            return approvedAt?.adding(seconds: Int64(request.minutes) * 60)
        }

        /// When it is over, unless somebody does something before.
        var lapses: Timestamp {
            expires ?? askedAt.adding(seconds: IdentifyBook.approvalSeconds)
        }

        func state(at now: Timestamp) -> State {
            switch end {
            case .closed: return .closed
            case .refused: return .refused
            case .expired: return .expired
            default: break
            }
            guard now <= lapses else { return .expired }
            return approvals.isEmpty ? .asked : approvals.count == 1 ? .half : .open
        }
    }

    /// How far a request is.
    package enum State: String, Sendable, Encodable, CaseIterable {
        /// Nobody has approved it yet.
        case asked
        /// One has.
        case half
        /// Two have, and it can be opened.
        case open
        case closed, refused, expired
    }

    /// What is not approved by two within a day lapses.
    static let approvalSeconds: Int64 = 86_400
    /// An emergency is looked into within 48 hours.
    package static let reviewSeconds: Int64 = 48 * 3600

    /// By month the number of its last line in the ledger that tells of identification.
    private(set) var lastLines: [CalendarMonth: Int64] = [:]
    /// In the order in which they were asked.
    private(set) var cases: [Case] = []
    /// Attempts that were not allowed.
    private(set) var denied: [(fact: Fact.Identified, at: Timestamp)] = []

    /// Throws `StorageFailure`, `DecodingError`.
    package init(in transaction: any Transaction) throws {
        for entry in try Ledger().entries(of: "identified", in: transaction) {
            guard case .identified(let fact) = entry.fact else { continue }
            add(fact, entry)
            lastLines[entry.at.day.month] = entry.seq
        }
    }

    private mutating func add(_ fact: Fact.Identified, _ entry: Ledger.Entry) {
        if fact.step == .denied { return denied.append((fact, entry.at)) }
        if fact.step == .requested { cases.append(Case(fact, entry)) }
        guard let place = cases.firstIndex(where: { $0.id == fact.request }) else { return }
        cases[place].add(fact, entry)
    }

    /// The latest time that a line of some request bears that is not over.
    var latestPending: Timestamp? { cases.filter { !$0.isOver }.map(\.latest).max() }

    func found(_ id: String) -> Case? { cases.first { $0.id == id } }

    /// Emergencies that nobody has looked into yet: their ids, and since when.
    package var openReviews: [(id: String, since: Timestamp)] {
        cases.filter { $0.isBreakGlass && $0.reviewed == nil }.map { found in
            (found.id, found.approvals.first?.at ?? found.askedAt)
        }
    }

    /// An emergency that is to be reviewed.
    package static let toReview = CodeEntry(
        "N-BREAK-GLASS",
        what: Wording(
            zh: "紧急身份还原：负责人替代了一位审批人，48 小时内要复核。",
            en: "An emergency identification: the director stood in; it is reviewed in 48 hours."),
        next: Wording(
            zh: "用完先关闭（shangbao identify close 编号），再由未参与的人复核：shangbao identify review 编号 "
                + "--because 结论 --by 姓名 --key 私钥。",
            en: "Close it once it was used (shangbao identify close ID); then somebody who had no "
                + "part reviews it: shangbao identify review ID --because ... --by NAME --key "
                + "FILE."))
    /// One that was not reviewed in time.
    package static let lateReview = CodeEntry(
        "N-BREAK-GLASS-LATE",
        what: Wording(
            zh: "紧急身份还原超过 48 小时没有复核。",
            en: "An emergency identification was not reviewed within 48 hours."),
        next: toReview.next)
}
