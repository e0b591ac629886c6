import Foundation
import Testing

/// The indicators of a year as a county asks for them, and the table that it hands on.
@Suite(.serialized) struct IndicatorsTests {
    private struct Page: Decodable {
        struct Line: Decodable {
            let name: String
            let part: Int?
            let whole: Int?
            let isMet: Bool?
            let missing: [String]
        }
        let lines: [Line]
    }

    @Test func `shares of the books, with what somebody states, and small cells stay at home`()
        throws
    {
        let county = try AssistedCounty()
        _ = try county.handOut(as: "list.xlsx")
        let rows = try AssistedCounty.open(county.desk + "/list.xlsx").cases.map {
            [$0["上报编号"] ?? "", "", "", "", "已接收", ""]
        }
        #expect(try county.bring(county.write([AssistedCounty.head] + rows, to: "r.csv")).1 == 0)
        let out = county.desk + "/indicators.csv"
        let words = [
            "indicators", "--year", "2012", "--figure", "surveyed=300", "--figure", "aware=269",
        ]
        let ended = try county.run(words + ["--out", out, "--json"])
        #expect(ended.status == 0, "\(ended.err)")
        let page = try JSONDecoder().decode(Page.self, from: Data(ended.out.utf8))
        let lines = Dictionary(page.lines.map { ($0.name, $0) }) { $1 }
        #expect(lines["awareness"]?.isMet == false && lines["awareness"]?.part == 269)
        #expect(lines["completeness"]?.whole == 6)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: out))
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]), "Excel reads it by this mark")
        let table = String(decoding: bytes, as: UTF8.self)
        #expect(table.contains("2012,awareness,优生科学知识知晓率,,269,300,89.7,90,no\r\n"))
        #expect(table.contains("2012,completeness,检查项目完成率,,*,*,*,,\r\n"), "\(table)")
        let chart = county.desk + "/indicators.html"
        #expect(try county.run(words + ["--out", chart]).status == 0)
        let drawn = try String(contentsOfFile: chart, encoding: .utf8)
        #expect(drawn.contains("89.7%　269 / 300") && drawn.contains("✗ 未达标"), "\(drawn)")
        #expect(drawn.contains("class=\"goal\"") && !drawn.contains("<script"))
        #expect(!drawn.contains("6 / 6"), "few cases are hidden here too")
        let shown = try county.run(["indicators", "--year", "2012"], in: "zh")
        #expect(shown.out.contains("--figure aware=数"), "\(shown.out)")
        let wrong = try county.run(["indicators", "--year", "2012", "--figure", "happy=1"])
        #expect(wrong.status == 64 && wrong.err.contains("aware, surveyed"), "\(wrong.err)")
    }
}
