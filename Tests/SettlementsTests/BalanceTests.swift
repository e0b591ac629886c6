import Evidence
import Records
import Settlements
import Testing

@Suite struct BalanceTests {
    @Test func `Kept rows count in the class of their fate`() {
        var sample = SampleBook()
        sample.take(
            rows: 6, unchanged: 1,
            kept: [
                .sample("a", "quarantined"), .sample("b", "excluded"), .sample("c", "held"),
                .sample("d", "superseded"), .sample(nil, "quarantined"),
            ])
        let balance = Balance(sample)
        #expect(
            Balance.shown(balance.only) == "excluded 1, quarantined 2, held 1, superseded 1")
        #expect(balance.only?.taken == 5)
        #expect(balance.balances)
    }

    @Test func `Rows whose institution or day is unknown share one cell, which comes last`() {
        var sample = SampleBook()
        sample.take(
            rows: 3,
            kept: [
                .sample(nil, "quarantined", at: nil), .sample(nil, "quarantined", in: nil),
                .sample("a", "held"),
            ])
        let lines = Balance(sample).lines
        #expect(lines.map(\.taken) == [1, 2])
        #expect(lines.last?.institution == nil && lines.last?.month == nil)
    }

    @Test func `Of several services each has a line of its own within its month`() {
        var sample = SampleScreening.tests(2, "serum")
        sample.accept([SubmittedRecord.test("nipt-0", "nipt"), .test("nipt-1", "nipt")])
        _ = sample.enqueue([SubmittedRecord.test("nipt-2", "nipt")])
        let book = CaseBook(sample.facts, programme: "prenatal-screening")
        let balance = Balance(book)
        #expect(balance.lines.count == 1 && balance.only?.taken == 5)
        let items = balance.items(of: 2016)
        #expect(items.map(\.service) == ["nipt", "serum"])
        #expect(items.map { Balance.shown($0) } == ["queued 1, accepted 2", "accepted 2"])
        #expect(balance.items(of: 2015).isEmpty)
        let one = BookDrill(
            book, .init(year: 2016, service: "nipt", standing: .queued))
        #expect(one.rows.map { $0.record?.text } == ["nipt-2"])
        #expect(one.groups.map(\.taken) == [3])
    }

    @Test func `A programme of one service has no items beside its cells`() {
        var sample = SampleBook()
        sample.accept([.sample("a")])
        #expect(Balance(sample).items(of: 2012).isEmpty)
        #expect(Balance(sample).items.map(\.taken) == [1])
    }

    @Test func `A submission is queued, then unanswered, then what the receipt says`() {
        var sample = SampleBook()
        let records = ["a", "b", "c", "d"].map { SubmittedRecord.sample($0) }
        let submission = sample.enqueue(records)
        #expect(Balance.shown(Balance(sample).only) == "queued 4")
        sample.send(submission)
        #expect(Balance.shown(Balance(sample).only) == "unanswered 4")
        sample.add(
            .attempted(
                Fact.Attempted(
                    submission: submission, attempt: 1, state: "inDoubt", outcome: "T-TIMEOUT")))
        #expect(Balance.shown(Balance(sample).only) == "unanswered 4")
        sample.acknowledge(
            submission,
            zip(records, Verdict.allCases).map { RecordVerdict($0, $1) })
        #expect(Balance.shown(Balance(sample).only) == "queued 1, held 1, accepted 1, rejected 1")
    }

    @Test func `A held submission is held until it is released, a cancelled one stays held`() {
        var sample = SampleBook()
        let submission = sample.enqueue([.sample("a")])
        sample.intervene(submission, "held")
        #expect(Balance.shown(Balance(sample).only) == "held 1")
        sample.intervene(submission, "released")
        #expect(Balance.shown(Balance(sample).only) == "queued 1")
        sample.intervene(submission, "cancelled")
        #expect(Balance.shown(Balance(sample).only) == "held 1")
    }

    @Test func `A corrected version supersedes the one that was quarantined, held or rejected`() {
        for fate in ["quarantined", "excluded", "held"] {
            var sample = SampleBook()
            sample.take(rows: 1, kept: [.sample("a", version: 1, fate)])
            sample.accept([.sample("a", version: 2)])
            #expect(Balance.shown(Balance(sample).only) == "accepted 1, superseded 1")
        }
        var sample = SampleBook()
        let first = SubmittedRecord.sample("a")
        let submission = sample.enqueue([first])
        sample.answer(submission, [RecordVerdict(first, .rejected)])
        sample.take(rows: 1, kept: [.sample("a", version: 2, "quarantined")])
        #expect(Balance.shown(Balance(sample).only) == "quarantined 1, superseded 1")
    }

    @Test func `A version that waited is counted once when it is sent`() {
        var sample = SampleBook()
        sample.take(rows: 1, kept: [.sample("a", "held", code: "H-WAITING")])
        sample.accept([.sample("a")])
        let balance = Balance(sample)
        #expect(Balance.shown(balance.only) == "accepted 1")
        #expect(balance.only?.taken == 1)
    }

    @Test func `An accepted amendment supersedes, a rejected one leaves the first in force`() {
        var sample = SampleBook()
        sample.accept([.sample("a")])
        let amendment = SubmittedRecord.sample("a", version: 2, action: .amend)
        let submission = sample.enqueue([amendment])
        #expect(Balance.shown(Balance(sample).only) == "queued 1, accepted 1")
        sample.answer(submission, [RecordVerdict(amendment, .rejected)])
        #expect(Balance.shown(Balance(sample).only) == "accepted 1, rejected 1")
        sample.accept([.sample("a", version: 3, action: .amend)])
        #expect(Balance.shown(Balance(sample).only) == "accepted 1, superseded 2")
    }

    @Test func `An accepted withdrawal withdraws itself and what it withdrew`() {
        var sample = SampleBook()
        sample.accept([.sample("a")])
        sample.accept([.sample("a", version: 2, action: .amend)])
        sample.accept([.sample("a", version: 3, action: .withdraw)])
        #expect(Balance.shown(Balance(sample).only) == "withdrawn 2, superseded 1")
        sample.accept([.sample("a", version: 4)])
        #expect(Balance.shown(Balance(sample).only) == "accepted 1, withdrawn 2, superseded 1")
    }

    @Test func `A version sent again after a transient answer counts once`() {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a")
        let first = sample.enqueue([record])
        sample.answer(first, [RecordVerdict(record, .transient)])
        let second = sample.enqueue([record])
        sample.send(second)
        sample.acknowledge(first, [RecordVerdict(record, .rejected)])
        #expect(Balance.shown(Balance(sample).only) == "unanswered 1")
        sample.acknowledge(second, [RecordVerdict(record, .accepted)])
        #expect(Balance.shown(Balance(sample).only) == "accepted 1")
        #expect(CaseBook(sample.facts).taken == 1)
    }

    @Test(arguments: [
        ("due", "queued 1"), ("leased", "queued 1"), ("onWire", "unanswered 1"),
        ("inDoubt", "unanswered 1"), ("awaiting", "unanswered 1"), ("held", "held 1"),
    ])
    func `An attempt leaves a submission where its state says`(state: String, shown: String) {
        var sample = SampleBook()
        let submission = sample.enqueue([.sample("a")])
        sample.send(submission)
        sample.add(
            .attempted(
                Fact.Attempted(submission: submission, attempt: 1, state: state, outcome: "X")))
        #expect(Balance.shown(Balance(sample).only) == shown)
    }

    @Test func `A submission released after it was sent is unanswered, a retried one queued`() {
        var sample = SampleBook()
        let submission = sample.enqueue([.sample("a")])
        sample.send(submission)
        sample.intervene(submission, "held")
        sample.intervene(submission, "released")
        #expect(Balance.shown(Balance(sample).only) == "unanswered 1")
        sample.intervene(submission, "held")
        sample.intervene(submission, "retried")
        #expect(Balance.shown(Balance(sample).only) == "queued 1")
        sample.add(
            .receiptKept(
                Fact.ReceiptKept(receipt: "r", submission: submission, disposition: "applied")))
        #expect(Balance.shown(Balance(sample).only) == "unanswered 1")
    }

    @Test func `Records of a refused document are queued again once the cause is mended`() {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .rejected)])
        sample.intervene(submission, "repacked")
        #expect(Balance.shown(Balance(sample).only) == "queued 1")
        sample.accept([record])
        #expect(Balance.shown(Balance(sample).only) == "accepted 1")
    }

    @Test func `A waiting row that is judged anew is the same version`() {
        var sample = SampleBook()
        sample.take(rows: 1, kept: [.sample("a", "held", code: "H-WAITING")])
        sample.take(rows: 0, kept: [.sample("a", "quarantined")])
        let balance = Balance(sample)
        #expect(Balance.shown(balance.only) == "quarantined 1")
        #expect(balance.only?.taken == 1 && balance.balances)
    }

    @Test func `A disputed version is held`() {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .accepted)])
        sample.dispute(submission, record)
        #expect(Balance.shown(Balance(sample).only) == "held 1")
    }

    @Test(arguments: [(Verdict.accepted, "accepted 1"), (.rejected, "rejected 1")])
    func `A decided version stands where the decision puts it`(verdict: Verdict, shown: String) {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .accepted)])
        sample.dispute(submission, record)
        sample.decide(submission, record, verdict, receipt: "other")
        let balance = Balance(sample)
        #expect(Balance.shown(balance.only) == shown)
        #expect(balance.balances)
        sample.dispute(submission, record)
        #expect(Balance.shown(Balance(sample).only) == "held 1", "a new contradiction")
    }

    @Test func `A row that was to be sent and never was breaks the balance`() {
        var sample = SampleBook()
        sample.take(rows: 2, kept: [])
        sample.accept([.sample("a")])
        let balance = Balance(sample)
        #expect(balance.rowsWithoutFate == 1)
        #expect(!balance.balances)
    }

    @Test func `What was reported anew, without a row, hides no row that is lost`() {
        var sample = SampleBook()
        sample.take(rows: 2, kept: [])
        let record = SubmittedRecord.sample("a")
        sample.accept([record])
        sample.enqueue(
            [
                SubmittedRecord(
                    record: record.record, version: 2, action: .submit,
                    institution: record.institution, servedOn: record.servedOn,
                    traits: record.traits, claimant: record.claimant,
                    childOrder: record.childOrder)
            ], as: SubmissionID("anew"), withoutRows: true)
        let balance = Balance(sample)
        #expect(balance.rowsWithoutFate == 1)
        #expect(balance.only?.taken == 2)
    }

    @Test func `Another programme's submissions and items stay out`() {
        var sample = SampleBook()
        sample.accept([.sample("a")])
        sample.take(rows: 1, kept: [.sample("b", "held")])
        var other = CaseBook(programme: "prenatal-screening", isOurs: { $0 == "lis@1" })
        for (index, fact) in sample.facts.enumerated() {
            other.add(fact, seq: Int64(index + 1), at: Timestamp(microseconds: 0))
        }
        #expect(Balance(other).lines.isEmpty)
        #expect(other.rowsRead == 0)
    }
}
