import Intake
import Records
import Testing

/// A file with a few damaged rows is read but for these; what is doubtful is refused.
struct DamagedTextTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func options(_ names: [String] = ["姓名", "编号"]) -> CSVOptions {
        CSVOptions(
            blockBytes: 64, recognizes: { header in names.allSatisfy { header.contains($0) } })
    }

    /// A table of so many rows, of which some get a byte that is no text after their name.
    private func file(
        _ encoding: TextEncoding, rows: Int, damaged: Set<Int>, byte: [UInt8] = [0xFF],
        header: String = "姓名,编号"
    ) throws -> String {
        var bytes = try #require((header + "\r\n").bytes(in: encoding))
        for row in 1...rows {
            bytes += try #require("张三丰".bytes(in: encoding))
            if damaged.contains(row) { bytes += byte }
            bytes += Array(",\(row)\r\n".utf8)
        }
        return try folder.write(bytes)
    }

    @Test(arguments: [TextEncoding.utf8, .gb18030])
    func `a bad byte costs its row, by Excel's number, and nothing else`(encoding: TextEncoding)
        throws
    {
        for (rows, damaged) in [(3, [2]), (200, [7, 150])] {
            let path = try file(encoding, rows: rows, damaged: Set(damaged))
            let reading = try Reading.all(path, DamagedTextTests.options())
            #expect(reading.end?.encoding == encoding)
            #expect(reading.rows.count == rows)
            let bad = reading.rows.filter(\.isUnreadable)
            #expect(bad.map(\.number) == damaged.map { $0 + 1 })
            #expect(bad.allSatisfy { $0.cells == ["V-ENCODING"] })
            let good = reading.rows.filter { !$0.isUnreadable }
            #expect(good.allSatisfy { $0.cells[0] == "张三丰" })
        }
    }

    @Test func `a last character that is cut off costs the last row`() throws {
        let whole = try #require("姓名,编号\r\n张,1\r\n李,2\r\n3,王".bytes(in: .gb18030))
        let path = try folder.write(whole.dropLast() + [])
        let reading = try Reading.all(path, DamagedTextTests.options())
        #expect(reading.end?.encoding == .gb18030)
        #expect(reading.rows.map(\.cells) == [["张", "1"], ["李", "2"], ["V-ENCODING"]])
        #expect(reading.rows.map(\.number) == [2, 3, 4])
    }

    @Test func `more than one row in a hundred damaged refuses the file`() throws {
        let most = try file(.gb18030, rows: 200, damaged: [1, 2])
        #expect(try Reading.all(most, DamagedTextTests.options()).rows.count == 200)
        let path = try file(.gb18030, rows: 200, damaged: [1, 2, 3])
        let failure = #expect(throws: ReadFailure.self) {
            try CSVReader.open(path: path, options: DamagedTextTests.options())
        }
        #expect(failure?.entry.code == "E-ENCODING")
        #expect(failure?.entry.next.en.contains("declare the encoding") == true)
        #expect(failure?.entry.next.zh.contains("声明编码") == true)
    }

    @Test func `without the columns that are looked for nothing is taken`() throws {
        // Big5: 姓名,編號 and a row with a byte that no encoding here knows.
        let big5: [UInt8] =
            [0xA9, 0x6D, 0xA6, 0x57, 0x2C, 0xBD, 0x73, 0xB8, 0xB9, 0x0D, 0x0A, 0xB1, 0x69, 0x2C]
            + [0x31, 0x0D, 0x0A, 0xFF, 0x2C, 0x32, 0x0D, 0x0A]
        let path = try folder.write(big5)
        for options in [DamagedTextTests.options(), CSVOptions()] {
            #expect(
                failureCode { try CSVReader.open(path: path, options: options) } == "E-ENCODING")
        }
        // 張,編 in Big5 is whole as GB 18030, by accident: its header is none of ours, and so the
        // mapping refuses it.
        let whole: [UInt8] = [0xB1, 0x69, 0x2C, 0xBD, 0x73, 0x0D, 0x0A, 0x31, 0x2C, 0x32]
        let cursor = try CSVReader.open(path: try folder.write(whole))
        #expect(cursor.header.count == 2)
        #expect(Set(cursor.header).isDisjoint(with: ["張", "张", "編", "编"]))
    }

    @Test func `a file that makes sense in both encodings is refused`() throws {
        let path = try folder.write(
            Array("id,name\r\n1,a\r\n2,".utf8) + [0xFF] + Array("\r\n3,c\r\n".utf8))
        let options = DamagedTextTests.options(["id", "name"])
        #expect(failureCode { try CSVReader.open(path: path, options: options) } == "E-ENCODING")
    }
}
