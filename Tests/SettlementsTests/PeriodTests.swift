import Evidence
import Records
import Settlements
import Testing

/// A year that is settled month by month.
@Suite struct PeriodTests {
    private let march = CalendarMonth(year: 2012, month: 3)

    private func closing(
        _ sample: SampleBook, _ terms: ClosingTerms, since earlier: Settlement.Earlier = .none,
        at seconds: Int64 = 1_357_780_000
    ) throws -> Settlement {
        Settlement.closing(
            CaseBook(sample.facts), rule: try SampleFunding.rule(), year: 2012,
            division: SampleFunding.county, national: nil, hasCounts: false, since: earlier,
            terms: terms, at: Timestamp(microseconds: seconds * 1_000_000))
    }

    private func sample() -> SampleBook {
        var sample = SampleBook()
        sample.accept([.sample("a", on: "2012-01-09"), .sample("b", on: "2012-03-31")])
        sample.accept([.sample("c", on: "2012-04-01"), .sample("d", on: "2012-12-31")])
        return sample
    }

    @Test func `a statement up to a month has the cases of its months, and no others`() throws {
        let settlement = try closing(sample(), ClosingTerms(through: march))
        #expect(settlement.paid.map(\.record.record.text) == ["a", "b"])
        #expect(settlement.statement.through == march)
        #expect(settlement.statement.totalFen.fen == 48_000)
        #expect(Balance.sum(settlement.statement.balance).taken == 2)
        #expect(settlement.statement.isClosed)
        let whole = try closing(sample(), ClosingTerms())
        #expect(whole.paid.count == 4 && whole.statement.through == nil)
    }

    @Test func `what is open in a later month does not keep an earlier one open`() throws {
        var sample = sample()
        _ = sample.enqueue([.sample("open", on: "2012-05-02")])
        #expect(try closing(sample, ClosingTerms(through: march)).statement.isClosed)
        let may = CalendarMonth(year: 2012, month: 5)
        let blocked = try closing(sample, ClosingTerms(through: may)).statement
        #expect(blocked.blocked.map(\.code) == ["E-CASES-OPEN"])
        let carried = try closing(
            sample, ClosingTerms(through: may, carriesOver: true)
        ).statement
        #expect(carried.isClosed && carried.carriedOver == 1)
        let none = try closing(
            sample, ClosingTerms(through: march, carriesOver: true)
        ).statement
        #expect(none.carriedOver == nil, "there is nothing to carry over")
    }

    /// 2012-04-01 00:00 and 2012-04-04 00:00 in Shanghai.
    @Test(arguments: [
        (Int64(1_333_209_600), 0, true), (1_333_209_599, 0, false), (1_333_468_800, 3, true),
        (1_333_468_799, 3, false),
    ])
    func `a period is closed when it is over and its days have gone by`(
        seconds: Int64, days: Int, isOver: Bool
    ) throws {
        let statement = try closing(
            sample(), ClosingTerms(through: march, daysAfterEnd: days), at: seconds
        ).statement
        #expect(statement.isClosed == isOver)
        #expect(statement.blocked.contains { $0.code == "E-PERIOD-RUNS" } == !isOver)
    }

    @Test func `periods of a year go forward only`() {
        let may = SettlementPeriod(year: 2012, through: CalendarMonth(year: 2012, month: 5))
        let first = SettlementPeriod(year: 2012, through: march)
        let whole = SettlementPeriod(year: 2012)
        #expect(may.follows(first) && may.follows(may) && whole.follows(may))
        #expect(whole.follows(whole), "a year's statement may be corrected by another one")
        #expect(!first.follows(may) && !may.follows(whole))
    }

    /// What came late for a month that was settled is a line of the next statement, and what was
    /// taken back is one that takes it off.
    @Test func `what comes late is a linked line of the next statement`() throws {
        var sample = sample()
        let first = try closing(sample, ClosingTerms(through: march))
        let lines = try SampleStory.lines(sample, sample.facts.count).prefix(2)
        var reading = EarlierStatement.Reading(
            SampleStory.settled(Array(lines), statement: "5e"))
        for line in lines { reading.add(line) }
        let issued = try #require(reading.statement())
        #expect(issued.leaves.map(\.record.text) == first.paid.map(\.record.record.text))
        sample.accept([.sample("late", on: "2012-02-02")])
        sample.accept([.sample("b", version: 2, action: .withdraw, on: "2012-03-31")])
        let may = ClosingTerms(through: CalendarMonth(year: 2012, month: 5))
        let next = try closing(sample, may, since: .issued(issued)).statement
        let correction = try #require(next.correction)
        #expect(correction.lines.map(\.record.text) == ["b"])
        #expect(correction.lines.map(\.reason) == [.withdrawn])
        #expect(correction.addedCases == 2, "the late one, and that of April")
        #expect(next.totalFen == correction.earlierFen + correction.fen + correction.addedFen)
        #expect(next.totalFen.fen == 3 * 24_000)
    }
}
