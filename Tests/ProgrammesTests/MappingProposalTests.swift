import Definitions
import Foundation
import Mappings
import Programmes
import Records
import TestKit
import Testing

/// A mapping proposed from a clinic's header and first rows.
struct MappingProposalTests {
    private let programme: Programme

    init() throws {
        programme = try #require(
            try Catalogue(root: Project.mappings).programmes.first {
                $0.folderName == "preconception"
            })
    }

    /// Columns with their cells, each row as long as the longest column.
    private func proposal(_ columns: [(String, [String])], codeSet: String? = nil) throws
        -> MappingProposal
    {
        let rows = columns.map(\.1.count).max() ?? 0
        let evidence = columns.map { _, cells in
            var evidence = ColumnEvidence(mostTexts: 200)
            for row in 0..<rows {
                let cell = row < cells.count ? cells[row] : ""
                Array(cell.utf8).withUnsafeBufferPointer { evidence.add($0) }
            }
            return evidence
        }
        return try MappingProposal(
            .init(
                name: "renmin-csv", codeSet: codeSet, reads: "csv",
                options: [("encoding", "auto"), ("delimiter", ","), ("headerRow", "2")]),
            for: programme, header: columns.map(\.0), evidence: evidence)
    }

    private func choice(_ column: String, in proposal: MappingProposal) throws
        -> ProposedColumn.Choice
    {
        try #require(proposal.columns.first { $0.column == column }).choice
    }

    private func field(_ name: String, lookUp: String? = nil) throws -> ProposedColumn.Choice {
        .field(try #require(programme.dictionary.ordinal(of: name)), lookUp: lookUp)
    }

    /// What a clinic cannot leave out: the fields that name a case.
    private static let key = [("档案号", ["A-1", "A-2"]), ("机构代码", ["MA0000T1X99010111G1001"])]

    @Test func `the table of words is the one that knows what is written`() throws {
        let made = try proposal([
            ("女方HBsAg", ["阴性(-)", "＋", "未查"]), ("男方甲状腺", ["正常", "异常"]),
            ("女方吸烟", ["否", "是"]), ("付费方式", []),
        ])
        #expect(
            try choice("女方HBsAg", in: made) == field("wife.hbsAg", lookUp: "words/qual"))
        #expect(
            try choice("男方甲状腺", in: made)
                == field("husband.thyroidExam", lookUp: "words/normal-abnormal"))
        #expect(try choice("女方吸烟", in: made) == field("wife.smokes", lookUp: "words/yes-no"))
        // Without rows it is the one by which the programme's other mapping reads the field.
        #expect(try choice("付费方式", in: made) == field("payerType", lookUp: "words/payer"))
    }

    @Test func `whether 0 means yes is never guessed`() throws {
        let made = try proposal([("女方疾病史", ["0", "1"])])
        let ordinal = try #require(programme.dictionary.ordinal(of: "wife.hadDisease"))
        var tables: [String] = []
        if case .undecided([ordinal], .severalTables(let names)) = try choice("女方疾病史", in: made) {
            tables = names
        }
        #expect(tables.contains("words/yes-no") && tables.contains("words/zero-means-yes"))
        let text = made.text
        #expect(text.contains("# - { field: wife.hadDisease, from: 女方疾病史, lookUp: words/yes-no }"))
        #expect(text.contains("\n  - 女方疾病史  #"), "until then the column is ignored")
    }

    @Test func `two columns of one field have neither, and the surer column has it alone`() throws {
        let both = try proposal([("女方血糖", ["5.1"]), ("女方GLU", ["5.1"])])
        let glucose = try #require(programme.dictionary.ordinal(of: "wife.bloodGlucose"))
        #expect(try choice("女方血糖", in: both) == .undecided([glucose], .rivals(["女方GLU"])))
        #expect(try choice("女方GLU", in: both) == .undecided([glucose], .rivals(["女方血糖"])))
        let one = try proposal([("女方血糖", ["5.1"]), ("女方血清葡萄糖测定", ["5.1"])])
        #expect(try choice("女方血糖", in: one) == field("wife.bloodGlucose"))
        #expect(
            try choice("女方血清葡萄糖测定", in: one) == .undecided([glucose], .rivals(["女方血糖"])))
    }

    @Test func `dates and empty words are those that are written`() throws {
        let made = try proposal([
            ("建档日期", ["2012年3月1日", "2012年3月2日"]), ("结婚日期", ["20100501", "/"]),
            ("女方血糖", ["5.1", "未查"]),
        ])
        #expect(made.dates == ["yyyyMMdd", "yyyy年M月d日"])
        #expect(made.empty == ["/"] && made.notDone == ["未查"])
        let blind = try proposal([("建档日期", [])])
        #expect(blind.dates == DateForm.usual.map(\.name))
        #expect(blind.empty.contains("/") && blind.notDone.contains("未查"))
    }

    @Test func `the file lints once the codes' set is said, and says so until then`() throws {
        let columns =
            MappingProposalTests.key + [
                ("女方姓名", ["样乙二"]), ("女方身份证号", ["990101198603150022"]), ("血型", ["A"]),
                ("奇怪: 的 #列, \"名\"\n", ["x"]), ("true", []), ("001", []),
            ]
        let bench = try Workbench()
        let path = "preconception/from-renmin-csv.yaml"
        try bench.write(try proposal(columns).text, to: path)
        let open = bench.problems
        #expect(open.count == 1 && open.first?.problem.en == "codeSet is missing.")
        try bench.write(try proposal(columns, codeSet: "LOCAL:990101RM:2012").text, to: path)
        #expect(bench.problems.map(\.problem.en) == [])
        let file = try #require(
            try Catalogue(root: bench.root).mapping(named: "preconception/from-renmin-csv"))
        let mapping = file.mapping.mapping
        #expect(mapping.name == "renmin-csv@1" && mapping.options.headerRow == 2)
        #expect(Set(mapping.columns) == ["档案号", "机构代码", "女方姓名", "女方身份证号"])
        #expect(mapping.ignored == ["血型", "奇怪: 的 #列, \"名\"\n", "true", "001"])
    }

    @Test func `nothing that stands in a row stands in the file`() throws {
        let secrets = ["样乙二", "990101198603150022", "12000000002", "甲镇一村9号", "奇特写法"]
        let made = try proposal([
            ("女方姓名", [secrets[0]]), ("女方身份证号", [secrets[1]]), ("女方手机", [secrets[2]]),
            ("女方户口所在村", [secrets[3]]), ("女方HBsAg", ["阴性", secrets[4]]), ("备用", secrets),
        ])
        for secret in secrets { #expect(!made.text.contains(secret), "\(secret)") }
        #expect(made.text.contains("words/qual 只认得 1/2 种写法"))
    }

    @Test func `mandatory fields without a column are listed, the case's own with a warning`()
        throws
    {
        let made = try proposal([("女方姓名", ["样乙二"])])
        let names = Set(made.missing.map { programme.dictionary.elements[$0].name })
        #expect(names.contains("wife.hbsAg") && names.contains("localFileId"))
        #expect(!names.contains("wife.name") && !names.contains("wife.birthMonth"))
        #expect(made.text.contains(#"# - { field: wife.sex, value: "2" }"#))
        let line = try #require(
            made.text.split(separator: "\n").first { $0.contains("field: localFileId") })
        #expect(line.contains("待填写"))
    }

    @Test func `coverage counts what is mapped, and what a file has and lacks`() throws {
        let mapping = try Preconception.loaded().mapping
        let whole = MappingCoverage(of: mapping)
        let dictionary = mapping.dictionary
        let mandatory = dictionary.elements.count { element in
            if case .month = element.kind { false } else { element.isRequired }
        }
        #expect(whole.mandatory.all == mandatory)
        let open = whole.unset.filter(\.isRequired)
        #expect(whole.mandatory.covered == mandatory - open.count)
        #expect(open.contains { $0.field == "wife.epfResult" } && whole.file == nil)
        #expect(
            whole.constants.map { "\($0.field) \($0.value)" }.contains("wife.sex 2"))
        #expect(!whole.unset.contains { $0.field == "wife.hbsAg" })

        let header = ["档案编号", "打印时间", "", "女方姓名", "备注"]
        let evidence = [3, 3, 0, 1, 0].map { filled in
            var evidence = ColumnEvidence(mostTexts: 0)
            for row in 0..<3 {
                Array((row < filled ? "x" : "").utf8).withUnsafeBufferPointer { evidence.add($0) }
            }
            return evidence
        }
        let file = try #require(
            MappingCoverage(of: mapping, header: header, evidence: evidence, rows: 3).file)
        #expect(file.unused == ["打印时间"] && file.ignored == ["备注"])
        #expect(file.missing.contains("女方身份证号") && !file.missing.contains("女方姓名"))
        #expect(file.fill.map { "\($0.field) \($0.filled)" } == ["localFileId 3", "wife.name 1"])
    }

    @Test func `an alias of an unknown field, twice or empty is a problem with its line`() throws {
        for (line, words) in [
            ("wife.noSuch,x", "no field wife.noSuch"), ("hbsAg,HBsAg", "stands twice"),
            ("hbsAg,（）", "no letter"),
        ] {
            let bench = try Workbench()
            let path = "preconception/aliases.csv"
            let text = try bench.text(path)
            try bench.write(text + line + "\n", to: path)
            let found = bench.problems
            #expect(found.count == 1 && found.first?.file == path)
            #expect(found.first?.line == text.count { $0 == "\n" } + 1)
            #expect(found.first?.problem.en.contains(words) == true, "\(found)")
        }
    }
}
