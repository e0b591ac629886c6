package import Evidence
package import Records

/// The one class in which a version of a case ends (HOUSE 1.5).
package enum BalanceClass: String, Sendable, Codable, CaseIterable {
    case excluded, quarantined, queued, unanswered, held, accepted, rejected, withdrawn, superseded

    /// The class in both languages, for reports.
    package var title: Wording {
        switch self {
        case .excluded: Wording(zh: "不符合条件", en: "not eligible")
        case .quarantined: Wording(zh: "待更正", en: "to be corrected")
        case .queued: Wording(zh: "待报送", en: "queued")
        case .unanswered: Wording(zh: "未回执", en: "unanswered")
        case .held: Wording(zh: "暂缓", en: "held")
        case .accepted: Wording(zh: "已接收", en: "accepted")
        case .rejected: Wording(zh: "被退回", en: "rejected")
        case .withdrawn: Wording(zh: "已撤回", en: "withdrawn")
        case .superseded: Wording(zh: "已被替代", en: "superseded")
        }
    }
}

/// How far a submission is, as the ledger tells it.
package enum DispatchState: Sendable {
    case queued
    /// From the second commit before the send: it may have arrived.
    case unanswered
    case held
    case cancelled
}

/// A row that was not sent: what the exception list says about it.
package struct KeptEntry: Sendable {
    package let intake: IntakeID
    package let row: Int
    package let fate: BalanceClass
    /// The codes that decided or accompanied the fate, in the order of the findings.
    package let codes: [String]
    package let cell: PeriodCell
    /// On what its money turns, where the ledger says so.
    package let traits: SettlementTraits?
}

/// A row of a clinic's file (机构的行).
package struct SourceRow: Sendable, Hashable {
    package let intake: IntakeID
    /// As Excel counts.
    package let row: Int
}

/// One version of one case, with everything the ledger said about it.
package struct CaseVersion: Sendable {
    package let number: Int
    package var kept: KeptEntry?
    package var sent: SubmittedRecord?
    /// Where it came from; `nil` for what came by no row.
    package var source: SourceRow?
    /// The submission that carried it last.
    package var submission: SubmissionID?
    package var verdict: RecordVerdict?
    /// The receipt that brought the verdict, SHA-256 hex, and the ledger's number of that fact.
    package var receipt: String?
    package var verdictSeq: Int64 = 0
    /// Of that receipt; `nil` for a signed one.
    package var grade: AnswerGrade?
    package var isDisputed = false
    /// It was to go again, and the clinic took it back before it did.
    package var isRecalled = false

    init(number: Int) {
        self.number = number
    }

    /// Where this version is counted.
    package var cell: PeriodCell {
        if let sent {
            return PeriodCell(institution: sent.institution, month: sent.servedOn.month)
        }
        return kept?.cell ?? .unknown
    }

    /// The service that it is, of a programme that has several.
    var service: String? { sent?.traits.service ?? kept?.traits?.service }

    var isAccepted: Bool { verdict?.verdict == .accepted }
    /// Answered for good by a signed receipt: no list of results changes that.
    var isSigned: Bool { grade == nil && (isAccepted || verdict?.verdict == .rejected) }
    /// Accepted once, and taken back by the national side.
    var isReversed: Bool { verdict?.verdict == .reversed }
    var isWithdrawal: Bool { sent?.action == .withdraw }
}

/// The standings of all versions of one case, oldest first, in the same order.
///
/// - Parameters:
///   - versions: sorted by number, none twice.
///   - state: how far a submission is.
package func standings(
    of versions: [CaseVersion], state: (SubmissionID) -> DispatchState
) -> [BalanceClass] {
    var fold = StandingFold()
    var standings: [BalanceClass] = []
    standings.reserveCapacity(versions.count)
    for version in versions.reversed() {
        standings.append(
            fold.next(
                VersionTurn(
                    isDisputed: version.isDisputed, isRecalled: version.isRecalled,
                    isSent: version.sent != nil, isWithdrawal: version.isWithdrawal,
                    verdict: version.verdict?.verdict, state: version.submission.map(state),
                    kept: version.kept?.fate)))
    }
    return standings.reversed()
}

/// On what the standing of a version turns, beside the versions after it.
struct VersionTurn {
    let isDisputed: Bool
    let isRecalled: Bool
    let isSent: Bool
    let isWithdrawal: Bool
    let verdict: Verdict?
    /// Of the submission that carried it last.
    let state: DispatchState?
    /// Of its row, where that stayed at home.
    let kept: BalanceClass?
}

/// Goes through a case from the newest version to the oldest: what came after a version decides
/// what it is now.
///
/// An accepted version is in force until a later one is accepted: an amendment leaves it
/// superseded, a withdrawal leaves it withdrawn. One that the national side took back leaves what
/// was in force before it superseded too: nobody says that it holds again.
struct StandingFold {
    /// Whether the next version that was accepted, once at least, is a withdrawal.
    private var isNextWithdrawal: Bool?
    private var isSentLater = false
    private var hasLater = false

    /// The standing of the version before the last one.
    mutating func next(_ version: VersionTurn) -> BalanceClass {
        let standing = standing(of: version)
        if version.verdict == .accepted || version.verdict == .reversed {
            isNextWithdrawal = version.isWithdrawal
        }
        isSentLater = isSentLater || version.isSent
        hasLater = true
        return standing
    }

    private func standing(of version: VersionTurn) -> BalanceClass {
        if version.isDisputed { return replaced ?? .held }
        if version.isRecalled, version.verdict == nil || version.verdict == .transient {
            return hasLater ? .superseded : .held
        }
        switch version.verdict {
        case .accepted: return version.isWithdrawal ? .withdrawn : replaced ?? .accepted
        case .rejected, .reversed: return hasLater ? .superseded : .rejected
        case .unknown: return hasLater ? .superseded : .held
        case .transient: return isSentLater ? .superseded : .queued
        case nil: break
        }
        switch version.state {
        case .queued: return .queued
        case .unanswered: return .unanswered
        case .held: return .held
        // Nothing of it left: it waits at home for a person, like any other held version.
        case .cancelled: return hasLater ? .superseded : .held
        case nil: return hasLater ? .superseded : version.kept ?? .held
        }
    }

    /// What a later acceptance makes of a version; `nil` where there is none.
    private var replaced: BalanceClass? {
        isNextWithdrawal.map { $0 ? .withdrawn : .superseded }
    }
}
