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

        /// A receipt came: the other side has it, whatever we thought.
        mutating func arrived() {
            if state == .queued { state = .unanswered }
        }
    }

    package let programme: String
    /// Every version of every case, oldest first.
    package private(set) var cases: [RecordID: [CaseVersion]] = [:]
    package private(set) var dispatches: [SubmissionID: Dispatch] = [:]
    /// Rows that belong to no version: their case could not be read, or they were older copies.
    package private(set) var looseRows: [KeptEntry] = []
    /// What the clinics count themselves.
    package private(set) var sourceCounts = SourceCounts()
    /// The files that were taken, by item.
    package private(set) var items: [IntakeID: Fact.Arrived] = [:]
    /// Rows of all items, and those among them that were known already.
    package private(set) var rowsRead = 0
    package private(set) var rowsUnchanged = 0
    /// Versions of all cases, and loose rows: what was taken.
    package private(set) var taken = 0
    /// Those among them that came by a row of an item.
    package var takenByRow: Int { taken - versionsWithoutRow }
    /// Withdrawals that follow from another, and what was reported anew.
    private var versionsWithoutRow = 0
    private let isOurs: @Sendable (String) -> Bool

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
            if isOurs(arrived.mapping) { items[arrived.intake] = arrived }
        case .taken(let taken):
            if items[taken.intake] != nil { add(taken) }
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
                // What may have been sent is asked for, not sent again.
                case "released": dispatch.state = dispatch.attempts > 0 ? .unanswered : .queued
                case "retried": dispatch.state = .queued
                // What was cancelled is packed anew when its time comes.
                case "repacked" where dispatch.state == .cancelled: dispatch.state = .queued
                default: break
                }
            }
            if intervened.step == "repacked" { repack(intervened.submission) }
            if intervened.step == "recalled" {
                recall(intervened.records ?? [], from: intervened.submission)
            }
        case .receiptKept(let kept):
            if let submission = kept.submission, kept.disposition == "applied" {
                change(submission) { $0.arrived() }
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
        case .reversed(let reversed): add(reversed, seq: seq)
        case .received, .refused, .abandoned, .dropped, .renumbered, .handedOut, .listKept,
            .resent, .attended, .keyringSeen, .reconciled, .switched, .approved, .differed,
            .differenceHandled, .settled:
            break
        case .counted(let counted): add(counted)
        }
    }

    /// Rows that are neither known already nor a version nor a loose row: more than 0 means that
    /// something was lost.
    package var rowsWithoutFate: Int {
        max(0, rowsRead - rowsUnchanged - takenByRow)
    }

    /// Cases of a year that are in force by a list of results alone.
    package func unsigned(in year: Int) -> Int {
        cases.values.count { versions in
            zip(versions, standings(of: versions)).contains { version, standing in
                standing == .accepted && version.grade == .unsigned
                    && version.cell.month?.year == year
            }
        }
    }

    /// The standings of a case's versions, oldest first.
    package func standings(of versions: [CaseVersion]) -> [BalanceClass] {
        Settlements.standings(of: versions) { dispatches[$0]?.state ?? .queued }
    }

    private mutating func add(_ counted: Fact.Counted) {
        if counted.programme == programme { sourceCounts.add(counted) }
    }

    private mutating func add(_ taken: Fact.Taken) {
        rowsRead += taken.rows
        rowsUnchanged += taken.unchanged
        for row in taken.kept {
            // A fate that this program does not know waits for a person.
            let fate = BalanceClass(rawValue: row.fate) ?? .held
            let entry = KeptEntry(
                intake: taken.intake, row: row.row, fate: fate, codes: row.findings.map(\.code),
                cell: PeriodCell(institution: row.institution, month: row.month),
                traits: row.traits)
            // An older copy is a row of its own: it must not shadow the version that it repeats.
            if let record = row.record, row.version > 0, fate != .superseded {
                change(record, row.version) { version in
                    version.kept = entry
                    version.source = SourceRow(intake: entry.intake, row: entry.row)
                }
            } else {
                looseRows.append(entry)
                self.taken += 1
            }
        }
    }

    private mutating func add(_ enqueued: Fact.Enqueued, at moment: Timestamp) {
        dispatches[enqueued.submission] = Dispatch(
            submission: enqueued.submission, digest: enqueued.digest,
            digestSM3: enqueued.digestSM3, profile: enqueued.profile, suite: enqueued.suite,
            signingKey: enqueued.signingKey, queuedAt: moment)
        let before = taken
        defer { if enqueued.isWithoutRows == true { versionsWithoutRow += taken - before } }
        for (place, record) in enqueued.records.enumerated() {
            change(record.record, record.version) { version in
                version.sent = record
                if let intake = enqueued.intake, let row = enqueued.rows?[place], row > 0 {
                    version.source = SourceRow(intake: intake, row: row)
                }
                // What was accepted and is resent rests on its receipt until another one comes.
                guard !version.isAccepted else { return }
                version.submission = enqueued.submission
                if !version.isReversed { version.verdict = nil }
            }
        }
    }

    /// A refusal of the whole document was mended: its records go again in a new submission.
    private mutating func repack(_ submission: SubmissionID) {
        for (record, versions) in cases {
            guard let last = versions.last(where: { $0.sent != nil }),
                last.submission == submission, let verdict = last.verdict,
                verdict.verdict == .rejected
            else { continue }
            change(record, last.number) {
                $0.verdict = RecordVerdict(
                    record: record, version: verdict.version, verdict: .transient,
                    code: verdict.code)
            }
        }
    }

    /// Records that were to go again stay at home: the clinic took them back.
    private mutating func recall(_ records: [RecordID], from submission: SubmissionID) {
        for record in records {
            guard let version = cases[record]?.last(where: { $0.submission == submission }) else {
                continue
            }
            change(record, version.number) { $0.isRecalled = true }
        }
    }

    private mutating func add(_ acknowledged: Fact.Acknowledged, seq: Int64) {
        guard dispatches[acknowledged.submission] != nil else { return }
        change(acknowledged.submission) { $0.arrived() }
        for verdict in acknowledged.verdicts {
            guard let known = cases[verdict.record],
                known.contains(where: { $0.number == verdict.version })
            else { continue }
            change(verdict.record, verdict.version) { version in
                // What was taken back stays so, whatever the same version is called elsewhere.
                guard !version.isReversed else { return }
                // What is signed stands, whatever a list says, and takes a list's place.
                guard acknowledged.grade == nil || !version.isSigned else { return }
                let replaces =
                    version.grade == .unsigned && acknowledged.grade == nil
                    && [.accepted, .rejected].contains(verdict.verdict)
                // A late word about an earlier send counts only if it is an acceptance.
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

    private mutating func add(_ reversed: Fact.Reversed, seq: Int64) {
        guard cases[reversed.record] != nil else { return }
        change(reversed.submission) { $0.arrived() }
        change(reversed.record, reversed.version) { version in
            // A signed answer settles what lists said both ways.
            let wasUnsigned = version.grade == .unsigned
            // An acceptance of the same version by another submission is taken back with it.
            version.verdict = RecordVerdict(
                record: reversed.record, version: reversed.version, verdict: .reversed,
                code: reversed.code)
            version.submission = reversed.submission
            version.receipt = reversed.receipt
            version.grade = nil
            version.isDisputed = version.isDisputed && !wasUnsigned
            version.verdictSeq = seq
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
            taken += 1
        }
        body(&versions[index])
        cases[record] = versions
    }

    /// A state of a submission by the name that the facts bear (RELIABILITY 3.3).
    private static func state(named name: String) -> DispatchState {
        switch name {
        case "due", "leased": .queued
        case "held": .held
        case "cancelled": .cancelled
        default: .unanswered
        }
    }
}
