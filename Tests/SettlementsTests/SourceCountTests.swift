import Evidence
import Records
import Settlements
import Testing

/// The clinics' own counts, beside what came from them.
@Suite struct SourceCountTests {
    private func counted(
        _ count: Int, at institution: String = SampleBook.clinic, in month: String = "2012-03",
        service: String? = nil, programme: String = "preconception-check"
    ) -> Fact {
        .counted(
            Fact.Counted(
                programme: programme, institution: institution,
                month: CalendarMonth(iso: month) ?? CalendarMonth(year: 2012, month: 3),
                service: service, count: count, list: nil, by: "lin"))
    }

    private func lines(_ sample: SampleBook, year: Int = 2012) -> [SourceCounts.Line] {
        let book = CaseBook(sample.facts)
        return book.sourceCounts.lines(book, year: year)
    }

    @Test func `what came is counted by case, whatever became of it, and withdrawn is none`() throws
    {
        var sample = SampleFunding.couples(2)
        sample.take(rows: 1, kept: [.sample("home", "quarantined")])
        sample.accept([.sample("gone")])
        sample.accept([.sample("gone", version: 2, action: .withdraw)])
        sample.accept([.sample("other-month", on: "2012-04-01")])
        sample.add(counted(3))
        let lines = lines(sample)
        // Of April the clinic said nothing: shown, and no difference.
        #expect(lines.map(\.month.description) == ["2012-03", "2012-04"])
        #expect(lines[0].source == 3 && lines[0].here == 3 && lines[0].accepted == 2)
        #expect(lines[0].difference == 0)
        #expect(lines[1].source == nil && lines[1].here == 1 && lines[1].difference == nil)
    }

    @Test func `a month of which nothing came is a gap and not silence`() throws {
        var sample = SampleFunding.couples(1)
        sample.add(counted(1))
        sample.add(counted(40, at: "MA0000T1X99010111G1009"))
        let settlement = try SampleFunding.closing(sample)
        let gap = try #require(settlement.statement.discrepancies.first)
        #expect(settlement.statement.discrepancies.count == 1)
        #expect(gap.kind == .sourceMore && gap.source == 40 && gap.local == 0)
        #expect(gap.wording.zh.contains("自报 40，收到 0"))
        #expect(!gap.kind.isAboutCounts, "it is shown, and keeps no year open")
    }

    @Test func `the last word counts, and another programme's never`() {
        var sample = SampleFunding.couples(2)
        sample.add(counted(5))
        sample.add(counted(1))
        sample.add(counted(9, programme: "prenatal-screening"))
        let line = lines(sample)[0]
        #expect(line.source == 1 && line.difference == 1)
        #expect(lines(sample, year: 2013).isEmpty)
        #expect(lines(SampleFunding.couples(2)).isEmpty, "nobody counts")
    }

    @Test func `a service is counted by itself, and all of them together`() throws {
        var sample = SampleScreening.tests(2, "serum")
        sample.accept([.test("n", "nipt")])
        let programme = "prenatal-screening"
        sample.add(counted(2, in: "2016-07", service: "serum", programme: programme))
        sample.add(counted(4, in: "2016-07", programme: programme))
        let book = CaseBook(sample.facts, programme: programme)
        let lines = book.sourceCounts.lines(book, year: 2016)
        #expect(lines.map(\.service) == [nil, "serum"])
        #expect(lines.map(\.here) == [3, 2])
        #expect(
            book.sourceCounts.discrepancies(book, year: 2016).map(\.kind) == [.sourceMore])
    }
}
