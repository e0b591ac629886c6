import Evidence
import Records
import Settlements

/// The fold over the ledger as one would write it first: dictionaries of what the facts say, with
/// nothing made small or fast. What `CaseBook` keeps must mean the same.
struct PlainBook {
    struct Version {
        let number: Int
        var kept: (row: Fact.KeptRow, intake: IntakeID)?
        var sent: SubmittedRecord?
        var source: (intake: IntakeID, row: Int)?
        var submission: SubmissionID?
        var verdict: RecordVerdict?
        var receipt: String?
        var verdictSeq: Int64 = 0
        var grade: AnswerGrade?
        var isDisputed = false
        var isRecalled = false

        var isAccepted: Bool { verdict?.verdict == .accepted }
        var isReversed: Bool { verdict?.verdict == .reversed }
        var isWithdrawal: Bool { sent?.action == .withdraw }
    }

    struct Dispatch {
        var firstSentAt: Timestamp?
        var attempts = 0
        var state = DispatchState.queued
    }

    private(set) var cases: [RecordID: [Version]] = [:]
    private(set) var dispatches: [SubmissionID: Dispatch] = [:]
    private(set) var loose: [(row: Fact.KeptRow, intake: IntakeID)] = []
    private(set) var taken = 0

    mutating func add(_ fact: Fact, seq: Int64, at moment: Timestamp) {
        switch fact {
        case .taken(let taken): add(taken)
        case .enqueued(let enqueued): add(enqueued)
        case .onWire(let onWire):
            dispatches[onWire.submission]?.state = .unanswered
            dispatches[onWire.submission]?.attempts += 1
            if dispatches[onWire.submission]?.firstSentAt == nil {
                dispatches[onWire.submission]?.firstSentAt = moment
            }
        case .acknowledged(let acknowledged): add(acknowledged, seq: seq)
        case .intervened(let intervened):
            let sends = dispatches[intervened.submission]?.attempts ?? 0
            switch intervened.step {
            case "held": dispatches[intervened.submission]?.state = .held
            case "released":
                dispatches[intervened.submission]?.state = sends > 0 ? .unanswered : .queued
            default: break
            }
        case .disputed(let disputed):
            guard cases[disputed.record] != nil else { return }
            change(disputed.record, disputed.version) { $0.isDisputed = true }
        case .decided(let decided):
            guard cases[decided.verdict.record] != nil else { return }
            change(decided.verdict.record, decided.verdict.version) { version in
                version.isDisputed = false
                version.verdict = decided.verdict
                version.submission = decided.submission
                version.receipt = decided.receipt
                version.grade = decided.grade
                version.verdictSeq = seq
            }
        case .reversed(let reversed):
            guard cases[reversed.record] != nil else { return }
            arrive(reversed.submission)
            change(reversed.record, reversed.version) { version in
                version.isDisputed = version.isDisputed && version.grade != .unsigned
                version.verdict = RecordVerdict(
                    record: reversed.record, version: reversed.version, verdict: .reversed,
                    code: reversed.code)
                version.submission = reversed.submission
                version.receipt = reversed.receipt
                version.grade = nil
                version.verdictSeq = seq
            }
        default: break
        }
    }

    private mutating func add(_ taken: Fact.Taken) {
        for row in taken.kept {
            if let record = row.record, row.version > 0, row.fate != "superseded" {
                change(record, row.version) { version in
                    version.kept = (row, taken.intake)
                    version.source = (taken.intake, row.row)
                }
            } else {
                loose.append((row, taken.intake))
                self.taken += 1
            }
        }
    }

    private mutating func add(_ enqueued: Fact.Enqueued) {
        dispatches[enqueued.submission] = Dispatch()
        for (place, record) in enqueued.records.enumerated() {
            change(record.record, record.version) { version in
                version.sent = record
                if let intake = enqueued.intake, let row = enqueued.rows?[place], row > 0 {
                    version.source = (intake, row)
                }
                guard !version.isAccepted else { return }
                version.submission = enqueued.submission
                if !version.isReversed { version.verdict = nil }
            }
        }
    }

    private mutating func add(_ acknowledged: Fact.Acknowledged, seq: Int64) {
        guard dispatches[acknowledged.submission] != nil else { return }
        arrive(acknowledged.submission)
        for verdict in acknowledged.verdicts {
            guard cases[verdict.record]?.contains(where: { $0.number == verdict.version }) == true
            else { continue }
            change(verdict.record, verdict.version) { version in
                let isFinal = version.isAccepted || version.verdict?.verdict == .rejected
                guard !version.isReversed,
                    acknowledged.grade == nil || version.grade != nil || !isFinal
                else { return }
                let replaces =
                    version.grade == .unsigned && acknowledged.grade == nil
                    && (verdict.verdict == .accepted || verdict.verdict == .rejected)
                guard
                    replaces || version.submission == acknowledged.submission
                        || verdict.verdict == .accepted
                else { return }
                if replaces { version.isDisputed = false }
                version.grade = acknowledged.grade
                version.verdict = verdict
                version.submission = acknowledged.submission
                version.receipt = acknowledged.receipt
                version.verdictSeq = seq
            }
        }
    }

    private mutating func arrive(_ submission: SubmissionID) {
        if dispatches[submission]?.state == .queued { dispatches[submission]?.state = .unanswered }
    }

    private mutating func change(
        _ record: RecordID, _ number: Int, _ body: (inout Version) -> Void
    ) {
        var versions = cases[record] ?? []
        if !versions.contains(where: { $0.number == number }) {
            versions.append(Version(number: number))
            versions.sort { $0.number < $1.number }
            taken += 1
        }
        for index in versions.indices where versions[index].number == number {
            body(&versions[index])
        }
        cases[record] = versions
    }
}

// MARK: - What follows from it

extension PlainBook {
    /// The records that are paid, in their order, and those that are not with the reason.
    ///
    /// - Parameter rule: one by which a claimant has one claim for each child order.
    func judged(by rule: FundingScheme) -> (paid: [String], unpaid: [String]) {
        var candidates: [(record: SubmittedRecord, seq: Int64, isFrozen: Bool)] = []
        for versions in cases.values {
            let said = versions.filter { $0.isAccepted || $0.isDisputed || $0.isReversed }
            guard let top = said.last, top.isDisputed || !top.isReversed, let record = top.sent
            else { continue }
            if top.isDisputed {
                let held = said.reversed().prefix { !$0.isReversed }
                let before = held.first { $0.isAccepted && !$0.isDisputed && !$0.isWithdrawal }
                candidates.append((before?.sent ?? record, (before ?? top).verdictSeq, true))
            } else if !top.isWithdrawal {
                candidates.append((record, top.verdictSeq, false))
            }
        }
        candidates.sort {
            ($0.record.servedOn, $0.seq, $0.record.record.text)
                < ($1.record.servedOn, $1.seq, $1.record.record.text)
        }
        var (paid, unpaid): ([String], [String]) = ([], [])
        var claims: Set<String> = []
        for (record, _, isFrozen) in candidates {
            let name = record.record.text
            switch rule.entitlement(of: record) {
            case .unpaid(let reason): unpaid.append("\(name) \(isFrozen ? .disputed : reason)")
            case .paid:
                guard let claimant = record.claimant, let order = record.childOrder else {
                    unpaid.append("\(name) \(UnpaidReason.claimUnknown)")
                    continue
                }
                if !claims.insert("\(claimant) \(order)").inserted {
                    unpaid.append("\(name) \(UnpaidReason.secondClaim)")
                } else if isFrozen {
                    unpaid.append("\(name) \(UnpaidReason.disputed)")
                } else {
                    paid.append(name)
                }
            }
        }
        return (paid, unpaid)
    }

    /// How many versions and loose rows stand in a cell.
    var cells: [String: Int] {
        var cells: [String: Int] = [:]
        for version in cases.values.joined() {
            if let sent = version.sent {
                cells["\(sent.institution) \(sent.servedOn.month)", default: 0] += 1
            } else {
                cells[PlainBook.cell(version.kept?.row), default: 0] += 1
            }
        }
        for row in loose { cells[PlainBook.cell(row.row), default: 0] += 1 }
        return cells
    }

    private static func cell(_ row: Fact.KeptRow?) -> String {
        guard let row, let institution = row.institution, let month = row.month else { return "-" }
        return "\(institution) \(month)"
    }
}
