import Definitions
import Evidence
import Foundation
import Records
import Settlements
import Testing

/// A new place is a file: the schemes that ship, and what a scheme refuses.
@Suite struct FundingSchemeTests {
    private static let root =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../.."

    private func shipped(_ name: String) throws -> String {
        try String(
            contentsOfFile: "\(FundingSchemeTests.root)/mappings/funding/\(name).yaml",
            encoding: .utf8)
    }

    private func couples(_ count: Int, on day: String) -> SampleBook {
        var sample = SampleBook()
        sample.accept((0..<count).map { .sample("case-\($0)", on: day) })
        return sample
    }

    private func due(_ statement: Statement) -> [String: Int64] {
        statement.payers.reduce(into: [:]) { $0[$1.payer] = $1.dueFen.fen }
    }

    /// What Dongzhi county published: 90 per cent of central and provincial money, and its own 10.
    @Test(arguments: [
        (2012, 1_546, 371_040, 333_936, 37_104), (2013, 3_259, 782_160, 703_944, 78_216),
    ])
    func `Anhui shares five to four to one, as Dongzhi published it`(
        year: Int, couples count: Int, total: Int64, above: Int64, county: Int64
    ) throws {
        let statement = try SampleFunding.closing(
            couples(count, on: "\(year)-05-06"), shipped("anhui-2012"), year: year,
            division: "341721"
        ).statement
        let due = due(statement)
        #expect(statement.totalFen.fen == total * 100)
        #expect((due["central"] ?? 0) + (due["province"] ?? 0) == above * 100)
        #expect((due["central"] ?? 0) * 4 == (due["province"] ?? 0) * 5)
        #expect(due["county"] == county * 100)
    }

    @Test func `a county that a province-wide scheme does not name lacks its forecast alone`()
        throws
    {
        let statement = try SampleFunding.closing(
            couples(2, on: "2012-05-06"), shipped("anhui-2012"), division: "341721", national: []
        ).statement
        let mine = statement.blocked.filter { $0.parameter?.hasPrefix("areas") == true }
        #expect(mine.map(\.code) == ["E-FORECAST-UNSET"])
        #expect(mine.map(\.parameter) == ["areas[341721].years[2012].couple.forecast"])
    }

    /// West 70 per cent, and 20 points more where the province manages the budget.
    @Test func `Shandong adds its parts up, and pays ahead by the forecast`() throws {
        let statement = try SampleFunding.closing(
            couples(900, on: "2013-05-06"), shipped("shandong-2013"), year: 2013
        ).statement
        let province = try #require(statement.payer("province"))
        #expect(province.share == "9/10")
        #expect(province.dueFen.fen == 19_440_000)
        #expect(province.prepayment?.paidFen.fen == 21_600_000)
        #expect(province.prepayment?.surplusFen.fen == 2_160_000)
        #expect(statement.payer("county")?.dueFen.fen == 2_160_000)
    }

    @Test func `a trait that is unset blocks, and says which`() throws {
        let text = try shipped("shandong-2013").replacing("    region: west\n", with: "")
        let statement = try SampleFunding.closing(
            couples(3, on: "2013-05-06"), text, year: 2013
        ).statement
        #expect(statement.payers.isEmpty)
        let blocker = try #require(statement.blocked.first { $0.code == "E-AREA-TRAIT" })
        #expect(blocker.parameter == "areas[990101].region")
    }

    // MARK: - Rounding and reading

    private func thirds(_ rounding: String, shares: [String] = ["1/3", "1/3"]) -> String {
        let payers = shares.enumerated().map { number, share in
            "  - { payer: p\(number), zh: 甲, en: P, rule: R-12, bears: [ { share: \(share) } ] }\n"
        }.joined()
        return """
            funding: thirds
            programme: preconception-check
            title: { zh: 结算, en: Settlement }
            unit: { zh: 对, en: couples }
            starts: 2012-01-01
            requires: [ free ]
            items:
              - { item: couple, zh: 夫妇, en: couple, rule: R-11, priceFen: 100, spouses: both }
            rounding: \(rounding)
            everywhere: true
            payers:
            \(payers)  - { payer: last, zh: 末, en: Last, rule: R-12, rest: true }
            """
    }

    @Test(arguments: [("year", 66, 68), ("case", 66, 68)], [1, 2, 3, 7])
    func `whoever bears the rest bears what rounding leaves`(
        one: (rounding: String, Int, Int), count: Int
    ) throws {
        let statement = try SampleFunding.closing(
            couples(count, on: "2012-05-06"), thirds(one.rounding)
        ).statement
        let due = due(statement)
        let part =
            one.rounding == "year" ? Int64(count) * 100 / 3 : Int64(count) * (100 / 3)
        #expect(due == ["p0": part, "p1": part, "last": Int64(count) * 100 - 2 * part])
    }

    @Test func `parts above the price share nothing out`() throws {
        let statement = try SampleFunding.closing(
            couples(1, on: "2012-05-06"), thirds("year", shares: ["2/3", "1/2"])
        ).statement
        #expect(statement.payers.isEmpty)
        #expect(statement.blocked.contains { $0.code == "E-PARTS" })
    }

    @Test func `fractions that no 64 bits hold share nothing out`() throws {
        let shares = ["1/999983", "1/999979", "1/999961", "1/999959"]
        let statement = try SampleFunding.closing(
            couples(1, on: "2012-05-06"), thirds("year", shares: shares)
        ).statement
        #expect(statement.payers.isEmpty)
        #expect(statement.blocked.contains { $0.code == "E-PARTS" })
    }

    @Test(arguments: [
        ("rounding: year", "rounding: up", "rounding"),
        ("rounding: year\n", "", "rounding"),
        ("rest: true", "rest: false", "bears"),
        ("share: 1/3", "share: 0.33", "4/5"),
        ("share: 1/3", "share: 1/3, fen: 5", "fen"),
        ("share: 1/3", "item: nipt, share: 1/3", "nipt"),
        ("share: 1/3", "when: { region: west }, share: 1/3", "region"),
        ("payer: p1", "payer: p0", "twice"),
        ("requires: [ free ]", "requires: [ paid ]", "requires"),
        ("priceFen: 100", "priceFen: 0", "priceFen"),
        ("everywhere: true", "everywhere: true\ntraits: [ region ]", "everywhere"),
        ("starts: 2012-01-01", "starts: soon", "starts"),
        ("unit: ", "units: ", "unit"),
        (
            "everywhere: true",
            "areas: [ { area: a, years: [ { year: 2012, items: [ { item: x } ] } ] } ]",
            "x under years"
        ),
    ])
    func `what a scheme cannot mean is refused with its place`(
        right: String, wrong: String, says: String
    ) throws {
        let text = thirds("year").replacing(right, with: wrong, maxReplacements: 1)
        let error = #expect(throws: DefinitionError.self) {
            try FundingScheme(text: text, shownAs: "thirds.yaml")
        }
        #expect(error?.problem.en.contains(says) == true, "\(error?.problem.en ?? "")")
        #expect(error?.file == "thirds.yaml")
    }
}
