import Foundation
import Testing

/// Reconciling case by case with the platform's list, and its differences as cases for people.
@Suite(.serialized) struct DifferencesTests {
    private static let head = ["备注", "档案编号", "机构代码", "检查日期", "审核状态"]

    private struct Compared: Decodable {
        struct Line: Decodable {
            let kind: String
            let reason: String
            let record: String?
            let serial: String?
            let rows: [Int]
            let sheet: Int64?
        }
        struct Problem: Decodable, Equatable {
            let row: Int
            let code: String
        }
        struct Opened: Decodable, Equatable {
            let opened: Int
            let again: Int
            let known: Int
            let settled: Int
            let gone: Int
        }
        let matched: Int
        let open: Int
        let differences: [Line]
        let problems: [Problem]
        let opened: Opened?

        var reasons: [String] { differences.map(\.reason).sorted() }
    }

    private struct Sheet: Decodable {
        let number: Int64
        let state: String
        let isOverdue: Bool
        let kind: String
        let owner: String?
        let dueOn: String
        let record: String?
        let again: Int64?
    }

    private let county: AssistedCounty
    private let references: [String]

    /// Six cases: five accepted by the platform, one not answered yet.
    init() throws {
        county = try AssistedCounty()
        _ = try county.handOut(as: "list.xlsx")
        let book = try AssistedCounty.open(county.desk + "/list.xlsx")
        references = book.cases.map { $0["上报编号"] ?? "" }
        let results = try county.write(
            [AssistedCounty.head]
                + references.prefix(5).enumerated().map { number, reference in
                    [reference, "T00\(number + 1)", "", "", "已接收", ""]
                }, to: "results.csv")
        #expect(try county.bring(results).1 == 0)
    }

    private func compare(
        _ rows: [[String]], _ more: [String] = []
    ) throws -> (Compared, Int32) {
        let path = try county.write([DifferencesTests.head] + rows, to: "nation.csv")
        let ended = try county.run(
            ["reconcile", "--year", "2012", "--list", path, "--json"] + more)
        return (
            try JSONDecoder().decode(Compared.self, from: Data(ended.out.utf8)), ended.status
        )
    }

    private func sheets(_ more: [String] = []) throws -> ([Sheet], Int32) {
        let ended = try county.run(["differences", "list", "--json"] + more)
        return (
            try JSONDecoder().decode([Sheet].self, from: Data(ended.out.utf8)), ended.status
        )
    }

    private var equal: [[String]] {
        references.prefix(5).map { ["录入 " + $0, "", "", "", "已接收"] }
    }

    @Test func `an equal list differs nowhere, and a look changes nothing`() throws {
        let before = try county.run(["status", "--json"]).out
        let (same, status) = try compare(equal)
        #expect(status == 0 && same.differences.isEmpty && same.matched == 5 && same.open == 1)
        let rows =
            Array(equal.dropFirst()) + [
                [references[5], "T006", "", "", "已接收"],
                ["", "X900", "", "2012-04-01", "审核通过"], ["", "T002", "", "", "没听过"],
                ["", "T003", "", "", "已接收"],
            ]
        let (found, differs) = try compare(rows)
        #expect(differs == 6)
        #expect(found.reasons == ["noReceipt", "notListed", "notOurs"])
        #expect(
            Set(found.differences.map(\.kind))
                == ["D-LOCAL-ONLY", "D-NATIONAL-ONLY", "D-STATE-DIFFERS"])
        #expect(found.problems == [.init(row: 8, code: "M-WORD")])
        #expect(found.differences.allSatisfy { $0.sheet == nil } && found.opened == nil)
        #expect(try county.run(["status", "--json"]).out == before)
        let shown = try county.run(
            ["reconcile", "--year", "2012", "--list", county.desk + "/nation.csv"], in: "zh")
        #expect(shown.out.contains("我方已接收、对方清单无此例：1"), "\(shown.out)")
        #expect(shown.out.contains("对方已接收、我方账上未收到回执"), "\(shown.out)")
        #expect(shown.out.contains("M-WORD 第 8 行"), "\(shown.out)")
        #expect(try county.run(["explain", "D-STATE-DIFFERS"]).status == 0)
        #expect(try county.run(["explain", "M-TWO-CASES"]).status == 0)
    }

    @Test func `what somebody typed is no formula in the table`() throws {
        let words = ["--open", "--by", "lin", "--due", "2013-01-31"]
        _ = try compare(Array(equal.dropFirst(2)), words)
        let (listed, _) = try sheets()
        let owner = "=HYPERLINK(\"http://example.org\",\"x\")"
        let given = try county.run([
            "differences", "assign", "\(listed[0].number)", "--owner", owner,
        ])
        #expect(given.status == 0, "\(given.err)")
        let out = county.desk + "/formula.csv"
        _ = try county.run(["differences", "list", "--out", out])
        let table = try String(contentsOfFile: out, encoding: .utf8)
        let shown = "\"'" + owner.replacing("\"", with: "\"\"") + "\""
        #expect(table.contains("," + shown + ","), "\(table)")
    }

    @Test func `a difference is opened once, given to somebody, late, and closed by a person`()
        throws
    {
        let rows = Array(equal.dropFirst(2))
        let words = ["--open", "--by", "lin", "--due", "2013-01-31"]
        let (first, _) = try compare(rows, words)
        #expect(
            first.opened == .init(opened: 2, again: 0, known: 0, settled: 0, gone: 0))
        #expect(first.differences.allSatisfy { $0.sheet != nil })
        let (again, _) = try compare(rows, words)
        #expect(again.opened?.opened == 0 && again.opened?.known == 2)
        let (listed, status) = try sheets()
        #expect(status == 6 && listed.count == 2 && listed.allSatisfy(\.isOverdue))
        let out = county.desk + "/differences.csv"
        _ = try county.run(["differences", "list", "--out", out])
        let table = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: out)), as: UTF8.self)
        let written = table.split(separator: "\r\n")
        #expect(written.count == 3 && written.dropFirst().allSatisfy { $0.contains("▲") })
        #expect(listed.allSatisfy { table.contains($0.record ?? "none") })
        let late = try county.run(["status"])
        #expect(late.out.contains("2 differences are late, of 2 open"), "\(late.out)")

        let (one, two) = ("\(listed[0].number)", "\(listed[1].number)")
        let given = try county.run([
            "differences", "assign", one, two, "--owner", "zhao", "--due", "2999-12-31",
        ])
        #expect(given.status == 0, "\(given.err)")
        let (calm, fine) = try sheets(["--owner", "zhao"])
        #expect(fine == 0 && calm.map(\.dueOn) == ["2999-12-31", "2999-12-31"])
        #expect(try !county.run(["status"]).out.contains("late"))

        // The platform has found the first one: it is gone, and not closed.
        let missing = try #require(listed[0].record)
        let found = equal.filter { $0[0].contains(missing) }
        let (less, _) = try compare(rows + found, words)
        #expect(less.opened?.gone == 1)
        #expect(try sheets().0.map(\.state) == ["gone", "open"])
        let close = ["differences", "close", one, "--outcome", "已补报", "--because"]
        let named = try county.run(close + ["ask 13812345678"])
        #expect(named.status == 64 && named.err.contains("E-PERSON-WORDS"), "\(named.err)")
        #expect(try county.run(close + ["letter 12 of 2013"]).status == 0)
        let twice = try county.run(close + ["once more"])
        #expect(twice.status == 64 && twice.err.contains("E-DIFFERENCE-CLOSED"), "\(twice.err)")
        let shown = try county.run(["differences", "show", one])
        #expect(shown.out.contains("letter 12 of 2013") && shown.out.contains("zhao"))
        #expect(shown.out.contains("gone in a comparison"), "\(shown.out)")
        let (left, _) = try sheets(["--all"])
        #expect(left.map(\.state) == ["closed", "open"])
        let (changed, _) = try compare(rows + found, ["--open"])
        #expect(changed.opened?.known == 1 && changed.opened?.opened == 0)
    }

    @Test func `what is closed as mended and still there comes back, and agreed ones do not`()
        throws
    {
        let rows = Array(equal.dropFirst(2))
        _ = try compare(rows, ["--open"])
        let numbers = try sheets().0.map { "\($0.number)" }
        for (number, outcome) in zip(numbers, ["corrected", "agreed"]) {
            let closed = try county.run([
                "differences", "close", number, "--outcome", outcome, "--because", "seen",
            ])
            #expect(closed.status == 0, "\(closed.err)")
        }
        let (next, status) = try compare(rows, ["--open"])
        #expect(status == 6, "they still differ")
        #expect(
            next.opened == .init(opened: 1, again: 1, known: 0, settled: 1, gone: 0))
        #expect(try sheets().0.map { $0.again.map { "\($0)" } } == [numbers[0]])
        let wrong = try county.run([
            "differences", "close", numbers[0], "--outcome", "perhaps", "--because", "x",
        ])
        #expect(wrong.status == 64 && wrong.err.contains("E-OUTCOME"), "\(wrong.err)")
        let none = try county.run(["differences", "show", "1"])
        #expect(none.status == 64 && none.err.contains("E-DIFFERENCE"), "\(none.err)")
    }

    @Test func `a workbook with real days is read like a table`() throws {
        let path = county.desk + "/nation.xlsx"
        let script = """
            import sys, datetime, openpyxl
            book = openpyxl.Workbook()
            book.active.append(["备注", "档案编号", "检查日期", "审核状态"])
            for text in sys.argv[2:]:
                book.active.append([text, None, None, "已接收"])
            book.active.append([None, "X900", datetime.date(2012, 4, 1), "已接收"])
            book.active.append([None, "X901", datetime.date(2013, 4, 1), "已接收"])
            book.save(sys.argv[1])
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, path] + references.prefix(5)
        try process.run()
        process.waitUntilExit()
        let ended = try county.run(["reconcile", "--year", "2012", "--list", path, "--json"])
        let found = try JSONDecoder().decode(Compared.self, from: Data(ended.out.utf8))
        #expect(found.problems.isEmpty && found.matched == 5)
        #expect(found.differences.map(\.serial) == ["X900"], "X901 is of another year")
    }

    @Test func `counts that differ are opened, too, and nobody's name may be a number`() throws {
        let cell = try #require(cells().first)
        let counts = try county.write(
            [
                ["机构", "月份", "接收"],
                [cell.institution ?? "", cell.month ?? "", "\(cell.accepted + 3)"],
            ],
            to: "counts.csv")
        let words = ["reconcile", "--year", "2012", "--counts", counts, "--open"]
        let named = try county.run(words + ["--owner", "990101198603150022"])
        #expect(named.status == 64 && named.err.contains("E-PERSON-WORDS"))
        let opened = try county.run(words + ["--owner", "zhao"])
        #expect(opened.status == 6 && opened.out.contains("opened"), "\(opened.out)")
        let listed = try sheets().0
        #expect(listed.map(\.kind).contains("D-COUNT-ONLY"))
        #expect(listed.allSatisfy { $0.owner == "zhao" && !$0.isOverdue })
        // A comparison with the list of cases says nothing of counts: they stay.
        let (list, _) = try compare(equal, ["--open"])
        #expect(list.opened?.gone == 0)
    }

    private struct Cell: Decodable {
        let institution: String?
        let month: String?
        let accepted: Int
    }

    private func cells() throws -> [Cell] {
        struct Books: Decodable {
            let lines: [Cell]
        }
        let ended = try county.run(["reconcile", "--year", "2012", "--json"])
        return try JSONDecoder().decode(Books.self, from: Data(ended.out.utf8)).lines
            .filter { $0.accepted > 0 }
    }
}
