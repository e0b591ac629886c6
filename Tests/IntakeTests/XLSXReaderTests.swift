import Foundation
import Intake
import Records
import Testing

/// Which rows and columns of a workbook are read, and how reading goes on.
@Suite struct XLSXReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func path(
        _ rows: String, _ change: (inout WorkbookWriter) -> Void = { _ in }
    ) throws -> String {
        var workbook = WorkbookWriter(rows)
        change(&workbook)
        return try folder.write(try workbook.bytes(), as: "case.xlsx")
    }

    private static func row(_ texts: [String?], number: Int? = nil) -> String {
        let cells = texts.enumerated().map { column, text in
            let place = number.map {
                " r=\"\(Character(Unicode.Scalar(UInt8(65 + column))))\($0)\""
            }
            return text.map { "<c\(place ?? "") t=\"str\"><v>\($0)</v></c>" } ?? "<c/>"
        }
        return "<row\(number.map { " r=\"\($0)\"" } ?? "")>\(cells.joined())</row>"
    }

    private func code(_ path: String, _ options: XLSXOptions = XLSXOptions()) -> String? {
        failureCode { try TableReading.all(XLSXReader(options: options), path) }
    }

    @Test func `blank rows are passed over, gaps are kept, and numbers are those of Excel`() throws
    {
        let table = try TableReading.all(
            XLSXReader(),
            try path(
                Self.row([" 甲 ", "b", "c"], number: 1) + Self.row(["1", nil, "3"], number: 2)
                    + "<row r=\"3\"><c r=\"B3\" s=\"0\"/></row>" + Self.row([], number: 4)
                    + "<row r=\"9\"><c r=\"C9\"><v>9</v></c></row>"))
        #expect(table.header == ["甲", "b", "c"])
        #expect(table.rows == [["1", "", "3"], ["", "", "9"]])
        #expect(table.numbers == [2, 9] && table.codes.isEmpty)
    }

    @Test func `a cell beside the table is a row that cannot be read, and is kept`() throws {
        let file = try path(
            Self.row(["a", "b"]) + Self.row(["1", "2", "x"]) + Self.row(["3", nil, nil]))
        var kept: [[UInt8]] = []
        let table = try TableReading.all(XLSXReader(), file) { cursor, batch in
            kept += try batch.unreadable.map { try cursor.content(of: $0) }
        }
        #expect(table.unreadable == [2: "V-COLUMNS"] && table.rows == [["3", ""]])
        #expect(kept == [Array("1\u{1F}2\u{1F}x".utf8)])
    }

    @Test func `a row that is too long is refused by itself`() throws {
        let long = String(repeating: "长", count: 400)
        let file = try path(
            Self.row(["a", "b"]) + Self.row([long, long]) + Self.row(["1", "2"]))
        let options = XLSXOptions(rowBytes: 1300)
        let table = try TableReading.all(XLSXReader(options: options), file)
        #expect(table.unreadable == [2: "V-LINE"] && table.rows == [["1", "2"]])
    }

    @Test func `reading goes on after any row as if it had not stopped`() throws {
        let rows = (2...30).map { number in
            number % 7 == 0
                ? Self.row(["x", "y", "z"], number: number)
                : Self.row(["\(number)", "甲\(number)"], number: number)
        }
        let file = try path(Self.row(["a", "b"], number: 1) + rows.joined())
        let whole = try TableReading.all(XLSXReader(), file)
        for limit in [1, 4, 100] {
            var positions: [ReadPosition] = []
            let again = try TableReading.all(XLSXReader(), file, rowLimit: limit) { cursor, batch in
                #expect(batch.rowCount + batch.unreadable.count <= limit)
                positions.append(cursor.position)
            }
            #expect(again == whole)
            for position in positions {
                let stored = try JSONDecoder().decode(
                    ReadPosition.self, from: JSONEncoder().encode(position))
                let rest = try TableReading.all(XLSXReader(), file, from: stored)
                let before = whole.numbers.filter { $0 < position.nextRow }.count
                #expect(rest.header == whole.header && rest.codes.isEmpty)
                #expect(rest.rows == Array(whole.rows.dropFirst(before)))
                #expect(rest.unreadable == whole.unreadable.filter { $0.key >= position.nextRow })
            }
        }
    }

    @Test func `sheets are found by name, by number, and the first one without asking`() throws {
        let names = ["2", "表", "隐"]
        func write(_ workbook: inout WorkbookWriter) {
            workbook.sheets = names.enumerated().map { number, name in
                "<sheet name=\"\(name)\" sheetId=\"\(number + 1)\" r:id=\"r1\""
                    + (name == "隐" ? " state=\"veryHidden\"/>" : "/>")
            }.joined()
        }
        let file = try path(Self.row(["a"]) + Self.row(["1"]), write)
        func codes(_ sheet: String?) throws -> [String] {
            try TableReading.all(XLSXReader(options: XLSXOptions(sheet: sheet)), file).codes
        }
        #expect(try codes(nil) == ["V-SHEETS"])
        #expect(try codes("2") == [] && codes("表") == [] && codes("1") == [])
        #expect(try codes("3") == ["V-HIDDEN"] && codes("隐") == ["V-HIDDEN"])
        #expect(code(file, XLSXOptions(sheet: "4")) == "E-SHEET")
        #expect(code(file, XLSXOptions(sheet: "Sheet1")) == "E-SHEET")
        #expect(code(file, XLSXOptions(sheet: "0")) == "E-SHEET")
    }

    @Test func `a header that is missing, blank, broken or too wide is refused`() throws {
        let file = try path(Self.row(["a", "b"], number: 2) + Self.row(["1", "2"], number: 3))
        #expect(code(file) == "E-HEADER")
        #expect(code(file, XLSXOptions(headerRows: 2...2)) == nil)
        #expect(code(file, XLSXOptions(headerRows: 2...2, columns: 1)) == "E-HEADER")
        #expect(code(file, XLSXOptions(headerRows: 4...4)) == "E-HEADER")
        #expect(code(try path("")) == "V-BLANK")
        #expect(code(try path("<row><c t=\"e\"><v>#N/A</v></c></row>")) == "E-HEADER")
    }

    @Test func `a header alone says that it has no rows`() throws {
        let file = try path(Self.row(["a"]) + "<row/><row/>")
        let table = try TableReading.all(XLSXReader(), file)
        #expect(table.rows.isEmpty && table.codes == ["V-NOROWS"])
    }

    @Test func `a header of several rows joins what stands over a column`() throws {
        func merged(_ places: [String]) -> (inout WorkbookWriter) -> Void {
            {
                $0.behind =
                    "<mergeCells>"
                    + places.map { "<mergeCell ref=\"\($0)\"/>" }.joined() + "</mergeCells>"
            }
        }
        let rows =
            Self.row(["编号", "女方", nil, nil, "备注"], number: 2)
            + Self.row([nil, "姓名", "化验", nil, nil], number: 3)
            + Self.row([nil, nil, "TSH", "FT4", nil], number: 4)
        let file = try path(
            rows + Self.row(["1", "2", "3", "4", "5", "6"], number: 5),
            merged(["A2:A4", "B2:D2", "B3:B4", "C3:D3", "E2:F4"]))
        let table = try TableReading.all(
            XLSXReader(options: XLSXOptions(headerRows: 2...4)), file)
        #expect(table.header == ["编号", "女方/姓名", "女方/化验/TSH", "女方/化验/FT4", "备注", "备注"])
        #expect(table.rows == [["1", "2", "3", "4", "5", "6"]] && table.codes.isEmpty)
        // Without the last row of names, the row behind them is one of data all the same.
        let short = try path(
            Self.row(["a", "b"], number: 2) + Self.row(["1", "2"], number: 6))
        let read = try TableReading.all(
            XLSXReader(options: XLSXOptions(headerRows: 2...4)), short)
        #expect(read.header == ["a", "b"] && read.rows == [["1", "2"]] && read.numbers == [6])
    }

    @Test func `hidden rows and columns and merged data are read and said`() throws {
        func codes(_ rows: String, _ change: (inout WorkbookWriter) -> Void) throws -> [String] {
            let file = try path(Self.row(["a", "b"]) + rows, change)
            let table = try TableReading.all(XLSXReader(), file)
            #expect(table.rows == [["1", "2"]])
            return table.codes
        }
        let row = Self.row(["1", "2"])
        #expect(try codes(row) { _ in } == [])
        #expect(
            try codes(row.replacing("<row>", with: "<row hidden=\"true\">")) { _ in }
                == ["V-HIDDEN"])
        #expect(
            try codes(row) { $0.before = "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>" }
                == ["V-HIDDEN"])
        #expect(
            try codes(row) { $0.before = "<cols><col min=\"2\" max=\"2\" hidden=\"0\"/></cols>" }
                == [])
        #expect(
            try codes(row) { $0.behind = "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>" }
                == ["V-MERGED"])
        #expect(
            try codes(row) { $0.behind = "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>" }
                == [])
    }

    @Test func `every reader stands in the list under its own name`() {
        #expect(recordReaders.map { $0.name }.prefix(2) == ["csv", "xlsx"])
        let endings = recordReaders.flatMap { $0.fileEndings }
        #expect(endings.allSatisfy { $0 == $0.lowercased() && !$0.contains(".") })
    }
}
