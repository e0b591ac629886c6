import Evidence
import Records
import Settlements
import Testing

/// Differences are written down once, marked when they are gone, and closed by people alone.
@Suite struct DifferenceOpeningTests {
    private static let today = CalendarDate(daysSince1970: 20_000)
    private static let stays: [String: Int?] = ["corrected": 0, "timing": 31, "agreed": nil]

    private var book = DifferenceBook()
    private var lines: Int64 = 0

    private static func difference(
        _ record: String, _ reason: DifferenceReason = .notListed, in month: Int = 3
    ) -> Difference {
        var difference = Difference(
            .list, .localOnly, reason,
            at: PeriodCell(
                institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: month)))
        difference.record = RecordID(record)
        difference.rows = [7]
        return difference
    }

    /// Compares, writes down what follows, and returns it.
    private mutating func compare(
        _ found: [Difference], after days: Int = 0, month: Int? = nil,
        levels: Set<Difference.Level> = [.list], doubted: Set<String> = [],
        programme: String = SampleBook.programme
    ) -> DifferenceOpening {
        let today = DifferenceOpeningTests.today.adding(days: days)
        let opening = DifferenceOpening(
            found,
            DifferenceOpening.Compared(
                programme: programme,
                scope: ListReconciliation.Scope(
                    year: 2012, month: month.map { CalendarMonth(year: 2012, month: $0) }),
                levels: levels, doubted: doubted, list: "abc"), in: book,
            DifferenceOpening.Terms(
                by: "lin", owner: "zhao", today: today,
                due: [.localOnly: today.adding(days: 14)],
                stays: DifferenceOpeningTests.stays))
        for fact in opening.facts { write(fact, days) }
        return opening
    }

    private mutating func write(_ fact: Fact, _ days: Int) {
        lines += 1
        book.add(
            fact, seq: lines,
            at: Timestamp(microseconds: Int64(20_000 + days) * 86_400_000_000))
    }

    private mutating func close(_ number: Int64, _ outcome: String, after days: Int) {
        write(
            .differenceHandled(
                Fact.DifferenceHandled(
                    number: number, step: "closed", outcome: outcome, by: "zhao",
                    because: "letter 12")), days)
    }

    @Test mutating func `the same difference is opened once, with owner and deadline`() throws {
        let found = [
            DifferenceOpeningTests.difference("a"), DifferenceOpeningTests.difference("b"),
        ]
        #expect(compare(found).opened == 2)
        let again = compare(found + found, after: 3)
        #expect(again.opened == 0 && again.known == 2 && again.facts.isEmpty)
        let sheet = try #require(book[1])
        #expect(sheet.owner == "zhao" && sheet.state == .open)
        #expect(sheet.differed.record?.text == "a" && sheet.differed.rows == [7])
        #expect(sheet.differed.list == "abc" && sheet.differed.by == "lin")
        let due = DifferenceOpeningTests.today.adding(days: 14)
        #expect(sheet.dueOn == due)
        #expect(!sheet.isOverdue(on: due) && sheet.isOverdue(on: due.adding(days: 1)))
        #expect(sheet.age(on: due) == 14)
        #expect(book.standing(on: due.adding(days: 1)) == (2, 2))
    }

    @Test mutating func `one that is gone is marked and stays until a person closes it`() throws {
        let (a, b) = (
            DifferenceOpeningTests.difference("a"), DifferenceOpeningTests.difference("b")
        )
        _ = compare([a, b])
        let without = compare([a], after: 1)
        #expect(without.gone == 1 && without.known == 1)
        #expect(book[2]?.state == .gone)
        #expect(compare([a], after: 2).facts.isEmpty, "it is marked once")
        #expect(book.standing(on: DifferenceOpeningTests.today) == (2, 0))
        let back = compare([a, b], after: 3)
        #expect(back.back == 1 && back.opened == 0 && book[2]?.state == .open)
    }

    @Test mutating func `nothing is gone that the comparison could not have found`() {
        _ = compare([
            DifferenceOpeningTests.difference("a"), DifferenceOpeningTests.difference("b", in: 4),
        ])
        #expect(compare([], levels: [.counts, .source]).gone == 0)
        #expect(compare([], programme: "prenatal-screening").gone == 0)
        #expect(compare([], doubted: ["a", "b"]).gone == 0)
        let april = compare([], month: 4)
        #expect(april.gone == 1 && book[1]?.state == .open && book[2]?.state == .gone)
    }

    @Test mutating func `what was closed and is still there opens again, unless that is agreed`()
        throws
    {
        let found = ["a", "b", "c"].map { DifferenceOpeningTests.difference($0) }
        _ = compare(found)
        close(1, "corrected", after: 5)
        close(2, "timing", after: 5)
        close(3, "agreed", after: 5)
        #expect(book.sheets.allSatisfy { $0.state == .closed && !$0.isOverdue(on: $0.dueOn) })
        #expect(book[1]?.outcome == "corrected" && book[1]?.age(on: .init(daysSince1970: 0)) == 5)
        let soon = compare(found, after: 36)
        #expect(soon.opened == 1 && soon.again == 1 && soon.settled == 2)
        let sheet = try #require(book.sheets.last)
        #expect(sheet.differed.again == 1 && sheet.differed.record?.text == "a")
        let later = compare(found, after: 37)
        #expect(later.again == 1 && later.settled == 1 && later.known == 1)
        #expect(book.sheets.last?.differed.again == 2)
    }

    @Test mutating func `another reason is another difference, and other numbers are not`() {
        var counts = Difference(
            .counts, .countOnly, .countsDiffer,
            at: PeriodCell(
                institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3)))
        counts.local = 7
        counts.national = 6
        _ = compare([counts, DifferenceOpeningTests.difference("a")], levels: [.counts, .list])
        counts.national = 5
        let next = compare(
            [counts, DifferenceOpeningTests.difference("a", .frozenNotListed)],
            levels: [.counts, .list])
        #expect(next.opened == 1 && next.known == 1 && next.gone == 1)
        #expect(compare([], levels: [.listTotals]).gone == 0, "their list says nothing of counts")
    }

    @Test mutating func `somebody else may be given it, with another deadline`() throws {
        _ = compare([DifferenceOpeningTests.difference("a")])
        let day = DifferenceOpeningTests.today.adding(days: 60)
        write(
            .differenceHandled(
                Fact.DifferenceHandled(
                    number: 1, step: "assigned", owner: "qian", dueOn: day, by: "lin")), 1)
        write(
            .differenceHandled(
                Fact.DifferenceHandled(number: 99, step: "closed", by: "lin")), 1)
        let sheet = try #require(book[1])
        #expect(sheet.owner == "qian" && sheet.dueOn == day && sheet.steps.count == 1)
        #expect(book.sheets.count == 1)
    }

    @Test mutating func `no total of the books changes by it`() {
        var sample = SampleFunding.couples(3)
        let before = Balance(sample)
        for fact in compare([DifferenceOpeningTests.difference("a")]).facts { sample.add(fact) }
        let after = Balance(sample)
        #expect(after.lines == before.lines && after.rowsWithoutFate == 0)
    }
}
