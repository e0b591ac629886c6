import Foundation
import LibXlsx
import Testing

/// What a workbook refuses; what it shows is seen where statements are written.
struct WorkbookTests {
    private func sheet(
        _ body: (Workbook, Workbook.Sheet) throws -> Void
    ) throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let book = try Workbook(path: path, madeAt: 1_330_000_000, title: "表")
        try body(book, try book.sheet("一", widths: [10]))
        try book.close()
        #expect(FileManager.default.fileExists(atPath: path))
        // Closing again is nothing.
        try book.close()
    }

    @Test func `what no sheet can hold is refused, and the rest is written`() throws {
        try sheet { book, sheet in
            let style = CellStyle()
            for (row, column) in [(-1, 0), (0, -1), (1_048_576, 0), (0, 16_384)] {
                #expect(throws: WorkbookFailure.content) {
                    try sheet.text("x", row, column, style)
                }
                #expect(throws: WorkbookFailure.content) {
                    try sheet.number(1, row, column, style)
                }
            }
            #expect(throws: WorkbookFailure.content) {
                try sheet.text(String(repeating: "字", count: 32_768), 0, 0, style)
            }
            #expect(throws: WorkbookFailure.content) {
                try sheet.merged("x", from: (2, 2), to: (1_048_576, 3), style)
            }
            #expect(throws: WorkbookFailure.content) {
                _ = try book.sheet(String(repeating: "长", count: 32), widths: [])
            }
            #expect(throws: WorkbookFailure.content) { _ = try book.sheet("一", widths: []) }
            try sheet.text("写得下", 0, 0, style)
            try sheet.merged("一格", from: (1, 0), to: (1, 0), style)
        }
    }

    @Test func `a text that begins like a formula is a text`() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let book = try Workbook(path: path, madeAt: 1_330_000_000, title: "表")
        let texts = ["=HYPERLINK(\"http://example.org\")", "+1", "@SUM(1)", "-2", "＝1+1"]
        let sheet = try book.sheet("一", widths: [10])
        for (row, text) in texts.enumerated() { try sheet.text(text, row, 0, CellStyle()) }
        try book.close()
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        reader.arguments = [
            "-c",
            """
            import sys, openpyxl
            for row in openpyxl.load_workbook(sys.argv[1]).active.rows:
                print(row[0].data_type, row[0].value)
            """, path,
        ]
        let pipe = Pipe()
        reader.standardOutput = pipe
        try reader.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        reader.waitUntilExit()
        // openpyxl takes a text with an equals sign for a formula only where the file says so.
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines == texts.map { "s " + $0 })
    }

    @Test func `a book that is not closed leaves nothing`() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).xlsx"
        do {
            let book = try Workbook(path: path, madeAt: 1_330_000_000, title: "表")
            _ = try book.sheet("一", widths: [10])
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
