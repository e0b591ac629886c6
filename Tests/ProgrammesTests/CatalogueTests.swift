import Definitions
import Foundation
import Mappings
import Programmes
import Records
import Submissions
import TestKit
import Testing

/// A copy of `mappings/` that a test may spoil; removed with it.
final class Workbench {
    let root: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("programmes-\(UUID().uuidString)")
        try FileManager.default.copyItem(
            at: URL(fileURLWithPath: Project.mappings), to: url)
        root = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    func write(_ text: String, to path: String) throws {
        try text.write(toFile: root + "/" + path, atomically: false, encoding: .utf8)
    }

    /// Changes one text that stands exactly once.
    func change(_ path: String, _ old: String, to new: String) throws {
        let before = try text(path)
        try #require(before.ranges(of: old).count == 1, "\(old)")
        try write(before.replacing(old, with: new), to: path)
    }

    var problems: [DefinitionError] { CatalogueLint.run(root: root).problems }
}

private let programme = "preconception/programme.yaml"
private let mapping = "preconception/from-county-csv.yaml"

struct CatalogueTests {
    @Test func `the repository's own mappings are clean`() {
        let lint = CatalogueLint.run(root: Project.mappings)
        #expect(lint.problems.map { "\($0.place ?? "") \($0.problem.en)" } == [])
        // The programme, its mapping, its profile, two generated files, and every table.
        #expect(lint.checked > 60)
    }

    @Test func `a site finds its mapping and its profile by name`() throws {
        let catalogue = try Catalogue(root: Project.mappings)
        let found = try #require(catalogue.mapping(named: "preconception/from-county-csv"))
        #expect(found.mapping.mapping.name == "county-csv@2")
        #expect(found.programme.dictionary.programme == "preconception-check")
        #expect(catalogue.mapping(named: "preconception/from-nowhere") == nil)
        let profile = try #require(found.programme.profiles.first)
        #expect(profile.name == "reference-1" && profile.namespace == "urn:shangbao:reference:1")
        // EXCHANGE 1: at most 1,000 records and 20 MB before compression.
        #expect(profile.mostRecords == 1_000 && profile.mostBytes == 20_000_000)
        #expect(profile.suites == ["gm", "intl"] && profile.batch <= profile.mostRecords)
        #expect(profile.codes.count > 30)
        #expect(found.programme.settles.funding == "chongqing-2012")
    }

    @Test func `what an approval is bound to is everything that decides what leaves`() throws {
        let catalogue = try Catalogue(root: Project.mappings)
        let file = try #require(catalogue.mapping(named: "preconception/from-county-csv")).mapping
        let paths = file.content.map(\.path)
        #expect(paths == paths.sorted() && Set(paths).count == paths.count)
        for path in [
            programme, mapping, "preconception/words/qual.csv", "preconception/words/consent.csv",
            "codes/divisions.csv", "preconception/codes/qual.csv",
        ] {
            let content = try #require(file.content.first { $0.path == path }, "\(path)")
            #expect(
                content.bytes
                    == [UInt8](
                        FileManager.default.contents(
                            atPath: Project.mappings + "/" + path) ?? Data()))
        }
    }

    @Test func `a folder without a programme is refused`() throws {
        let empty = FileManager.default.temporaryDirectory.path + "/nothing-\(UUID().uuidString)"
        #expect(throws: DefinitionError.self) { try Catalogue(root: empty) }
        #expect(CatalogueLint.run(root: empty).problems.count == 1)
    }
}

struct CatalogueLintTests {
    private func only(_ bench: Workbench) throws -> DefinitionError {
        let problems = bench.problems
        #expect(problems.count == 1, "\(problems.map { "\($0.place ?? "") \($0.problem.en)" })")
        return try #require(problems.first)
    }

    @Test func `an example that does not come out is named`() throws {
        let bench = try Workbench()
        try bench.change(
            mapping, "out: { wife.idNumber: 99150219880808024X }",
            to: "out: { wife.idNumber: 99150219880808024x }")
        let problem = try only(bench)
        #expect(problem.file == mapping)
        // It is the fourth of the list.
        #expect(
            problem.problem.en.contains("Example 4") && problem.problem.en.contains("wife.idNumber")
        )
        #expect(problem.problem.zh.contains("第 4 个样例"))
    }

    @Test func `an example that asks for a field that is not there is named`() throws {
        let bench = try Workbench()
        try bench.change(
            mapping, "out: { wife.idNumber: 99150219880808024X }",
            to: "out: { wife.idNo: 99150219880808024X }")
        #expect(try only(bench).problem.en.contains("wife.idNo"))
    }

    @Test func `an unknown key is named with line and column`() throws {
        let bench = try Workbench()
        let before = try bench.text(mapping)
        let line = try #require(
            before.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.hasPrefix("codeSet:") })
        try bench.change(mapping, "\ncodeSet:", to: "\ncodeset: x\ncodeSet:")
        let problem = try only(bench)
        #expect(problem.place == "\(mapping):\(line + 1):1")
        #expect(problem.problem.en.contains("codeset") && problem.problem.en.contains("codeSet"))
    }

    @Test func `generated files that differ or are missing are named`() throws {
        let bench = try Workbench()
        let schema = "preconception/to-reference-1/schema/submission.xsd"
        let table = "preconception/to-reference-1/dictionary.csv"
        try bench.write(try bench.text(schema) + "\n", to: schema)
        try FileManager.default.removeItem(atPath: bench.root + "/" + table)
        let problems = bench.problems
        #expect(problems.map(\.file) == [schema, table])
        #expect(problems.allSatisfy { $0.problem.en.contains("lint --write") })
    }

    @Test func `what leaves otherwise changes both generated files`() throws {
        let bench = try Workbench()
        try bench.change(
            programme,
            "{ field: hemoglobin, no: FF-205, zh: 血红蛋白, en: Haemoglobin, who: wife, in: laboratory, kind: integer, min: 30, max: 220",
            to:
                "{ field: hemoglobin, no: FF-205, zh: 血红蛋白, en: Haemoglobin, who: wife, in: laboratory, kind: integer, min: 30, max: 230"
        )
        #expect(
            bench.problems.map(\.file) == ["preconception/to-reference-1/schema/submission.xsd"])
        try bench.change(programme, "en: Red cells,", to: "en: Red blood cells,")
        #expect(bench.problems.count == 2)
    }

    @Test func `one name in two groups of forms is refused`() throws {
        let bench = try Workbench()
        let twice =
            "{ field: historyDate, no: FF-262, zh: 日期, en: Day, who: family, in: assessment, "
            + "kind: date, source: G1, class: OP, keep: test }"
        try bench.change(
            programme, "  - { field: adviceDate, no: FF-262,",
            to: "  - \(twice)\n  - { field: adviceDate, no: FF-262,")
        let problem = try #require(
            bench.problems.first { $0.problem.en.contains("two groups") })
        #expect(problem.file == programme)
        #expect(problem.problem.en.contains("historyDate"))
        #expect(problem.problem.en.contains("history") && problem.problem.en.contains("assessment"))
    }

    @Test func `wrong lines of several tables are all named`() throws {
        let bench = try Workbench()
        try bench.write(
            try bench.text("preconception/words/qual.csv") + "＋,NEG\n",
            to: "preconception/words/qual.csv")
        try bench.write(
            try bench.text("preconception/codes/payer.csv") + "3,医保,Insurance,2012-1-1,\n",
            to: "preconception/codes/payer.csv")
        let files = Set(bench.problems.map(\.file))
        #expect(
            files.isSuperset(of: ["preconception/words/qual.csv", "preconception/codes/payer.csv"]))
        #expect(bench.problems.allSatisfy { $0.line > 0 })
    }

    @Test(arguments: [
        ("batch: 250", "batch: 1001", "Between 1 and records"),
        ("schemaCheck: sample", "schemaCheck: never", "every, sample"),
        ("sampleEvery: 100", "sampleEvry: 100", "sampleEvry"),
    ])
    func `a profile is read as strictly as the rest`(_ old: String, _ new: String, _ says: String)
        throws
    {
        let bench = try Workbench()
        try bench.change(profile + "/profile.yaml", old, to: new)
        let problem = try #require(failure(bench))
        #expect(problem.file == "r/profile.yaml" && problem.line > 0 && problem.column > 0)
        #expect(problem.problem.en.contains(says), "\(problem.problem.en)")
    }

    private let profile = "preconception/to-reference-1"

    private func failure(_ bench: Workbench) -> DefinitionError? {
        do {
            _ = try NationalProfile(folder: bench.root + "/" + profile, shownAs: "r")
            return nil
        } catch {
            return error
        }
    }

    @Test func `a wrong line of the answer codes is named`() throws {
        let bench = try Workbench()
        #expect(failure(bench) == nil)
        let codes = profile + "/acknowledgement-codes.csv"
        let before = try bench.text(codes)
        for wrong in ["E9999,transient,true,x,某,Some", "E9999,other,true,x,某,Some", "E2101"] {
            try bench.write(before + wrong + "\n", to: codes)
            let problem = try #require(failure(bench))
            #expect(problem.file == "r/acknowledgement-codes.csv")
            #expect(problem.line == before.split(separator: "\n").count + 1)
        }
    }

    @Test func `the table of elements has a line for all that leaves and none for what stays`()
        throws
    {
        let catalogue = try Catalogue(root: Project.mappings)
        let programme = try #require(catalogue.programmes.first)
        let profile = try #require(programme.profiles.first)
        let files = GeneratedFiles.all(of: programme, for: profile)
        let table = try #require(files.first { $0.path == "dictionary.csv" }).text
        let rows = try CodeTable(text: table, shownAs: "dictionary.csv")
        let leaving = programme.dictionary.elements.filter { $0.protection.word != "drop" }
        #expect(rows.rows.map { $0.cells[1] } == leaving.map(\.wireName))
        #expect(!table.contains("localFileId") && !table.contains("plannedPregnancyDate"))
        let name = try #require(rows.rows.first)
        #expect(
            name.cells == [
                "wife", "name", "FF-024", "姓名", "Name", "personName", "", "", "true", "DI",
                "encrypt",
                "16",
            ])
    }
}
