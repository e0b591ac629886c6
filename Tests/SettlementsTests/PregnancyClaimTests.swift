import Records
import Settlements
import Testing

/// One subsidised serum screening for each pregnancy, and what one pregnancy is.
struct PregnancyClaimTests {
    /// The same woman twice: number of the pregnancy and due date of each, and what is paid.
    @Test(
        arguments: [
            (1, "2016-12-01", 2, "2016-12-01", 1), (1, "2016-12-01", 2, "2016-12-29", 1),
            (1, "2016-12-29", 2, "2016-12-01", 1), (1, "2016-12-01", 2, "2016-12-30", 2),
            (1, "2016-12-01", 1, "2017-08-01", 1), (1, nil, 2, "2016-12-01", 2),
            (1, nil, 1, nil, 1),
        ] as [(Int, String?, Int, String?, Int)])
    func `One pregnancy is one by its number or by its due date`(
        number: Int, due: String?, other: Int, otherDue: String?, paid: Int
    ) throws {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept([
            .test("first", "serum", woman: "pid-w", pregnancy: number, due: due),
            .test(
                "second", "serum", on: "2016-07-09", woman: "pid-w", pregnancy: other,
                due: otherDue),
            .test("else", "serum", woman: "pid-v", pregnancy: number, due: due),
        ])
        let text = SampleScreening.text()
            .replacing("serum: { publicFen", with: "samePregnancyDays: 28\nserum: { publicFen")
        let settlement = try SampleScreening.closing(sample, text, division: "371502")
        #expect(settlement.paid.count == paid + 1)
        #expect(settlement.unpaid.map(\.reason) == Array(repeating: .secondTest, count: 2 - paid))
        // A preview judges alike.
        let rule = try FundingScheme(text: text, shownAs: "test.yaml")
        let worth = rule.worth(
            of: [
                .test(
                    "second", "serum", on: "2016-07-09", woman: "pid-w", pregnancy: other,
                    due: otherDue),
                .test("first", "serum", woman: "pid-w", pregnancy: number, due: due),
            ], division: "371502")
        #expect(worth[1]["person.serum"] == 7_000)
        #expect(worth[0]["person.serum"] == (paid == 2 ? 7_000 : nil))
    }

    @Test func `A pregnancy that reaches over New Year is one`() throws {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept([
            .test("old", "serum", on: "2016-12-20", woman: "pid-2016", due: "2017-06-10"),
            .test(
                "new", "serum", on: "2017-01-10", woman: "pid-2017", due: "2017-06-12",
                before: "pid-2016"),
            .test(
                "else", "serum", on: "2017-01-10", woman: "pid-v", due: "2017-06-12",
                before: "pid-u"),
        ])
        let text = SampleScreening.text()
            .replacing("serum: { publicFen", with: "samePregnancyDays: 28\nserum: { publicFen")
        let settlement = try SampleScreening.closing(sample, text, year: 2017, division: "371502")
        #expect(settlement.paid.map(\.record.record.text) == ["else"])
        #expect(settlement.unpaid.map(\.reason) == [.secondTest])
    }

    @Test func `Another pregnancy has a subsidy of its own`() throws {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept([
            .test("first", "serum", woman: "pid-w"),
            .test("second", "serum", on: "2016-12-20", woman: "pid-w", pregnancy: 2),
        ])
        let statement = try SampleScreening.closing(sample, division: "371502").statement
        #expect(statement.totalCases == 2 && statement.unpaid.isEmpty)
    }
}
