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
            ("*", "1"), ("*", "1"), ("*", "1"), ("a", "1"), ("a", "0"), ("a", "*"),
        ])
        #expect(found.suppressed == 3 && found.rows == 3 && found.groups == 1)
        #expect(found.passes)
        #expect(risk([("a", "1"), ("a", "*"), ("a", "*")]).uniform.map(\.fewest) == [1])
        #expect(risk([("a", "*"), ("a", "*"), ("a", "*")]).uniform.isEmpty)
    }

    @Test func `a column that nobody declared must tell nobody apart`() {
        let rows = (0..<6).map { ["a", "\($0 % 2)", "人\($0)", $0 < 3 ? "东" : "西"] }
        let names = ["age", "result", "name", "side"]
        let found = ReleaseRisk(rows, quasi: [0], sensitive: [1], names: names, rule: Self.rule)
        #expect(!found.passes && found.telling.map(\.name) == ["name"])
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
                == ReleaseRule(smallest: 11, meanRisk: (1, 20), diversity: 2))
    }
}
