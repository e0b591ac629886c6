package import Evidence
package import Records

/// What became of every case of one programme: the fold over the ledger that all totals come from.
///
/// Holds record ids, institutions, days and pseudonyms, never a personal value. Feed it every fact
/// in the ledger's order; it remembers one small entry a version.
package struct CaseBook: Sendable {
    /// One submission as the ledger tells it.
    package struct Dispatch: Sendable {
        package let submission: SubmissionID
        /// SHA-256 and SM3 of the submission's bytes, hex.
        package let digest: String
        package let digestSM3: String
        package let profile: String
        package let suite: String
        package let signingKey: String
        package let queuedAt: Timestamp
        /// The first moment from which it may have been sent.
        package internal(set) var firstSentAt: Timestamp?
        /// Sends that were begun.
        package internal(set) var attempts = 0
        package internal(set) var state = DispatchState.queued
    }

    package let programme: String
    /// Every version of every case, oldest first.
    package private(set) var cases: [RecordID: [CaseVersion]] = [:]
    package private(set) var dispatches: [SubmissionID: Dispatch] = [:]
    /// Rows that belong to no version: their case could not be read, or they were older copies.
    package private(set) var looseRows: [KeptEntry] = []
    /// Rows of all items, those known already, and those that were not sent.
    package private(set) var rowsRead = 0
    package private(set) var rowsUnchanged = 0
    package private(set) var rowsKept = 0
    /// Versions that were queued at least once.
    package private(set) var versionsSent = 0
    private let isOurs: @Sendable (String) -> Bool
    private var intakes: Set<IntakeID> = []

    /// - Parameters:
    ///   - programme: submissions of other programmes are left out.
    ///   - isOurs: whether a mapping (`name@version`) reads this programme, so that rows of other
    ///     programmes' items are left out too.
    package init(
        programme: String, isOurs: @escaping @Sendable (_ mapping: String) -> Bool = { _ in true }
    ) {
        self.programme = programme
        self.isOurs = isOurs
    }

    /// Adds the next fact.
    ///
    /// - Parameters:
    ///   - seq: the fact's number in the ledger.
    ///   - moment: when it was written.
    package mutating func add(_ fact: Fact, seq: Int64, at moment: Timestamp) {
        switch fact {
        case .arrived(let arrived):
            if isOurs(arrived.mapping) { intakes.insert(arrived.intake) }
        case .taken(let taken):
            if intakes.contains(taken.intake) { add(taken) }
        case .enqueued(let enqueued):
            if enqueued.programme == programme { add(enqueued, at: moment) }
        case .onWire(let onWire):
            change(onWire.submission) { dispatch in
                dispatch.state = .unanswered
                dispatch.attempts += 1
                if dispatch.firstSentAt == nil { dispatch.firstSentAt = moment }
            }
        case .attempted(let attempted):
            change(attempted.submission) { $0.state = CaseBook.state(named: attempted.state) }
        case .acknowledged(let acknowledged):
            add(acknowledged, seq: seq)
        case .intervened(let intervened):
            change(intervened.submission) { dispatch in
                switch intervened.step {
                case "held": dispatch.state = .held
                case "cancelled": dispatch.state = .cancelled
                default: dispatch.state = .queued
                }
            }
        case .disputed(let disputed):
            guard cases[disputed.record] != nil else { return }
            change(disputed.record, disputed.version) { $0.isDisputed = true }
        case .received, .refused, .receiptKept, .approved, .settled:
            break
        }
    }

    /// Rows that were to be sent and of which no version was ever queued: more than 0 means that
    /// something was lost.
    package var rowsWithoutFate: Int {
        max(0, rowsRead - rowsUnchanged - rowsKept - versionsSent)
    }

    /// The standings of a case's versions, oldest first.
    package func standings(of versions: [CaseVersion]) -> [CaseStanding] {
        Settlements.standings(of: versions) { dispatches[$0]?.state ?? .queued }
    }

    private mutating func add(_ taken: Fact.Taken) {
        rowsRead += taken.rows
        rowsUnchanged += taken.unchanged
        rowsKept += taken.kept.count
        for row in taken.kept {
            // A fate that this program does not know waits for a person.
            let fate = CaseStanding(rawValue: row.fate) ?? .held
            let entry = KeptEntry(
                intake: taken.intake, row: row.row, fate: fate, codes: row.findings.map(\.code),
                cell: PeriodCell(institution: row.institution, month: row.month))
            // An older copy is a row of its own: it must not shadow the version that it repeats.
            if let record = row.record, fate != .superseded {
                change(record, row.version) { $0.kept = entry }
            } else {
                looseRows.append(entry)
            }
        }
    }

    private mutating func add(_ enqueued: Fact.Enqueued, at moment: Timestamp) {
        dispatches[enqueued.submission] = Dispatch(
            submission: enqueued.submission, digest: enqueued.digest,
            digestSM3: enqueued.digestSM3, profile: enqueued.profile, suite: enqueued.suite,
            signingKey: enqueued.signingKey, queuedAt: moment)
        for record in enqueued.records {
            var isNew = false
            change(record.record, record.version) { version in
                isNew = version.sent == nil
                version.sent = record
                version.submission = enqueued.submission
                if !version.isAccepted { version.verdict = nil }
            }
            if isNew { versionsSent += 1 }
        }
    }

    private mutating func add(_ acknowledged: Fact.Acknowledged, seq: Int64) {
        guard dispatches[acknowledged.submission] != nil else { return }
        for verdict in acknowledged.verdicts {
            guard let known = cases[verdict.record],
                known.contains(where: { $0.number == verdict.version })
            else { continue }
            change(verdict.record, verdict.version) { version in
                // A late word about an earlier send counts only if it is an acceptance.
                guard
                    version.submission == acknowledged.submission || verdict.verdict == .accepted
                else { return }
                version.verdict = verdict
                version.submission = acknowledged.submission
                version.receipt = acknowledged.receipt
                version.verdictSeq = seq
            }
        }
    }

    private mutating func change(_ submission: SubmissionID, _ body: (inout Dispatch) -> Void) {
        guard var dispatch = dispatches[submission] else { return }
        body(&dispatch)
        dispatches[submission] = dispatch
    }

    /// Changes a version, which is made where it is new.
    private mutating func change(
        _ record: RecordID, _ number: Int, _ body: (inout CaseVersion) -> Void
    ) {
        var versions = cases.removeValue(forKey: record) ?? []
        var index = versions.count
        while index > 0, versions[index - 1].number >= number { index -= 1 }
        if index == versions.count || versions[index].number != number {
            versions.insert(CaseVersion(number: number), at: index)
        }
        body(&versions[index])
        cases[record] = versions
    }

    private static func state(named name: String) -> DispatchState {
        switch name {
        case "queued": .queued
        case "held": .held
        case "cancelled": .cancelled
        default: .unanswered
        }
    }
}
