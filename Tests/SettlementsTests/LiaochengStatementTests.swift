import Records
import Settlements
import Testing

/// What a statement of Liaocheng says of its payers: their names, and by which rule each figure is.
@Suite struct LiaochengStatementTests {
    /// Rows of the table by their code: the payer's name, the amount in fen, and the rule.
    private func rows(_ statement: Statement) -> [String: [String]] {
        let text = String(decoding: statement.csv().dropFirst(3), as: UTF8.self)
        var rows: [String: [String]] = [:]
        for line in text.split(separator: "\r\n") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            rows[cells[0]] = [cells[5], cells[8], cells[10]]
        }
        return rows
    }

    private func statement(division: String, remainder: String = "") throws -> Statement {
        var sample = SampleScreening.tests(10, "serum")
        sample.accept((0..<2).map { .test("nipt-\($0)", "nipt") })
        let text = SampleScreening.text(
            remainder: remainder, serumForecast: "12", niptForecast: "3")
        return try SampleScreening.closing(sample, text, division: division).statement
    }

    @Test func `the table names each item's payers and the sentence by which they pay`() throws {
        let rows = rows(try statement(division: "371502"))
        #expect(rows["due.person.serum"] == ["个人（血清）", "70000", "7/15"])
        #expect(rows["total.person.serum"] == ["个人（血清）", "70000", "R-31"])
        #expect(rows["total.city.serum"] == ["市级（血清）", "40000", "R-32"])
        #expect(rows["total.district.serum"] == ["区级（血清）", "40000", "R-32"])
        #expect(rows["total.city.nipt"] == ["市级（无创）", "200000", "R-34"])
        #expect(rows["total.district.nipt"] == ["区级（无创）", "80000", "R-34"])
        #expect(rows["basis.city.serum"] == ["市级（血清）", "48000", "R-36"])
        #expect(rows["carryOut.city.nipt"] == ["市级（无创）", "100000", "R-36"])
        // Only the city pays ahead.
        #expect(rows["basis.district.serum"] == nil && rows["carryOut.district.nipt"] == nil)
    }

    @Test func `nothing of the notice of Chongqing stands in it`() throws {
        let statement = try statement(division: "371525")
        let table = String(decoding: statement.csv(), as: UTF8.self)
        for rule in ["R-12", "R-13", "R-14", "R-15"] { #expect(!table.contains(rule)) }
        #expect(rows(statement).keys.allSatisfy { !$0.hasPrefix("excess.") })
        let page = String(decoding: statement.html(), as: UTF8.self)
        #expect(!page.contains("超标准部分") && page.contains("应负担合计"))
        let json = String(decoding: try statement.json(), as: UTF8.self)
        #expect(!json.contains("R-12"))
    }

    @Test func `money that nobody is named for has a name in both languages`() throws {
        let statement = try statement(division: "371525")
        let line = try #require(statement.payers.first { $0.payer == "unassigned.nipt" })
        #expect(line.title == Wording(zh: "未落实（无创）", en: "Unassigned (NIPT)"))
        #expect(line.totalFen.yuan == "2000.00" && line.rules.total == "R-34")
        let page = String(decoding: statement.html(), as: UTF8.self)
        #expect(page.contains("未落实（无创）") && page.contains("Unassigned (NIPT)"))
        let province = try self.statement(division: "371525", remainder: "province")
        #expect(
            province.payers.map(\.title.en).filter { $0.contains("NIPT") } == [
                "City (NIPT)", "County (NIPT)", "Province (NIPT)",
            ])
    }

    @Test func `an area without a division code is found by its own`() throws {
        let text = SampleScreening.text().replacing("    division: \"371502\"\n", with: "")
            .replacing("LC-DCF", with: "LC-KFQ")
        let sample = SampleScreening.tests(2, "serum")
        let zone = try SampleScreening.closing(sample, text, division: "LC-KFQ").statement
        #expect(zone.payers.map(\.payer).first == "person.serum" && zone.division == "LC-KFQ")
        let unknown = try SampleScreening.closing(sample, text, division: "LC-KFG").statement
        #expect(unknown.payers.isEmpty)
        #expect(unknown.blocked.first?.parameter == "areas[LC-KFG]")
        #expect(try FundingScheme(text: text, shownAs: "test.yaml").knowsAreas)
        #expect(try !FundingScheme(text: SampleFunding.text(), shownAs: "test.yaml").knowsAreas)
    }
}
