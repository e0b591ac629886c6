import Definitions
import Foundation
import Programmes
import Records
import TestKit
import Testing

private let mapping = "preconception/from-county-csv.yaml"

/// Whose codes a file holds is never guessed.
struct CodeSetLintTests {
    private func only(_ bench: Workbench) throws -> DefinitionError {
        let problems = bench.problems.filter { !$0.problem.en.contains("lint --write") }
        #expect(problems.count == 1, "\(problems.map { "\($0.place ?? "") \($0.problem.en)" })")
        return try #require(problems.first)
    }

    /// The line of a mapping that begins so.
    private func line(_ start: String, _ bench: Workbench) throws -> Int {
        try #require(
            try bench.text(mapping).split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.hasPrefix(start) }) + 1
    }

    @Test func `a mapping without a set of codes is refused, with the sets that there are`() throws
    {
        let bench = try Workbench()
        try bench.change(mapping, "\ncodeSet: LOCAL:990101FY:2012\n", to: "\n")
        let problem = try only(bench)
        #expect(problem.file == mapping && problem.line > 0)
        #expect(problem.problem.en.contains("codeSet is missing"))
        #expect(problem.problem.en.contains("G1CSV, G2, STATISTICS"))
        #expect(problem.problem.zh.contains("LOCAL:<org>:<version>"))
        #expect(problem.entry.code == "E-DEFINITION")
    }

    @Test func `a mapping of a set that nobody registered is refused at its line`() throws {
        let bench = try Workbench()
        try bench.change(mapping, "codeSet: LOCAL:990101FY:2012", to: "codeSet: G3")
        let problem = try only(bench)
        #expect(try problem.place == "\(mapping):\(line("codeSet:", bench)):10")
        #expect(problem.problem.en.contains("G3 is not registered; known: G1CSV"))
        try bench.change("code-sets.csv", "\nG2,", to: "\nG3,某,Some,,\nG2,")
        #expect(bench.problems.filter { !$0.problem.en.contains("lint --write") }.isEmpty)
    }

    @Test func `a registry that is missing or wrong stops everything`() throws {
        let bench = try Workbench()
        try bench.change("code-sets.csv", "\nG2,", to: "\nG1CSV,")
        #expect(try only(bench).file == "code-sets.csv")
        try FileManager.default.removeItem(atPath: bench.root + "/code-sets.csv")
        #expect(try only(bench).file == "code-sets.csv")
        #expect(throws: DefinitionError.self) { try Catalogue(root: bench.root) }
    }

    private let rh = "{ field: wife.rhType, from: 女方Rh血型, lookUp: words/rh }"

    @Test func `a field may be read by the numbers of the mapping's own set`() throws {
        let bench = try Workbench()
        try bench.change(mapping, "codeSet: LOCAL:990101FY:2012", to: "codeSet: WS364")
        try bench.change(
            mapping, rh,
            to: "{ field: wife.rhType, from: 女方Rh血型, lookUp: [crosswalk, words/rh] }")
        let example = "  - in: { 女方姓名: 样乙二, 女方Rh血型: \"1\" }\n    out: { wife.rhType: NEG }\n"
        try bench.change(mapping, "\nexamples:\n", to: "\nexamples:\n" + example)
        #expect(bench.problems.filter { !$0.problem.en.contains("lint --write") }.isEmpty)
        // The same digit by another generation's table.
        try bench.change(mapping, "codeSet: WS364", to: "codeSet: G2")
        #expect(try only(bench).problem.en.contains("must be NEG, came out as POS"))
    }

    @Test(arguments: [
        ("lookUp: crosswalk", "The crosswalk of rh has no numbers of LOCAL:990101FY:2012"),
        ("lookUp: [crosswalk, words/rh]", "it has: G1CSV, G2, STATISTICS, WS364"),
    ])
    func `a set that the list has no numbers for is refused at the field`(
        _ lookUp: String, _ says: String
    ) throws {
        let bench = try Workbench()
        try bench.change(
            mapping, rh, to: "{ field: wife.rhType, from: 女方Rh血型, \(lookUp) }")
        let problem = try only(bench)
        #expect(problem.problem.en.contains(says), "\(problem.problem.en)")
        #expect(try problem.line == line("  - { field: wife.rhType", bench))
    }

    @Test func `a list without a crosswalk, and a field without a list, are refused`() throws {
        let bench = try Workbench()
        try bench.change(
            mapping, "{ field: riskLevel, from: 风险评估结论, lookUp: words/risk }",
            to: "{ field: riskLevel, from: 风险评估结论, lookUp: crosswalk }")
        #expect(try only(bench).problem.en.contains("no crosswalk (crosswalks/risk.csv)"))
        try bench.change(
            mapping, "{ field: riskLevel, from: 风险评估结论, lookUp: crosswalk }",
            to: "{ field: riskLevel, from: 风险评估结论, lookUp: words/risk }")
        try bench.change(
            mapping, "{ field: wife.alt, from: 女方谷丙转氨酶ALT }",
            to: "{ field: wife.alt, from: 女方谷丙转氨酶ALT, lookUp: crosswalk }")
        #expect(try only(bench).problem.en.contains("wife.alt holds no code"))
    }

    @Test func `words that contradict the numbers of the set are refused`() throws {
        let bench = try Workbench()
        try bench.change(mapping, "codeSet: LOCAL:990101FY:2012", to: "codeSet: WS364")
        try bench.change(
            mapping, rh,
            to: "{ field: wife.rhType, from: 女方Rh血型, lookUp: [words/rh, crosswalk] }")
        try bench.write(
            try bench.text("preconception/words/rh.csv") + "１,POS\n",
            to: "preconception/words/rh.csv")
        let problem = try only(bench)
        #expect(problem.problem.en.contains("1 has another code in words/rh"))
    }

    @Test(arguments: [
        ("\nPOS,1,1,,2\n", "\nPOS,1,1,,1\n", "1 of WS364"),
        ("code,G1CSV,G2,", "code,G1CSV,G7,", "G7 is not registered"),
        ("\nUNKNOWN,", "\nPERHAPS,", "no code PERHAPS"),
    ])
    func `a crosswalk is read whether or not a mapping uses it`(
        _ old: String, _ new: String, _ says: String
    ) throws {
        let bench = try Workbench()
        try bench.change("preconception/crosswalks/rh.csv", old, to: new)
        let problem = try only(bench)
        #expect(problem.file == "preconception/crosswalks/rh.csv" && problem.line > 0)
        #expect(problem.problem.en.contains(says))
        try bench.change("preconception/crosswalks/rh.csv", new, to: old)
        try bench.write("code,G2\nA,1\n", to: "preconception/crosswalks/nothing.csv")
        #expect(try only(bench).file == "preconception/codes/nothing.csv")
    }

    @Test func `an approval is bound to the crosswalks too`() throws {
        let catalogue = try Catalogue(root: Project.mappings)
        let file = try #require(catalogue.mapping(named: "preconception/from-county-csv")).mapping
        #expect(file.content.contains { $0.path == "preconception/crosswalks/rh.csv" })
    }
}
