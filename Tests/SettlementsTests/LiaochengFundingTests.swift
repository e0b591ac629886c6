import Definitions
import Evidence
import Foundation
import Records
import Settlements
import Testing

/// Invented answers of the finance bureau for the areas of Liaocheng, and closings of samples.
enum SampleScreening {
    /// The areas of the worked vectors, with everything set that the scheme leaves open.
    static func text(
        remainder: String = "", residence: String = "hukou", serumForecast: String = "1000",
        niptForecast: String = "200", years: String? = nil
    ) -> String {
        let years =
            years ?? SampleScreening.year(2016, serum: serumForecast, nipt: niptForecast)
        func area(_ code: String, _ division: String, _ isDistrict: Bool, _ managed: String)
            -> String
        {
            """
              - area: \(code)
                division: "\(division)"
                municipalDistrict: \(isDistrict)
                provinceManaged: \(managed)
                years:
                  \(years)

            """
        }
        let requires = "requires: [ realName, \(residence == "hukou" ? "local, " : "")complete ]"
        return SampleFunding.head(of: "liaocheng-2016")
            .replacing("requires: [ realName, local, complete ]", with: requires)
            .replacing("{ pmcRemainder: }", with: "{ pmcRemainder: \(remainder) }")
            + "areas:\n" + area("LC-DCF", "371502", true, "[ { is: false, from: 2016-01-01 } ]")
            + area("LC-371523", "371523", false, "[ { is: false, from: 2016-01-01 } ]")
            + area("LC-371524", "371524", false, "[ { is: false, from: 2009-01-01 } ]")
            + area("LC-371525", "371525", false, "[ { is: true, from: 2009-01-01 } ]")
            + area(
                "LC-371526", "371526", false,
                "[ { is: false, from: 2009-01-01, to: 2016-06-30 }, "
                    + "{ is: true, from: 2016-07-01 } ]")
            + area("LC-371581", "371581", false, "")
    }

    /// One year's forecasts, or more of what is said of an item beside `forecast`.
    static func year(_ year: Int, serum: String? = nil, nipt: String? = nil) -> String {
        let items = [("serum", serum), ("nipt", nipt)].compactMap { item, forecast in
            forecast.map { "{ item: \(item), forecast: \($0) }" }
        }
        return "- { year: \(year), items: [ \(items.joined(separator: ", ")) ] }"
    }

    static func tests(_ count: Int, _ service: String) -> SampleBook {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept((0..<count).map { .test("\(service)-\($0)", service) })
        return sample
    }

    static func closing(
        _ sample: SampleBook, _ text: String = text(), year: Int = 2016, division: String,
        national: [NationalCounts]? = nil
    ) throws -> Settlement {
        Settlement.closing(
            CaseBook(sample.facts, programme: "prenatal-screening"),
            rule: try FundingScheme(text: text, shownAs: "test.yaml"), year: year,
            division: division, national: national,
            at: Timestamp(microseconds: 1_484_000_000_000_000))
    }
}

extension SubmittedRecord {
    /// An accepted test of a woman known by name and registered here, unless said otherwise.
    static func test(
        _ name: String, _ service: String?, on day: String = "2016-07-01",
        attempt: TestAttempt? = nil, isLocal: Bool? = true, isRealName: Bool? = true,
        isComplete: Bool = true, woman: String? = nil, pregnancy: Int? = 1, due: String? = nil,
        before: String? = nil
    ) -> SubmittedRecord {
        SubmittedRecord(
            record: RecordID(name), version: 1, action: .submit, institution: SampleBook.clinic,
            servedOn: CalendarDate(iso: day) ?? CalendarDate(daysSince1970: 0),
            traits: SettlementTraits(
                isFree: true, spouses: [true], isComplete: isComplete, service: service,
                attempt: attempt, isLocal: isLocal, isRealName: isRealName),
            claimant: woman ?? "pid-\(name)", childOrder: pregnancy,
            dueOn: due.flatMap { CalendarDate(iso: $0) }, claimantBefore: before)
    }
}

/// The worked vectors of the scheme, to the fen, and what it leaves open.
@Suite struct LiaochengFundingTests {
    private func yuan(_ statement: Statement) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: statement.payers.map { ($0.payer, $0.totalFen.yuan) })
    }

    @Test func `A thousand serum tests in Dongchangfu are shared by persons, city and district`()
        throws
    {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(1000, "serum"),
            SampleScreening.text(years: SampleScreening.year(2016, serum: "1000")),
            division: "371502"
        ).statement
        #expect(statement.totalFen.yuan == "150000.00")
        #expect(
            yuan(statement) == [
                "person.serum": "70000.00", "city.serum": "40000.00",
                "district.serum": "40000.00",
            ])
        #expect(statement.payers.map(\.share) == ["7/15", "4/15", "4/15"])
        #expect(statement.lines.map(\.item) == ["serum"] && statement.lines[0].persons == 1000)
        #expect(statement.blocked.map(\.code) == ["E-COUNTS-MISSING"])
    }

    @Test func `Six hundred in Chiping are borne by persons and county alone`() throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(600, "serum"),
            SampleScreening.text(years: SampleScreening.year(2016, serum: "600")),
            division: "LC-371523"
        ).statement
        #expect(
            yuan(statement) == [
                "person.serum": "42000.00", "city.serum": "0.00", "county.serum": "48000.00",
            ])
    }

    @Test func `Two hundred NIPT in Dong'e are shared by city and county`() throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(200, "nipt"),
            SampleScreening.text(years: SampleScreening.year(2016, nipt: "200")),
            division: "371524"
        ).statement
        #expect(statement.totalFen.yuan == "280000.00")
        #expect(
            yuan(statement) == ["city.nipt": "200000.00", "county.nipt": "80000.00"])
    }

    @Test func `Two hundred NIPT in province-managed Guanxian leave the city's part unassigned`()
        throws
    {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(200, "nipt"), division: "371525"
        ).statement
        #expect(yuan(statement)["city.nipt"] == "0.00")
        #expect(yuan(statement)["county.nipt"] == "80000.00")
        #expect(yuan(statement)["unassigned.nipt"] == "200000.00")
        let blocker = try #require(statement.blocked.first { $0.code == "E-PART-OPEN" })
        #expect(blocker.parameter == "nipt.unassigned")
        #expect(blocker.wording.zh.contains("200000.00"))
        #expect(blocker.wording.zh.contains("填写 pmcRemainder"))
        #expect(!statement.isClosed)
    }

    @Test(arguments: [
        ("county", ["city.nipt": "0.00", "county.nipt": "280000.00"]),
        (
            "province",
            ["city.nipt": "0.00", "county.nipt": "80000.00", "province.nipt": "200000.00"]
        ),
    ])
    func `The parameter says who bears the city's part in a province-managed county`(
        remainder: String, expected: [String: String]
    ) throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(200, "nipt"),
            SampleScreening.text(
                remainder: remainder, years: SampleScreening.year(2016, nipt: "200")),
            division: "371525"
        ).statement
        #expect(yuan(statement) == expected)
        #expect(statement.blocked.map(\.code) == ["E-COUNTS-MISSING"])
    }

    @Test(arguments: ["371581", "371526"])
    func `Province management that is unset, or changes within the year, blocks NIPT alone`(
        division: String
    ) throws {
        var sample = SampleScreening.tests(3, "nipt")
        sample.accept([.test("serum", "serum")])
        let statement = try SampleScreening.closing(sample, division: division).statement
        let blocker = try #require(statement.blocked.first { $0.code == "E-AREA-TRAIT" })
        #expect(blocker.parameter == "areas[LC-\(division)].provinceManaged")
        #expect(
            statement.payers.map(\.payer) == ["person.serum", "city.serum", "county.serum"])
        #expect(statement.totalFen.fen == 435_000)
    }

    @Test func `Each item is paid ahead and offset by itself, and only by the city`() throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(900, "serum"),
            SampleScreening.text(
                years: SampleScreening.year(2016, serum: "1000", nipt: "10") + "\n      "
                    + SampleScreening.year(2017, serum: "50")),
            division: "371502"
        ).statement
        let city = try #require(statement.payer("city.serum")?.prepayment)
        // 1,000 forecast × 40 yuan paid, 900 × 40 due: 4,000 too much, next year needs 2,000.
        #expect(city.paidFen.yuan == "40000.00" && city.carryOutFen.yuan == "4000.00")
        #expect(city.next?.paymentFen == .zero && city.next?.carriedOnFen.yuan == "2000.00")
        #expect(statement.payer("person.serum")?.prepayment == nil)
        let nipt = try #require(statement.payer("city.nipt")?.prepayment)
        #expect(nipt.paidFen.yuan == "10000.00" && nipt.carryOutFen.yuan == "10000.00")
        for payer in ["district.serum", "district.nipt"] {
            let line = try #require(statement.payer(payer))
            #expect(line.prepayment == nil)
        }
    }

    @Test func `A second year without a forecast or a carry-over blocks and names both`() throws {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept([.test("a", "serum", on: "2017-05-06")])
        let statement = try SampleScreening.closing(
            sample, SampleScreening.text(years: "- { year: 2017 }"), year: 2017,
            division: "371502"
        ).statement
        let parameters = statement.blocked.compactMap(\.parameter)
        #expect(
            parameters == [
                "areas[LC-DCF].years[2017].serum.forecast",
                "areas[LC-DCF].years[2017].serum.carryOver.city",
            ])
        #expect(statement.payer("district.serum")?.dueFen.fen == 4_000)
        // A county bears all of it and pays nobody ahead.
        let county = try SampleScreening.closing(
            sample, SampleScreening.text(years: "- { year: 2017 }"), year: 2017,
            division: "371523"
        ).statement
        #expect(county.blocked.compactMap(\.parameter).isEmpty)
        #expect(county.payer("county.serum")?.dueFen.fen == 8_000)
    }

    @Test func `Whoever is not entitled has a line of her own at 0 fen`() throws {
        var sample = SampleScreening.tests(2, "serum")
        sample.accept([
            .test("early", "serum", on: "2015-12-31"), .test("away", "serum", isLocal: false),
            .test("unknown", "nipt", isRealName: false), .test("none", "serum", isComplete: false),
        ])
        let statement = try SampleScreening.closing(sample, division: "371502").statement
        #expect(statement.unpaid.map(\.reason) == [.incomplete, .notLocal, .notRealName])
        #expect(statement.unpaid.map(\.rule) == ["R-09", "R-31", "R-37"])
        #expect(statement.payer("person.serum")?.dueFen.fen == 14_000)
        let everyone = try SampleScreening.closing(
            sample, SampleScreening.text(residence: "everyone"), division: "371502"
        ).statement
        #expect(everyone.unpaid.map(\.reason) == [.incomplete, .notRealName])
        #expect(everyone.totalFen.fen == 45_000)
    }

    /// Tests of one woman in one pregnancy, by their days, and what each is paid as.
    @Test(
        arguments: [
            ([("nipt", nil)], ["nipt"]), ([("nipt", .failed)], ["failedTest"]),
            ([("nipt", .failed), ("nipt", .redraw)], ["failedTest", "nipt"]),
            (
                [("nipt", .failed), ("nipt", .redraw), ("nipt", .redraw)],
                ["failedTest", "nipt", "secondTest"]
            ),
            ([("nipt", nil), ("nipt", .redraw)], ["nipt", "secondTest"]),
            ([("nipt", .redraw)], ["nipt"]), ([("nipt", .failedRedraw)], ["failedTest"]),
            ([("nipt", .failed), ("nipt", nil)], ["failedTest", "nipt"]),
            // Where the mark means that a sample must be drawn again.
            ([("nipt", .failedRedraw), ("nipt", nil)], ["failedTest", "nipt"]),
            ([("nipt", .failed), ("nipt", .failed)], ["failedTest", "failedTest"]),
            (
                [("nipt", .failed), ("nipt", .failedRedraw), ("nipt", .redraw)],
                ["failedTest", "nipt", "secondTest"]
            ),
            (
                [
                    ("nipt", .failed), ("nipt", .failedRedraw), ("nipt", .failedRedraw),
                    ("nipt", nil),
                ],
                ["failedTest", "nipt", "secondTest", "secondTest"]
            ),
            ([("nipt", nil), ("nipt", .failed), ("nipt", nil)], ["nipt", "failedTest", "nipt"]),
            ([("nipt", nil), ("nipt", nil)], ["nipt", "nipt"]),
            ([("serum", nil), ("serum", nil)], ["serum", "secondTest"]),
            ([("serum", nil), ("nipt", nil)], ["serum", "nipt"]),
        ] as [([(String, TestAttempt?)], [String])])
    func `One serum subsidy a pregnancy; a failed NIPT once, with its redraw`(
        tests: [(service: String, attempt: TestAttempt?)], expected: [String]
    ) throws {
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept(
            tests.enumerated().map { place, test in
                .test(
                    "\(place)", test.service, on: "2016-07-0\(place + 1)", attempt: test.attempt,
                    woman: "pid-w")
            })
        let settlement = try SampleScreening.closing(sample, division: "371502")
        var fates: [String: String] = [:]
        for paid in settlement.paid { fates[paid.record.record.text] = paid.item.name }
        for unpaid in settlement.unpaid { fates[unpaid.record.record.text] = "\(unpaid.reason)" }
        #expect(tests.indices.map { fates["\($0)"] } == expected)
        #expect(settlement.statement.discrepancies.isEmpty)
    }

    @Test(arguments: [nil, "0"])
    func `Without an NIPT nobody asks who would pay for it`(nipt: String?) throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(3, "serum"),
            SampleScreening.text(years: SampleScreening.year(2016, serum: "5", nipt: nipt)),
            division: "371581"
        ).statement
        #expect(statement.blocked.map(\.code) == ["E-COUNTS-MISSING"])
        #expect(statement.totalFen.fen == 45_000)
        let planned = try SampleScreening.closing(
            SampleScreening.tests(3, "serum"),
            SampleScreening.text(years: SampleScreening.year(2016, nipt: "1")),
            division: "371581"
        ).statement
        #expect(planned.blocked.map(\.code) == ["E-AREA-TRAIT", "E-COUNTS-MISSING"])
    }

    @Test(arguments: [
        ("pmcRemainder: unset", "pmcRemainder: none", "nobody"),
        ("pmcRemainder: province", "remainder: province", "pmcRemainder"),
        ("traits: [ ", "traits: [ pmcRemainder, ", "both"),
        ("rule: { serum: R-32,", "rule: { blood: R-32,", "blood"),
        ("rule: { serum: R-32, nipt: R-34 }", "rule: { serum: R-32 }", "nipt"),
        ("item: serum, fen: 7000", "item: serum, fen: 70.00", "fen"),
        ("area: LC-371523", "area: LC-DCF", "twice"),
        ("from: 2016-07-01", "from: 2016-7-1", "from"),
    ])
    func `A wrong file is refused with what to write`(old: String, new: String, named: String)
        throws
    {
        let text = SampleScreening.text()
        #expect(text.contains(old))
        let error = #expect(throws: DefinitionError.self) {
            try FundingScheme(
                text: text.replacingOccurrences(of: old, with: new), shownAs: "test.yaml")
        }
        #expect(error?.problem.en.contains(named) == true)
    }

    @Test func `The file of the scheme names the areas of the code list, and leaves counties open`()
        throws
    {
        let path = "mappings/funding/liaocheng-2016.yaml"
        let text = try String(
            contentsOf: SamplePack.root.appending(path: path), encoding: .utf8)
        let list = SamplePack.root.appending(
            path: "mappings/prenatal-screening/codes/fundingArea.csv")
        let areas = try CodeList(
            name: "fundingArea", text: String(contentsOf: list, encoding: .utf8),
            shownAs: "fundingArea.csv")
        func blockers(_ division: String) throws -> Set<String> {
            let statement = try SampleScreening.closing(
                SampleScreening.tests(1, "nipt"), text, division: division
            ).statement
            return Set(statement.blocked.map(\.code)).subtracting(["E-COUNTS-MISSING"])
        }
        for area in areas.codes.map(\.code) {
            let codes = try blockers(area)
            #expect(!codes.contains("E-DISTRICT-UNSET"), "\(area)")
            #expect(codes.contains("E-AREA-TRAIT") == area.hasPrefix("LC-3715"), "\(area)")
        }
        #expect(try blockers("990101").isEmpty)
        #expect(try blockers("990229") == ["E-PART-OPEN"])
        #expect(try blockers("371501") == ["E-DISTRICT-UNSET"])
    }
}
