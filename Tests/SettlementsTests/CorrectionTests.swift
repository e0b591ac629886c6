import Evidence
import LibCrypto
import Records
import Settlements
import Testing

/// What a later statement takes off an earlier one: negative lines with their grounds.
@Suite struct CorrectionTests {
    private let couples = (0..<6).map { SubmittedRecord.sample("case-\($0)") }

    /// All accepted in one submission, and what was paid then.
    private func settled() throws -> (SampleBook, SubmissionID, EarlierStatement) {
        var sample = SampleBook()
        let submission = sample.enqueue(couples)
        sample.answer(submission, couples.map { RecordVerdict($0, .accepted) })
        let lines = try SampleStory.lines(sample, sample.facts.count)
        var reading = EarlierStatement.Reading(SampleStory.settled(lines, statement: "5e"))
        for line in lines { reading.add(line) }
        let earlier = try #require(reading.statement())
        #expect(earlier.leaves.count == 6)
        return (sample, submission, earlier)
    }

    private func correction(_ sample: SampleBook, _ earlier: EarlierStatement) throws
        -> (Settlement, Correction?)
    {
        let settlement = try SampleFunding.closing(sample, since: .issued(earlier))
        return (settlement, settlement.statement.correction)
    }

    @Test func `nothing is taken off while all that was paid is paid, and what is new is added`()
        throws
    {
        var (sample, _, earlier) = try settled()
        #expect(try correction(sample, earlier).1 == nil, "just the same is paid")
        sample.accept([.sample("new")])
        let (settlement, found) = try correction(sample, earlier)
        let correction = try #require(found)
        #expect(correction.lines.isEmpty && correction.statement == "5e")
        #expect(correction.earlierFen.fen == 144_000 && correction.addedCases == 1)
        #expect(correction.earlierFen + correction.addedFen == settlement.statement.totalFen)
    }

    @Test func `each case that left has a negative line with its reason, and the sums meet`()
        throws
    {
        var (sample, submission, earlier) = try settled()
        sample.reverse(submission, couples[0])
        sample.dispute(submission, couples[1])
        sample.accept([.sample("case-2", version: 2, action: .withdraw)])
        sample.accept([.sample("case-3", version: 2, action: .amend, isFree: false)])
        sample.dispute(submission, couples[4])
        sample.decide(submission, couples[4], .rejected, receipt: "r-decided")
        sample.accept([.sample("new")])
        let (settlement, found) = try correction(sample, earlier)
        let correction = try #require(found)
        let reasons = Dictionary(
            uniqueKeysWithValues: correction.lines.map { ($0.record.text, $0.reason) })
        #expect(
            reasons == [
                "case-0": .reversed, "case-1": .disputed, "case-2": .withdrawn,
                "case-3": .amended, "case-4": .decided,
            ])
        #expect(correction.lines.allSatisfy { $0.fen.fen == -24_000 && $0.paidBy == "receipt" })
        #expect(correction.lines.first { $0.reason == .reversed }?.changedBy == "reversal")
        #expect(correction.lines.first { $0.reason == .decided }?.changedBy == "r-decided")
        #expect(correction.earlierFen.fen == 6 * 24_000 && correction.earlierCases == 6)
        #expect(correction.addedCases == 1)
        #expect(
            correction.earlierFen + correction.fen + correction.addedFen
                == settlement.statement.totalFen)
        let read = try Statement(json: try settlement.statement.json())
        #expect(read == settlement.statement)
    }

    @Test func `a reversed case frees its claim, and whoever is next is paid`() throws {
        var sample = SampleBook()
        let first = SubmittedRecord.sample("first", on: "2012-02-01", claimant: "pid")
        let submission = sample.enqueue([first])
        sample.answer(submission, [RecordVerdict(first, .accepted)])
        sample.accept([.sample("second", on: "2012-03-01", claimant: "pid")])
        #expect(try SampleFunding.closing(sample).paid.map(\.record.record.text) == ["first"])
        sample.reverse(submission, first)
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.map(\.record.record.text) == ["second"])
        #expect(settlement.statement.discrepancies.isEmpty)
        #expect(Balance.sum(settlement.statement.balance).rejected == 1)
    }

    /// P-14: the order in which an acceptance and its reversal come changes no fen.
    @Test func `money is the same in whatever order the answers came`() throws {
        func total(_ isReversedFirst: Bool) throws -> Money {
            var sample = SampleBook()
            let submission = sample.enqueue(couples)
            sample.send(submission)
            if isReversedFirst { sample.reverse(submission, couples[0]) }
            sample.acknowledge(submission, couples.map { RecordVerdict($0, .accepted) })
            if !isReversedFirst { sample.reverse(submission, couples[0]) }
            return try SampleFunding.closing(sample).statement.totalFen
        }
        #expect(try total(true) == total(false))
        #expect(try total(true).fen == 5 * 24_000)
    }

    @Test func `an amendment taken back leaves nothing in force and nothing paid`() throws {
        var sample = SampleBook()
        sample.accept([.sample("a")])
        let amended = SubmittedRecord.sample("a", version: 2, action: .amend)
        let submission = sample.enqueue([amended])
        sample.answer(submission, [RecordVerdict(amended, .accepted)])
        sample.reverse(submission, amended)
        let settlement = try SampleFunding.closing(sample)
        #expect(settlement.paid.isEmpty && settlement.unpaid.isEmpty)
        let sum = Balance.sum(settlement.statement.balance)
        #expect(sum.accepted == 0 && sum.rejected == 1 && sum.superseded == 1)
        sample.accept([.sample("a", version: 3)])
        #expect(try SampleFunding.closing(sample).paid.count == 1)
    }

    /// F-066: whoever set the clock back closes no year.
    @Test func `a clock behind the ledger's last line closes nothing`() throws {
        func codes(_ end: Int64) throws -> [String] {
            Settlement.closing(
                CaseBook(SampleFunding.couples(1).facts), rule: try SampleFunding.rule(),
                year: 2012, division: SampleFunding.county, national: nil,
                ledgerEnd: Timestamp(microseconds: end), at: Timestamp(microseconds: 1_000_000)
            ).statement.blocked.map(\.code)
        }
        #expect(try codes(1_000_001).contains("E-CLOSE-CLOCK"))
        #expect(try !codes(1_000_000).contains("E-CLOSE-CLOCK"))
    }

    @Test func `lines that are not those of the ledger's root are not believed`() throws {
        let (sample, _, _) = try settled()
        let lines = try SampleStory.lines(sample, sample.facts.count)
        var reading = EarlierStatement.Reading(SampleStory.settled(lines, statement: "5e"))
        for line in lines.dropLast() { reading.add(line) }
        #expect(reading.statement() == nil, "one is missing")
        reading.add(lines[0])
        #expect(reading.statement() == nil, "another one in its place")
        let blocked = try SampleFunding.closing(sample, since: .missing).statement
        #expect(blocked.blocked.contains { $0.code == "E-EARLIER-LINES" } && !blocked.isClosed)
    }
}
