import Intake
import Records
import Testing

@Suite struct EncodingLadderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a byte order mark goes before what is declared`() throws {
        let marked: [(mark: [UInt8], encoding: TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16le),
            ([0x84, 0x31, 0x95, 0x33], .gb18030),
        ]
        for (mark, encoding) in marked {
            let text = try #require("姓名,b\n张,2\n".bytes(in: encoding))
            let path = try folder.write(mark + text)
            for declared in [nil, TextEncoding.gbk, .utf8] {
                let reading = try Reading.all(path, CSVOptions(encoding: declared, blockBytes: 3))
                #expect(reading.header == ["姓名", "b"])
                #expect(reading.rows.map(\.cells) == [["张", "2"]])
                #expect(reading.end?.encoding == encoding)
                #expect(reading.rows[0].raw.upperBound == mark.count + text.count)
            }
        }
    }

    @Test func `UTF-8 is found where the whole file is UTF-8, else GB 18030 where it is that`()
        throws
    {
        let filler = String(repeating: "1,2\n", count: 50)
        for encoding in [TextEncoding.utf8, .gb18030] {
            for name in ["张", "䶮㛃𠮷", "陈\u{00B7}"] {
                let text = "a,b\n" + filler + "1,\(name)\n"
                let path = try folder.write(try #require(text.bytes(in: encoding)))
                for blockBytes in Array(1...16) + [1 << 20] {
                    let reading = try Reading.all(path, CSVOptions(blockBytes: blockBytes))
                    try #require(reading.end?.encoding == encoding)
                    try #require(reading.rows.last?.cells == ["1", name])
                }
            }
        }
    }

    @Test func `a file that is neither is refused with both positions`() throws {
        let path = try folder.write(Array("a,b\n1,".utf8) + [0xE5, 0xBC, 0xA0, 0xFF])
        for blockBytes in [1, 2, 3, 4, 1 << 20] {
            let failure = #expect(throws: ReadFailure.self) {
                try CSVReader.open(path: path, options: CSVOptions(blockBytes: blockBytes))
            }
            #expect(failure?.entry.code == "E-ENCODING")
            #expect(failure?.detail == "utf-8: byte 9, gb18030: byte 8")
        }
    }

    @Test func `a character cut off by the end of the file speaks against the encoding`() throws {
        let path = try folder.write(Array("a,b\n1,".utf8) + [0x81, 0x30, 0x81])
        #expect(failureCode { try CSVReader.open(path: path) } == "E-ENCODING")
    }

    @Test func `a private-use character is refused at its row, not with the file`() throws {
        let gb = Array("a,b\n1,".utf8) + [0xD5, 0xC5, 0xAA, 0xA1] + Array("\n3,4\n".utf8)
        let reading = try Reading.all(try folder.write(gb))
        #expect(reading.rows.map(\.cells) == [["V-ENCODING"], ["3", "4"]])
        #expect(reading.byteFaults.map(\.byteOffset) == [8])
        #expect(reading.end?.encoding == .gb18030)
    }

    @Test func `a declared encoding that does not hold is an error of the row`() throws {
        let bytes = Array("a,b\n1,".utf8) + [0xD5, 0xC5] + Array("\n3,四\n".utf8)
        let reading = try Reading.all(try folder.write(bytes), CSVOptions(encoding: .utf8))
        #expect(reading.rows.map(\.cells) == [["V-ENCODING"], ["3", "四"]])
    }

    @Test func `an unusable byte in the header refuses the file`() throws {
        let path = try folder.write(Array("a,".utf8) + [0xFF] + Array("\n1,2\n".utf8))
        #expect(
            failureCode { try CSVReader.open(path: path, options: .init(encoding: .utf8)) }
                == "E-ENCODING")
    }
}
