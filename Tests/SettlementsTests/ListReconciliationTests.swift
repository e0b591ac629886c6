import Evidence
import Records
import Settlements
import Testing

/// Our cases beside the national side's own list of them.
@Suite struct ListReconciliationTests {
    private func compare(
        _ sample: SampleBook, _ rows: [ListedRow], _ shape: ListReconciliation.Shape = .init(),
        _ scope: ListReconciliation.Scope = .init(year: 2012)
    ) -> ListReconciliation {
        ListReconciliation(rows, shape, CaseBook(sample.facts), scope: scope)
    }

    private func row(
        _ number: Int, _ record: String? = nil, _ version: Int? = 1, serial: String? = nil,
        group: String? = nil, _ state: ListedRow.State = .accepted,
        at institution: String? = nil, in month: String? = nil,
        problem: ListedRowProblem? = nil
    ) -> ListedRow {
        ListedRow(
            number: number, record: record.map { RecordID($0) },
            version: record == nil ? nil : version, serial: serial, group: group,
            institution: institution, month: month.flatMap { CalendarMonth(iso: $0) },
            state: state, problem: problem)
    }

    /// Cases that were accepted under a number of theirs.
    private func accepted(_ numbers: [String: String]) -> SampleBook {
        var sample = SampleBook()
        for (name, serial) in numbers.sorted(by: { $0.key < $1.key }) {
            let record = SubmittedRecord.sample(name)
            let submission = sample.enqueue([record])
            sample.answer(
                submission,
                [
                    RecordVerdict(
                        record: record.record, version: 1, verdict: .accepted, serial: serial)
                ])
        }
        return sample
    }

    @Test func `a case is found by our reference or by their number, and is the same`() {
        let found = compare(
            accepted(["a": "T1", "b": "T2", "c": "T3"]),
            [row(2, "a"), row(3, serial: "T2"), row(4, "c", serial: "T3")])
        #expect(found.differences.isEmpty && found.problems.isEmpty)
        #expect(found.matched == 3 && found.manyToOne.isEmpty)
        #expect(found.lines.map(\.local) == [3] && found.lines.map(\.national) == [3])
    }

    @Test func `what one side alone has is named, with its month`() throws {
        let found = compare(
            accepted(["a": "T1"]),
            [
                row(2, serial: "X9", at: SampleBook.otherClinic, in: "2012-04"),
                row(3, "stranger", in: "2012-05"), row(4, serial: "X8", .withdrawn),
                row(5, serial: "X7", in: "2013-01"),
            ])
        #expect(found.differences.map(\.reason) == [.notListed, .notOurs, .notOurs])
        #expect(found.differences.map(\.kind) == [.localOnly, .nationalOnly, .nationalOnly])
        let (ours, unplaced, theirs) = (
            found.differences[0], found.differences[1], found.differences[2]
        )
        #expect(ours.record?.text == "a" && ours.month?.description == "2012-03")
        #expect(unplaced.record?.text == "stranger" && unplaced.institution == nil)
        #expect(theirs.serial == "X9" && theirs.institution == SampleBook.otherClinic)
        #expect(theirs.rows == [2] && theirs.month?.description == "2012-04")
        #expect(found.withoutEffect == 1 && found.outside == 1)
    }

    @Test func `several rows of a case are one match, by whatever ties them`() throws {
        let rows = [
            row(2, "a", serial: "W1", group: "F1"), row(3, serial: "H1", group: "F1"),
            row(4, "b"), row(5, serial: "T2"),
            row(6, serial: "W3", group: "F3", in: "2012-03"),
            row(7, serial: "H3", group: "F3", in: "2012-03"),
        ]
        let parts = compare(accepted(["a": "T1", "b": "T2"]), rows, .init(countsRows: false))
        #expect(parts.problems.isEmpty, "\(parts.problems)")
        #expect(parts.matched == 2)
        #expect(parts.manyToOne.map(\.record.text) == ["a", "b"])
        #expect(parts.manyToOne.map(\.rows) == [[2, 3], [4, 5]])
        let theirs = try #require(parts.differences.first)
        #expect(parts.differences.count == 1 && theirs.reason == .notOurs)
        #expect(theirs.rows == [6, 7], "two rows of one family are one case of theirs")

        // Where a row is a case, two numbers of one case are counted twice.
        let cases = compare(accepted(["a": "T1", "b": "T2"]), Array(rows.prefix(4)))
        #expect(cases.differences.map(\.reason) == [.listedTwice])
        #expect(cases.differences[0].kind == .countOnly)
        #expect(cases.differences[0].local == 1 && cases.differences[0].national == 2)
        #expect(cases.lines.map(\.national) == [3])
    }

    @Test func `one row may stand for several versions, and the newest row counts`() {
        var sample = accepted(["a": "T1"])
        sample.accept([.sample("a", version: 2, action: .amend)])
        #expect(compare(sample, [row(2, "a", 2)]).differences.isEmpty)
        #expect(compare(sample, [row(2, serial: "T1")]).differences.isEmpty)
        #expect(compare(sample, [row(2, "a", 1)]).differences.map(\.reason) == [.olderVersion])
        #expect(compare(sample, [row(2, "a", 3)]).differences.map(\.reason) == [.newerVersion])
        let both = compare(sample, [row(2, "a", 1, .withdrawn), row(3, "a", 2)])
        #expect(both.differences.isEmpty && both.manyToOne.map(\.rows) == [[2, 3]])
        let mixed = compare(sample, [row(2, "a", 2), row(3, serial: "T1", .rejected)])
        #expect(mixed.differences.map(\.reason) == [.mixed])
    }

    @Test func `a row without sense is listed, and nothing is said of the case that it names`() {
        let found = compare(
            accepted(["a": "T1", "b": "T2", "c": "T3", "d": "T4", "e": "T5"]),
            [
                row(2, "a", serial: "T2"), row(3, "c", problem: .word), row(4, "d"), row(5),
                row(6, "stranger", serial: "T5"), row(7, problem: .unreadable),
            ])
        #expect(
            found.problems == [
                2: .twoCases, 3: .word, 5: .nameless, 6: .twoCases, 7: .unreadable,
            ])
        #expect(found.differences.isEmpty, "a, b, c and e are not judged, and d is the same")
        #expect(found.doubted.isSuperset(of: ["a", "b", "c", "e", "T5", "stranger"]))
    }

    @Test func `a number of several cases is guessed for none of them`() {
        let found = compare(
            accepted(["a": "0", "b": "0", "c": "T3"]),
            [row(2, serial: "0"), row(3, serial: "T3"), row(4, "a", serial: "0")])
        #expect(found.problems == [2: .several])
        #expect(found.differences.isEmpty)
    }

    @Test func `follow-ups that a list does not have are no difference, and are told apart`() {
        var sample = SampleScreening.tests(1, "serum")
        sample.accept([.test("later", "deliveryFollowUp")])
        let book = CaseBook(sample.facts, programme: "prenatal-screening")
        func compare(_ rows: [ListedRow]) -> ListReconciliation {
            ListReconciliation(
                rows, .init(omitted: ["deliveryFollowUp"]), book, scope: .init(year: 2016))
        }
        let serum = book.cases.map(\.key.text).filter { $0 != "later" }
        let listed = [row(2, serum.first)]
        var found = compare(listed)
        #expect(found.differences.isEmpty && found.lines.map(\.local) == [1])
        let cell = found.lines[0]
        let counts = NationalCounts(
            institution: cell.institution ?? "",
            month: cell.month ?? CalendarMonth(year: 1, month: 1),
            accepted: 2, rejected: 0, duplicate: 0)
        found.compare(with: [counts])
        #expect(found.differences.isEmpty, "one in the list, and a follow-up")
        #expect(
            compare(listed + [row(3, "later", 1, .rejected)]).differences.map(\.reason) == [
                .theyRejected
            ])
    }

    @Test func `a list of one month is compared with that month alone`() {
        var sample = accepted(["a": "T1"])
        sample.accept([.sample("b", on: "2012-04-02")])
        let april = ListReconciliation.Scope(
            year: 2012, month: CalendarMonth(year: 2012, month: 4))
        let found = compare(sample, [row(2, "b", in: "2012-04")], .init(), april)
        #expect(found.differences.isEmpty && found.lines.map(\.local) == [1])
        let moved = compare(
            sample, [row(2, "b", in: "2012-04"), row(3, "a", in: "2012-04")], .init(), april)
        #expect(moved.differences.map(\.reason) == [.elsewhere])
    }

    @Test func `the clinic's own count and their counts stand beside the list`() throws {
        var sample = accepted(["a": "T1", "b": "T2"])
        sample.add(
            .counted(
                Fact.Counted(
                    programme: SampleBook.programme, institution: SampleBook.clinic,
                    month: CalendarMonth(year: 2012, month: 3), service: nil, count: 5,
                    list: nil, by: "lin")))
        var found = compare(sample, [row(2, "a"), row(3, "b")])
        #expect(found.differences.map(\.reason) == [.sourceMore])
        #expect(found.lines.map(\.source) == [5] && found.lines.map(\.national) == [2])
        #expect(found.counts.map(\.accepted) == [2])
        found.compare(with: [
            NationalCounts(
                institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3),
                accepted: 3, rejected: 0, duplicate: 0)
        ])
        #expect(found.differences.map(\.reason) == [.listNotCounts, .sourceMore])
    }
}
