import Foundation
import Glibc
import Intake
import Records
import Testing

@Suite struct CSVOpeningTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `header names are trimmed, in form C, and otherwise as they stand`() throws {
        let text = "\u{FEFF}\u{FEFF} 姓名\u{3000},\"e\u{301} \",,姓名,\"a,\"\"b\"\n1,2,3,4,5\n"
        let cursor = try CSVReader.open(path: try folder.write(Array(text.utf8)))
        let names = cursor.header.map { Array($0.unicodeScalars) }
        let expected = ["姓名", "\u{E9}", "", "姓名", "a,\"b"].map { Array($0.unicodeScalars) }
        #expect(names == expected)
    }

    @Test(arguments: ["", "\u{FEFF}"])
    func `a file without a byte of text is empty`(text: String) throws {
        let path = try folder.write(Array(text.utf8))
        #expect(failureCode { try CSVReader.open(path: path) } == "E-EMPTY")
    }

    @Test(arguments: ["\n\r\n\n", " \n\t\u{3000}\n", ",,\n\n,,"])
    func `a file of blank lines is no empty file, and nothing is wrong with it`(text: String)
        throws
    {
        let path = try folder.write(Array(text.utf8))
        let failure = #expect(throws: ReadFailure.self) { try CSVReader.open(path: path) }
        #expect(failure?.isBlankFile == true)
    }

    @Test(arguments: ["a,b", "a,b\r\n", "a,b\n\n\n"])
    func `a header alone gives no batch and says so`(text: String) throws {
        let reading = try Reading.all(try folder.write(Array(text.utf8)))
        #expect(reading.header == ["a", "b"])
        #expect(reading.rows.isEmpty)
        #expect(reading.codes == ["V-NOROWS"])
    }

    @Test func `a file with rows does not say that it has none, nor one resumed at its end`() throws
    {
        let path = try folder.write(Array("a,b\n1,2\n".utf8))
        let reading = try Reading.all(path)
        #expect(reading.codes.isEmpty)
        let rest = try Reading.all(path, from: reading.end)
        #expect(rest.rows.isEmpty && rest.codes.isEmpty)
    }

    @Test func `a header that is missing, blank, unreadable or too wide is refused`() throws {
        func code(_ text: String, row: Int = 1, columns: Int = 2000) throws -> String? {
            let path = try folder.write(Array(text.utf8))
            let options = CSVOptions(headerRow: row, limits: .init(columns: columns))
            return failureCode { try CSVReader.open(path: path, options: options) }
        }
        #expect(try code("a,b\n1,2\n", row: 3) == "E-HEADER")
        #expect(try code("\na,b\n") == "E-HEADER")
        #expect(try code(",,\n1,2,3\n") == "E-HEADER")
        #expect(try code("a,\"b\n1,2\n") == "E-HEADER")
        #expect(try code("a,b,c\n1,2,3\n", columns: 2) == "E-HEADER")
        #expect(try code("a,b,c\n1,2,3\n", columns: 3) == nil)
    }

    @Test func `only a regular file of the allowed size is opened`() throws {
        let path = try folder.write(Array("a,b\n1,2\n".utf8))
        let link = folder.path + "/link.csv"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let pipe = folder.path + "/pipe.csv"
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(failureCode { try CSVReader.open(path: link) } == "E-NOFILE")
        #expect(failureCode { try CSVReader.open(path: pipe) } == "E-NOFILE")
        #expect(failureCode { try CSVReader.open(path: folder.path) } == "E-NOFILE")
        #expect(failureCode { try CSVReader.open(path: "/dev/null") } == "E-NOFILE")
        #expect(failureCode { try CSVReader.open(path: path + ".missing") } == "E-NOFILE")
        func options(_ limit: Int) -> CSVOptions { CSVOptions(limits: .init(fileBytes: limit)) }
        #expect(failureCode { try CSVReader.open(path: path, options: options(7)) } == "E-TOOLARGE")
        #expect(failureCode { try CSVReader.open(path: path, options: options(8)) } == nil)
    }

    @Test func `a file that grows or shrinks while it is read is not read to its end`() throws {
        let bytes = Array("a,b\n1,2\n3,4\n".utf8)
        let grown = try CSVReader.open(path: try folder.write(bytes))
        #expect(try grown.next(upTo: 1)?.rowCount == 1)
        try folder.append([0x35], to: folder.path + "/case.csv")
        #expect(failureCode { try grown.next(upTo: 100) } == "E-CHANGED")

        let path = try folder.write(bytes, as: "shrinks.csv")
        let shrunk = try CSVReader.open(path: path, options: CSVOptions(blockBytes: 4))
        try #require(truncate(path, 5) == 0)
        #expect(failureCode { try shrunk.next(upTo: 100) } == "E-CHANGED")
    }

    @Test func `a position outside the rows is not resumed from`() throws {
        let path = try folder.write(Array("a,b\n1,2\n".utf8))
        for offset in [0, 3, 9] {
            let position = ReadPosition(byteOffset: offset, nextRow: 2, encoding: .utf8)
            #expect(failureCode { try CSVReader.open(path: path, from: position) } == "E-CHANGED")
        }
    }

    @Test func `a position is kept as JSON`() throws {
        let position = ReadPosition(byteOffset: 1 << 31, nextRow: 77, encoding: .utf16le)
        let json = try JSONEncoder().encode(position)
        #expect(try JSONDecoder().decode(ReadPosition.self, from: json) == position)
    }

    @Test func `the raw bytes of an unreadable row can be asked for`() throws {
        let bad: [UInt8] = [0x31, 0x2C, 0xFF, 0x0D, 0x0A]
        let path = try folder.write(Array("a,b\n".utf8) + bad + Array("3,4\n".utf8))
        let cursor = try CSVReader.open(path: path, options: CSVOptions(encoding: .utf8))
        let batch = try #require(try cursor.next(upTo: 100))
        let place = try #require(batch.unreadable.first).place
        #expect(try cursor.rawBytes(place.raw) == bad)
        #expect(failureCode { try cursor.rawBytes(0..<1000) } == "E-IO")
    }

    @Test func `a failure names the file and no folder`() throws {
        let failure = #expect(throws: ReadFailure.self) {
            try CSVReader.open(path: folder.path + "/none.csv")
        }
        #expect(failure?.place == "none.csv")
    }

    @Test func `every code is listed once, with both languages`() {
        let codes = intakeCodes.map(\.code)
        #expect(
            codes.sorted() == [
                "E-BATCH", "E-CHANGED", "E-EMPTY", "E-ENCODING", "E-EXPANDS", "E-HEADER", "E-HL7",
                "E-IO", "E-LOCKED", "E-NOFILE", "E-SHEET", "E-TOOLARGE", "E-WORKBOOK", "E-XLS",
                "V-BLANK", "V-BLANKROW", "V-CELL", "V-CELLERROR", "V-CELLTEXT", "V-CHARSET",
                "V-COLUMNS", "V-ENCODING", "V-FORMULA", "V-HIDDEN", "V-HL7", "V-HL7CUT",
                "V-HL7EMPTY",
                "V-HL7ESCAPE", "V-HL7LONG", "V-HL7OTHER", "V-LINE", "V-MERGED", "V-NORESULT",
                "V-NOROWS", "V-QUOTE", "V-SHEETS", "V-SUMROW",
            ])
        for entry in intakeCodes {
            #expect(!entry.what.zh.isEmpty && !entry.what.en.isEmpty)
            #expect(!entry.next.zh.isEmpty && !entry.next.en.isEmpty)
        }
    }
}
