package import Evidence
package import Records

/// What became of every case of one programme: the fold over the ledger that all totals come from.
///
/// Holds record ids, institutions, days and pseudonyms, never a personal value. Feed it every fact
/// in the ledger's order; it remembers one small note a version.
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
        /// SHA-256 of the content of the mapping that its records came by, hex.
        package let mappingDigest: String
        package let queuedAt: Timestamp
        /// The first moment from which it may have been sent.
        package let firstSentAt: Timestamp?
        /// Sends that were begun.
        package let attempts: Int
        package let state: DispatchState
    }

    package let programme: String
    /// Every version of every case, oldest first.
    package var cases: BookedCases { BookedCases(shelf: shelf) }
    package var dispatches: BookedDispatches { BookedDispatches(shelf: shelf) }
    /// Rows that belong to no version: their case could not be read, or they were older copies.
    package var looseRows: [KeptEntry] { shelf.looseRows.map { shelf.entry($0) } }
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
    /// What is behind all of this.
    private(set) var shelf = BookShelf()

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
            shelf.change(onWire.submission) { dispatch in
                dispatch.state = .unanswered
                dispatch.attempts += 1
                if dispatch.firstSentAt == nil { dispatch.firstSentAt = moment }
            }
        case .attempted(let attempted):
            shelf.change(attempted.submission) {
                $0.state = CaseBook.state(named: attempted.state)
            }
        case .acknowledged(let acknowledged):
            add(acknowledged, seq: seq)
        case .intervened(let intervened): add(intervened)
        case .receiptKept(let kept):
            if let submission = kept.submission, kept.disposition == "applied" {
                shelf.change(submission) { $0.arrived() }
            }
        case .disputed(let disputed):
            guard let record = shelf.number(of: disputed.record) else { return }
            change(record, disputed.version) { version, _ in version.isDisputed = true }
        case .decided(let decided): add(decided, seq: seq)
        case .reversed(let reversed): add(reversed, seq: seq)
        case .received, .refused, .abandoned, .dropped, .renumbered, .handedOut, .listKept,
            .resent, .attended, .keyringSeen, .reconciled, .switched, .approved, .differed,
            .differenceHandled, .settled, .signedOff, .audited, .erased, .identified,
            .recipientTaken, .backupTried, .rekeyed, .warned,
            .rewrapped, .personKey, .published:
            break
        case .counted(let counted):
            if counted.programme == programme { sourceCounts.add(counted) }
        }
    }

    /// Rows that are neither known already nor a version nor a loose row: more than 0 means that
    /// something was lost.
    package var rowsWithoutFate: Int {
        max(0, rowsRead - rowsUnchanged - takenByRow)
    }

    /// Cases of a year that are in force by a list of results alone.
    package func unsigned(in year: Int) -> Int {
        (0..<UInt32(shelf.newest.count)).count { record in
            var isUnsigned = false
            shelf.eachStanding(of: record) { version, standing in
                if standing == .accepted, shelf.answer(version)?.grade == .unsigned {
                    let cell = shelf.cell(of: version)
                    isUnsigned = isUnsigned || (cell.isKnown && Int(cell.year) == year)
                }
            }
            return isUnsigned
        }
    }

    /// The standings of a case's versions, oldest first.
    package func standings(of versions: [CaseVersion]) -> [BalanceClass] {
        Settlements.standings(of: versions) { shelf.dispatch($0)?.state ?? .queued }
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

// MARK: - Rows and submissions

extension CaseBook {
    private mutating func add(_ taken: Fact.Taken) {
        rowsRead += taken.rows
        rowsUnchanged += taken.unchanged
        let intake = shelf.number(of: taken.intake)
        for row in taken.kept {
            // A fate that this program does not know waits for a person.
            let fate = BalanceClass(rawValue: row.fate) ?? .held
            let note = shelf.note(of: row, intake: intake, fate: fate)
            // An older copy is a row of its own: it must not shadow the version that it repeats.
            if let record = row.record, row.version > 0, fate != .superseded {
                change(shelf.add(record), row.version) { version, shelf in
                    version.kept = shelf.add(kept: note)
                    version.intake = intake
                    version.row = note.row
                }
            } else {
                shelf.add(loose: note)
                self.taken += 1
            }
        }
    }

    private mutating func add(_ enqueued: Fact.Enqueued, at moment: Timestamp) {
        let submission = shelf.add(enqueued, at: moment)
        let intake = enqueued.intake.map { shelf.number(of: $0) }
        let before = taken
        defer { if enqueued.isWithoutRows == true { versionsWithoutRow += taken - before } }
        for (place, record) in enqueued.records.enumerated() {
            change(shelf.add(record.record), record.version) { version, shelf in
                shelf.note(record, in: &version)
                if let intake, let row = enqueued.rows?[place], row > 0 {
                    version.intake = intake
                    version.row = Int32(clamping: row)
                }
                // What was accepted and is resent rests on its receipt until another one comes.
                let verdict = shelf.verdict(version)?.verdict
                guard verdict != .accepted else { return }
                version.submission = submission
                if verdict != .reversed { version.verdict = noNumber }
            }
        }
    }

    private mutating func add(_ intervened: Fact.Intervened) {
        shelf.change(intervened.submission) { dispatch in
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
    }

    /// A refusal of the whole document was mended: its records go again in a new submission.
    private mutating func repack(_ submission: SubmissionID) {
        guard let number = shelf.submissions.find(submission.text) else { return }
        for record in 0..<UInt32(shelf.newest.count) {
            guard let last = newestSent(of: record), shelf.versions[last].submission == number,
                let verdict = shelf.verdict(shelf.versions[last]), verdict.verdict == .rejected
            else { continue }
            let id = RecordID(shelf.records[record])
            let version = Int(shelf.versions[last].number)
            change(record, version) { note, shelf in
                shelf.note(
                    RecordVerdict(
                        record: id, version: version, verdict: .transient, code: verdict.code),
                    in: &note)
            }
        }
    }

    private func newestSent(of record: UInt32) -> UInt32? {
        var place = shelf.newest[record]
        while place != noNumber, !shelf.versions[place].isSent {
            place = shelf.versions[place].older
        }
        return place == noNumber ? nil : place
    }

    /// Records that were to go again stay at home: the clinic took them back.
    private mutating func recall(_ records: [RecordID], from submission: SubmissionID) {
        guard let number = shelf.submissions.find(submission.text) else { return }
        for record in records {
            guard let record = shelf.number(of: record) else { continue }
            var place = shelf.newest[record]
            while place != noNumber, shelf.versions[place].submission != number {
                place = shelf.versions[place].older
            }
            if place != noNumber { shelf.versions[place].isRecalled = true }
        }
    }
}

// MARK: - Answers

extension CaseBook {
    private mutating func add(_ acknowledged: Fact.Acknowledged, seq: Int64) {
        guard shelf.dispatch(acknowledged.submission) != nil else { return }
        shelf.change(acknowledged.submission) { $0.arrived() }
        let submission = shelf.number(of: acknowledged.submission)
        let answer = shelf.addAnswer(
            receipt: acknowledged.receipt, seq: seq, grade: acknowledged.grade)
        for verdict in acknowledged.verdicts {
            guard let record = shelf.number(of: verdict.record),
                let place = shelf.place(of: verdict.version, in: record)
            else { continue }
            var version = shelf.versions[place]
            let known = shelf.verdict(version)?.verdict
            // What was taken back stays so, whatever the same version is called elsewhere.
            guard known != .reversed else { continue }
            let grade = shelf.answer(version)?.grade
            // What is signed stands, whatever a list says, and takes a list's place.
            let isSigned = grade == nil && (known == .accepted || known == .rejected)
            guard acknowledged.grade == nil || !isSigned else { continue }
            let replaces =
                grade == .unsigned && acknowledged.grade == nil
                && [.accepted, .rejected].contains(verdict.verdict)
            // A late word about an earlier send counts only if it is an acceptance.
            guard replaces || version.submission == submission || verdict.verdict == .accepted
            else { continue }
            if replaces { version.isDisputed = false }
            shelf.note(verdict, in: &version)
            version.submission = submission
            version.answer = answer
            shelf.versions[place] = version
        }
    }

    private mutating func add(_ decided: Fact.Decided, seq: Int64) {
        guard let record = shelf.number(of: decided.verdict.record) else { return }
        change(record, decided.verdict.version) { version, shelf in
            version.isDisputed = false
            shelf.note(decided.verdict, in: &version)
            version.submission = shelf.number(of: decided.submission)
            version.answer = shelf.addAnswer(
                receipt: decided.receipt, seq: seq, grade: decided.grade)
        }
    }

    private mutating func add(_ reversed: Fact.Reversed, seq: Int64) {
        guard let record = shelf.number(of: reversed.record) else { return }
        shelf.change(reversed.submission) { $0.arrived() }
        change(record, reversed.version) { version, shelf in
            // A signed answer settles what lists said both ways.
            let wasUnsigned = shelf.answer(version)?.grade == .unsigned
            // An acceptance of the same version by another submission is taken back with it.
            shelf.note(
                RecordVerdict(
                    record: reversed.record, version: reversed.version, verdict: .reversed,
                    code: reversed.code), in: &version)
            version.submission = shelf.number(of: reversed.submission)
            version.answer = shelf.addAnswer(receipt: reversed.receipt, seq: seq, grade: nil)
            version.isDisputed = version.isDisputed && !wasUnsigned
        }
    }

    /// Changes a version, which is made where it is new.
    private mutating func change(
        _ record: UInt32, _ number: Int, _ body: (inout VersionNote, inout BookShelf) -> Void
    ) {
        let (place, isNew) = shelf.add(version: number, to: record)
        if isNew { taken += 1 }
        var version = shelf.versions[place]
        body(&version, &shelf)
        shelf.versions[place] = version
    }
}
