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

    /// Two tables a couple apart would tell of that couple.
    @Test func `the counts of a year are published once, and only when it is over`() throws {
        let county = try AssistedCounty(couples: 26)
        _ = try county.handOut(as: "list.xlsx")
        let rows = try AssistedCounty.open(county.desk + "/list.xlsx").cases.map {
            [$0["上报编号"] ?? "", "", "", "", "已接收", ""]
        }
        func accept(_ some: ArraySlice<[String]>, _ name: String) throws {
            let path = try county.write([AssistedCounty.head] + some, to: name)
            #expect(try county.bring(path).1 == 0)
        }
        func publish(_ more: [String] = [], _ name: String = "1.csv") throws
            -> (text: String, said: String)
        {
            let out = county.desk + "/" + name
            let ended = try county.run(
                ["indicators", "--year", "2012", "--out", out] + more, in: "zh")
            #expect(ended.status == 0, "\(ended.out)\(ended.err)")
            return (try String(contentsOfFile: out, encoding: .utf8), ended.out)
        }
        try accept(rows[..<25], "r.csv")
        let first = try publish()
        #expect(first.text.contains("earlyFollowUp") && first.text.contains(",0,25,"))
        #expect(first.said.contains("从此固定") && first.said.contains("少于 11 的格子"))
        try accept(rows[25...], "s.csv")
        let looked = try county.run(["indicators", "--year", "2012", "--json"])
        let page = try JSONDecoder().decode(Page.self, from: Data(looked.out.utf8))
        #expect(page.lines.first { $0.name == "completeness" }?.whole == 26)
        let second = try publish()
        #expect(second.text == first.text)
        #expect(second.said.contains("首次公布") && second.said.contains("不再公布"))
        // What somebody states may come later, once; the counts stay those of the first time.
        let stated = try publish(["--figure", "surveyed=300", "--figure", "aware=269"])
        #expect(stated.text.contains(",269,300,") && stated.text.contains(",0,25,"))
        let other = try publish(["--figure", "surveyed=310", "--figure", "aware=279"])
        #expect(other.text == stated.text)
        #expect(try publish([], "1.html").text.contains("0 / 25"))
        let open = try county.run(
            ["indicators", "--year", "2099", "--out", county.desk + "/2.csv"])
        #expect(open.status == 64 && open.err.contains("E-PUBLISH-OPEN"), "\(open.err)")
        #expect(!FileManager.default.fileExists(atPath: county.desk + "/2.csv"))
    }
}
