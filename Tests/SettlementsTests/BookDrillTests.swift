import Evidence
import Records
import Settlements
import Testing

/// From a total to the rows that it is made of.
@Suite struct BookDrillTests {
    private func book() -> CaseBook {
        var sample = SampleBook()
        sample.take(
            rows: 5,
            kept: [
                .sample("kept", "quarantined", row: 4),
                .sample(nil, "quarantined", row: 6, at: nil),
            ])
        sample.accept([
            .sample("a", on: "2012-03-02"), .sample("b", on: "2012-03-02"),
            .sample("c", at: SampleBook.otherClinic, on: "2012-04-09"),
        ])
        return CaseBook(sample.facts)
    }

    /// Each step's groups add up to the balance that the statement shows.
    @Test func `every step down adds up to the step above`() {
        let book = book()
        let year = BookDrill(book, .init(year: 2012))
        let lines = Balance(book).lines(of: 2012).filter { $0.month != nil }
        #expect(year.groups.map(\.name) == [SampleBook.clinic, SampleBook.otherClinic])
        #expect(year.groups.reduce(0) { $0 + $1.taken } == lines.reduce(0) { $0 + $1.taken })
        for group in year.groups {
            let months = BookDrill(book, .init(year: 2012, institution: group.name))
            #expect(months.groups.reduce(0) { $0 + $1.taken } == group.taken)
            for standing in BalanceClass.allCases {
                #expect(months.groups.reduce(0) { $0 + $1[standing] } == group[standing])
            }
        }
        let march = CalendarMonth(year: 2012, month: 3)
        let days = BookDrill(
            book, .init(year: 2012, institution: SampleBook.clinic, month: march))
        #expect(days.groups.map(\.name) == ["2012-03-02", nil], "a row that stayed has no day")
        #expect(days.groups[0][.accepted] == 2 && days.groups[1][.quarantined] == 1)
        #expect(BookDrill(book, .init(year: 2011)).groups.isEmpty)
    }

    @Test func `a class has its rows, by the clinic's file and row`() throws {
        let rows = BookDrill(
            book(), .init(year: 2012, institution: SampleBook.clinic, standing: .quarantined)
        ) { _ in "三月.csv" }.rows
        #expect(rows.map(\.row) == [4] && rows.map(\.file) == ["三月.csv"])
        #expect(rows[0].record?.text == "kept" && !rows[0].codes.isEmpty)
        let accepted = BookDrill(
            book(), .init(year: 2012, institution: SampleBook.clinic, standing: .accepted))
        #expect(accepted.rows.map { $0.record?.text } == ["a", "b"])
    }
}
