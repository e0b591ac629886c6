import Foundation
import TestKit
import Testing

/// The county's tools for a mapping, as a person runs them.
struct MappingToolTests {
    /// A folder with a copy of the mappings; gone with its last user.
    private final class Desk: Sendable {
        let folder = NSTemporaryDirectory() + "shangbao-mapping-" + UUID().uuidString

        init() throws {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Program.root + "/mappings", toPath: folder + "/mappings")
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        var program: Program { Program(names: [folder: "DESK"]) }

        func path(_ name: String) -> String { folder + "/" + name }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        }

        func text(_ name: String) throws -> String {
            try String(contentsOfFile: path(name), encoding: .utf8)
        }

        /// Runs it with this desk's mappings.
        func run(_ words: String..., in language: String = "en") throws -> Program.Ended {
            try program.run(words + ["--mappings", path("mappings")], in: language)
        }
    }

    private static let export = """
        2012 年 3 月导出
        档案号,机构代码,妻子姓名,妻子身份证号,丈夫姓名,妻血糖(mmol/L),妻子表面抗原,妻子疾病史,血型,打印时间
        R-1,MA0000T1X99010111G1001,样乙二,990101198603150022,测甲一,5.12,阴性,0,A型,2012-03-01
        R-2,MA0000T1X99010111G1001,样乙三,990101198603150102,测甲二,4.80,怪写法,1,B型,2012-03-02

        """

    private struct Proposed: Decodable {
        struct Column: Decodable {
            let column: String
            let found: String
            let fields: [String]
            let lookUp: String?
            let filled: Int
        }
        let rows: Int
        let columns: [Column]
        let missing: [String]
    }

    @Test(arguments: [
        "示例县孕前优生健康检查登记表\n档案号,妻子姓名,血型\nR-1,样乙二,A型\n",
        "示例县孕前优生健康检查登记表,,\n档案号,妻子姓名,血型\nR-1,样乙二,A型\n",
    ])
    func `a title is no header, and the message says where to name it`(_ text: String) throws {
        let desk = try Desk()
        try desk.write(text, to: "titled.csv")
        let ended = try desk.run("mapping", "new", "--from", desk.path("titled.csv"))
        #expect(ended.status == 3 && ended.err.contains("E-HEADER-TITLE"), "\(ended)")
        #expect(ended.err.contains("--header-row"))
        let named = try desk.run(
            "mapping", "new", "--from", desk.path("titled.csv"), "--header-row", "2")
        #expect(named.status == 0 && named.out.contains("妻子姓名"), "\(named)")
    }

    @Test(arguments: [",", "|"])
    func `messages are no table, and nothing of them is shown`(_ delimiter: String) throws {
        let desk = try Desk()
        try desk.write(
            "MSH|^~\\&|LIS|样本医院检验科|SB|DEMO|20120305||ORU^R01|M1|P|2.5\r"
                + "PID|1||R-1||样乙二||19860315|F\r", to: "lis.hl7")
        let ended = try desk.run(
            "mapping", "new", "--from", desk.path("lis.hl7"), "--delimiter", delimiter,
            "--programme", "preconception")
        #expect(ended.status == 3 && ended.err.contains("E-HEADER-HL7"), "\(ended)")
        for word in ["样本医院", "样乙二", "R-1", "MSH"] {
            #expect(!(ended.out + ended.err).contains(word), "\(word)")
        }
    }

    @Test func `a new mapping is written once, and lints when its codes' set is given`() throws {
        let desk = try Desk()
        try desk.write(MappingToolTests.export, to: "export.csv")
        let target = desk.path("mappings/preconception/from-renmin.yaml")
        let new = try desk.run(
            "mapping", "new", "--from", desk.path("export.csv"), "--header-row", "2",
            "--code-set", "LOCAL:990101RM:2012", "--out", target)
        #expect(new.status == 0, "\(new.err)")
        for line in new.out.split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
            #expect(!line.contains("样乙二") && !line.contains("怪写法"))
        }
        let lint = try desk.run("lint")
        #expect(lint.status == 0, "\(lint.out)")
        let again = try desk.run(
            "mapping", "new", "--from", desk.path("export.csv"), "--out", target)
        #expect(again.status == 64 && again.err.contains("E-EXISTS"))
        let text = try desk.text("mappings/preconception/from-renmin.yaml")
        #expect(text.contains("mapping: renmin@1\n"))
        #expect(text.contains("{ field: wife.bloodGlucose, from: 妻血糖(mmol/L) }"))
        for secret in ["样乙", "测甲", "9901011986", "怪写法", "R-1", "5.12"] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    @Test func `a workbook's header is proposed from like a table's`() throws {
        let desk = try Desk()
        let book =
            Program.root
            + "/mappings/preconception/tests/from-village-list-xlsx/merged-heads/list.xlsx"
        let made = try desk.run(
            "mapping", "new", "--from", book, "--header-row", "2", "--last-header-row", "3")
        #expect(made.status == 0, "\(made.err)")
        #expect(made.out.contains("reads: xlsx"), "\(made.out)")
        #expect(made.out.contains("headerRows: [2, 3]"), "\(made.out)")
        let wrong = try desk.run("mapping", "new", "--from", book, "--sheet", "nowhere")
        #expect(wrong.status != 0 && wrong.err.contains("E-SHEET"), "\(wrong.err)")
    }

    @Test func `programs are told what became of each column`() throws {
        let desk = try Desk()
        try desk.write(MappingToolTests.export, to: "export.csv")
        let new = try desk.run(
            "mapping", "new", "--from", desk.path("export.csv"), "--header-row", "2", "--json")
        let told = try JSONDecoder().decode(Proposed.self, from: Data(new.out.utf8))
        #expect(told.rows == 2)
        let columns = told.columns.map {
            "\($0.column) \($0.found) \($0.fields.joined(separator: "|")) \($0.lookUp ?? "-")"
        }
        #expect(
            columns == [
                "档案号 same localFileId -", "机构代码 same servingOrgCode -",
                "妻子姓名 same wife.name -", "妻子身份证号 same wife.idNumber -",
                "丈夫姓名 same husband.name -", "妻血糖(mmol/L) same wife.bloodGlucose -",
                "妻子表面抗原 same wife.hbsAg words/qual", "妻子疾病史 undecided wife.hadDisease -",
                "血型 undecided wife.aboType|husband.aboType -", "打印时间 unknown  -",
            ])
        #expect(told.missing.contains("wife.syphilis") && !told.missing.contains("wife.hbsAg"))
    }

    @Test func `a wrong use of new says what is known`() throws {
        let desk = try Desk()
        try desk.write(MappingToolTests.export, to: "export.csv")
        let path = desk.path("export.csv")
        let none = try desk.run("mapping", "new", "--from", path, "--programme", "nothing")
        #expect(none.status == 64 && none.err.contains("preconception"))
        let mark = try desk.run("mapping", "new", "--from", path, "--delimiter", "x")
        #expect(mark.status == 64)
        let missing = try desk.run("mapping", "new", "--from", desk.path("nosuch.csv"))
        #expect(missing.status == 74 && missing.err.contains("E-NOFILE"))
    }

    @Test func `coverage names what is unset, unused and missing`() throws {
        let desk = try Desk()
        try desk.write("档案编号,女方姓名,打印时间\r\nA,样乙二,x\r\nB,,x\r\n", to: "few.csv")
        let mapping = "preconception/from-county-csv"
        let file = "mappings/\(mapping).yaml"
        let lines = try desk.text(file).split(separator: "\n", omittingEmptySubsequences: false)
        let fewer = lines.filter { !$0.contains("field: wife.syphilis,") }
        #expect(fewer.count == lines.count - 1)
        try desk.write(fewer.joined(separator: "\n"), to: file)
        let alone = try desk.run("mapping", "coverage", mapping)
        #expect(alone.status == 0 && alone.out.contains("\n  wife.syphilis  "))
        let lacking = try desk.run("mapping", "coverage", mapping, desk.path("few.csv"))
        #expect(lacking.status == 3, "columns are missing: the file would be refused")
        #expect(lacking.out.contains("Unused columns: 打印时间"))
        #expect(lacking.out.contains("女方姓名  1  wife.name") && !lacking.out.contains("样乙二"))
        #expect(try desk.run("mapping", "coverage", "preconception/nosuch").status == 64)
        struct Told: Decodable {
            struct Share: Decodable { let mandatory: Int, covered: Int }
            struct File: Decodable { let rows: Int, unused: [String], missing: [String] }
            let shares: [Share]
            let file: File
        }
        let json = try desk.run("mapping", "coverage", mapping, desk.path("few.csv"), "--json")
        let told = try JSONDecoder().decode(Told.self, from: Data(json.out.utf8))
        #expect(told.file.rows == 2 && told.file.unused == ["打印时间"])
        #expect(told.file.missing.contains("女方身份证号"))
        #expect(told.shares.allSatisfy { $0.covered <= $0.mandatory })
    }

    private static let cases = "mappings/preconception/tests/from-county-csv/"

    @Test func `every mapping's examples and whole files come out as they say`() throws {
        let ended = try Program().run(["mapping", "test"], in: "en")
        #expect(ended.status == 0, "\(ended.out)\(ended.err)")
        #expect(ended.out.contains("preconception/from-county-csv: all"))
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Program.root + "/" + MappingToolTests.cases)
        #expect(Set(folders).isSuperset(of: ["two-couples", "damaged-cells"]))
    }

    @Test func `a case that comes out otherwise names file, row, field and both texts`() throws {
        let desk = try Desk()
        let file = MappingToolTests.cases + "two-couples/expected.csv"
        let lines = try desk.text(file).split(separator: "\n").map(String.init)
        let changed =
            lines.map { line in
                line.hasPrefix("export.csv,2,wife.hbsAg,")
                    ? "export.csv,2,wife.hbsAg,SUSPECT" : line
            }.filter { !$0.hasPrefix("export.csv,3,wife.tsh,") } + ["export.csv,9,wife.alt,1.0"]
        try desk.write(changed.joined(separator: "\n") + "\n", to: file)
        let ended = try desk.run("mapping", "test", "preconception/from-county-csv")
        #expect(ended.status == 78)
        let hbsAg = lines.first { $0.hasPrefix("export.csv,2,wife.hbsAg,") }?.split(separator: ",")
        let found = try #require(hbsAg?.last)
        #expect(ended.out.contains(try Regex("export.csv +2 +wife.hbsAg +SUSPECT +\(found)")))
        #expect(ended.out.contains(/export.csv +3 +wife.tsh +[0-9.]+/), "nothing was expected")
        #expect(ended.out.contains(/export.csv +9 +wife.alt +1.0/), "nothing came out")
        // Recorded anew they are what they were, and it is said which file was written.
        let recorded = try desk.run(
            "mapping", "test", "preconception/from-county-csv", "--record")
        #expect(recorded.status == 0 && recorded.out.contains("two-couples/expected.csv"))
        #expect(!recorded.out.contains("damaged-cells/expected.csv"), "that one did not change")
        #expect(try desk.text(file) == lines.joined(separator: "\n") + "\n")
    }

    @Test func `a case with an ID number that somebody may bear is refused, and not recorded`()
        throws
    {
        let desk = try Desk()
        let folder = MappingToolTests.cases + "mine"
        try FileManager.default.createDirectory(
            atPath: desk.path(folder), withIntermediateDirectories: true)
        let mapping = "preconception/from-county-csv"
        let empty = try desk.run("mapping", "test", mapping)
        #expect(empty.status == 78 && empty.err.contains("E-CASE-EMPTY"))
        let header = try Preconception.loaded().header
        // Made here, so that no such number stands in the repository.
        let real = "11" + "0105" + "19491231" + "0018"
        for number in [real, "11 0105 1949 1231 0018", "11" + "0105491231001"] {
            let couple = CleanCouple().with(["女方身份证号": number])
            let rows = [header, header.map { couple.cells[$0] ?? "" }]
            try desk.write(
                rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n",
                to: folder + "/input.csv")
            let ended = try desk.run("mapping", "test", mapping, "--record")
            #expect(ended.status == 78 && ended.err.contains("E-CASE-PERSON"), "\(ended.out)")
            #expect(ended.err.contains("input.csv: 2") && !ended.err.contains(number))
        }
        #expect(!FileManager.default.fileExists(atPath: desk.path(folder + "/expected.csv")))
    }
}
