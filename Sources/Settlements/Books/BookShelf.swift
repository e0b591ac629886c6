import Evidence
import Records

/// All that the books remember, in as little room as it takes: a year has a million cases.
///
/// Cases, versions, submissions and texts have numbers from 0 in the order in which the ledger told
/// of them.
struct BookShelf: Sendable {
    /// Cases by their record ids, and the newest version of each.
    private(set) var records = TextIndex()
    private(set) var newest = LongList<UInt32>()
    var versions = LongList<VersionNote>()
    /// Submissions by their ids; those of which nothing but the id is known have no note.
    private(set) var submissions = TextIndex()
    private var dispatches = LongList<DispatchNote?>()
    private(set) var looseRows = LongList<KeptNote>()
    private(set) var answers = LongList<AnswerNote>()
    private(set) var kept = LongList<KeptNote>()
    private(set) var pregnancies = LongList<PregnancyNote>()
    private(set) var claimants = TextIndex()
    private(set) var receipts = TextIndex()
    private(set) var intakes = TextIndex()
    /// Serial numbers and digests: hardly any twice.
    private(set) var texts = TextShelf()
    private(set) var institutions = Distinct<String>()
    private(set) var sentAs = Distinct<SentAs>()
    private(set) var sentUnder = Distinct<SentUnder>()
    private(set) var verdicts = Distinct<VerdictWords>()
    private(set) var codes = Distinct<[String]>()
    private(set) var traits = Distinct<SettlementTraits>()

    // MARK: - Cases

    func number(of record: RecordID) -> UInt32? { records.find(record.text) }

    /// The number of a case, which is a new one where it is new.
    mutating func add(_ record: RecordID) -> UInt32 {
        let number = records.number(of: record.text)
        if Int(number) == newest.count { newest.append(noNumber) }
        return number
    }

    /// The place of a version that is there.
    func place(of version: Int, in record: UInt32) -> UInt32? {
        var place = newest[record]
        while place != noNumber, versions[place].number > version { place = versions[place].older }
        return place != noNumber && versions[place].number == version ? place : nil
    }

    /// The place of a version, which is made where it is new.
    mutating func add(version: Int, to record: UInt32) -> (place: UInt32, isNew: Bool) {
        var (place, newer) = (newest[record], noNumber)
        while place != noNumber, versions[place].number > version {
            newer = place
            place = versions[place].older
        }
        if place != noNumber, versions[place].number == version { return (place, false) }
        var note = VersionNote(number: version)
        note.older = place
        let new = UInt32(versions.count)
        versions.append(note)
        if newer == noNumber { newest[record] = new } else { versions[newer].older = new }
        return (new, true)
    }

    func verdict(_ note: VersionNote) -> VerdictWords? {
        note.verdict == noNumber ? nil : verdicts[note.verdict]
    }

    func answer(_ note: VersionNote) -> AnswerNote? {
        note.answer == noNumber ? nil : answers[note.answer]
    }

    // MARK: - What a version says

    /// A version was sent as this record.
    mutating func note(_ record: SubmittedRecord, in note: inout VersionNote) {
        note.sentAs = sentAs.number(
            of: SentAs(
                institution: institutions.number(of: record.institution), action: record.action,
                traits: record.traits))
        note.servedOn = record.servedOn.daysSince1970
        note.claimant = record.claimant.map { claimants.number(of: $0) } ?? noNumber
        note.childOrder = record.childOrder.map { Int32(clamping: $0) } ?? VersionNote.noOrder
        note.pregnancy = noNumber
        guard record.dueOn != nil || record.claimantBefore != nil else { return }
        let before = record.claimantBefore.map { claimants.number(of: $0) } ?? noNumber
        note.pregnancy = UInt32(pregnancies.count)
        pregnancies.append(PregnancyNote(dueOn: record.dueOn, before: before))
    }

    /// The last word on a version.
    mutating func note(_ verdict: RecordVerdict, in note: inout VersionNote) {
        note.verdict = verdicts.number(
            of: VerdictWords(verdict: verdict.verdict, code: verdict.code, field: verdict.field))
        note.serial = verdict.serial.map { texts.append($0) } ?? noNumber
    }

    mutating func addAnswer(receipt: String, seq: Int64, grade: AnswerGrade?) -> UInt32 {
        answers.append(AnswerNote(receipt: receipts.number(of: receipt), seq: seq, grade: grade))
        return UInt32(answers.count - 1)
    }

    mutating func number(of intake: IntakeID) -> UInt32 { intakes.number(of: intake.text) }

    // MARK: - Rows

    /// A row that stayed at home.
    mutating func note(of row: Fact.KeptRow, intake: UInt32, fate: BalanceClass) -> KeptNote {
        var cell = CellNote.unknown
        if let institution = row.institution, let month = row.month {
            cell = CellNote(
                institution: institutions.number(of: institution), year: month.year,
                month: month.month)
        }
        return KeptNote(
            intake: intake, row: Int32(clamping: row.row), fate: fate,
            codes: codes.number(of: row.findings.map(\.code)), cell: cell,
            traits: row.traits.map { traits.number(of: $0) } ?? noNumber)
    }

    mutating func add(kept note: KeptNote) -> UInt32 {
        kept.append(note)
        return UInt32(kept.count - 1)
    }

    mutating func add(loose note: KeptNote) { looseRows.append(note) }

    // MARK: - Submissions

    /// The number of a submission, which may be one of which nothing else is known.
    mutating func number(of submission: SubmissionID) -> UInt32 {
        let number = submissions.number(of: submission.text)
        if Int(number) == dispatches.count { dispatches.append(nil) }
        return number
    }

    mutating func add(_ enqueued: Fact.Enqueued, at moment: Timestamp) -> UInt32 {
        let number = number(of: enqueued.submission)
        dispatches[number] = DispatchNote(
            digest: texts.append(enqueued.digest), digestSM3: texts.append(enqueued.digestSM3),
            sentUnder: sentUnder.number(
                of: SentUnder(
                    profile: enqueued.profile, suite: enqueued.suite,
                    signingKey: enqueued.signingKey, mappingDigest: enqueued.mappingDigest)),
            queuedAt: moment)
        return number
    }

    func dispatch(_ number: UInt32) -> DispatchNote? { dispatches[number] }

    func dispatch(_ submission: SubmissionID) -> DispatchNote? {
        submissions.find(submission.text).flatMap { dispatches[$0] }
    }

    /// Changes a submission that is known.
    mutating func change(_ submission: SubmissionID, _ body: (inout DispatchNote) -> Void) {
        guard let number = submissions.find(submission.text), var note = dispatches[number] else {
            return
        }
        body(&note)
        dispatches[number] = note
    }
}
