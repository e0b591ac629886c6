import Definitions
import Foundation
import Mappings
import Programmes
import Records
import TestKit
import Testing

/// What a proposed mapping takes from the first rows beyond names: numbers of a known set of codes,
/// boxes with a column each, units, spellings of days and minutes.
@Suite struct ProposalDetailTests {
    private func programme(_ folder: String) throws -> Programme {
        try #require(
            try Catalogue(root: Project.mappings).programmes.first { $0.folderName == folder })
    }

    private func proposal(
        _ columns: [(String, [String])], codeSet: String? = nil, of folder: String = "preconception"
    ) throws -> MappingProposal {
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
                name: "new-csv", codeSet: codeSet, reads: "csv",
                options: [("encoding", "auto"), ("delimiter", ","), ("headerRow", "1")]),
            for: try programme(folder), header: columns.map(\.0), evidence: evidence)
    }

    /// The line of a field, as a person reads it: without remarks.
    private func line(_ field: String, in proposal: MappingProposal) -> String? {
        proposal.text.split(separator: "\n").first { $0.contains("{ field: \(field),") }
            .map { String($0.trimmingCharacters(in: .whitespaces).split(separator: "  #")[0]) }
    }

    @Test func `the numbers of a known set of codes are read by its crosswalk`() throws {
        let made = try proposal(
            [("女方HBsAg", ["0", "1", "9"]), ("男方HBsAg", ["0", "阴性", "1"])], codeSet: "G1CSV")
        #expect(
            line("wife.hbsAg", in: made)
                == "- { field: wife.hbsAg, from: 女方HBsAg, lookUp: crosswalk }")
        #expect(
            line("husband.hbsAg", in: made)
                == "- { field: husband.hbsAg, from: 男方HBsAg, lookUp: [crosswalk, words/qual] }")
        // A set that the crosswalk does not have says nothing of its numbers.
        let own = try proposal([("女方HBsAg", ["0", "1"])], codeSet: "LOCAL:990101RM:2012")
        #expect(line("wife.hbsAg", in: own)?.contains("crosswalk") != true)
        let unsaid = try proposal([("女方HBsAg", ["0", "1"])])
        #expect(line("wife.hbsAg", in: unsaid)?.contains("crosswalk") != true)
    }

    @Test
    func `columns of ticks are the boxes of one field, with a table where more than 0 and 1 is`()
        throws
    {
        let plain = try proposal([
            ("女方避孕措施-口服避孕药", ["1", "0", "0"]), ("女方避孕措施_避孕套", ["0", "1", ""]),
        ])
        #expect(
            line("wife.contraceptionMethods", in: plain)
                == "- { field: wife.contraceptionMethods, "
                + "ticks: { 女方避孕措施-口服避孕药: PILL, 女方避孕措施_避孕套: CONDOM } }")
        #expect(!plain.text.contains("\n  - 女方避孕措施"), "a box that is read is not ignored")
        let marked = try proposal([
            ("女方避孕措施（口服避孕药）", ["√", ""]), ("女方避孕措施（避孕套）", ["", "√"]),
        ])
        #expect(
            line("wife.contraceptionMethods", in: marked)?.hasSuffix("}, lookUp: words/yes-no }")
                == true)
        // One box is no list, and what is written in the other is no tick.
        let alone = try proposal([("女方避孕措施-避孕套", ["1"])])
        #expect(alone.text.contains("\n  - 女方避孕措施-避孕套  #"))
        let words = try proposal([
            ("女方避孕措施-口服避孕药", ["每天"]), ("女方避孕措施-避孕套", ["1"]),
        ])
        #expect(!words.text.contains("ticks:"))
    }

    @Test func `a header's unit is converted where a mapping knows the factor, else asked for`()
        throws
    {
        let made = try proposal([
            ("女方血红蛋白(g/dL)", ["12.8"]), ("男方肌酐（mg/dL）", ["0.66"]), ("女方血糖(mmol/L)", ["5.1"]),
            ("女方谷丙转氨酶(mg/dL)", ["20"]),
        ])
        #expect(
            line("wife.hemoglobin", in: made)?.hasSuffix(
                "unit: g/dL, convert: { multiply: \"10\", places: 0 } }") == true)
        #expect(
            line("husband.creatinine", in: made)?.hasSuffix(
                "unit: mg/dL, convert: { multiply: \"88.4\", places: 1 } }") == true)
        #expect(
            line("wife.bloodGlucose", in: made)
                == "- { field: wife.bloodGlucose, from: 女方血糖(mmol/L) }")
        #expect(line("wife.alt", in: made)?.hasPrefix("# - { field: wife.alt,") == true)
        #expect(made.text.contains("列名的单位是 mg/dL，字段是 U/L"))
    }

    @Test func `days with a time, a spreadsheet's days, and minutes have the forms that read them`()
        throws
    {
        let timed = try proposal([("建档日期", ["2012-3-1 10:05"]), ("结婚日期", ["2010/5/1"])])
        #expect(timed.dates == ["yyyy/M/d", "yyyy-M-d H:mm"])
        let counted = try proposal([("建档日期", ["40969"]), ("结婚日期", ["2010-05-01"])])
        #expect(counted.dates == ["yyyy-M-d", "excelSerial"])
        let sampled = try proposal(
            [("采血时间", ["2016/6/14 8:05", "2016/6/15"])], of: "prenatal-screening")
        #expect(sampled.dates == ["yyyy/M/d"])
        #expect(!sampled.text.contains("只认得"))
    }

    @Test func `what is proposed of all this is what lint takes`() throws {
        let columns = [
            ("档案号", ["A-1"]), ("机构代码", ["MA0000T1X99010111G1001"]), ("女方HBsAg", ["0", "1"]),
            ("女方避孕措施-口服避孕药", ["√"]), ("女方避孕措施-避孕套", [""]),
            ("女方血红蛋白(g/dL)", ["12.8"]), ("建档日期", ["2012-3-1 10:05"]),
        ]
        let bench = try Workbench()
        try bench.write(
            try proposal(columns, codeSet: "G1CSV").text, to: "preconception/from-new-csv.yaml")
        #expect(bench.problems.map(\.problem.en) == [])
    }

    @Test func `laboratories' and registers' own names of columns are known`() throws {
        let names = [
            ("实验编号", "sampleBarcode"), ("采血日期", "sampleTime"), ("姓名", "pregnantWoman.name"),
            ("身份证号", "pregnantWoman.idNumber"), ("hCGb_MoM", "freeBetaHcgMom"),
            ("唐氏综合征风险", "riskT21Denominator"), ("NTD风险", "riskNtdDenominator"),
            ("软件版本", "riskSoftware"), ("筛查结论", "serumConclusion"), ("Chr21_Z", "zScoreT21"),
            ("Chr13_Z", "zScoreT13"), ("胎儿浓度(%)", "fetalFractionPct"), ("检测结论", "niptConclusion"),
            ("审核者", "niptReviewer"), ("签发者", "reportIssuer"), ("末次月经(LMP)", "lmp"),
            ("体重(kg)", "weightAtSample"), ("妊娠结局", "fetusFollowUp"),
            ("孕妇手机号", "pregnantWoman.phone"),
        ]
        let made = try proposal(names.map { ($0.0, []) }, of: "prenatal-screening")
        let dictionary = try programme("prenatal-screening").dictionary
        for (column, field) in zip(made.columns, names.map(\.1)) {
            var found = "\(column.choice)"
            if case .field(let ordinal, _) = column.choice {
                found = dictionary.elements[ordinal].name
            }
            #expect(found == field && column.likeness == .same, "\(column.column): \(found)")
        }
    }
}
