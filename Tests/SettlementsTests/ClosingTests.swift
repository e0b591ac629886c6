import Definitions
import Evidence
import Records
import Settlements
import Testing

@Suite struct ClosingTests {
    @Test func `A second free check of the same child order is a discrepancy and unpaid`() throws {
        var sample = SampleBook()
        sample.accept([.sample("late", on: "2012-09-01", claimant: "pid")])
        sample.accept([
            .sample("early", on: "2012-02-01", claimant: "pid"),
            .sample("next", on: "2012-10-01", claimant: "pid", childOrder: 2),
        ])
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.map(\.record.record.text) == ["early", "next"])
        let discrepancy = try #require(settlement.statement.discrepancies.first)
        #expect(discrepancy.kind == .secondClaim)
        #expect(discrepancy.record?.text == "late" && discrepancy.earlier?.text == "early")
        #expect(settlement.statement.unpaid.map(\.reason) == [.secondClaim])
    }

    @Test func `A claim paid in one year is not paid again in the next`() throws {
        var sample = SampleBook()
        sample.accept([
            .sample("first", on: "2012-02-01", claimant: "pid"),
            .sample("again", on: "2013-02-01", claimant: "pid"),
        ])
        let settlement = try SampleFunding.closing(sample, year: 2013)
        #expect(settlement.paid.isEmpty)
        #expect(settlement.statement.discrepancies.map(\.kind) == [.secondClaim])
        #expect(try SampleFunding.closing(sample).statement.discrepancies.isEmpty)
    }

    @Test func `A self-paid, early or withdrawn check does not use up the claim`() throws {
        var sample = SampleBook()
        sample.accept([
            .sample("self", on: "2012-02-01", isFree: false, claimant: "pid"),
            .sample("early", on: "2011-02-01", claimant: "pid"),
            .sample("gone", on: "2012-02-02", claimant: "pid"),
        ])
        sample.accept([
            .sample("gone", version: 2, action: .withdraw, on: "2012-02-02", claimant: "pid")
        ])
        sample.accept([.sample("free", on: "2012-05-01", claimant: "pid")])
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.map(\.record.record.text) == ["free"])
    }

    @Test func `A free check without a claimant is not paid`() throws {
        var sample = SampleBook()
        sample.accept([.sample("a", claimant: nil), .sample("b", childOrder: nil)])
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.isEmpty)
        #expect(settlement.statement.discrepancies.map(\.kind) == [.claimUnknown, .claimUnknown])
    }

    @Test func `A disputed case is frozen, keeps its claim and is not paid`() throws {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a", claimant: "pid")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .accepted)])
        sample.dispute(submission, record)
        sample.accept([.sample("b", on: "2012-08-01", claimant: "pid")])
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.isEmpty)
        #expect(
            Set(settlement.statement.discrepancies.map(\.kind)) == [.disputed, .secondClaim])
    }

    @Test func `A case decided as accepted is paid by the receipt of the decision`() throws {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a", claimant: "pid")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .rejected)])
        sample.dispute(submission, record)
        #expect(try SampleFunding.closing(sample).paid.isEmpty)
        sample.decide(submission, record, .accepted, receipt: "deciding")
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.map(\.version.receipt) == ["deciding"])
        #expect(settlement.statement.discrepancies.isEmpty)
    }

    @Test(arguments: [("excluded", "R-01"), ("held", "R-10"), ("quarantined", "R-12")])
    func `What the clinic said after the acceptance and did not pass is told, and the case paid`(
        fate: String, code: String
    ) throws {
        var sample = SampleBook()
        let record = SubmittedRecord.sample("a")
        sample.accept([record])
        sample.take(rows: 1, kept: [.sample("a", version: 2, fate, code: code)])
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.count == 1)
        #expect(settlement.statement.discrepancies.map(\.kind) == [.saidLater])
        #expect(settlement.statement.discrepancies.first?.record == record.record)
        // What only waits for an answer will go by itself.
        var waiting = SampleBook()
        waiting.accept([record])
        waiting.take(rows: 1, kept: [.sample("a", version: 2, "held", code: "H-WAITING")])
        #expect(try SampleFunding.closing(waiting).statement.discrepancies.isEmpty)
    }

    @Test func `An amendment that names another year moves the money there`() throws {
        var sample = SampleBook()
        sample.accept([.sample("a", on: "2012-12-31")])
        sample.accept([.sample("a", version: 2, action: .amend, on: "2013-01-01")])
        #expect(try SampleFunding.closing(sample).statement.totalCases == 0)
        #expect(try SampleFunding.closing(sample, year: 2013).statement.totalCases == 1)
    }

    @Test func `A year closes when all is answered and both books agree`() throws {
        let sample = SampleFunding.couples(2)
        let counts = [count(2)]
        let statement = try SampleFunding.closing(sample, national: counts).statement
        #expect(statement.isClosed && statement.blocked.isEmpty)
        var open = sample
        _ = open.enqueue([.sample("b")])
        let blocked = try SampleFunding.closing(open, national: counts).statement.blocked
        #expect(blocked.map(\.code) == ["E-CASES-OPEN"])
        #expect(
            try SampleFunding.closing(sample).statement.blocked.map(\.code) == ["E-COUNTS-MISSING"])
        #expect(
            try SampleFunding.closing(sample, national: [count(3)]).statement.blocked.map(\.code)
                == ["E-COUNTS-DIFFER"])
    }

    @Test func `Counts are compared by institution and month of service`() {
        var sample = SampleBook()
        sample.accept([
            .sample("a"), .sample("b"), .sample("c", on: "2012-04-01"),
            .sample("d", at: SampleBook.otherClinic),
        ])
        sample.accept([.sample("b", version: 2, action: .withdraw)])
        let differences = Reconciliation.discrepancies(
            Balance(sample).lines,
            national: [
                count(2), count(1, at: SampleBook.otherClinic),
                count(4, at: SampleBook.otherClinic, in: "2012-07"),
            ])
        #expect(differences.map(\.kind) == [.countOnly, .localOnly, .nationalOnly])
        #expect(differences.map(\.local) == [1, 1, 0])
        #expect(differences.map(\.national) == [2, 0, 4])
        #expect(differences.map(\.month.description) == ["2012-03", "2012-04", "2012-07"])
        #expect(differences[0].wording.zh.contains("相差 -1"))
    }

    private func count(
        _ accepted: Int, at institution: String = SampleBook.clinic, in month: String = "2012-03"
    ) -> NationalCounts {
        NationalCounts(
            institution: institution, month: CalendarMonth(iso: month) ?? march,
            accepted: accepted, rejected: 0, duplicate: 0)
    }

    private let march = CalendarMonth(year: 2012, month: 3)
}
