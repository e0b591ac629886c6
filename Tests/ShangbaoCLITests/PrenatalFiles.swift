import Foundation
import TestKit
import Testing

/// Files of prenatal screening where register and laboratories are apart: a CSV with who she is,
/// the serum laboratory's CSV, and the NIPT laboratory's workbook, both by the sample's barcode.
struct PrenatalFiles {
    /// Where they lie: beside the site, so that whatever lies in the site was put there by us.
    let folder: String

    private static let mappings = Project.mappings + "/prenatal-screening/"

    /// The columns of a mapping, as its file names them.
    private static func columns(_ mapping: String) throws -> [String] {
        let text = try String(contentsOfFile: mappings + mapping + ".yaml", encoding: .utf8)
        var names: [String] = []
        for line in text.split(separator: "\n") {
            guard let match = line.firstMatch(of: /\{ field: [\w.]+, from: ([^,}]+)/) else {
                continue
            }
            let name = match.1.trimmingCharacters(in: .whitespaces)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func write(_ header: [String], _ rows: [[String: String]], to name: String) throws {
        let table = [header] + rows.map { row in header.map { row[$0] ?? "" } }
        let text = table.map { cells in
            cells.map { "\"\($0)\"" }.joined(separator: ",") + "\r\n"
        }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// A register of samples; it knows nothing of results.
    func register(_ samples: [CleanPregnancy], as name: String) throws {
        try write(
            try PrenatalFiles.columns("from-sample-register"), samples.map(\.cells), to: name)
    }

    /// The serum laboratory's export: of each sample what a clean one has, and these changes.
    func serum(_ rows: [[String: String]], as name: String) throws {
        let clean = [
            "采血时间": "2016-06-14", "姓名": "样乙二", "出生日期": "1986-03-15", "AFP浓度": "38.20",
            "AFP单位": "U/mL", "AFP_MoM": "0.98", "hCGb浓度": "11.40", "hCGb_MoM": "1.04",
            "21三体风险": "1:12500", "18三体风险": "<1/50000", "软件版本": "示例软件 1.0", "结论": "低风险",
            "签发者": "题医二", "报告日期": "2016-06-21",
        ]
        try write(
            ["实验编号", "采血时间"] + PrenatalFiles.columns("from-serum-lab"),
            rows.map { clean.merging($0) { _, new in new } }, to: name)
    }

    /// The NIPT laboratory's workbook, in the same way; no person stands in it.
    func nipt(_ rows: [[String: String]], as name: String) throws {
        let clean = [
            "采血时间": "2016-06-14", "胎儿浓度(%)": "11.25", "Chr21_Z": "0.412",
            "Chr18_Z": "-1.03", "Chr13_Z": "0.1", "检测结论": "低风险",
            "检测机构代码": "MA0000T1X99010111G1001", "检测者": "题医五", "审核者": "题医六",
            "签发者": "题医二", "报告日期": "2016-06-28",
        ]
        let header = ["样本条码", "采血时间"] + (try PrenatalFiles.columns("from-nipt-lab"))
        let table =
            [header]
            + rows.map { row in
                header.map { clean.merging(row) { _, new in new }[$0] ?? "" }
            }
        let input = try JSONSerialization.data(withJSONObject: table)
        _ = try PrenatalFiles.python(
            PrenatalFiles.workbook, [String(decoding: input, as: UTF8.self), "\(folder)/\(name)"])
    }

    /// Runs a script; what it says.
    static func python(_ script: String, _ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + words
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let said = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: said, as: UTF8.self)
    }

    private static let workbook = """
        import json, sys, zipfile
        from xml.sax.saxutils import escape
        table, path = json.loads(sys.argv[1]), sys.argv[2]
        def cell(text):
            return '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % escape(text)
        rows = ''.join('<row>%s</row>' % ''.join(map(cell, row)) for row in table)
        main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
        links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
        package = 'http://schemas.openxmlformats.org/package/2006/relationships'
        def relations(kind, target):
            return ('<Relationships xmlns="%s"><Relationship Id="r" Type="%s/%s" Target="%s"/>'
                    '</Relationships>') % (package, links, kind, target)
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('_rels/.rels', relations('officeDocument', 'xl/workbook.xml'))
            archive.writestr('xl/_rels/workbook.xml.rels', relations('worksheet', 's.xml'))
            archive.writestr('xl/workbook.xml', '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet '
                             'name="s" sheetId="1" r:id="r"/></sheets></workbook>' % (main, links))
            archive.writestr('xl/s.xml', '<worksheet xmlns="%s"><sheetData>%s</sheetData>'
                             '</worksheet>' % (main, rows))
        """
}
