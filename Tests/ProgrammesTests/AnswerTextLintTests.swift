import Definitions
import Foundation
import Programmes
import Records
import Testing

/// `answer-texts.csv`: one meaning for a text, and a code that explains a refusal.
struct AnswerTextLintTests {
    private static let folder = "preconception/to-reference-1/"

    private func problems(_ lines: [String]?, freeText: Bool = true) throws -> [DefinitionError] {
        let bench = try Workbench()
        // A side that is reached by wire alone: lists of results have reasons in any case.
        for name in ["assisted.yaml", "answer-texts.csv"] {
            try FileManager.default.removeItem(
                atPath: "\(bench.root)/\(AnswerTextLintTests.folder)\(name)")
        }
        if freeText {
            try bench.change(
                AnswerTextLintTests.folder + "profile.yaml", "\nbatch: 250",
                to: "\nfreeText: true\nbatch: 250")
        }
        if let lines {
            try bench.write(
                (["match,text,code"] + lines).joined(separator: "\n") + "\n",
                to: AnswerTextLintTests.folder + "answer-texts.csv")
        }
        return bench.problems
    }

    @Test func `patterns that keep apart are read`() throws {
        #expect(
            try problems(["exact,数值超出允许范围,E2104", "contains,系统繁忙,E5001"]).isEmpty)
    }

    @Test(arguments: [
        ["contains,繁忙,E5001", "contains,系统繁忙,E5002"],
        ["exact,系统繁忙,E5001", "contains,繁忙,E2104"],
        ["exact,ＡＢ　Ｃ,E2104", "exact,AB C,E2103"],
    ])
    func `lines that overlap are found, with their place`(lines: [String]) throws {
        let found = try problems(lines)
        #expect(found.count == 1)
        #expect(found[0].place?.contains("answer-texts.csv") == true)
        #expect(found[0].place?.contains("3") == true, "\(found[0].place ?? "")")
        #expect(found[0].problem.en.contains("overlaps"))
    }

    @Test(arguments: [
        "exact,已接收,0000", "exact,无此代码,E9999", "exact, ,E2104", "begins,系统,E5001",
    ])
    func `a line that cannot mean a refusal is found`(line: String) throws {
        #expect(try problems([line]).count == 1)
    }

    @Test func `the table and the word freeText belong together`() throws {
        #expect(try problems(nil).count == 1)
        #expect(try problems(["exact,系统繁忙,E5001"], freeText: false).count == 1)
    }
}
