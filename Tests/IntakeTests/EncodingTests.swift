import Intake
import Testing

@Suite struct EncodingTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// DOMAIN 5.3, with the codes of GB 18030 as Python's codec gives them.
    @Test func `published codes of GB 18030 decode`() throws {
        let codes: [(bytes: [UInt8], text: String)] = [
            ([0xFE, 0x9F], "䶮"), ([0x82, 0x30, 0xB7, 0x31], "㛃"), ([0x95, 0x34, 0xB2, 0x35], "𠮷"),
            ([0x88, 0xD2], "堃"), ([0x86, 0xB4], "喆"), ([0xA0, 0xC4], "犇"), ([0xB5, 0x74], "祎"),
            ([0xAC, 0x42], "珺"), ([0xA1, 0xA4], "·"), ([0xA9, 0x96], "〇"), ([0xA2, 0xE3], "€"),
            ([0xA2, 0xA1], "ⅰ"), ([0xA6, 0xD9], "\u{FE10}"), ([0xFE, 0x59], "\u{9FB4}"),
            ([0xFE, 0x50], "\u{2E81}"), ([0xFE, 0x51], "\u{20087}"), ([0xA8, 0xBC], "\u{1E3F}"),
            ([0x81, 0x30, 0x81, 0x30], "\u{80}"), ([0x90, 0x30, 0x81, 0x30], "\u{10000}"),
        ]
        for (bytes, text) in codes {
            let cells = try cells(Array("a,b\n1,".utf8) + bytes + Array("\n".utf8), .gb18030)
            #expect(cells == [["1", text]])
        }
    }

    @Test func `every character of planes 0 to 2 comes back from GB 18030, UTF-8 and UTF-16`()
        throws
    {
        let kept = (UInt32(0x80)...0x2_FFFF).filter {
            !(0xE000...0xF8FF).contains($0) && $0 != 0xFFFE && $0 != 0xFFFF
        }
        let scalars = kept.compactMap { Unicode.Scalar($0) }
        // Two hundred characters a row, so that a fault is told by its row.
        let expected = stride(from: 0, to: scalars.count, by: 200).map { start in
            ["1", scalars[start..<min(start + 200, scalars.count)].map { String($0) }.joined()]
        }
        let text = "a,b\n" + expected.map { $0.joined(separator: ",") + "\n" }.joined()
        for encoding in [TextEncoding.utf8, .gb18030, .utf16le] {
            let read = try cells(try #require(text.bytes(in: encoding)), encoding)
            #expect(read.count == expected.count)
            // Canonically equal strings are equal, hence the bytes are compared.
            for (cells, wanted) in zip(read, expected) {
                try #require(cells.map { Array($0.utf8) } == wanted.map { Array($0.utf8) })
            }
        }
    }

    struct BadBytes: Sendable, CustomTestStringConvertible {
        let encoding: TextEncoding
        let bytes: [UInt8]
        let fault: TextFault
        var testDescription: String { "\(encoding.rawValue) \(bytes)" }

        init(_ encoding: TextEncoding, _ bytes: [UInt8], _ fault: TextFault = .malformed) {
            self.encoding = encoding
            self.bytes = bytes
            self.fault = fault
        }
    }

    static let badBytes: [BadBytes] = [
        // UTF-8: Unicode 15 table 3-7.
        .init(.utf8, [0x80]), .init(.utf8, [0xC1, 0xBF]), .init(.utf8, [0xC2]),
        .init(.utf8, [0xC2, 0x41]), .init(.utf8, [0xE0, 0x9F, 0xBF]),
        .init(.utf8, [0xED, 0xA0, 0x80]), .init(.utf8, [0xE4, 0xB8]),
        .init(.utf8, [0xE4, 0x41, 0x80]), .init(.utf8, [0xE4, 0xB8, 0x41]),
        .init(.utf8, [0xF0, 0x8F, 0xBF, 0xBF]), .init(.utf8, [0xF4, 0x90, 0x80, 0x80]),
        .init(.utf8, [0xF0, 0xA0, 0xAE, 0x41]), .init(.utf8, [0xF5, 0x80, 0x80, 0x80]),
        .init(.utf8, [0xFF]), .init(.utf8, [0x00], .control), .init(.utf8, [0x1F], .control),
        .init(.utf8, [0x0B], .control), .init(.utf8, [0xEE, 0x80, 0x80], .privateUse),
        .init(.utf8, [0xEF, 0xA3, 0xBF], .privateUse),
        .init(.utf8, [0xF3, 0xB0, 0x80, 0x80], .privateUse),
        .init(.utf8, [0xF4, 0x8F, 0xBF, 0xBF], .privateUse),
        .init(.utf8, [0xEF, 0xBF, 0xBE], .noncharacter),
        // GB 18030: no such code, cut codes, user-defined areas.
        .init(.gb18030, [0x80]), .init(.gb18030, [0xFF]), .init(.gb18030, [0x81, 0x20]),
        .init(.gb18030, [0x81, 0x7F]), .init(.gb18030, [0x81, 0xFF]),
        .init(.gb18030, [0x81, 0x30]), .init(.gb18030, [0x81, 0x30, 0x81]),
        .init(.gb18030, [0x81, 0x30, 0x80, 0x30]), .init(.gb18030, [0x81, 0x30, 0x81, 0x40]),
        .init(.gb18030, [0x84, 0x31, 0xA5, 0x30]), .init(.gb18030, [0xE3, 0x32, 0x9A, 0x36]),
        .init(.gb18030, [0xFE, 0x39, 0xFE, 0x39]), .init(.gb18030, [0x00], .control),
        .init(.gb18030, [0xAA, 0xA1], .privateUse), .init(.gb18030, [0xA1, 0x40], .privateUse),
        .init(.gb18030, [0xFE, 0xFE], .privateUse), .init(.gb18030, [0xA2, 0xAB], .privateUse),
        .init(.gb18030, [0x84, 0x30, 0x81, 0x30], .privateUse),
        .init(.gb18030, [0xE3, 0x32, 0x9A, 0x35], .privateUse),
        .init(.gb18030, [0x84, 0x31, 0xA4, 0x39], .noncharacter),
        // GBK has no four-byte codes.
        .init(.gbk, [0x81, 0x30, 0x81, 0x30]), .init(.gbk, [0xFF]),
        .init(.gbk, [0xAA, 0xA1], .privateUse),
        .init(.utf16le, [0x00, 0xD8]), .init(.utf16le, [0x00, 0xDC]),
        .init(.utf16le, [0x00, 0xD8, 0x41, 0x00]), .init(.utf16le, [0x00, 0x00], .control),
        .init(.utf16le, [0x1F, 0x00], .control), .init(.utf16le, [0x00, 0xE0], .privateUse),
        .init(.utf16le, [0x80, 0xDB, 0x00, 0xDC], .privateUse),
        .init(.utf16le, [0xFE, 0xFF], .noncharacter),
    ]

    @Test(arguments: badBytes)
    func `bytes that are no text spoil their row, with the position`(bad: BadBytes) throws {
        func raw(_ text: String) throws -> [UInt8] { try #require(text.bytes(in: bad.encoding)) }
        let before = try raw("a,b\n中文中文,2\n测,\"x")
        let after = try raw("y\nz\"\n3,4\n")
        let path = try folder.write(before + bad.bytes + after)
        for blockBytes in [1, 2, 3, 5, 1 << 20] {
            let options = CSVOptions(encoding: bad.encoding, blockBytes: blockBytes)
            let reading = try Reading.all(path, options)
            try #require(
                reading.rows.map(\.cells) == [["中文中文", "2"], ["V-ENCODING"], ["3", "4"]])
            let start = try raw("a,b\n中文中文,2\n").count
            let end = try before.count + bad.bytes.count + raw("y\nz\"\n").count
            try #require(reading.rows[1].raw == start..<end)
            let fault = try #require(reading.byteFaults.first)
            #expect(fault.row == 3 && fault.byteOffset == before.count && fault.fault == bad.fault)
        }
    }

    @Test func `a byte that is no text spoils its own row, not the open quote before it`() throws {
        let bytes = Array("a,b\n1,\"2\n3,".utf8) + [0xFF] + Array("\n5,6\n".utf8)
        #expect(try cells(bytes, .utf8) == [["V-QUOTE"], ["V-ENCODING"], ["5", "6"]])
    }

    @Test func `half a unit at the end of UTF-16 spoils the last row`() throws {
        let bytes = try #require("a,b\n1,2\n3,4".bytes(in: .utf16le)) + [0x35]
        #expect(try cells(bytes, .utf16le) == [["1", "2"], ["V-ENCODING"]])
    }

    @Test func `0x80 is the euro sign in GBK`() throws {
        #expect(try cells(Array("a,b\n1,".utf8) + [0x80], .gbk) == [["1", "€"]])
    }

    @Test func `declared names are read in any case, and GB 2312 is read as GB 18030`() {
        #expect(TextEncoding(declared: "GB2312") == .gb18030)
        #expect(TextEncoding(declared: "GB18030") == .gb18030)
        #expect(TextEncoding(declared: "CP936") == .gbk)
        #expect(TextEncoding(declared: "UTF-8") == .utf8)
        #expect(TextEncoding(declared: "utf-16LE") == .utf16le)
        #expect(TextEncoding(declared: "big5") == nil)
    }

    private func cells(_ bytes: [UInt8], _ encoding: TextEncoding) throws -> [[String]] {
        try Reading.all(try folder.write(bytes), CSVOptions(encoding: encoding)).rows.map(\.cells)
    }
}
