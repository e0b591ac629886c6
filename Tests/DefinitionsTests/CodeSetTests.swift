import Definitions
import Records
import TestKit
import Testing

struct CodeSetTests {
    private func registry(_ rows: String) throws(DefinitionError) -> CodeSets {
        try CodeSets(
            text: "# 说明\nname,zh,en,valid_from,valid_to\n" + rows, shownAs: "code-sets.csv")
    }

    @Test(arguments: [
        ("G1CSV", true), ("G2", true), ("STATISTICS", true), ("CLINIC", true), ("WS364", true),
        ("LOCAL:990101FY:2012", true), ("LOCAL:MA0000T36-1:v1.0", true), ("g2", false),
        ("", false), ("G3", false), ("LOCAL", false), ("LOCAL:990101FY", false),
        ("LOCAL:990101FY:", false), ("LOCAL::2012", false), ("LOCAL:a:b:c", false),
        ("LOCAL:某院:2012", false), ("LOCAL:a b:2012", false), ("LOCAL:<org>:<version>", false),
        ("OTHER:a:b", false),
    ])
    func `the repository's registry knows what it names and no more`(
        _ name: String, _ isKnown: Bool
    ) throws {
        let registry = try CodeSets(
            path: Project.mappings + "/code-sets.csv", shownAs: "code-sets.csv")
        #expect(registry.knows(name) == isKnown)
    }

    @Test func `a set has a title and days, and its names can be shown`() throws {
        let registry = try registry("A,甲,One,2012-02-01,2024-03-31\nB:<x>,乙,Two,,\n")
        #expect(registry.names == "A, B:<x>")
        #expect(registry.entries.map(\.isPattern) == [false, true])
        #expect(registry.entries[0].title == Wording(zh: "甲", en: "One"))
        #expect(registry.entries[0].validFrom == CalendarDate(iso: "2012-02-01"))
        #expect(registry.entries[0].validTo == CalendarDate(iso: "2024-03-31"))
        #expect(registry.knows("B:1") && !registry.knows("B:"))
    }

    @Test(arguments: [
        ("A,甲,One,,\nA,乙,Two,,\n", 4), (",甲,One,,\n", 3), ("A,甲,One,2012,\n", 3),
    ])
    func `a wrong line of the registry is named`(_ rows: String, _ line: Int) {
        let error = #expect(throws: DefinitionError.self) { try registry(rows) }
        #expect(error?.line == line)
    }
}

struct CrosswalkTests {
    private func list(_ crosswalk: String, _ sets: CodeSets? = nil) throws(DefinitionError)
        -> CodeList
    {
        try CodeList(
            name: "rh",
            text: "code,zh,en,valid_from,valid_to\nPOS,阳性,Positive,,\nNEG,阴性,Negative,,\n"
                + "UNKNOWN,不详,Unknown,,\n",
            shownAs: "codes/rh.csv",
            crosswalk: Crosswalk.Source(
                text: crosswalk, shownAs: "crosswalks/rh.csv", sets: sets))
    }

    @Test func `each set has its own numbers for one code`() throws {
        let list = try list("# 说明\ncode,G1CSV,WS364\nPOS,1,2\nNEG,0,1\nUNKNOWN,,3|~9\n")
        let crosswalk = try #require(list.crosswalk)
        let pos = try #require(list.ordinal(of: "POS"))
        let unknown = try #require(list.ordinal(of: "UNKNOWN"))
        #expect(crosswalk.sets == ["G1CSV", "WS364"])
        #expect(crosswalk.numbers(of: pos, in: "G1CSV").map(\.text) == ["1"])
        #expect(crosswalk.numbers(of: pos, in: "WS364").map(\.text) == ["2"])
        #expect(crosswalk.numbers(of: unknown, in: "G1CSV").isEmpty)
        let unsure = crosswalk.numbers(of: unknown, in: "WS364")
        #expect(unsure.map(\.text) == ["3", "9"] && unsure.map(\.isInexact) == [false, true])
        #expect(crosswalk.numbers(in: "G2") == nil)
        #expect(crosswalk.numbers(of: pos, in: "G2").isEmpty)
    }

    @Test(arguments: [
        ("code,G2\nPOS,1\nNEG,1\n", 3, "1 of G2"), ("code,G2\nPOS,1|1\n", 2, "1 of G2"),
        ("code,G2\nPOS,~\n", 2, "empty"), ("code,G2\nMAYBE,3\n", 2, "no code MAYBE"),
        ("code,G2\nPOS,1\nPOS,2\n", 3, "stands twice"), ("code\nPOS\n", 1, "header"),
        ("codes,G2\nPOS,1\n", 1, "header"), ("code,G2,G2\nPOS,1,1\n", 1, "header"),
        ("# 说明\ncode,G2,G9\nPOS,1,1\n", 2, "G9 is not registered; known: G2"),
    ])
    func `a wrong line of a crosswalk is named`(_ text: String, _ line: Int, _ says: String) throws
    {
        let sets = try CodeSets(
            text: "name,zh,en,valid_from,valid_to\nG2,二代,Two,,\n", shownAs: "code-sets.csv")
        let error = #expect(throws: DefinitionError.self) { try list(text, sets) }
        #expect(error?.place == "crosswalks/rh.csv:\(line):1")
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error?.problem))")
    }

    @Test func `a number that means two things in two sets is a conflict`() throws {
        let list = try list("code,G1CSV,G2,WS364\nPOS,1,1,2\nNEG,0,2,1\nUNKNOWN,,,3\n")
        #expect(
            CodeComparison.conflicts(in: list, "G1CSV", "WS364")
                .map { [$0.number] + $0.codes } == [["1", "POS", "NEG"]])
        #expect(
            CodeComparison.conflicts(in: list, "G2", "WS364").map(\.number) == ["1", "2"])
        #expect(CodeComparison.conflicts(in: list, "G1CSV", "G2").isEmpty)
        #expect(CodeComparison.conflicts(in: list, "G1CSV", "G3").isEmpty)
    }
}
