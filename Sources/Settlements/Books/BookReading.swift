import Evidence
import Records

/// What the notes say, in full.
extension BookShelf {
    /// The versions of a case, oldest first.
    func versions(of record: UInt32) -> [CaseVersion] {
        let id = RecordID(records[record])
        var found: [CaseVersion] = []
        var place = newest[record]
        while place != noNumber {
            found.append(version(versions[place], of: id))
            place = versions[place].older
        }
        return found.reversed()
    }

    func version(_ note: VersionNote, of record: RecordID) -> CaseVersion {
        var version = CaseVersion(number: Int(note.number))
        if note.kept != noNumber { version.kept = entry(kept[note.kept]) }
        version.sent = sent(note, of: record)
        if note.intake != noNumber {
            version.source = SourceRow(
                intake: IntakeID(intakes[note.intake]), row: Int(note.row))
        }
        if note.submission != noNumber {
            version.submission = SubmissionID(submissions[note.submission])
        }
        if let verdict = verdict(note) {
            version.verdict = RecordVerdict(
                record: record, version: version.number, verdict: verdict.verdict,
                code: verdict.code, serial: note.serial == noNumber ? nil : texts[note.serial],
                field: verdict.field)
        }
        if let answer = answer(note) {
            version.receipt = receipts[answer.receipt]
            version.verdictSeq = answer.seq
            version.grade = answer.grade
        }
        version.isDisputed = note.isDisputed
        version.isRecalled = note.isRecalled
        return version
    }

    /// The record that was sent.
    func sent(_ note: VersionNote, of record: RecordID) -> SubmittedRecord? {
        guard note.isSent else { return nil }
        let sent = sentAs[note.sentAs]
        let pregnancy = note.pregnancy == noNumber ? nil : pregnancies[note.pregnancy]
        return SubmittedRecord(
            record: record, version: Int(note.number), action: sent.action,
            institution: institutions[sent.institution],
            servedOn: CalendarDate(daysSince1970: note.servedOn), traits: sent.traits,
            claimant: note.claimant == noNumber ? nil : claimants[note.claimant],
            childOrder: note.childOrder == VersionNote.noOrder ? nil : Int(note.childOrder),
            dueOn: pregnancy?.dueOn,
            claimantBefore: pregnancy.flatMap { $0.before == noNumber ? nil : claimants[$0.before] }
        )
    }

    func entry(_ note: KeptNote) -> KeptEntry {
        KeptEntry(
            intake: IntakeID(intakes[note.intake]), row: Int(note.row), fate: note.fate,
            codes: codes[note.codes], cell: cell(note.cell),
            traits: note.traits == noNumber ? nil : traits[note.traits])
    }

    /// Where a version is counted.
    func cell(of note: VersionNote) -> CellNote {
        guard note.isSent else { return note.kept == noNumber ? .unknown : kept[note.kept].cell }
        let day = CalendarDate(daysSince1970: note.servedOn).parts
        return CellNote(
            institution: sentAs[note.sentAs].institution, year: day.year, month: day.month)
    }

    func cell(_ note: CellNote) -> PeriodCell {
        guard note.isKnown else { return .unknown }
        return PeriodCell(
            institution: institutions[note.institution],
            month: CalendarMonth(year: Int(note.year), month: Int(note.month)))
    }

    /// The service that it is, of a programme that has several.
    func service(of note: VersionNote) -> String? {
        if note.isSent, let service = sentAs[note.sentAs].traits.service { return service }
        return note.kept == noNumber ? nil : service(of: kept[note.kept])
    }

    func service(of row: KeptNote) -> String? {
        row.traits == noNumber ? nil : traits[row.traits].service
    }

    func dispatch(_ submission: SubmissionID, _ note: DispatchNote) -> CaseBook.Dispatch {
        let under = sentUnder[note.sentUnder]
        return CaseBook.Dispatch(
            submission: submission, digest: texts[note.digest], digestSM3: texts[note.digestSM3],
            profile: under.profile, suite: under.suite, signingKey: under.signingKey,
            mappingDigest: under.mappingDigest, queuedAt: note.queuedAt,
            firstSentAt: note.firstSentAt, attempts: note.attempts, state: note.state)
    }

    // MARK: - Standings

    /// On what the standing of a version turns.
    func turn(of note: VersionNote) -> VersionTurn {
        let sent = note.isSent ? sentAs[note.sentAs] : nil
        return VersionTurn(
            isDisputed: note.isDisputed, isRecalled: note.isRecalled, isSent: sent != nil,
            isWithdrawal: sent?.action == .withdraw, verdict: verdict(note)?.verdict,
            state: note.submission == noNumber
                ? nil : dispatch(note.submission)?.state ?? .queued,
            kept: note.kept == noNumber ? nil : kept[note.kept].fate)
    }

    /// Hands over every version of every case with its standing; of a case the newest first.
    func eachStanding(
        _ body: (_ record: UInt32, _ note: VersionNote, _ standing: BalanceClass) -> Void
    ) {
        for record in 0..<UInt32(newest.count) {
            eachStanding(of: record) { body(record, $0, $1) }
        }
    }

    /// The same of one case.
    func eachStanding(
        of record: UInt32, _ body: (_ note: VersionNote, _ standing: BalanceClass) -> Void
    ) {
        var fold = StandingFold()
        var place = newest[record]
        while place != noNumber {
            let note = versions[place]
            body(note, fold.next(turn(of: note)))
            place = note.older
        }
    }
}
