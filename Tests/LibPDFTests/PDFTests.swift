import Foundation
import LibPDF
import Testing

/// Pages that another program can read: text, page numbers, tables that run on.
struct PDFTests {
    private let path = NSTemporaryDirectory() + "pages-\(UUID().uuidString).pdf"

    private func pages(rows: Int) -> PDFPages {
        var pages = PDFPages(
            title: "结算表", made: "2013-01-10T09:00:00+08:00", foot: "SHA-256 0123")
        pages.paragraph("结算表（2012 年度）", TextStyle(.center, isBold: true, size: 16))
        pages.table(
            [TableColumn("代码", 1), TableColumn("金额（元）", 1, .right)],
            (1...rows).map { ["case-\($0)", "\($0).00"] })
        return pages
    }

    /// What `pdftotext` and `pdfinfo` of Poppler say of a file.
    private func poppler(_ tool: String, _ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/" + tool)
        process.arguments = words
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a long table runs over pages, each with its head, its number and the last one's`()
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try pages(rows: 70).write(to: path)
        let info = try poppler("pdfinfo", [path])
        let count = try #require(info.firstMatch(of: #/Pages:\s+(\d+)/#).flatMap { Int($0.1) })
        #expect(count >= 2 && info.contains("结算表") && info.contains("841.89 x 595.28"))
        let text = try poppler("pdftotext", ["-layout", path, "-"])
        let sheets = text.split(separator: "\u{0C}").map(String.init)
        for (number, sheet) in sheets.enumerated() where number < count {
            #expect(sheet.contains("第 \(number + 1) 页，共 \(count) 页"), "\(sheet)")
            #expect(sheet.contains("代码") && sheet.contains("SHA-256 0123"))
        }
        for row in 1...70 { #expect(text.contains("case-\(row) "), "\(row)") }
    }

    @Test(arguments: 12..<34)
    func `A heading and its legend stand on the page of the table that they belong to`(_ rows: Int)
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var long = pages(rows: rows)
        long.paragraph("Fields", TextStyle(isBold: true, size: 11))
        long.paragraph("Legend one", TextStyle(size: 7.5), keepsWithNext: true)
        long.paragraph("Legend two", TextStyle(size: 7.5), keepsWithNext: true)
        long.table(
            [TableColumn("Name", 1)],
            of: [TableRow(head: "Wife"), TableRow(["first-row"]), TableRow(["second-row"])])
        try long.write(to: path)
        let text = try poppler("pdftotext", ["-layout", path, "-"])
        let sheet = try #require(
            text.split(separator: "\u{0C}").first { $0.contains("Fields") }.map(String.init))
        for part in ["Legend one", "Legend two", "Name", "Wife", "first-row"] {
            #expect(sheet.contains(part), "\(rows): \(part)")
        }
    }

    @Test(arguments: [5.0, 7, 8, 9, 11])
    func `A name that is wider than its cell breaks between its words`(_ other: Double) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let name = "wifeHistory/spontaneousAbortionCount"
        var narrow = PDFPages(title: "x", made: "2013-01-10T09:00:00+08:00", foot: "")
        narrow.table([TableColumn("a", 1), TableColumn("b", other)], [[name, ""]])
        try narrow.write(to: path)
        let text = try poppler("pdftotext", ["-layout", path, "-"])
        let pieces = text.split(whereSeparator: \.isWhitespace).map(String.init)
            .filter { $0.count > 1 && name.contains($0) }
        #expect(pieces.count > 1 && pieces.joined() == name, "\(pieces)")
        for (piece, next) in zip(pieces, pieces.dropFirst()) {
            #expect(piece.hasSuffix("/") || next.first?.isUppercase == true, "\(pieces)")
        }
    }

    @Test func `the same pages are the same bytes`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try pages(rows: 3).write(to: path)
        let first = try Data(contentsOf: URL(fileURLWithPath: path))
        try pages(rows: 3).write(to: path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
        #expect(first.starts(with: Data("%PDF-1.".utf8)))
    }

    @Test func `a character that no type has is no page, and a folder that is not there no file`() {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var odd = PDFPages(title: "x", made: "2013-01-10T09:00:00+08:00", foot: "")
        odd.paragraph("\u{F8F0}\u{10FFFD}")
        #expect(throws: PDFFailure.noFont) { try odd.write(to: path) }
        #expect(throws: PDFFailure.unwritten) {
            try pages(rows: 1).write(to: "/nowhere/at/all.pdf")
        }
    }
}
