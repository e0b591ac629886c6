import Evidence
import LibCrypto
import Records
import Settlements
import Testing

/// The books beside a plain fold over the same facts, whatever the ids look like.
struct CaseBookModelTests {
    @Test(arguments: 1...UInt64(40))
    func `The books say of every version what a plain fold says`(seed: UInt64) {
        let (book, plain) = CaseBookModelTests.books(seed)
        #expect(book.taken == plain.taken && book.cases.count == plain.cases.count)
        #expect(book.cases.isEmpty == plain.cases.isEmpty)
        for (record, versions) in book.cases {
            #expect(versions.map(\.number) == plain.cases[record]?.map(\.number), "seed \(seed)")
            #expect(book.cases[record]?.map(\.number) == versions.map(\.number))
            for (version, model) in zip(versions, plain.cases[record] ?? []) {
                CaseBookModelTests.expect(version, says: model, seed)
            }
        }
        for (submission, model) in plain.dispatches {
            let dispatch = book.dispatches[submission]
            #expect(dispatch?.attempts == model.attempts && dispatch?.state == model.state)
            #expect(dispatch?.firstSentAt == model.firstSentAt)
            #expect(dispatch?.digest == SampleBook.digest(of: submission))
            #expect(dispatch?.digestSM3 == SampleBook.digest(of: submission, .sm3))
        }
        #expect(book.looseRows.map(\.row) == plain.loose.map(\.row.row))
        #expect(book.cases[RecordID("nobody")] == nil)
        #expect(book.dispatches[SubmissionID("nothing")] == nil)
    }

    private static func expect(
        _ version: CaseVersion, says model: PlainBook.Version, _ seed: UInt64
    ) {
        #expect(version.sent == model.sent, "seed \(seed)")
        #expect(version.source?.intake == model.source?.intake, "seed \(seed)")
        #expect(version.source?.row == model.source?.row, "seed \(seed)")
        #expect(version.submission == model.submission, "seed \(seed)")
        #expect(version.verdict == model.verdict, "seed \(seed)")
        #expect(version.receipt == model.receipt, "seed \(seed)")
        #expect(version.verdictSeq == model.verdictSeq, "seed \(seed)")
        #expect(version.grade == model.grade, "seed \(seed)")
        #expect(version.isDisputed == model.isDisputed, "seed \(seed)")
        #expect(version.isRecalled == model.isRecalled, "seed \(seed)")
        #expect(version.kept?.intake == model.kept?.intake)
        #expect(version.kept?.row == model.kept?.row.row)
        #expect(version.kept?.fate.rawValue == model.kept?.row.fate)
        #expect(version.kept?.codes == model.kept?.row.findings.map(\.code))
        #expect(version.kept?.traits == model.kept?.row.traits)
    }

    @Test(arguments: 1...UInt64(40))
    func `Totals are those of a plain count`(seed: UInt64) {
        let (book, plain) = CaseBookModelTests.books(seed)
        let balance = Balance(book)
        var cells: [String: Int] = [:]
        for line in balance.lines {
            let cell = line.institution.flatMap { name in line.month.map { "\(name) \($0)" } }
            cells[cell ?? "-", default: 0] += line.taken
        }
        #expect(cells == plain.cells, "seed \(seed)")
        #expect(!balance.lines.contains { !$0.balances }, "seed \(seed)")
        var classes: [BalanceClass: Int] = [:]
        for versions in book.cases.values {
            for standing in book.standings(of: versions) { classes[standing, default: 0] += 1 }
        }
        for row in book.looseRows { classes[row.fate, default: 0] += 1 }
        let sum = Balance.sum(balance.lines)
        for standing in BalanceClass.allCases {
            #expect(sum[standing] == classes[standing, default: 0], "seed \(seed), \(standing)")
        }
    }

    @Test(arguments: 1...UInt64(40))
    func `The same cases are paid, in the same order, as by a plain judge`(seed: UInt64) throws {
        let (book, plain) = CaseBookModelTests.books(seed)
        let rule = try SampleFunding.rule()
        let judged = plain.judged(by: rule.local(to: SampleFunding.county))
        let years = [2011, 2012, 2013].map { year in
            Settlement.closing(
                book, rule: rule, year: year, division: SampleFunding.county, national: nil,
                at: Timestamp(microseconds: 1_357_780_000_000_000))
        }
        #expect(
            years.flatMap { $0.paid.map(\.record.record.text) } == judged.paid, "seed \(seed)")
        #expect(
            years.flatMap { $0.unpaid.map { "\($0.record.record) \($0.reason)" } }
                == judged.unpaid, "seed \(seed)")
        for settlement in years {
            let lines = settlement.statement.lines
            #expect(settlement.statement.totalCases == settlement.paid.count)
            #expect(
                settlement.statement.totalFen.fen
                    == settlement.paid.reduce(0) { $0 + $1.item.price.fen })
            #expect(
                lines.reduce(0) { $0 + $1.persons }
                    == settlement.paid.reduce(0) { $0 + $1.record.traits.spouses.count { $0 } })
        }
    }

    @Test(arguments: 1...UInt64(10))
    func `Of one day and one receipt the paid cases stand in the order of their ids`(
        seed: UInt64
    ) throws {
        var numbers = SeededNumbers(state: seed)
        let alphabets = ["0123456789abcdef", "abcdefghijklmnopqrstuvwxyz234567"]
        let ids = (0..<40).map { place in
            String(
                (0..<32).compactMap { _ in
                    alphabets[place % 3 % 2].randomElement(using: &numbers)
                })
        }
        var sample = SampleBook()
        sample.accept(ids.map { .sample($0) })
        let paid = try SampleFunding.closing(sample).paid
        #expect(paid.map(\.record.record.text) == ids.sorted(), "seed \(seed)")
    }

    // MARK: - Histories

    /// A random history with ids of all forms, claimants who come again, and cases of other days.
    private static func books(_ seed: UInt64) -> (CaseBook, PlainBook) {
        var history = RandomHistory(seed: seed)
        for _ in 1...150 { history.step() }
        var book = CaseBook(programme: SampleBook.programme)
        var plain = PlainBook()
        var names = DisguisedNames(seed: seed)
        for (place, fact) in history.sample.facts.enumerated() {
            let (fact, seq) = (names.disguised(fact), Int64(place + 1))
            let moment = Timestamp(microseconds: 1_330_000_000_000_000 + seq)
            book.add(fact, seq: seq, at: moment)
            plain.add(fact, seq: seq, at: moment)
        }
        return (book, plain)
    }
}

/// Gives the cases of a history other ids, claimants, days and traits, the same ones for each case.
private struct DisguisedNames {
    private var numbers: SeededNumbers
    private var records: [RecordID: SubmittedRecord] = [:]

    init(seed: UInt64) {
        numbers = SeededNumbers(state: seed &+ 1000)
    }

    mutating func disguised(_ fact: Fact) -> Fact {
        switch fact {
        case .taken(let taken):
            .taken(
                Fact.Taken(
                    intake: taken.intake, nextRow: taken.nextRow, rows: taken.rows,
                    unchanged: taken.unchanged, kept: taken.kept.map { kept($0) }))
        case .enqueued(let fact):
            .enqueued(
                Fact.Enqueued(
                    submission: fact.submission, programme: fact.programme, profile: fact.profile,
                    suite: fact.suite, digest: fact.digest, digestSM3: fact.digestSM3,
                    signingKey: fact.signingKey, records: fact.records.map { sent($0) },
                    warnings: [:], intake: IntakeID("file"),
                    rows: fact.records.indices.map { $0 * 3 }))
        case .acknowledged(let fact):
            .acknowledged(
                Fact.Acknowledged(
                    submission: fact.submission, receipt: text(),
                    verdicts: fact.verdicts.map {
                        verdict($0)
                    }, grade: Int.random(in: 0..<4, using: &numbers) == 0 ? .unsigned : nil))
        case .disputed(let fact):
            .disputed(
                Fact.Disputed(
                    submission: fact.submission, record: sample(fact.record).record,
                    version: fact.version, receipt: fact.receipt))
        case .reversed(let fact):
            .reversed(
                Fact.Reversed(
                    submission: fact.submission, record: sample(fact.record).record,
                    version: fact.version, receipt: text(), accepted: nil, code: fact.code))
        default: fact
        }
    }

    private mutating func verdict(_ verdict: RecordVerdict) -> RecordVerdict {
        let isAccepted = verdict.verdict == .accepted
        return RecordVerdict(
            record: sample(verdict.record).record, version: verdict.version,
            verdict: verdict.verdict,
            code: isAccepted ? nil : ["E2104", "E1101"].randomElement(using: &numbers),
            serial: isAccepted ? text() : nil, field: isAccepted ? nil : "wife/idNumber")
    }

    private mutating func kept(_ row: Fact.KeptRow) -> Fact.KeptRow {
        let findings = (0..<Int.random(in: 0...2, using: &numbers)).map {
            Finding(code: "L-00\($0)", effect: .quarantined)
        }
        return Fact.KeptRow(
            row: Int.random(in: 2...90_000, using: &numbers),
            record: row.record.map { sample($0).record }, version: row.version, fate: row.fate,
            findings: findings, institution: row.institution, month: row.month,
            traits: Bool.random(using: &numbers) ? row.record.map { sample($0).traits } : nil)
    }

    private mutating func sent(_ record: SubmittedRecord) -> SubmittedRecord {
        let sample = sample(record.record)
        return SubmittedRecord(
            record: sample.record, version: record.version, action: record.action,
            institution: sample.institution, servedOn: sample.servedOn, traits: sample.traits,
            claimant: sample.claimant, childOrder: sample.childOrder, dueOn: sample.dueOn,
            claimantBefore: sample.claimantBefore)
    }

    /// What is always so of a case.
    private mutating func sample(_ record: RecordID) -> SubmittedRecord {
        if let known = records[record] { return known }
        let isRare = Int.random(in: 0..<5, using: &numbers) == 0
        // Mostly as they are in truth, so that the order within a day turns on them.
        let name =
            Bool.random(using: &numbers) ? letters(31, of: "0123456789abcdef") : text()
        let made = SubmittedRecord(
            record: RecordID(name + record.text.suffix(1)), version: 1, action: .submit,
            institution: isRare ? "机构一" : SampleBook.clinic,
            servedOn: CalendarDate(
                daysSince1970: 15_300 + 200 * Int32.random(in: 0...2, using: &numbers)),
            traits: SettlementTraits(
                isFree: Int.random(in: 0..<8, using: &numbers) > 0,
                spouses: isRare ? [true, false] : [true, true],
                isComplete: Int.random(in: 0..<8, using: &numbers) > 0,
                service: nil, isLocal: isRare ? true : nil),
            claimant: isRare ? nil : "pid-\(Int.random(in: 0..<6, using: &numbers))",
            childOrder: Int.random(in: 0..<9, using: &numbers) == 0 ? nil : 1,
            dueOn: isRare ? CalendarDate(daysSince1970: 15_500) : nil,
            claimantBefore: isRare ? text() : nil)
        records[record] = made
        return made
    }

    /// Hexadecimal, base32, a number, Chinese, with other letters, long, or nothing.
    private mutating func text() -> String {
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: letters(32, of: "0123456789abcdef")
        case 1: letters(64, of: "0123456789abcdef")
        case 2: letters(31, of: "0123456789abcdef")
        case 3: letters(32, of: "abcdefghijklmnopqrstuvwxyz234567")
        case 4: letters(16, of: "0123456789")
        case 5: "回执" + letters(3, of: "一二三四五")
        case 6: letters(300, of: "0123456789ABCDEF ")
        case 7: letters(127, of: "xyz-")
        default: letters(128, of: "23456789abcdef")
        }
    }

    private mutating func letters(_ count: Int, of alphabet: String) -> String {
        String((0..<count).compactMap { _ in alphabet.randomElement(using: &numbers) })
    }
}
