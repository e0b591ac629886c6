import Foundation
import TestKit
import Testing

/// Numbers by which files are joined: damaged by a spreadsheet, given to two persons, or given anew
/// every day. Nobody gets another's result, and what was wrong can be mended.
@Suite(.serialized) struct SampleNumberTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let findings: [String: Int]
        let released: Int
        let caseFindings: [String: Int]
        let caseLists: [String]
        let findingsFile: String?
    }

    private let couples = [
        CleanCouple(),
        CleanCouple(file: "DEMO-0002").with([
            "女方身份证号": "990243199202290466", "女方出生日期": "1992-02-29", "女方年龄": "20",
            "男方身份证号": "990110197901010070", "男方出生日期": "1979-01-01", "男方年龄": "33",
            "结婚日期": "2012-03-01",
        ]),
    ]

    private func take(_ file: String, _ mapping: String) throws -> Taken {
        let ended = try Program().run([
            "take", "\(site.folder)/\(file)", "--source", "preconception/\(mapping)", "--site",
            site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    /// Takes registration and questionnaire of both couples, and the laboratory's file.
    private func takeAll(sharing: Bool, lis: String = "lis.csv") throws -> Taken {
        _ = try JoinedFiles(of: couples, in: site.folder, sharingSample: sharing)
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        return try take(lis, lis.hasSuffix("csv") ? "from-lis-csv" : "from-lis-hl7")
    }

    /// Rewrites the laboratory's CSV (GBK): each line but the first.
    private func rewrite(as name: String, _ change: String) throws {
        let script = """
            import csv, sys
            folder = sys.argv[1] + '/'
            rows = list(csv.reader(open(folder + 'lis.csv', encoding='gbk', newline='')))
            def change(row):
                \(change)
                return row
            out = [rows[0]] + [row for row in (change(list(row)) for row in rows[1:]) if row]
            with open(folder + sys.argv[2], 'w', encoding='gbk', newline='') as file:
                csv.writer(file).writerows(out)
            """
        _ = try PrenatalFiles.python(script, [site.folder, name])
    }

    @Test(arguments: ["lis.csv", "lis.hl7"])
    func `the corrected export of the same source ends a dispute over a sample`(lis: String) throws
    {
        let bad = try takeAll(sharing: true, lis: lis)
        #expect(bad.released == 0 && bad.caseFindings["V-SAMPLE"] == 2, "\(bad)")
        // The list of the file that the cases came in says the same, and so does a second look.
        let list = try String(contentsOfFile: try #require(bad.caseLists.first), encoding: .utf8)
        #expect(list.contains("V-SAMPLE") && !list.contains("H-PART"), "\(list)")
        let again = try take("registration.csv", "from-registration-csv")
        #expect(again.fates == ["quarantined": 2] && again.findings["V-SAMPLE"] == 2, "\(again)")
        #expect(again.findings["H-PART"] == nil)
        _ = try JoinedFiles(of: couples, in: site.folder)
        let good = try take(lis, lis == "lis.csv" ? "from-lis-csv" : "from-lis-hl7")
        #expect(good.released == 2, "\(good)")
        let after = try take("registration.csv", "from-registration-csv")
        #expect(after.fates == ["sent": 2] && after.findings["V-SAMPLE"] == nil, "\(after)")
    }

    @Test func `a person may take off what the laboratory cannot take back`() throws {
        struct Line: Decodable {
            let item: String
            let row: Int
            let rows: Int
        }
        func parts(_ words: String...) throws -> Program.Ended {
            try Program().run(["parts"] + words + ["--site", site.folder, "--json"])
        }
        _ = try takeAll(sharing: true)
        let listed = try parts("list")
        let lines = try JSONDecoder().decode([Line].self, from: Data(listed.out.utf8))
        #expect(listed.status != 0 && lines.count == 2, "\(listed.out)")
        let second = try #require(lines.max { $0.row < $1.row })
        #expect(try parts("drop", second.item, "1", "--because", "样本不是她的").status != 0)
        let dropped = try parts(
            "drop", String(second.item.prefix(8)), "\(second.row)", "--because", "样本不是她的")
        #expect(dropped.status == 0 && dropped.out.contains("\"\(second.rows)\""), "\(dropped.out)")
        let after = try parts("list")
        #expect(after.status == 0, "\(after.out)")
        // The first couple goes with whatever is run next.
        #expect(try take("lis.csv", "from-lis-csv").released == 1)
    }

    @Test func `a result that is taken back frees its sample's number`() throws {
        let bad = try takeAll(sharing: true)
        #expect(bad.released == 0)
        // S0000 is the first wife's: what stands with the second is deleted, and given its own.
        try rewrite(
            as: "deleted.csv",
            """
            if row[0] != '990243199202290466': return None
                row[6] = '作废'
            """)
        let freed = try take("deleted.csv", "from-lis-csv")
        #expect(freed.released == 1, "\(freed)")
    }

    @Test func `the same number on another day is another sample`() throws {
        _ = try JoinedFiles(of: couples, in: site.folder, sharingSample: true)
        try rewrite(
            as: "lis-2.csv",
            """
            if row[0] in ('990243199202290466', '990110197901010070'):
                    row[7] = '2012-03-03 08:00'
            """)
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        #expect(try take("lis-2.csv", "from-lis-csv").released == 2)
    }

    @Test(arguments: ["2.01605E+17", "201605170001.0", "201605170001234000"])
    func `a damaged sample's number is kept and explained`(number: String) throws {
        _ = try JoinedFiles(of: couples, in: site.folder)
        try rewrite(as: "damaged.csv", "row[1] = '\(number)'")
        let taken = try take("damaged.csv", "from-lis-csv")
        #expect(Array(taken.fates.keys) == ["quarantined"], "\(taken)")
        #expect(Array(taken.findings.keys) == ["E-KEY-SCI"])
        let list = try String(contentsOfFile: try #require(taken.findingsFile), encoding: .utf8)
        #expect(!list.contains(number))
    }

    @Test(arguments: ["9.90101E+17", "990101198603150000"])
    func `a damaged ID number joins nothing`(number: String) throws {
        _ = try JoinedFiles(of: couples, in: site.folder)
        try rewrite(as: "damaged.csv", "row[0] = '\(number)'")
        let taken = try take("damaged.csv", "from-lis-csv")
        #expect(Array(taken.findings.keys) == ["E-ID-SCI"], "\(taken)")
    }

    @Test func `results that bear another name than the case are refused`() throws {
        _ = try JoinedFiles(of: couples, in: site.folder)
        try rewrite(
            as: "other.csv",
            """
            if row[0] == '990101198603150022':
                    row[2] = '样别一'
            """)
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        let taken = try take("other.csv", "from-lis-csv")
        #expect(taken.released == 1 && taken.caseFindings["V-CONFLICT"] == 1, "\(taken)")
    }

    @Test func `what ails a cell of a part is said of the case`() throws {
        _ = try JoinedFiles(of: couples, in: site.folder)
        let message = try String(contentsOfFile: site.folder + "/lis.hl7", encoding: .utf8)
        // An escape that nobody knows in the first wife's glucose.
        let spoiled = message.replacing(
            "|92.2|mg/dL", with: "|92.2\\Z9\\|mg/dL", maxReplacements: 1)
        try site.write(spoiled, to: "spoiled.hl7")
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        let taken = try take("spoiled.hl7", "from-lis-hl7")
        #expect(taken.released == 1 && taken.caseFindings["V-HL7ESCAPE"] == 1, "\(taken)")
    }

    @Test func `what a run that was cut short left to be joined goes on with the next command`()
        throws
    {
        _ = try JoinedFiles(of: couples, in: site.folder)
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        let script = """
            import glob, sqlite3, sys
            opened = sqlite3.connect(glob.glob(sys.argv[1] + '/data/*.db')[0])
            for table in ('part_due', 'case_version'):
                print(opened.execute('SELECT count(*) FROM ' + table).fetchone()[0])
            """
        var halfWay = 0
        var step = 1
        var isThrough = false
        while !isThrough, step < 20 {
            let folder = "\(site.folder)-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let words = [
                "take", folder + "/lis.csv", "--source", "preconception/from-lis-csv", "--site",
                folder,
            ]
            isThrough = try Program().run(words, under: Program.killing(at: step)).status == 0
            // The shelf is on disk, the cases are not put together.
            if !(try PrenatalFiles.python(script, [folder]).hasPrefix("0")) { halfWay += 1 }
            #expect(try Program().run(words).status == 0)
            #expect(try PrenatalFiles.python(script, [folder]) == "0\n2\n", "step \(step)")
            #expect(try Program().brokenInvariants(of: folder) == [])
            step += 1
        }
        #expect(isThrough && halfWay > 0)
    }

    @Test func `a word that means nothing is no key, and no sample's number`() throws {
        _ = try JoinedFiles(of: couples, in: site.folder)
        try rewrite(as: "no-numbers.csv", "row[rows[0].index('样本号')] = '-'")
        _ = try take("registration.csv", "from-registration-csv")
        _ = try take("questionnaire.xlsx", "from-questionnaire-xlsx")
        let taken = try take("no-numbers.csv", "from-lis-csv")
        // Not one sample of two women.
        #expect(taken.caseFindings["V-SAMPLE"] == nil && taken.released == 2, "\(taken)")
    }

    @Test func `a damaged barcode joins no woman's result, in register and laboratory`() throws {
        let folder = site.folder + "/prenatal"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let files = PrenatalFiles(folder: folder)
        let list = try String(
            contentsOfFile: Program.root + "/samples/site/qualified.csv", encoding: .utf8)
        try site.write(list, to: "qualified.csv")
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                "profile: preconception/reference-1",
                with: "profile: [prenatal-screening/reference-1, preconception/reference-1]")
        }
        func take(_ file: String, _ mapping: String) throws -> Taken {
            let ended = try Program().run([
                "take", "\(folder)/\(file)", "--source", "prenatal-screening/\(mapping)",
                "--site", site.folder, "--json",
            ])
            let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
            return try #require(taken.first, "\(ended.err)")
        }
        let damaged = "2.01605E+17"
        try files.serum([["实验编号": damaged]], as: "serum.csv")
        #expect(try take("serum.csv", "from-serum-lab").findings == ["E-KEY-SCI": 1])
        try files.nipt([["样本条码": "201605170001234000"]], as: "nipt.xlsx")
        #expect(try take("nipt.xlsx", "from-nipt-lab").findings == ["E-KEY-SCI": 1])
        try files.register(
            [CleanPregnancy(record: "A").with(["样本条形码": damaged])], as: "register.csv")
        let register = try take("register.csv", "from-sample-register")
        #expect(register.fates == ["quarantined": 1] && register.findings["E-KEY-SCI"] == 1)
        // A barcode of last year's series is another sample: the newer woman has no result yet.
        try files.serum([["实验编号": "S0001", "采血时间": "2015-06-14"]], as: "old.csv")
        _ = try take("old.csv", "from-serum-lab")
        try files.register(
            [CleanPregnancy(record: "B").with(["样本条形码": "S0001"])], as: "new.csv")
        #expect(try take("new.csv", "from-sample-register").fates == ["held": 1])
    }
}
