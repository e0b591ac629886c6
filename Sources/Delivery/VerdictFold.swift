import Evidence
import Records
import Storage

/// What the ledger says of frozen and decided versions, and by which receipts there are verdicts.
///
/// Remembers only what people decided and one line a receipt: the verdicts themselves are compared
/// as they are read.
struct VerdictFold {
    private struct Version: Hashable {
        let submission: SubmissionID
        let record: RecordID
        let version: Int
    }

    /// One version of a record, whichever submission carried it.
    private struct Case: Hashable {
        let record: RecordID
        let version: Int
    }

    private struct Source: Hashable {
        let submission: String
        let receipt: String
    }

    /// Frozen now, by the ledger.
    private var frozen: Set<Version> = []
    /// Taken back, by the ledger: in whatever submission the version was accepted.
    private var reversed: Set<Case> = []
    /// What a person last decided.
    private var decided: [Version: Verdict] = [:]
    private var sources: Set<Source> = []
    /// Answered for good by a signed receipt: what unsigned ones said of them counts no more.
    private var signed: Set<Version> = []
    /// Refused as a whole, and offered for packing anew.
    private var repacked: Set<SubmissionID> = []

    /// Throws `StorageFailure`, `DecodingError`.
    init(in transaction: any Transaction) throws {
        let ledger = Ledger()
        for entry in try ledger.entries(of: "acknowledged", in: transaction) {
            guard case .acknowledged(let fact) = entry.fact else { continue }
            note(fact)
        }
        var turns = try ledger.entries(of: "disputed", in: transaction)
        turns += try ledger.entries(of: "decided", in: transaction)
        turns += try ledger.entries(of: "reversed", in: transaction)
        for entry in turns.sorted(by: { $0.seq < $1.seq }) {
            switch entry.fact {
            case .disputed(let fact):
                let version = Version(
                    submission: fact.submission, record: fact.record, version: fact.version)
                if !isOutdone(version, fact.grade) { frozen.insert(version) }
            case .decided(let fact):
                let version = Version(
                    submission: fact.submission, record: fact.verdict.record,
                    version: fact.verdict.version)
                if isOutdone(version, fact.grade) { continue }
                frozen.remove(version)
                if fact.verdict.verdict == .reversed {
                    reversed.insert(Case(record: version.record, version: version.version))
                }
                decided[version] = fact.verdict.verdict
                sources.insert(
                    Source(submission: fact.submission.text, receipt: fact.receipt))
            case .reversed(let fact):
                let version = Version(
                    submission: fact.submission, record: fact.record, version: fact.version)
                reversed.insert(Case(record: fact.record, version: fact.version))
                decided[version] = nil
                sources.insert(
                    Source(submission: fact.submission.text, receipt: fact.receipt))
            default: break
            }
        }
        for entry in try ledger.entries(
            of: "intervened", holding: "\"step\":\"repacked\"", in: transaction)
        {
            if case .intervened(let fact) = entry.fact { repacked.insert(fact.submission) }
        }
    }

    private mutating func note(_ fact: Fact.Acknowledged) {
        sources.insert(Source(submission: fact.submission.text, receipt: fact.receipt))
        guard fact.grade == nil else { return }
        for verdict in fact.verdicts where [.accepted, .rejected].contains(verdict.verdict) {
            signed.insert(
                Version(
                    submission: fact.submission, record: verdict.record, version: verdict.version))
        }
    }

    /// Whether it was said by unsigned answers, and a signed one says what holds.
    private func isOutdone(_ version: Version, _ grade: AnswerGrade?) -> Bool {
        grade == .unsigned && signed.contains(version)
    }

    /// Versions of which the ledger knows another verdict than the one that counts.
    func contradicted(in transaction: any Transaction) throws -> [String] {
        var found: [String] = []
        for entry in try Ledger().entries(of: "acknowledged", in: transaction) {
            guard case .acknowledged(let fact) = entry.fact else { continue }
            let states = try states(of: fact.submission, in: transaction)
            for verdict in fact.verdicts {
                let version = Version(
                    submission: fact.submission, record: verdict.record,
                    version: verdict.version)
                guard let state = states[version] else {
                    found.append("\(fact.submission.text)/\(verdict.record.text)")
                    continue
                }
                if isOutdone(version, fact.grade) { continue }
                if !follows(state, verdict.verdict, version) {
                    found.append("\(fact.submission.text)/\(verdict.record.text)")
                }
            }
            if found.count >= Invariant.mostFound { break }
        }
        return found
    }

    /// Whether a state may be what became of a verdict.
    private func follows(_ state: ItemState, _ verdict: Verdict, _ version: Version) -> Bool {
        if state == .disputed { return frozen.contains(version) }
        if state == .reversed {
            return reversed.contains(Case(record: version.record, version: version.version))
        }
        if let decided = decided[version] { return state.rawValue == decided.rawValue }
        switch verdict {
        case .accepted: return state == .accepted
        case .rejected:
            let goesAgain = state == .transient || state == .repacked || state == .accepted
            return state == .rejected || (goesAgain && repacked.contains(version.submission))
        case .reversed: return false
        // What was to go again may have been taken back by the clinic.
        case .transient: return state != .open
        case .unknown: return state != .open && state != .void
        }
    }

    private func states(of submission: SubmissionID, in transaction: any Transaction)
        throws -> [Version: ItemState]
    {
        var states: [Version: ItemState] = [:]
        for row in try transaction.run(
            "SELECT record, version, state FROM item WHERE submission = \(submission.text)")
        {
            guard let state = ItemState(rawValue: try row.text(2)) else {
                throw StorageFailure(.unexpectedColumn("state"))
            }
            states[
                Version(
                    submission: submission, record: RecordID(try row.text(0)),
                    version: try row.int(1))] = state
        }
        return states
    }

    /// Items whose verdict or freeze no fact tells of.
    func unfounded(in transaction: any Transaction) throws -> [String] {
        var found: [String] = []
        for row in try transaction.run(
            """
            SELECT DISTINCT submission, coalesce(receipt, '') FROM item
            WHERE state IN ('accepted', 'rejected') ORDER BY 1, 2
            """)
        {
            let source = Source(submission: try row.text(0), receipt: try row.text(1))
            if !sources.contains(source) { found.append(source.submission) }
        }
        for row in try transaction.run(
            "SELECT submission, record, version FROM item WHERE state = 'disputed'")
        {
            let version = Version(
                submission: SubmissionID(try row.text(0)), record: RecordID(try row.text(1)),
                version: try row.int(2))
            if !frozen.contains(version) {
                found.append("\(version.submission.text)/\(version.record.text)")
            }
        }
        for row in try transaction.run(
            "SELECT DISTINCT record, version FROM item WHERE state = 'reversed'")
        {
            let one = Case(record: RecordID(try row.text(0)), version: try row.int(1))
            if !reversed.contains(one) { found.append(one.record.text) }
        }
        return Array(found.prefix(Invariant.mostFound))
    }
}
