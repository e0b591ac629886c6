import Definitions
import Programmes
import Records
import TestKit
import Testing

/// How a list of cases is read, and what is done about differences: both are data.
struct CaseListFormTests {
    private func form(_ text: String) throws -> CaseListForm {
        try CaseListForm(Section(text: text, shownAs: "case-list.yaml"))
    }

    private func problem(_ text: String) -> String {
        do {
            _ = try form(text)
            return ""
        } catch {
            return (error as? DefinitionError)?.problem.en ?? "\(error)"
        }
    }

    @Test func `the profiles that ship say how theirs is read, and name nobody`() throws {
        let programmes = try Catalogue(root: Project.mappings).programmes
        #expect(programmes.count > 1)
        for programme in programmes {
            let list = try #require(programme.profiles.first?.caseList)
            #expect(list.rowKind == .wholeCase && list.columns[.reference]?.first == "上报编号")
            #expect(list.words["已接收"] == .accepted && list.words["已删除"] == .withdrawn)
            let names = list.columns.values.joined().joined()
            #expect(!names.contains("身份证") && !names.contains("姓名"))
        }
    }

    @Test func `a list of cases in force alone has neither status nor words`() throws {
        let list = try form("rowIs: part\ncolumns: { serial: [编号] }\n")
        #expect(list.rowKind == .part && list.words.isEmpty && list.headerRow == 1)
        #expect(
            problem("rowIs: case\ncolumns: { serial: [编号], status: [状态] }\n")
                .contains("status goes with words"))
    }

    @Test func `what makes no sense is refused with its reason`() {
        #expect(problem("columns: { serial: [x] }\n").contains("rowIs"))
        #expect(problem("rowIs: row\ncolumns: { serial: [x] }\n").contains("case, part"))
        #expect(
            problem("rowIs: case\ncolumns: { status: [x] }\nwords: { accepted: [y] }\n")
                .contains("reference and serial"))
        #expect(problem("rowIs: case\ncolumns: { serial: [x], name: [y] }\n").contains("name"))
        #expect(
            problem(
                "rowIs: case\ncolumns: { serial: [x], status: [s] }\n"
                    + "words: { accepted: [y], rejected: [y] }\n"
            ).contains("two meanings"))
        #expect(
            problem(
                "rowIs: case\ncolumns: { serial: [x], status: [s] }\nwords: { rejected: [y] }\n"
            ).contains("accepted"))
    }
}

/// The file of deadlines and outcomes.
struct DifferenceFileTests {
    private static let classes = ["D-LOCAL-ONLY", "D-COUNT-ONLY"]

    private func file(_ text: String) throws -> DifferenceFile {
        try DifferenceFile(
            Section(text: text, shownAs: "differences.yaml"),
            classes: DifferenceFileTests.classes)
    }

    private func problem(_ text: String) -> String {
        do {
            _ = try file(text)
            return ""
        } catch {
            return (error as? DefinitionError)?.problem.en ?? "\(error)"
        }
    }

    private static let outcomes =
        "outcomes:\n  done: { zh: 已改, en: mended, mayStay: no }\n"
        + "  late: { zh: 时差, en: timing, mayStay: 31 d }\n"
        + "  so: { zh: 不一致, en: agreed, mayStay: forever }\n"

    @Test func `deadlines by class, and outcomes by any of their names`() throws {
        let read = try file(
            "workdays: 10\nbyClass: { D-COUNT-ONLY: 5 }\n" + DifferenceFileTests.outcomes)
        #expect(read.workdays == 10 && read.byClass == ["D-COUNT-ONLY": 5])
        #expect(read.outcomes.map(\.name) == ["done", "late", "so"])
        #expect(read.outcomes.map(\.days) == [0, 31, nil])
        #expect(read.outcome(called: "时差")?.name == "late")
        #expect(read.outcome(called: "agreed")?.name == "so")
        #expect(read.outcome(called: "none") == nil)
    }

    @Test func `a class, a number or a stay that is none is refused`() {
        let outcomes = DifferenceFileTests.outcomes
        #expect(problem("workdays: 0\n" + outcomes).contains("1 to 250"))
        #expect(
            problem("workdays: 9\nbyClass: { D-OTHER: 5 }\n" + outcomes).contains("D-LOCAL-ONLY"))
        #expect(problem("workdays: 9\noutcomes: {}\n").contains("outcome"))
        #expect(
            problem("workdays: 9\noutcomes: { a: { zh: 一, en: b, mayStay: often } }\n")
                .contains("mayStay"))
    }
}
