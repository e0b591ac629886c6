import Evidence
import Records
import Settlements
import Testing

/// What is not paid yet is worth what it would bring, and nobody is counted twice.
@Suite struct OpenWorthTests {
    private static let whole = SettlementTraits(
        isFree: true, spouses: [true, true], isComplete: true)

    private func open(_ sample: SampleBook, year: Int = 2012) throws -> OpenWorth {
        OpenWorth(
            CaseBook(sample.facts), rule: try SampleFunding.rule(), year: year,
            division: SampleFunding.county)
    }

    private func group(_ open: OpenWorth, _ standing: String, _ code: String = "")
        -> OpenWorth.Group?
    {
        open.groups.first { $0.standing == standing && $0.code == code }
    }

    @Test func `each cause has its cases and its price, the dearest first`() throws {
        var sample = SampleFunding.couples(2)
        let queued = SubmittedRecord.sample("queued")
        _ = sample.enqueue([queued, .sample("queued-2"), .sample("queued-3")])
        let refused = SubmittedRecord.sample("refused")
        let submission = sample.enqueue([refused])
        sample.answer(
            submission,
            [
                RecordVerdict(
                    record: refused.record, version: 1, verdict: .rejected, code: "E2104")
            ])
        sample.take(
            rows: 3,
            kept: [
                .sample("a", "quarantined", row: 2, code: "L-002", traits: OpenWorthTests.whole),
                .sample("b", "quarantined", row: 3, code: "L-002", traits: OpenWorthTests.whole),
                .sample(nil, version: 0, "quarantined", row: 4, in: nil, code: "V-CODE"),
            ])
        let open = try open(sample)
        #expect(open.groups.map(\.fen.fen) == [72_000, 48_000, 24_000, 0])
        #expect(group(open, "queued")?.cases == 3)
        #expect(group(open, "quarantined", "L-002")?.fen.fen == 48_000)
        #expect(group(open, "rejected", "E2104")?.cases == 1)
        #expect(group(open, "quarantined", "V-CODE")?.unknown == 1)
        #expect(open.totalFen.fen == 144_000)
        #expect(try self.open(sample, year: 2013).totalFen == .zero)
    }

    @Test func `what is paid, self-paid or left out for good waits for nothing`() throws {
        var sample = SampleFunding.couples(1)
        sample.accept([.sample("self", isFree: false), .sample("early", on: "2011-05-05")])
        sample.take(rows: 1, kept: [.sample("out", "excluded", code: "R-01")])
        #expect(try open(sample).groups.isEmpty)
    }

    @Test func `a person who was paid for is claimed, and counts once among those who wait`()
        throws
    {
        var sample = SampleBook()
        sample.accept([.sample("paid", claimant: "p")])
        _ = sample.enqueue([.sample("again", claimant: "p"), .sample("other", claimant: "q")])
        let submission = sample.enqueue([.sample("other-2", claimant: "q")])
        sample.answer(
            submission, [RecordVerdict(SubmittedRecord.sample("other-2"), .rejected)])
        let open = try open(sample)
        #expect(group(open, "queued")?.claimed == 1 && group(open, "queued")?.fen.fen == 24_000)
        #expect(group(open, "rejected")?.fen.fen == 24_000)
        #expect(open.totalFen.fen == 24_000)
    }

    @Test func `an incomplete case in force is worth its price once it is whole`() throws {
        var sample = SampleBook()
        sample.accept([.sample("part", isComplete: false)])
        let record = SubmittedRecord.sample("frozen")
        let submission = sample.enqueue([record])
        sample.answer(submission, [RecordVerdict(record, .accepted)])
        sample.dispute(submission, record)
        let open = try open(sample)
        #expect(group(open, "unpaid", "incomplete")?.fen.fen == 24_000)
        #expect(group(open, "unpaid", "disputed")?.fen.fen == 24_000)
        #expect(open.totalFen.fen == 48_000)
    }
}

/// A case is followed from the clinic's row to the fen.
@Suite struct CaseChainTests {
    private func chain(_ sample: SampleBook, _ record: String) throws -> CaseChain? {
        CaseChain(
            RecordID(record), in: CaseBook(sample.facts), rule: try SampleFunding.rule(),
            division: SampleFunding.county)
    }

    @Test func `a paid case names its row, its submission, its receipt and each payer`() throws {
        var sample = SampleBook()
        let intake = sample.take(rows: 1, kept: [])
        let record = SubmittedRecord.sample("a")
        let submission = SubmissionID("s-1")
        sample.enqueue([record], as: submission, from: (intake, [12]))
        sample.answer(
            submission,
            [RecordVerdict(record: record.record, version: 1, verdict: .accepted, serial: "N1")])
        let chain = try #require(try chain(sample, "a"))
        let version = try #require(chain.versions.first)
        #expect(version.row == 12 && version.file?.isEmpty == false)
        #expect(version.submission == submission && version.sends == 1)
        #expect(version.serial == "N1" && version.standing == .accepted)
        #expect(chain.paid?.fen.fen == 24_000 && chain.unpaid == nil)
        #expect(chain.paid?.payers.map(\.fen.fen) == [19_200, 2_400, 2_400])
    }

    @Test func `a second claim says who has it, and what stayed here says why`() throws {
        var sample = SampleBook()
        sample.accept([
            .sample("first", on: "2012-02-01", claimant: "p"),
            .sample("second", on: "2012-03-01", claimant: "p"),
        ])
        sample.take(rows: 1, kept: [.sample("home", "quarantined", row: 7, code: "L-002")])
        let second = try #require(try chain(sample, "second"))
        #expect(second.unpaid?.reason == .secondClaim)
        #expect(second.unpaid?.earlier?.text == "first" && second.paid == nil)
        let home = try #require(try chain(sample, "home"))
        #expect(home.versions.map(\.row) == [7])
        #expect(home.versions.map(\.codes) == [["L-002"]])
        #expect(home.paid == nil && home.unpaid == nil)
        #expect(try chain(sample, "nobody") == nil)
    }
}
