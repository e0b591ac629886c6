import Definitions
import Foundation
import Privacy
import Testing

/// How easily somebody is found again in a table.
@Suite struct ReleaseRiskTests {
    private static let rule = ReleaseRule(smallest: 3, meanRisk: (1, 3), diversity: 2)

    private func risk(_ rows: [(quasi: String, result: String)]) -> ReleaseRisk {
        ReleaseRisk(
            rows.map { [$0.quasi, $0.result] }, quasi: [0], sensitive: [1],
            names: ["quasi", "result"], rule: Self.rule)
    }

    @Test func `groups of enough people with several results pass`() {
        let found = risk([("a", "1"), ("a", "0"), ("a", "1"), ("b", "0"), ("b", "1"), ("b", "1")])
        #expect(found.passes && found.smallest == 3 && found.groups == 2)
        #expect(found.meanInTenThousandths == 3334)
    }

    @Test func `a small group fails, and whoever is alone is counted`() {
        let found = risk([("a", "1"), ("a", "0"), ("a", "1"), ("b", "0")])
        #expect(!found.passes && found.rowsBelow == 1 && found.unique == 1)
        #expect(!found.isMeanWithin, "two groups of four rows")
    }

    @Test func `a group in which all have one result gives it away`() {
        let found = risk([("a", "1"), ("a", "1"), ("a", "1"), ("b", "0"), ("b", "1"), ("b", "1")])
        #expect(found.rowsBelow == 0 && !found.passes)
        #expect(found.uniform.map(\.name) == ["result"])
        #expect(found.uniform.map(\.fewest) == [1] && found.uniform.map(\.rows) == [3])
    }

    /// What is suppressed is no class of its own: it would look like a large group.
    @Test func `suppressed rows are counted apart, and no value of their own`() {
        let found = risk([
            ("*", "*"), ("*", "*"), ("*", "*"), ("a", "1"), ("a", "0"), ("a", "1"), ("a", "*"),
        ])
        #expect(found.suppressed == 3 && found.rows == 4 && found.groups == 1)
        #expect(found.passes)
        #expect(risk([("a", "1"), ("a", "*"), ("a", "*")]).uniform.map(\.fewest) == [1])
        #expect(risk([("a", "*"), ("a", "*"), ("a", "*")]).uniform.isEmpty)
    }

    @Test func `a column that nobody declared must tell nobody apart`() {
        let rows = (0..<6).map { ["a", "\($0 % 2)", "人\($0)", $0 < 3 ? "东" : "西"] }
        let names = ["age", "result", "name", "side"]
        let found = ReleaseRisk(rows, quasi: [0], sensitive: [1], names: names, rule: Self.rule)
        #expect(!found.passes && found.telling.map(\.name) == ["name"])
        #expect(found.joined == ["name", "side"])
        #expect(found.telling.map(\.fewest) == [1] && found.telling.map(\.rows) == [6])
        let less = rows.map { [$0[0], $0[1], "*", $0[3]] }
        #expect(ReleaseRisk(less, quasi: [0], sensitive: [1], names: names, rule: Self.rule).passes)
    }

    @Test func `a number of a person fails in whatever column it stands`() {
        let numbers = [("990101198603150022", true), ("1986-03-15", true), ("7.2", false)]
        for (number, fails) in numbers {
            let rows = (0..<6).map { ["a", $0 == 3 ? number : "\($0 % 2)"] }
            let found = ReleaseRisk(
                rows, quasi: [0], sensitive: [1], names: ["age", "result"], rule: Self.rule)
            #expect(found.passes != fails && found.direct.isEmpty != fails, "\(number)")
        }
    }

    /// Nobody stands out by any of these: all rows are alike.
    @Test(arguments: [
        ("1986/3/15", true), ("1986/03/15", true), ("1986-3-15", true), ("1986.3.15 00:00", true),
        ("15/3/1986", true), ("86-3-15", true), ("一九八六年三月十五日", true),
        ("一九八六年十二月二十九日", true), ("九九〇一〇一一九八六〇三一五〇〇二二", true),
        ("٩٩٠١٠١١٩٨٦٠٣١٥٠٠٢٢", true), ("990101*19860315*0022", true),
        ("9901\u{200B}0119860315\u{200B}0022", true), ("壹叁捌壹贰叁肆伍陆柒捌", true),
        ("1986", false), ("1986年3月", false), ("1986-03", false), ("二十至二十四岁", false),
        ("2012-03-15", false), ("3.15", false), ("12.5-13.8", false), ("三十一", false),
        ("31486", false),
    ])
    func `a person's number is known in whatever digits and spelling`(cell: String, fails: Bool) {
        let rows = (0..<6).map { [cell, "\($0 % 2)"] }
        let found = ReleaseRisk(
            rows, quasi: [0], sensitive: [1], names: ["age", "result"], rule: Self.rule)
        #expect(found.passes != fails)
        #expect(found.direct.map(\.rows) == (fails ? [6] : []))
    }

    @Test(arguments: [("31486", true), ("31486.0", true), ("2013-03-15", true), ("1986", false)])
    func `below a heading of births a spreadsheet's number is a day`(cell: String, fails: Bool) {
        let rows = (0..<6).map { [cell, "\($0 % 2)"] }
        func found(_ name: String) -> ReleaseRisk {
            ReleaseRisk(
                rows, quasi: [0], sensitive: [1], names: [name, "result"], rule: Self.rule)
        }
        #expect(found("女方出生日期").passes != fails)
        #expect(found("检查").passes)
    }

    @Test func `a row that is suppressed in part is judged, also its sensitive cells`() {
        func found(_ row: [String]) -> ReleaseRisk {
            let rows = (0..<6).map { ["1986", "东", "\($0 % 2)"] } + [row]
            return ReleaseRisk(
                rows, quasi: [0, 1], sensitive: [2], names: ["year", "town", "result"],
                rule: Self.rule)
        }
        #expect(found(["1969", "*", "HIV"]).rowsBelow == 1)
        #expect(found(["*", "*", "HIV"]).rowsBelow == 1)
        #expect(found(["1969", "*", "*"]).rowsBelow == 1)
        let whole = found(["*", "*", "*"])
        #expect(whole.passes && whole.suppressed == 1 && whole.rows == 6)
    }

    @Test func `what nobody declared is judged together, and with what is declared`() {
        // Each value of each column stands in six rows; each pair of the two in one.
        let rows = (0..<36).map { ["a", "\($0 % 2)", "职\($0 / 6)", "族\($0 % 6)", "2012"] }
        let found = ReleaseRisk(
            rows, quasi: [0], sensitive: [1],
            names: ["age", "result", "trade", "people", "year"], rule: Self.rule)
        #expect(found.telling.isEmpty && !found.passes && found.unique == 36)
        #expect(found.joined == ["trade", "people"], "what is the same everywhere tells nothing")
    }

    @Test func `an empty cell is no value of a group`() {
        let one = risk([("a", "1"), ("a", "1"), ("a", "")])
        #expect(one.uniform.map(\.fewest) == [1] && one.uniform.map(\.rows) == [3])
        #expect(risk([("a", "1"), ("a", "1 "), ("a", "１")]).uniform.map(\.fewest) == [1])
        let none = risk([("a", ""), ("a", " "), ("a", "\u{3000}")])
        #expect(none.uniform.map(\.fewest) == [0], "a group of them says that there is nothing")
    }

    @Test func `a column that differs in most rows or holds days is no sensitive column`() {
        func found(_ value: (Int) -> String) -> ReleaseRisk {
            ReleaseRisk(
                (0..<12).map { ["a", value($0)] }, quasi: [0], sensitive: [1],
                names: ["age", "no"], rule: Self.rule)
        }
        #expect(found { "\(1000 + $0)" }.identifying.map(\.rows) == [12])
        #expect(found { "样\($0 % 10)" }.identifying.map(\.rows) == [8])
        #expect(found { "2012-03-0\(1 + $0 % 2)" }.identifying.map(\.rows) == [12])
        #expect(found { "2012年3月\(1 + $0 % 2)日" }.identifying.map(\.rows) == [12])
        #expect(found { "\($0 % 6)" }.passes)
    }

    @Test func `the names of columns are looked at as cells are, and shown without numbers`() {
        func found(_ name: String, _ cell: String = "*") -> ReleaseRisk {
            let rule = ReleaseRule(
                smallest: 3, meanRisk: (1, 3), diversity: 2, identifying: ["姓名"])
            return ReleaseRisk(
                (0..<6).map { ["a", "\($0 % 2)", cell] }, quasi: [0], sensitive: [1],
                names: ["age", "result", name], rule: rule)
        }
        #expect(found("张三990101198603150023").named == ["…"])
        #expect(found("女方姓名", "测甲").named == ["女方姓名"])
        #expect(found("女方姓名").passes, "nothing is in it")
    }

    @Test func `without a sensitive column nobody looked at l`() {
        let rows = (0..<6).map { _ in ["a", "阳性"] }
        let found = ReleaseRisk(
            rows, quasi: [0, 1], sensitive: [], names: ["age", "result"], rule: Self.rule)
        #expect(found.passes && !found.isDiversityChecked)
        #expect(risk([("a", "1")]).isDiversityChecked)
    }

    @Test func `no rows are no risk`() {
        let found = risk([])
        #expect(found.passes && found.smallest == 0 && found.meanInTenThousandths == 0)
    }

    /// Held against a count of pairs: k of a row is the number of rows like it.
    @Test(arguments: 0..<20) func `counts are those of comparing each row with each`(seed: Int) {
        var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        func draw(_ count: UInt64) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return "\((state >> 33) % count)"
        }
        let table = (0..<60).map { _ in [draw(4), draw(3), draw(2)] }
        let found = ReleaseRisk(
            table, quasi: [0, 1], sensitive: [2], names: ["a", "b", "x"], rule: Self.rule)
        let alike = table.map { row in table.filter { $0[0] == row[0] && $0[1] == row[1] } }
        #expect(found.smallest == alike.map(\.count).min())
        #expect(found.rowsBelow == alike.count { $0.count < 3 })
        #expect(found.unique == alike.count { $0.count == 1 })
        let uniform = alike.count { Set($0.map { $0[2] }).count < 2 }
        #expect(found.uniform.first?.rows ?? 0 == uniform)
        let mean = alike.map { 1 / Double($0.count) }.reduce(0, +) / Double(alike.count)
        #expect(found.isMeanWithin == (mean <= 1 / 3 + 1e-12))
    }

    @Test func `the rule that is delivered is eleven, a twentieth and two`() throws {
        let mappings =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/mappings"
        #expect(
            try ReleaseRule(mappings: mappings)
                == ReleaseRule(
                    smallest: 11, meanRisk: (1, 20), diversity: 2,
                    identifying: ["姓名", "名字", "身份证", "证件号", "电话", "手机", "住址", "详细地址"]))
    }
}
