import Evidence
import LibCrypto
import Records
import Settlements
import Storage

/// The facts and receipts behind a sample pack.
struct SampleStory {
    static let sender = "12990101MA0000T1XF"
    static let now = Timestamp(microseconds: 1_357_780_000_000_000)
    /// SHA-256 of a list of results.
    private static let list = String(repeating: "7e", count: 32)

    private(set) var sample = SampleBook()
    /// Receipts by their SHA-256, hex.
    private(set) var receipts: [String: [UInt8]] = [:]
    /// Those that bear no signature.
    private(set) var unsigned: Set<String> = []
    private(set) var counts: [NationalCounts]
    /// How many facts there were when an honest closing would have been made.
    private var factsBefore = 0

    init(_ lie: SamplePack.Lie) {
        counts = [
            NationalCounts(
                institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3),
                accepted: 6, rejected: 1, duplicate: 0),
            NationalCounts(
                institution: SampleBook.otherClinic, month: CalendarMonth(year: 2012, month: 4),
                accepted: 2, rejected: 0, duplicate: 0),
        ]
        sample.take(
            rows: 12,
            kept: [
                .sample(Self.id(20), "quarantined", row: 4), .sample(Self.id(21), "held", row: 9),
                .sample(nil, "quarantined", row: 11, at: nil),
            ])
        let first = [
            SubmittedRecord.sample(Self.id(1)), .sample(Self.id(2)),
            .sample(Self.id(3), claimant: "pid-twice"),
            .sample(Self.id(4), claimant: "pid-twice"), .sample(Self.id(5), isFree: false),
            .sample(Self.id(6), isComplete: false), .sample(Self.id(7)),
        ]
        var second = [
            SubmittedRecord.sample(Self.id(8), at: SampleBook.otherClinic, on: "2012-04-09"),
            .sample(Self.id(9), at: SampleBook.otherClinic, on: "2012-04-10", childOrder: 2),
        ]
        answer(sample.enqueue(first), first, rejected: 7, lie: lie.isUnsigned ? .none : lie)
        let hidden = SubmittedRecord.sample(Self.id(1), version: 2, action: .withdraw)
        if lie == .withdrawalHidden { second.append(hidden) }
        let last = sample.enqueue(second)
        let receipt = answer(
            last, second, rejected: lie == .withdrawalHidden ? 1 : nil,
            lie: lie == .receiptToAnother || lie == .withdrawalHidden || lie.isUnsigned
                ? lie : .none)
        // Contradicted later, and decided by the receipt that came first.
        if !lie.isUnsigned {
            sample.dispute(last, second[1])
            sample.decide(last, second[1], .accepted, receipt: receipt)
        }
        factsBefore = sample.facts.count
        if lie == .corrected { takeBack(SubmissionID("submission-1")) }
        if lie == .withdrawnLater || lie == .amendedLater {
            let action: RecordAction = lie == .withdrawnLater ? .withdraw : .amend
            let later = [SubmittedRecord.sample(Self.id(1), version: 2, action: action)]
            answer(sample.enqueue(later), later, rejected: nil, lie: .none)
        }
    }

    /// The statement that was issued before the first case was taken back; none of an honest story
    /// that knows of one statement only.
    func earlier() throws -> Settlement.Earlier {
        guard let (fact, lines) = try issued() else { return .none }
        var reading = EarlierStatement.Reading(fact)
        for line in lines { reading.add(line) }
        return reading.statement().map { .issued($0) } ?? .missing
    }

    /// The lines that were issued before, as the pack after them takes them.
    func log() throws -> PackLog {
        guard let (fact, lines) = try issued() else { return .none }
        return PackLog(head: fact.head ?? "", size: lines.count, root: fact.root) { each in
            for line in lines { try each(line) }
        }
    }

    private func issued() throws -> (Fact.Settled, [String])? {
        guard let place = sample.facts.firstIndex(where: { $0.kind == "settled" }),
            case .settled(let fact) = sample.facts[place]
        else { return nil }
        return (fact, try Self.lines(sample, place))
    }

    /// The fact of a statement with these lines.
    static func settled(_ lines: [String], statement: String) -> Fact.Settled {
        Fact.Settled(
            programme: SampleBook.programme, year: 2012, statement: statement,
            root: Hex.encode(HashTree(lines.map { Array($0.utf8) }, hash: .sha256).root),
            size: lines.count, head: String(repeating: "4d", count: 32))
    }

    /// What was paid by the facts before a place, as `ledger/leaves.jsonl` has it.
    static func lines(_ sample: SampleBook, _ place: Int) throws -> [String] {
        var book = CaseBook(programme: SampleBook.programme)
        for (number, fact) in sample.facts.prefix(place).enumerated() {
            book.add(fact, seq: Int64(number + 1), at: SampleStory.now)
        }
        let paid = Settlement.closing(
            book, rule: try SampleFunding.rule(), year: 2012, division: SampleFunding.county,
            national: nil, at: SampleStory.now
        ).paid
        return paid.enumerated().map { number, paid in
            let submission = paid.version.submission ?? SubmissionID("")
            return #"{"ack_sha256":"\#(paid.version.receipt ?? "")","#
                + #""child_order":\#(paid.record.childOrder ?? 0),"county":"990101","#
                + #""fen":\#(paid.item.price.fen),"item":"\#(paid.item.name)","#
                + #""mapping_sha256":"\#(SampleBook.mappingDigest)","msg":"\#(submission)","#
                + #""period":"\#(paid.record.servedOn.month)","persons":2,"#
                + #""pid":"\#(paid.record.claimant ?? "")","#
                + #""pkg_sha256":"\#(SampleBook.digest(of: submission))","prev_state_seq":0,"#
                + #""record":"\#(paid.record.record)","seq":\#(number + 1),"state":"settled","#
                + #""v":1,"version":\#(paid.version.number)}"#
        }
    }

    /// The year is settled, and then the nation takes its acceptance of the first case back.
    private mutating func takeBack(_ submission: SubmissionID) {
        let lines = (try? Self.lines(sample, sample.facts.count)) ?? []
        let statement = String(repeating: "5e", count: 32)
        sample.add(.settled(Self.settled(lines, statement: statement)))
        let bytes = Array(
            """
            <Receipt xmlns="urn:shangbao:reference:1" id="r-back" submission="\(submission)" \
            sender="\(Self.sender)" digest="\(SampleBook.digest(of: submission))" \
            issued="2012-06-05T22:00:09+08:00" status="processed">
              <Entry record="\(Self.id(1))" version="1" status="rejected" code="E3301"/>
            </Receipt>

            """.utf8)
        let digest = Hex.encode(Hash.sha256.digest(bytes))
        receipts[digest] = bytes
        sample.add(
            .reversed(
                Fact.Reversed(
                    submission: submission, record: RecordID(Self.id(1)), version: 1,
                    receipt: digest, accepted: nil, code: "E3301")))
        factsBefore = sample.facts.count
        counts[0] = NationalCounts(
            institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3),
            accepted: 5, rejected: 2, duplicate: 0)
    }

    /// The facts that the closing is made of: those of the ledger, but for what the lie changes.
    func believed(_ lie: SamplePack.Lie) -> [Fact] {
        sample.facts.prefix(factsBefore).map { fact in
            if lie == .markTakenOff, case .acknowledged(let said) = fact {
                return .acknowledged(
                    Fact.Acknowledged(
                        submission: said.submission, receipt: said.receipt,
                        verdicts: said.verdicts))
            }
            guard case .enqueued(let enqueued) = fact else { return fact }
            let records = enqueued.records.map { Self.believed($0, lie) }
            return .enqueued(
                Fact.Enqueued(
                    submission: enqueued.submission, programme: enqueued.programme,
                    profile: enqueued.profile, suite: enqueued.suite, digest: enqueued.digest,
                    digestSM3: enqueued.digestSM3, signingKey: enqueued.signingKey,
                    mappingDigest: enqueued.mappingDigest, records: records,
                    warnings: enqueued.warnings))
        }
    }

    private static func believed(_ record: SubmittedRecord, _ lie: SamplePack.Lie)
        -> SubmittedRecord
    {
        switch (lie, record.record.text) {
        case (.selfPaidIsPaid, id(5)), (.incompleteIsPaid, id(6)):
            .sample(record.record.text)
        case (.clinicChanged, id(2)):
            .sample(record.record.text, at: SampleBook.otherClinic)
        default: record
        }
    }

    static func id(_ number: Int) -> String {
        Hex.encode(Array(Hash.sha256.digest([UInt8(number)]).prefix(16)))
    }

    /// Returns the receipt's digest.
    @discardableResult
    private mutating func answer(
        _ submission: SubmissionID, _ records: [SubmittedRecord], rejected: Int?,
        lie: SamplePack.Lie
    ) -> String {
        let verdicts = records.map { record in
            RecordVerdict(
                record, record.record.text == rejected.map(Self.id) ? .rejected : .accepted)
        }
        let sender = lie == .receiptToAnother ? "12990102MA0000T2XC" : Self.sender
        let grade: AnswerGrade? = lie.isUnsigned && lie != .unsignedUnsaid ? .unsigned : nil
        let mark = grade == nil ? "" : " grade=\"unsigned\" list=\"\(Self.list)\""
        let answered = lie == .receiptOfAnother ? SubmissionID("submission-99") : submission
        var xml = """
            <Receipt xmlns="urn:shangbao:reference:1" id="r-\(submission)" \
            submission="\(answered)" sender="\(sender)" \
            digest="\(SampleBook.digest(of: submission))" \
            issued="2012-05-05T22:00:09+08:00" status="processed"\(mark)>

            """
        for (place, verdict) in verdicts.enumerated() {
            let isAccepted =
                (verdict.verdict == .accepted || lie == .withdrawalHidden)
                && !(lie == .receiptRejects && place == 1)
            let status =
                isAccepted ? #"accepted" serial="N2012\#(place)""# : #"rejected" code="E2104""#
            xml += """
                  <Entry record="\(verdict.record)" version="\(verdict.version)" \
                status="\(status)/>

                """
        }
        let bytes = Array((xml + "</Receipt>\n").utf8)
        let digest = Hex.encode(Hash.sha256.digest(bytes))
        receipts[digest] = bytes
        if lie.isUnsigned { unsigned.insert(digest) }
        sample.answer(submission, verdicts, receipt: digest, grade: grade)
        return digest
    }

    /// Writes the facts through a real ledger and reads its lines and facts back.
    func ledger(in path: String) async throws -> (lines: [LedgerLine], entries: [Ledger.Entry]) {
        let database = try await SQLiteDatabase.open(
            path, migrations: [Migration(number: 1, statements: evidenceMigration)],
            place: .anywhere)
        let ledger = Ledger()
        let facts = sample.facts
        try await database.write { transaction in
            try ledger.append(facts, at: SampleStory.now, in: transaction)
        }
        let read = try await database.read { transaction in
            var lines: [LedgerLine] = []
            var entries: [Ledger.Entry] = []
            try ledger.lines(after: 0, in: transaction) { line in
                lines.append(line)
                return true
            }
            try ledger.facts(in: transaction) { entries.append($0) }
            return (lines, entries)
        }
        await database.close()
        return read
    }
}
