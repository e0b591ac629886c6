import Foundation
import Testing

/// The same couples as CSV and as XLSX, and results as HL7 v2, through the whole program.
@Suite(.serialized) struct FormatTests {
    private let site: TestSite

    /// A site with mappings of its own.
    init() throws {
        site = try TestSite()
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("shangbao.yaml") { text in
            text.replacing(/(?m)^mappings:.*$/, with: "mappings: mappings")
        }
    }

    /// Writes a CSV whose rows a workbook can hold too, and that workbook.
    private static let convert = """
        import csv, io, sys, zipfile
        from xml.sax.saxutils import escape
        good = []
        for line in open(sys.argv[1], 'rb').read().split(b'\\n'):
            try:
                rows = list(csv.reader([line.decode('gb18030').rstrip('\\r')]))
            except (UnicodeDecodeError, csv.Error):
                continue
            if rows and (not good or len(rows[0]) == len(good[0])):
                good.append(rows[0])
        with open(sys.argv[2] + '.csv', 'w', encoding='utf-8', newline='') as file:
            csv.writer(file).writerows(good)
        def cell(text):
            return '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % escape(text)
        rows = ''.join('<row>%s</row>' % ''.join(map(cell, row)) for row in good)
        main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
        links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
        package = 'http://schemas.openxmlformats.org/package/2006/relationships'
        def relations(kind, target):
            return ('<Relationships xmlns="%s"><Relationship Id="r" Type="%s/%s" Target="%s"/>'
                    '</Relationships>') % (package, links, kind, target)
        with zipfile.ZipFile(sys.argv[2] + '.xlsx', 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('_rels/.rels', relations('officeDocument', 'xl/workbook.xml'))
            archive.writestr('xl/_rels/workbook.xml.rels', relations('worksheet', 's.xml'))
            archive.writestr('xl/workbook.xml', '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet '
                             'name="s" sheetId="1" r:id="r"/></sheets></workbook>' % (main, links))
            archive.writestr('xl/s.xml', '<worksheet xmlns="%s"><sheetData>%s</sheetData>'
                             '</worksheet>' % (main, rows))
        print(len(good) - 1)
        """

    private func convert(_ csv: String, to stem: String) throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.convert, csv, stem]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let said = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let count = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .newlines)
        return try #require(Int(count))
    }

    private func preview(_ file: String) throws -> [String: Any] {
        let ended = try site.program.run(["preview", file, "--site", site.folder, "--json"])
        #expect(ended.status == 0 || ended.status == 3, "\(ended.out) \(ended.err)")
        let object = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return try #require(object as? [String: Any])
    }

    private func rows(_ preview: [String: Any]) throws -> [String] {
        try #require(preview["rows"] as? [Any]).map { row in
            String(
                decoding: try JSONSerialization.data(
                    withJSONObject: row, options: [.sortedKeys]), as: UTF8.self)
        }
    }

    @Test func `a workbook fares row by row like the text that holds the same`() throws {
        let made = try site.program.run([
            "sample", "--couples", "60", "--seed", "5", "--defects", "0.4", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let stem = site.folder + "/same"
        let count = try convert(site.folder + "/couples-60-seed-5.csv", to: stem)
        #expect(count > 50)
        let text = try preview(stem + ".csv")
        try site.edit("mappings/preconception/from-county-csv.yaml") {
            $0.replacing("reads: csv\n", with: "reads: xlsx\n")
                .replacing(/(?m)^options:.*$/, with: "options: { sheet: 1, headerRow: 1 }")
        }
        let book = try preview(stem + ".xlsx")
        #expect(try rows(text).count == count)
        #expect(try rows(text) == rows(book))
        #expect((book["findings"] as? [String]) == [])
        let taken = try site.program.run(
            ["take", stem + ".xlsx", "--site", site.folder, "--json"])
        #expect(taken.status == 3, "\(taken.out) \(taken.err)")
        let lists = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
        #expect(lists.contains { $0.hasPrefix("findings-same-") })
        let wrong = try site.program.run(
            ["take", stem + ".csv", "--site", site.folder], in: "en")
        #expect(wrong.status == 3 && wrong.err.contains("E-WORKBOOK"), "\(wrong.err)")
    }

    @Test func `lint refuses a column of HL7 that is no path`() throws {
        try site.edit("mappings/preconception/from-county-csv.yaml") {
            $0.replacing("reads: csv\n", with: "reads: hl7v2\n")
                .replacing(/(?m)^options:.*$/, with: "options: { encoding: auto }")
        }
        let ended = try site.program.run(["lint", "--site", site.folder], in: "en")
        #expect(ended.status == 78 && ended.out.contains("is no HL7 path"), "\(ended.out)")
    }
}
