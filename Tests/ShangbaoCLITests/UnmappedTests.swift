import Foundation
import TestKit
import Testing

/// Words that no list knows: held, counted, decided by a person, and then the row goes on.
@Suite(.serialized) struct UnmappedTests {
    private let site: TestSite
    private let header: [String]

    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("shangbao.yaml") {
            $0.replacing(/mappings: .*/, with: "mappings: mappings")
        }
    }

    private struct Words: Decodable, Equatable {
        struct Word: Decodable, Equatable {
            let column: String
            let field: String
            let table: String?
            let word: String
            let isMasked: Bool
            let rows: Int
        }
        let rows: Int
        let words: [Word]
    }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let takenBefore: Bool
    }

    private func write(_ couples: [CleanCouple], as name: String) throws -> String {
        let rows = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        try site.write(
            rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n", to: name)
        return site.folder + "/" + name
    }

    private func take(_ file: String) throws -> Taken {
        let ended = try Program().run(["take", file, "--site", site.folder, "--json"])
        return try #require(
            try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8)).first, "\(ended.err)"
        )
    }

    private func unmapped(_ words: String...) throws -> (status: Int32, words: Words) {
        let ended = try Program().run(
            ["codes", "unmapped"] + words + ["--site", site.folder, "--json"])
        return (ended.status, try JSONDecoder().decode(Words.self, from: Data(ended.out.utf8)))
    }

    private static let column = "女方乙肝表面抗原HBsAg"
    private static let words = "mappings/preconception/words/qual.csv"

    @Test func `a word that nobody knows holds its row, and the row goes on once it is added`()
        throws
    {
        let file = try write(
            [
                CleanCouple(file: "A").with([UnmappedTests.column: "阴性～～"]),
                CleanCouple(file: "B").with([
                    UnmappedTests.column: "弱阴", "女方身份证号": "990101198603150102",
                    "男方身份证号": "99010119841120003X",
                ]),
            ], as: "1.csv")
        let first = try take(file)
        let held = first.fates["quarantined"] ?? 0
        #expect(held == 2, "\(first)")
        let before = try unmapped()
        #expect(before.status == 3 && before.words.rows == 2)
        let known = Words.Word(
            column: UnmappedTests.column, field: "wife.hbsAg", table: "words/qual", word: "弱阴",
            isMasked: false, rows: 1)
        #expect(before.words.words.contains(known) && before.words.words.count == 2)
        // The very same file, by the very same mapping, is not looked at again.
        #expect(try take(file).takenBefore)

        let decided = try site.program.run(
            [
                "codes", "unmapped", "--decide", UnmappedTests.column, "弱阴", "NEG", "--site",
                site.folder,
            ], in: "en")
        #expect(decided.status == 0, "\(decided.err)")
        #expect(decided.out.contains("mappings/preconception/words/qual.csv"))
        #expect(decided.out.contains("\n  弱阴,NEG\n"))
        try site.edit(UnmappedTests.words) { $0 + "弱阴,NEG\n" }

        let again = try take(file)
        #expect(!again.takenBefore && again.fates["quarantined"] == nil, "\(again)")
        #expect(again.fates["sent"] == 1 && again.fates["unchanged"] == 1)
        let after = try unmapped()
        #expect(after.status == 3 && after.words.rows == 1)
        #expect(after.words.words.map(\.word) == ["阴性~~"], "half-width, as tables hold it")
        try showsHistory()
        try site.edit(UnmappedTests.words) { $0 + "阴性～～,NEG\n" }
        // Known now, though nobody took the file again: it waits for that and for no decision.
        #expect(try unmapped().status == 0)
        #expect(try take(file).fates["sent"] == 1)
    }

    /// The record that went on shows that it had been kept as version 1.
    private func showsHistory() throws {
        struct Listed: Decodable { let id: String }
        let listed = try Program().run(["queue", "list", "--site", site.folder, "--json"])
        let ids = try JSONDecoder().decode([Listed].self, from: Data(listed.out.utf8)).map(\.id)
        let shown = try Program().run(
            ["queue", "show", try #require(ids.max()), "--site", site.folder, "--json"])
        let record = try #require(shown.out.firstMatch(of: /"record" : "([0-9a-f]{32})"/)).1
        #expect(shown.out.contains("\"version\" : 2"))
        let traced = try Program().run(
            ["trace", String(record), "--site", site.folder], in: "en")
        #expect(traced.out.contains("V-CODE"), "\(traced.out)")
    }

    @Test func `only the latest export of a case waits`() throws {
        let couple = CleanCouple(file: "A")
        _ = try take(try write([couple.with([UnmappedTests.column: "怪词甲"])], as: "1.csv"))
        _ = try take(try write([couple.with([UnmappedTests.column: "怪词阳性"])], as: "2.csv"))
        #expect(try unmapped().words.words.map(\.word) == ["怪词阳性"])
        #expect(try take(try write([couple], as: "3.csv")).fates["sent"] == 1)
        #expect(try unmapped().words.words == [])
    }

    @Test func `columns of names and numbers are not shown, and what looks like one is masked`()
        throws
    {
        let file = try write(
            [
                CleanCouple(file: "A").with([
                    UnmappedTests.column: "12000000003", "女方吸烟": "990101198603150022",
                    "服务地区划代码": "999999", "女方谷丙转氨酶ALT": "三十", "女方手机号码": "12-34",
                    "女方民族": "一句很长的话本来应该写在备注里面却被写到了民族这一列",
                ])
            ], as: "1.csv")
        let found = try unmapped("--file", file, "--mapping", "preconception/from-county-csv")
        #expect(found.status == 3)
        let told = found.words.words.map { "\($0.field) \($0.word)" }.sorted()
        #expect(
            told == [
                "divisionCode 999999", "wife.ethnicity …26…", "wife.hbsAg …11…",
                "wife.smokes …18…",
            ])
        #expect(found.words.words.count(where: \.isMasked) == 3)
    }

    @Test func `a doctor's name in many rows, a mail address and a number are not shown`() throws {
        let couples = (0..<4).map { row in
            CleanCouple(file: "A\(row)").with([
                "女方民族": "样甲医", "女方吸烟": "yangjia@example.org",
                UnmappedTests.column: "88880000",
            ])
        }
        let file = try write(couples, as: "1.csv")
        let found = try unmapped("--file", file, "--mapping", "preconception/from-county-csv")
        #expect(
            found.words.words.map(\.word).sorted() == ["…19…", "…3…", "…8…"],
            "\(found.words.words)")
        #expect(found.words.words.count(where: \.isMasked) == 3)
    }

    @Test func `an address is not shown, however often it stands there`() throws {
        let couples = (0..<4).map { row in
            CleanCouple(file: "A\(row)").with([
                "女方民族": row == 3 ? "怪词族" : "示例镇样本村3组", UnmappedTests.column: "样本路12号阳性",
            ])
        }
        let file = try write(couples, as: "1.csv")
        let found = try unmapped("--file", file, "--mapping", "preconception/from-county-csv")
        let words = found.words.words.map(\.word)
        #expect(!words.isEmpty)
        #expect(!words.contains { $0.contains("村") || $0.contains("路") }, "\(words)")
    }

    @Test func `a decision names a code of the field's list, and a column that holds codes`() throws
    {
        func decide(_ words: String...) throws -> Program.Ended {
            try site.program.run(
                ["codes", "unmapped", "--site", site.folder, "--decide"] + words, in: "en")
        }
        let wrong = try decide(UnmappedTests.column, "弱阴", "MAYBE")
        #expect(wrong.status == 64 && wrong.err.contains("NEG"))
        let name = try decide("女方姓名", "样乙二", "1")
        #expect(name.status == 64 && !name.err.contains("样乙二"))
        #expect(try decide(UnmappedTests.column, "弱阴").status == 64)
        let there = try decide(UnmappedTests.column, "阴性（－）", "NEG")
        #expect(there.status == 0 && there.out.contains("has it"))
        #expect(try decide(UnmappedTests.column, "阴性", "POS").status == 64)
        let bare = try decide("孩次说明", "头胎", "1")
        #expect(bare.status == 64, "no mapping reads this column")
        let division = try decide("服务地区划代码", "示例区", "990101")
        #expect(division.status == 64 && division.err.contains("codes/divisions.csv"))
        let quoted = try decide(UnmappedTests.column, "阴,性", "NEG")
        #expect(quoted.out.contains("\"阴,性\",NEG"))
    }
}
