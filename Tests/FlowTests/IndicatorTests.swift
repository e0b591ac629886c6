import Definitions
import Evidence
import Flow
import Programmes
import Records
import Settlements
import Testing

/// Shares against goals, and what of them may leave the county.
struct IndicatorTests {
    private static let text = """
        smallest: 10
        stated: { asked: { zh: 问, en: asked }, aware: { zh: 知, en: aware } }
        indicators:
          awareness:
            zh: 知晓率
            en: awareness
            unit: { zh: 人, en: persons }
            numerator: { stated: aware }
            denominator: { stated: asked }
            goals: { 2012: 90 }
          completeness:
            zh: 完成率
            en: completeness
            unit: { zh: 对, en: couples }
            numerator: { records: complete }
            denominator: { records: accepted }
          followUp:
            zh: 随访率
            en: follow-up
            unit: { zh: 对, en: couples }
            numerator: { records: accepted, of: [later] }
            denominator: { records: accepted }
        """

    /// Two institutions; the first has three checks and a follow-up, the second one thin check.
    private static func book() -> CaseBook {
        func record(
            _ name: String, _ place: String, _ service: String? = nil, isComplete: Bool = true
        )
            -> SubmittedRecord
        {
            SubmittedRecord(
                record: RecordID(name), version: 1, action: .submit, institution: place,
                servedOn: CalendarDate(iso: "2012-03-05") ?? CalendarDate(daysSince1970: 0),
                traits: SettlementTraits(
                    isFree: true, spouses: [true, true], isComplete: isComplete, service: service),
                claimant: name, childOrder: 1)
        }
        let records = [
            record("a", "ONE"), record("b", "ONE"), record("c", "ONE"),
            record("d", "ONE", "later"), record("e", "TWO", isComplete: false),
        ]
        let submission = SubmissionID("s")
        let facts: [Fact] = [
            .enqueued(
                Fact.Enqueued(
                    submission: submission, programme: "p", profile: "r", suite: "gm",
                    digest: "", digestSM3: "", signingKey: "", records: records, warnings: [:])),
            .acknowledged(
                Fact.Acknowledged(
                    submission: submission, receipt: "r",
                    verdicts: records.map {
                        RecordVerdict(record: $0.record, version: 1, verdict: .accepted)
                    })),
        ]
        var book = CaseBook(programme: "p")
        for (place, fact) in facts.enumerated() {
            book.add(fact, seq: Int64(place + 1), at: Timestamp(microseconds: 0))
        }
        return book
    }

    private func indicators(_ stated: [String: Int], year: Int = 2012) throws -> Indicators {
        let file = try IndicatorFile(
            Section(text: IndicatorTests.text, shownAs: "indicators.yaml"), lists: [])
        return Indicators(
            file, year: year, book: IndicatorTests.book(), coverages: [], followUps: ["later"],
            stated: stated)
    }

    @Test func `a goal is met by whole numbers, and what nobody stated is missing`() throws {
        let met = try indicators(["asked": 1000, "aware": 900]).lines[0]
        #expect(met.isMet == true && met.perMille == 900 && met.goal == 90)
        // 89.95 per cent is shown as 90.0 and is not enough.
        let almost = try indicators(["asked": 2000, "aware": 1799]).lines[0]
        #expect(almost.isMet == false && almost.perMille == 900)
        let none = try indicators(["asked": 10]).lines[0]
        #expect(none.part == nil && none.isMet == nil && none.missing == ["aware"])
        let early = try indicators(["asked": 10, "aware": 10], year: 2011).lines[0]
        #expect(early.goal == nil && early.isMet == nil && early.perMille == 1000)
    }

    @Test func `the books are counted by institution, and follow-ups are no checks`() throws {
        let lines = try indicators([:]).lines
        #expect(lines[1].part == 3 && lines[1].whole == 4 && lines[1].perMille == 750)
        #expect(
            lines[1].places == [
                .init(name: "ONE", part: 3, whole: 3), .init(name: "TWO", part: 0, whole: 1),
            ])
        #expect(lines[2].part == 1 && lines[2].whole == 4)
        #expect(lines[0].places.isEmpty)
    }

    @Test func `a few people are not shown, nor what a total would give away`() {
        let cells = SmallCells(smallest: 10)
        #expect(cells.shows(part: 50, whole: 100) && cells.shows(part: 0, whole: 40))
        #expect(cells.shows(part: 40, whole: 40) && cells.shows(part: 0, whole: 0))
        #expect(!cells.shows(part: 9, whole: 100), "nine of them are few")
        #expect(!cells.shows(part: 91, whole: 100), "so are the nine others")
        #expect(!cells.shows(part: 0, whole: 9) && cells.shows(part: 10, whole: 20))
        func place(_ name: String, _ part: Int, _ whole: Int) -> Indicators.Place {
            Indicators.Place(name: name, part: part, whole: whole)
        }
        let one = [place("a", 50, 100), place("b", 3, 60), place("c", 30, 80), place("d", 0, 0)]
        #expect(cells.hidden(in: [one]) == ["b", "c"], "c hides b")
        let two = [place("a", 50, 100), place("b", 13, 60), place("c", 0, 5), place("e", 0, 3)]
        #expect(cells.hidden(in: [two]) == ["b", "c", "e"], "eight of them together are few, too")
        #expect(cells.hidden(in: [[place("a", 50, 100), place("b", 20, 60)]]).isEmpty)
        #expect(cells.hidden(in: [[place("a", 1, 100)]]) == ["a"])
    }

    @Test func `what one table hides, another one does not give away`() {
        let cells = SmallCells(smallest: 10)
        func table(_ parts: [Int]) -> [Indicators.Place] {
            zip(["a", "b", "c", "d"], zip(parts, [100, 5, 80, 90])).map {
                Indicators.Place(name: $0, part: $1.0, whole: $1.1)
            }
        }
        // b is few in both; the second one hides d for its own reason, and so need not hide c.
        let hidden = cells.hidden(in: [table([50, 0, 40, 45]), table([50, 0, 40, 3])])
        #expect(hidden.isSuperset(of: ["b", "d"]) && !hidden.contains("a"))
        for parts in [[50, 0, 40, 45], [50, 0, 40, 3]] {
            let gone = table(parts).filter { hidden.contains($0.name) }
            #expect(gone.count > 1)
            #expect(
                cells.shows(
                    part: gone.reduce(0) { $0 + $1.part }, whole: gone.reduce(0) { $0 + $1.whole }))
        }
    }
}
