import Definitions
import Records
import TestKit
import Testing

struct CodeListTests {
    private func day(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(iso: text))
    }

    private func divisions() throws -> CodeList {
        try Preconception.list(Project.mappings + "/codes/divisions.csv", "divisions")
    }

    /// The places that bear a code on a day.
    private func names(_ code: String, _ list: CodeList, on day: CalendarDate) -> [String] {
        list.codes.filter { $0.code == code && $0.holds(on: day) }.map(\.label.zh)
    }

    /// DOMAIN 0.4 on L-017 and 2.4: the reuse of 500110 and 500111 takes effect on 2011-10-22.
    @Test func `a code means the place that bore it on the day`() throws {
        let list = try divisions()
        let before = try day("2011-10-21")
        let after = try day("2011-10-22")
        #expect(names("500110", list, on: before) == ["万盛区"])
        #expect(names("500110", list, on: after) == ["綦江区"])
        #expect(names("500111", list, on: before) == ["双桥区"])
        #expect(names("500111", list, on: after) == ["大足区"])
        let qijiang = try #require(list.ordinal(of: "500222"))
        #expect(list.holds(qijiang, on: before) && !list.holds(qijiang, on: after))
        let wansheng = try #require(list.ordinal(of: "500110"))
        #expect(list.holds(wansheng, on: before) && list.holds(wansheng, on: after))
    }

    /// DOMAIN 2.4: 38 at the end of 2011, 19 districts, 15 counties, 4 autonomous counties.
    @Test func `Chongqing has the 38 divisions of its programme's start`() throws {
        let onDay = try day("2012-01-01")
        let here = try divisions().codes.filter {
            $0.code.hasPrefix("50") && $0.code.count == 6 && $0.holds(on: onDay)
        }
        #expect(here.count { $0.code.hasPrefix("5001") && $0.label.zh.hasSuffix("区") } == 19)
        #expect(here.count { $0.label.zh.hasSuffix("自治县") } == 4)
        #expect(
            here.count { $0.label.zh.hasSuffix("县") && !$0.label.zh.hasSuffix("自治县") } == 15)
        #expect(here.count == 38)
    }

    private func list(_ rows: String) throws(DefinitionError) -> CodeList {
        try CodeList(
            name: "x", text: "# 说明\ncode,zh,en,valid_from,valid_to\n" + rows, shownAs: "x.csv")
    }

    @Test func `days are inclusive at both ends, and empty means without end`() throws {
        let list = try list("A,甲,Old,2012-01-01,2012-12-31\nA,乙,New,2014-01-01,\nB,丙,Ever,,\n")
        let ordinal = try #require(list.ordinal(of: "A"))
        #expect(list.hasDays)
        for (text, holds) in [
            ("2011-12-31", false), ("2012-01-01", true), ("2012-12-31", true),
            ("2013-01-01", false), ("2013-12-31", false), ("2014-01-01", true),
            ("2100-01-01", true),
        ] {
            #expect(try list.holds(ordinal, on: day(text)) == holds, "\(text)")
        }
        #expect(list.ordinal(of: "a") == nil && list.ordinal(of: "") == nil)
        #expect(try !self.list("B,丙,Ever,,\n").hasDays)
    }

    @Test(arguments: [
        ("A,甲,Old,2012-1-1,\n", "yyyy-MM-dd"), (",甲,Old,,\n", "empty"),
        ("A,甲,Old,2012-01-02,2012-01-01\n", "before"), ("A,甲,Old,\n", "Expected 5"),
        ("A,甲,\"a, b\",,,\n", "found 6"),
    ])
    func `a wrong line is named by file and line`(_ row: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try list("B,乙,B,,\n" + row) }
        #expect(error?.place?.hasPrefix("x.csv:4:") == true, "\(String(describing: error?.place))")
        #expect(error?.problem.en.contains(says) == true)
    }

    @Test func `a wrong header and an empty file are refused`() {
        let header = #expect(throws: DefinitionError.self) {
            try CodeList(name: "x", text: "# 说明\ncode,zh,en\n", shownAs: "x.csv")
        }
        #expect(header?.place == "x.csv:2:1")
        #expect(header?.problem.en.contains("code,zh,en,valid_from,valid_to") == true)
        let empty = #expect(throws: DefinitionError.self) {
            try CodeList(name: "x", text: "# 说明\n", shownAs: "x.csv")
        }
        #expect(empty?.file == "x.csv")
    }

    @Test func `cells may be quoted, lines may end as Windows ends them`() throws {
        let table = try CodeTable(
            text: "a,b\r\n\"x, \"\"y\"\"\",二\r\n\r\n# 说明\r\n三,\r\n", shownAs: "t.csv")
        #expect(table.header == ["a", "b"])
        #expect(table.rows.map(\.cells) == [["x, \"y\"", "二"], ["三", ""]])
        #expect(table.rows.map(\.line) == [2, 5])
    }
}
