import Foundation
import LibXlsx
import Settlements
import Testing

/// What a person sees in the workbook of a statement, read by another program (openpyxl).
struct StatementWorkbookTests {
    private struct Book: Decodable {
        let sheets: [String]
        /// Of the first sheet: each row's cells, `nil` where they are empty.
        let rows: [[Cell?]]
        let merged: [String]
        let second: [[Cell?]]
        let paper: Int
        let orientation: String
        let footer: String
    }

    private enum Cell: Decodable, Equatable {
        case text(String)
        case number(Double)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    private func write(_ statement: Statement) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).xlsx"
        try statement.writeWorkbook(to: path)
        return path
    }

    private func read(_ path: String) throws -> Book {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import json, sys, openpyxl
            book = openpyxl.load_workbook(sys.argv[1])
            rows = lambda sheet: [list(row) for row in sheet.iter_rows(values_only=True)]
            one = book.worksheets[0]
            print(json.dumps({
                "sheets": book.sheetnames, "rows": rows(one), "second": rows(book.worksheets[1]),
                "merged": [str(r) for r in one.merged_cells.ranges],
                "paper": one.page_setup.paperSize, "orientation": one.page_setup.orientation,
                "footer": one.oddFooter.center.text}))
            """, path,
        ]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let said = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Book.self, from: said)
    }

    /// The cells of the row that bears a code, without those that are empty.
    private func row(_ code: String, in book: Book) throws -> [Cell] {
        try #require(book.rows.first { $0.first == .text(code) }).compactMap { $0 }
    }

    @Test func `every figure stands under its code, in yuan and in capitals`() throws {
        let statement = try SampleFunding.closing(
            SampleFunding.couples(7), SampleFunding.text(localPrice: 26_000), national: []
        ).statement
        let path = try write(statement)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let book = try read(path)
        #expect(book.sheets == ["结算表", "核对"])
        let paid = try row("paid.total", in: book)
        // 7 couples of 240 yuan, 14 persons.
        #expect(paid.contains(.number(1_680)) && paid.contains(.number(7)))
        #expect(paid.contains(.number(14)))
        let central = try row("total.central", in: book)
        #expect(central.contains(.text("4/5")))
        #expect(central.filter { $0 == .number(1_344) }.count == 2, "due, and in all: \(central)")
        // 168 of its own share, and 7 times 20 above the standard.
        let district = try row("total.district", in: book)
        #expect(
            district.contains(.number(168)) && district.contains(.number(140))
                && district.contains(.number(308)))
        let texts = book.rows.flatMap { $0 }.compactMap { cell -> String? in
            if case .text(let text)? = cell { text } else { nil }
        }
        #expect(texts.contains("人民币壹仟陆佰捌拾元整"))
        #expect(texts.contains { $0.hasSuffix("应负担合计：人民币叁佰零捌元整") })
        #expect(texts.contains { $0.contains("可以关账") } == statement.isClosed)
        #expect(book.second.count == statement.balance.count + 1)
    }

    @Test func `heads span their columns, on A4 across with page numbers`() throws {
        let path = try write(
            SampleFunding.closing(SampleFunding.couples(1), national: []).statement)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let book = try read(path)
        #expect(book.merged.contains("A1:K1"))
        // 应负担 over three columns, 预拨与结转 over five.
        #expect(book.merged.count { $0.hasPrefix("D") && $0.contains(":F") } == 1)
        #expect(book.merged.count { $0.hasPrefix("G") && $0.contains(":K") } == 1)
        #expect(book.paper == 9 && book.orientation == "landscape")
        #expect(book.footer.contains("&P") && book.footer.contains("&N"))
    }

    @Test func `a draft says what stands in the way`() throws {
        let statement = try SampleFunding.closing(
            SampleFunding.couples(1), SampleFunding.text(shares: nil), national: []
        ).statement
        let path = try write(statement)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let book = try read(path)
        #expect(try row("E-SHARES-UNSET", in: book).count == 2)
        #expect(book.rows.flatMap { $0 }.contains(.text("参数未设，未分担：见未决事项。")))
    }

    @Test func `the same statement gives the same bytes`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(3), national: []).statement
        let paths = try [write(statement), write(statement)]
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        let contents = paths.map { FileManager.default.contents(atPath: $0) }
        #expect(contents[0] != nil && contents[0] == contents[1])
    }

    @Test func `a folder that is not there is said to be`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(1), national: []).statement
        #expect(throws: WorkbookFailure.unwritten) {
            try statement.writeWorkbook(to: "/nowhere/at/all.xlsx")
        }
    }
}
