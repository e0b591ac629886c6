import Evidence
import LibCrypto
import Records

/// A ledger of invented cases being written, and the book that reads it.
struct SampleBook {
    static let programme = "preconception-check"
    static let mappingDigest = String(repeating: "ab", count: 32)
    static let clinic = "9901010000000000000001"
    static let otherClinic = "9901010000000000000002"

    private(set) var facts: [Fact] = []
    private let programme: String
    private var submissions = 0
    private var intakes = 0

    init(programme: String = SampleBook.programme) {
        self.programme = programme
    }

    mutating func add(_ fact: Fact) {
        facts.append(fact)
    }

    /// Opens an item and returns its name.
    mutating func arrive() -> IntakeID {
        intakes += 1
        let intake = IntakeID("intake-\(intakes)")
        add(
            .arrived(
                Fact.Arrived(
                    intake: intake, name: "cases.csv", digest: "00", byteCount: 1,
                    mapping: "county-csv@1", mappingDigest: "00")))
        return intake
    }

    /// Takes rows of which some were kept; the rest must be queued by the caller.
    @discardableResult
    mutating func take(rows: Int, unchanged: Int = 0, kept: [Fact.KeptRow]) -> IntakeID {
        let intake = arrive()
        add(
            .taken(
                Fact.Taken(
                    intake: intake, nextRow: rows + 2, rows: rows, unchanged: unchanged,
                    kept: kept)))
        return intake
    }

    /// Queues records as one submission.
    mutating func enqueue(_ records: [SubmittedRecord]) -> SubmissionID {
        submissions += 1
        let submission = SubmissionID("submission-\(submissions)")
        enqueue(records, as: submission)
        return submission
    }

    /// The digest of the message that a submission stands for here.
    static func digest(of submission: SubmissionID, _ hash: Hash = .sha256) -> String {
        Hex.encode(hash.digest(Array(submission.text.utf8)))
    }

    mutating func enqueue(
        _ records: [SubmittedRecord], as submission: SubmissionID, withoutRows: Bool = false,
        from source: (intake: IntakeID, rows: [Int])? = nil
    ) {
        add(
            .enqueued(
                Fact.Enqueued(
                    submission: submission, programme: programme,
                    profile: "reference-1", suite: "gm",
                    digest: SampleBook.digest(of: submission),
                    digestSM3: SampleBook.digest(of: submission, .sm3), signingKey: "sender",
                    mappingDigest: SampleBook.mappingDigest, records: records, warnings: [:],
                    isWithoutRows: withoutRows ? true : nil,
                    intake: source?.intake, rows: source?.rows)))
    }

    /// Sends it and has it answered.
    mutating func answer(
        _ submission: SubmissionID, _ verdicts: [RecordVerdict], receipt: String = "receipt",
        grade: AnswerGrade? = nil
    ) {
        send(submission)
        acknowledge(submission, verdicts, receipt: receipt, grade: grade)
    }

    mutating func send(_ submission: SubmissionID) {
        add(.onWire(Fact.OnWire(submission: submission, attempt: 1)))
    }

    mutating func acknowledge(
        _ submission: SubmissionID, _ verdicts: [RecordVerdict], receipt: String = "receipt",
        grade: AnswerGrade? = nil
    ) {
        add(
            .acknowledged(
                Fact.Acknowledged(
                    submission: submission, receipt: receipt, verdicts: verdicts, grade: grade)))
    }

    /// Queues, sends and has every record accepted.
    mutating func accept(_ records: [SubmittedRecord]) {
        let submission = enqueue(records)
        answer(submission, records.map { RecordVerdict($0, .accepted) })
    }

    mutating func dispute(_ submission: SubmissionID, _ record: SubmittedRecord) {
        add(
            .disputed(
                Fact.Disputed(
                    submission: submission, record: record.record, version: record.version,
                    receipt: "other")))
    }

    mutating func reverse(_ submission: SubmissionID, _ record: SubmittedRecord) {
        add(
            .reversed(
                Fact.Reversed(
                    submission: submission, record: record.record, version: record.version,
                    receipt: "reversal", accepted: "receipt", code: "E3301")))
    }

    mutating func decide(
        _ submission: SubmissionID, _ record: SubmittedRecord, _ verdict: Verdict,
        receipt: String
    ) {
        add(
            .decided(
                Fact.Decided(
                    submission: submission, receipt: receipt,
                    verdict: RecordVerdict(record, verdict), by: "op", because: "test")))
    }

    mutating func intervene(_ submission: SubmissionID, _ step: String) {
        add(
            .intervened(
                Fact.Intervened(submission: submission, step: step, by: "op", because: "test")))
    }
}

extension RecordVerdict {
    init(_ record: SubmittedRecord, _ verdict: Verdict) {
        self.init(record: record.record, version: record.version, verdict: verdict)
    }
}

extension SubmittedRecord {
    /// A free, complete check of a couple, unless said otherwise; the claimant is the case's own.
    static func sample(
        _ name: String, version: Int = 1, action: RecordAction = .submit,
        at institution: String = SampleBook.clinic, on day: String = "2012-03-05",
        isFree: Bool = true, spouses: [Bool] = [true, true], isComplete: Bool = true,
        claimant: String? = "", childOrder: Int? = 1
    ) -> SubmittedRecord {
        SubmittedRecord(
            record: RecordID(name), version: version, action: action, institution: institution,
            servedOn: CalendarDate(iso: day) ?? CalendarDate(daysSince1970: 0),
            traits: SettlementTraits(isFree: isFree, spouses: spouses, isComplete: isComplete),
            claimant: claimant == "" ? "pid-\(name)" : claimant, childOrder: childOrder)
    }
}

extension Fact.KeptRow {
    static func sample(
        _ record: String?, version: Int = 1, _ fate: String, row: Int = 2,
        at institution: String? = SampleBook.clinic, in month: String? = "2012-03",
        code: String = "R-05", traits: SettlementTraits? = nil
    ) -> Fact.KeptRow {
        Fact.KeptRow(
            row: row, record: record.map { RecordID($0) }, version: version, fate: fate,
            findings: [Finding(code: code, effect: .quarantined)], institution: institution,
            month: month.flatMap { CalendarMonth(iso: $0) }, traits: traits)
    }
}
