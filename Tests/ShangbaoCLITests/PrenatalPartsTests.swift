import Foundation
import TestKit
import Testing

/// Register, serum laboratory and NIPT laboratory become cases: in any order, never of two women,
/// and what is queued says what the files said.
@Suite(.serialized) final class PrenatalPartsTests {
    private let site: TestSite
    private let files: PrenatalFiles

    init() throws {
        site = try TestSite()
        let folder = NSTemporaryDirectory() + "shangbao-prenatal-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        files = PrenatalFiles(folder: folder)
        let list = try String(
            contentsOfFile: Program.root + "/samples/site/qualified.csv", encoding: .utf8)
        try site.write(list, to: "qualified.csv")
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                "profile: preconception/reference-1",
                with: "profile: [prenatal-screening/reference-1, preconception/reference-1]")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: files.folder) }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let findings: [String: Int]
        let released: Int
    }

    private func take(_ file: String, _ mapping: String) throws -> Taken {
        let ended = try site.program.run([
            "take", "\(files.folder)/\(file)", "--source", "prenatal-screening/\(mapping)",
            "--site", site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func take(register samples: [CleanPregnancy], as name: String) throws -> Taken {
        try files.register(samples, as: name)
        return try take(name, "from-sample-register")
    }

    private func take(serum rows: [[String: String]], as name: String) throws -> Taken {
        try files.serum(rows, as: name)
        return try take(name, "from-serum-lab")
    }

    private func take(nipt rows: [[String: String]], as name: String) throws -> Taken {
        try files.nipt(rows, as: name)
        return try take(name, "from-nipt-lab")
    }

    private func exchange() throws {
        for command in ["deliver", "collect"] {
            let ended = try site.program.run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
    }

    /// The queued documents in their order, unpacked.
    private func queued() throws -> [String] {
        let script = """
            import glob, gzip, json, sqlite3, sys
            for path in glob.glob(sys.argv[1] + '/data/*.db'):
                rows = sqlite3.connect(path).execute(
                    'SELECT wire FROM block JOIN submission ON id = submission '
                    'ORDER BY created, id')
                print(json.dumps([gzip.decompress(row[0]).decode() for row in rows]))
            """
        let said = try PrenatalFiles.python(script, [site.folder])
        return try JSONDecoder().decode([String].self, from: Data(said.utf8))
    }

    @Test func `two women of one barcode in a laboratory's file get no result, until one has it`()
        throws
    {
        let rows = [
            ["实验编号": "S1", "报告日期": "2016-06-22"],
            ["实验编号": "S1", "姓名": "样丙九", "报告日期": "2016-06-20"],
        ]
        _ = try take(serum: rows, as: "two.csv")
        let register = try take(
            register: [CleanPregnancy(record: "A").with(["样本条形码": "S1"])], as: "register.csv")
        #expect(register.fates == ["quarantined": 1], "\(register)")
        #expect(register.findings["V-SAMPLE"] == 1)
        let mended = try take(serum: [rows[0]], as: "one.csv")
        #expect(mended.released == 1, "\(mended)")
    }

    @Test func `a later row of the same file sets an earlier one free, and no list says otherwise`()
        throws
    {
        let second = [
            "孕妇姓名": "样丙九", "证件号码": "990243199202290466", "孕妇出生日期": "1992-02-29",
            "预产期年龄": "24.8",
        ]
        let other = ["实验编号": "S2", "姓名": "样丙九", "出生日期": "1992-02-29"]
        _ = try take(serum: [["实验编号": "S1"], other], as: "lab.csv")
        let woman = CleanPregnancy(record: "A").with(["样本条形码": "S1"])
        let twice = CleanPregnancy(record: "B").with(second).with(["样本条形码": "S1"])
        let shared = try take(register: [woman, twice], as: "shared.csv")
        #expect(shared.findings["V-SAMPLE"] == 2 && shared.fates == ["quarantined": 2])
        let mended = try take(
            register: [woman, twice.with(["样本条形码": "S2"])], as: "mended.csv")
        #expect(mended.fates == ["sent": 2] && mended.released == 1, "\(mended)")
        #expect(mended.findings["V-SAMPLE"] == nil)
        let lists = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
        #expect(lists.contains { $0.hasPrefix("findings-shared") })
        #expect(!lists.contains { $0.hasPrefix("findings-mended") }, "\(lists)")
    }

    @Test func `another woman's later result under the barcode takes back what waits to be sent`()
        throws
    {
        _ = try take(
            register: [CleanPregnancy(record: "A").with(["样本条形码": "S1"])], as: "register.csv")
        #expect(try take(serum: [["实验编号": "S1"]], as: "hers.csv").released == 1)
        let others = ["实验编号": "S1", "姓名": "样丙九", "报告日期": "2016-06-22"]
        #expect(try take(serum: [others], as: "others.csv").released == 0)
        let listed = try site.program.run(["queue", "list", "--site", site.folder, "--json"])
        let rows = try JSONSerialization.jsonObject(with: Data(listed.out.utf8))
        let states = (rows as? [[String: Any]] ?? []).compactMap { $0["state"] as? String }
        #expect(states == ["cancelled"], "\(listed.out)")
    }

    @Test func `placeholders of a barcode join nobody's result`() throws {
        let woman = CleanPregnancy(record: "A").with(CleanPregnancy(.nipt).cells)
            .with(["样本条形码": "待补"])
        _ = try take(register: [woman], as: "register.csv")
        let taken = try take(
            nipt: [["样本条码": "待补"], ["样本条码": "000000"], ["样本条码": "#N/A"]], as: "lab.xlsx")
        #expect(taken.findings == ["V-KEY": 3] && taken.released == 0, "\(taken)")
    }

    @Test func `a key that says that there is none joins nothing`() throws {
        let taken = try take(serum: [["实验编号": "-"], ["实验编号": "无"]], as: "none.csv")
        #expect(taken.findings == ["V-KEY": 2], "\(taken)")
    }

    /// The texts of an element in a document.
    private func texts(_ element: String, in document: String) -> [String] {
        guard let pattern = try? Regex("<\(element)(?: [^>]*)?>([^<]*)<") else { return [] }
        return document.matches(of: pattern).compactMap { $0.output[1].substring.map(String.init) }
    }

    private func findings(of file: String) throws -> [String] {
        let ended = try site.program.run([
            "preview", "\(files.folder)/\(file)", "--source",
            "prenatal-screening/from-sample-register", "--site", site.folder, "--json",
        ])
        struct Seen: Decodable {
            struct Row: Decodable {
                struct Finding: Decodable {
                    let code: String
                    let field: String?
                }
                let findings: [Finding]
            }
            let rows: [Row]
        }
        let seen = try JSONDecoder().decode(Seen.self, from: Data(ended.out.utf8))
        return seen.rows.map { row in
            row.findings.map { "\($0.code) \($0.field ?? "")" }.joined(separator: ", ")
        }
    }

    private let serum = CleanPregnancy(record: "A")
    private let nipt = CleanPregnancy(.nipt, record: "B").with(
        PrenatalPartsTests.second.merging(["样本条形码": "DEMO-N-0002"]) { _, new in new })
    /// Another woman; her child is due on the same day.
    private static let second = [
        "孕妇姓名": "样丁四", "证件号码": "990243199202290466", "孕妇出生日期": "1992-02-29",
        "预产期年龄": "24.7", "手机号码": "12000000004",
    ]

    @Test func `each sample waits for its own laboratory and says for which`() throws {
        let held = try take(register: [serum, nipt], as: "register.csv")
        #expect(held.fates == ["held": 2] && held.findings["H-PART"] == 2, "\(held)")
        let told = try findings(of: "register.csv")
        #expect(told[0].contains("H-PART serum") && told[1].contains("H-PART nipt"), "\(told)")
        // The other laboratory's result under her barcode is not hers.
        let wrong = try take(nipt: [["样本条码": "DEMO-B-0001"]], as: "wrong.xlsx")
        #expect(wrong.fates == ["joined": 1] && wrong.released == 0, "\(wrong)")
        let first = try take(nipt: [["样本条码": "DEMO-N-0002"]], as: "nipt.xlsx")
        #expect(first.released == 1, "\(first)")
        let last = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum.csv")
        #expect(last.released == 1, "\(last)")
    }

    @Test(arguments: [0, 1, 2])
    func `the parts come in any order and the queue says what they said`(first: Int) throws {
        let steps: [() throws -> Taken] = [
            { try self.take(register: [self.serum, self.nipt], as: "register.csv") },
            { try self.take(serum: [["实验编号": "demo-b-0001 "]], as: "serum.csv") },
            { try self.take(nipt: [["样本条码": "DEMO-N-0002"]], as: "nipt.xlsx") },
        ]
        for step in steps.indices { _ = try steps[(first + step) % steps.count]() }
        let documents = try queued().joined()
        for (element, expected) in [
            ("afp", ["38.20"]), ("afpMom", ["0.98"]), ("riskT21Denominator", ["12500"]),
            ("riskT18Denominator", ["<50000", "&lt;50000"]), ("serumConclusion", ["LOW"]),
            ("zScoreT21", ["0.412"]), ("zScoreT18", ["-1.030"]), ("fetalFractionPct", ["11.25"]),
            ("niptConclusion", ["LOW"]),
        ] {
            let found = texts(element, in: documents)
            #expect(found.count == 1 && expected.contains(found.first ?? ""), "\(element) \(found)")
        }
        #expect(texts("gaAtSampleDays", in: documents) == ["105", "105"])
    }

    @Test func `nobody of the three files lies in the site in the clear`() throws {
        _ = try take(register: [serum, nipt], as: "register.csv")
        _ = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum.csv")
        _ = try take(nipt: [["样本条码": "DEMO-N-0002"], ["样本条码": "DEMO-N-0009"]], as: "nipt.xlsx")
        let canaries = [
            "样乙二", "样丁四", "990101198603150022", "990243199202290466", "12000000002",
            "12000000004", "1986-03-15", "1992-02-29", "DEMO-B-0001", "DEMO-N-0002", "DEMO-N-0009",
        ]
        let documents = try queued()
        #expect(!documents.isEmpty)
        for canary in canaries { #expect(!documents.joined().contains(canary), "\(canary)") }
        let status = try site.program.run(["status", "--site", site.folder, "--json"])
        for canary in canaries { #expect(!status.out.contains(canary), "\(canary)") }
        let names = FileManager.default.enumerator(atPath: site.folder)?.compactMap {
            $0 as? String
        }
        let paths = (names ?? []).map { site.folder + "/" + $0 }
        #expect(paths.contains { $0.hasSuffix(".db") })
        for path in paths {
            // The definitions of the site tell no person; folders have no content.
            guard let content = FileManager.default.contents(atPath: path) else { continue }
            let found = canaries.filter { content.range(of: Data($0.utf8)) != nil }
            #expect(found == [], "\(path)")
        }
    }

    @Test func `an amended serum result goes as an amendment of its case alone`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let other = CleanPregnancy(record: "C").with(
            PrenatalPartsTests.second.merging(["样本条形码": "DEMO-B-0003"]) { _, new in new })
        let hers = ["实验编号": "DEMO-B-0003", "姓名": "样丁四", "出生日期": "1992-02-29"]
        _ = try take(serum: [["实验编号": "DEMO-B-0001"], hers], as: "serum.csv")
        #expect(try take(register: [serum, other], as: "register.csv").fates == ["sent": 2])
        try exchange()
        let mended = try take(
            serum: [["实验编号": "DEMO-B-0001", "21三体风险": "1:900", "结论": "临界"], hers],
            as: "serum-2.csv")
        #expect(mended.released == 1, "\(mended)")
        let newest = try #require(try queued().last)
        #expect(newest.components(separatedBy: "<Record ").count == 2)
        #expect(newest.contains("action=\"amend\"") && newest.contains("version=\"2\""))
        #expect(texts("riskT21Denominator", in: newest) == ["900"])
        #expect(texts("serumConclusion", in: newest) == ["BORDERLINE"])
        try exchange()
        let status = try site.program.run(["status", "--site", site.folder, "--json"])
        #expect(status.out.contains("\"balances\" : true"), "\(status.out)")
        #expect(status.out.contains("\"accepted\" : 2"), "\(status.out)")
    }

    @Test func `a result whose barcode nobody registered is kept, named, and waits for her`() throws
    {
        _ = try take(
            nipt: [["样本条码": "DEMO-N-0009"], ["样本条码": "DEMO-N-0002"], ["样本条码": ""]],
            as: "nipt.xlsx")
        #expect(try take(register: [nipt], as: "register.csv").fates == ["sent": 1])
        let status = try site.program.run(["status", "--site", site.folder], in: "en")
        #expect(status.out.contains("from-nipt-lab: 1 still without their case"), "\(status.out)")
        #expect(status.out.contains("  nipt.xlsx, row 2"), "\(status.out)")
        let late = CleanPregnancy(.nipt, record: "D").with(["样本条形码": "DEMO-N-0009"])
        #expect(try take(register: [late], as: "late.csv").fates == ["sent": 1])
        let after = try site.program.run(["status", "--site", site.folder], in: "en")
        #expect(!after.out.contains("without their case"), "\(after.out)")
    }

    private var sameBarcode: CleanPregnancy {
        CleanPregnancy(record: "E").with(
            PrenatalPartsTests.second.merging(["样本条形码": "ＤＥＭＯ-b-0001"]) { _, new in new })
    }

    @Test func `two women of one barcode in one register get nobody's result`() throws {
        let register = try take(register: [serum, sameBarcode], as: "register.csv")
        #expect(register.fates == ["quarantined": 2], "\(register)")
        #expect(register.findings["V-SAMPLE"] == 2)
        let result = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum.csv")
        #expect(result.fates == ["joined": 1] && result.released == 0, "\(result)")
        #expect(try queued().isEmpty)
    }

    @Test func `two women of one barcode in two registers are both refused until one is mended`()
        throws
    {
        #expect(try take(register: [serum], as: "1.csv").fates == ["held": 1])
        let second = try take(register: [sameBarcode], as: "2.csv")
        #expect(second.fates == ["quarantined": 1] && second.findings["V-SAMPLE"] == 1)
        _ = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum.csv")
        #expect(try queued().isEmpty)
        let mended = try take(
            register: [sameBarcode.with(["样本条形码": "DEMO-B-0005"])], as: "3.csv")
        #expect(mended.fates == ["held": 1] && mended.released == 1, "\(mended)")
        #expect(try queued().count == 1)
    }

    @Test func `a copy of an older export under another name undoes nothing`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let first = ["实验编号": "DEMO-B-0001"]
        _ = try take(register: [serum], as: "register.csv")
        #expect(try take(serum: [first], as: "1.csv").released == 1)
        try exchange()
        let amended = first.merging(["21三体风险": "1:9000"]) { _, new in new }
        #expect(try take(serum: [amended], as: "2.csv").released == 1)
        try exchange()
        let before = try queued()
        #expect(before.count == 2)
        #expect(try take(serum: [first], as: "copy-of-1.csv").released == 0)
        #expect(try queued() == before)
    }

    @Test func `a barcode that is on its way to the nation is refused to a second woman`() throws {
        _ = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum.csv")
        #expect(try take(register: [serum], as: "1.csv").fates == ["sent": 1])
        let second = try take(register: [sameBarcode], as: "2.csv")
        #expect(second.fates == ["quarantined": 1] && second.findings["V-SAMPLE"] == 1)
        #expect(try queued().count == 1)
        let status = try site.program.run(["status", "--site", site.folder, "--json"])
        #expect(status.out.contains("\"balances\" : true"), "\(status.out)")
    }

    @Test func `a result that names another woman than the register is refused`() throws {
        _ = try take(register: [serum], as: "register.csv")
        let other = try take(
            serum: [["实验编号": "DEMO-B-0001", "姓名": "样丁四", "出生日期": "1992-02-29"]],
            as: "serum.csv")
        #expect(other.released == 0)
        let listed = try site.program.run([
            "preview", "\(files.folder)/register.csv", "--source",
            "prenatal-screening/from-sample-register", "--part",
            "prenatal-screening/from-serum-lab=\(files.folder)/serum.csv", "--site", site.folder,
            "--json",
        ])
        #expect(listed.out.components(separatedBy: "V-CONFLICT").count == 3, "\(listed.out)")
        #expect(try queued().isEmpty)
        // The laboratory mends its file: the case goes by itself.
        let mended = try take(serum: [["实验编号": "DEMO-B-0001"]], as: "serum-2.csv")
        #expect(mended.released == 1)
    }

    @Test func `a failed NIPT and its redraw are two samples with results of their own`() throws {
        let redrawn = nipt.with([
            "筛查记录编号": "B2", "样本条形码": "DEMO-N-0003", "重采血": "是",
            "采血时间": "2016-06-30 09:00", "采血孕周天数": "121",
        ])
        let register = try take(register: [nipt, redrawn], as: "register.csv")
        #expect(register.fates == ["held": 2], "\(register)")
        let failed = [
            "样本条码": "DEMO-N-0002", "胎儿浓度(%)": "2.1", "Chr21_Z": "NA", "Chr18_Z": "NA",
            "Chr13_Z": "NA", "检测结论": "检测失败",
        ]
        let first = try take(nipt: [failed], as: "nipt.xlsx")
        #expect(first.released == 1, "\(first)")
        let second = try take(
            nipt: [["样本条码": "DEMO-N-0003", "采血时间": "2016-06-30", "报告日期": "2016-07-08"]],
            as: "nipt-2.xlsx")
        #expect(second.released == 1, "\(second)")
        let documents = try queued()
        #expect(documents.map { texts("niptConclusion", in: $0) } == [["FAILED"], ["LOW"]])
        #expect(texts("niptRedraw", in: documents.joined()) == ["true"])
        #expect(texts("fetalFractionPct", in: documents.joined()) == ["2.10", "11.25"])
        #expect(texts("zScoreT21", in: documents.joined()) == ["0.412"])
    }
}
