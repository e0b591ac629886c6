import Intake
import Testing

/// A file put together of pieces, each of which is one of Excel's rows. Row numbers and byte
/// ranges that the reader must give follow from the pieces alone.
struct TableCase: Sendable, CustomTestStringConvertible {
    enum Piece: Sendable {
        case skipped(String)
        case row(String, [String])
        case bad(String, String)
    }

    let name: String
    var delimiter = CSVOptions.Delimiter.comma
    var headerRow = 1
    var limits = CSVOptions.Limits()
    let pieces: [Piece]

    var testDescription: String { name }

    /// The file and what must be read of it; `nil` where the encoding lacks a character.
    func made(in encoding: TextEncoding) -> (bytes: [UInt8], rows: [Reading.Row])? {
        var bytes: [UInt8] = []
        var rows: [Reading.Row] = []
        for (index, piece) in pieces.enumerated() {
            let start = bytes.count
            let text =
                switch piece {
                case .skipped(let text), .row(let text, _), .bad(let text, _): text
                }
            guard let encoded = text.bytes(in: encoding) else { return nil }
            bytes += encoded
            let raw = start..<bytes.count
            switch piece {
            case .skipped: break
            case .row(_, let cells): rows.append(.init(number: index + 1, raw: raw, cells: cells))
            case .bad(_, let code):
                rows.append(.init(number: index + 1, raw: raw, cells: [code], isUnreadable: true))
            }
        }
        return (bytes, rows)
    }
}

let tableCases: [TableCase] = [
    .init(
        name: "CR LF, LF and CR end rows, and the last row needs none",
        pieces: [
            .skipped("a,b\r\n"), .row("1,2\r\n", ["1", "2"]), .row("3,4\n", ["3", "4"]),
            .row("5,6\r", ["5", "6"]), .row("7,8\r", ["7", "8"]),
            .skipped("\r\n"), .row("9,10", ["9", "10"]),
        ]),
    .init(
        name: "CR alone throughout",
        pieces: [.skipped("a,b\r"), .row("1,2\r", ["1", "2"]), .row("3,4\r", ["3", "4"])]),
    .init(
        name: "quotes hold delimiters, quotes and line breaks",
        pieces: [
            .skipped("a,b,c\n"), .row("\"1,5\",\"\",\"x\"\n", ["1,5", "", "x"]),
            .row("\"说\"\"好\"\"\",\"\"\"\",c\r\n", ["说\"好\"", "\"", "c"]),
            .row("\"一\n二\r\n三\",\"\n\",\"\r\"\"\r\"\n", ["一\n二\r\n三", "\n", "\r\"\r"]),
            .row("1,2,\"3\"", ["1", "2", "3"]),
        ]),
    .init(
        name: "a header cell may hold a line break and still be row 1",
        pieces: [.skipped("\"a\n(b)\",c\n"), .row("1,2\n", ["1", "2"])]),
    .init(
        name: "a quote inside an unquoted cell is literal",
        pieces: [
            .skipped("a,b\n"), .row("5\" 管,x\"\"y\n", ["5\" 管", "x\"\"y"]),
            .row(" \"1\",2\"\n", [" \"1\"", "2\""]),
        ]),
    .init(
        name: "text after a closing quote spoils its own line only",
        pieces: [
            .skipped("a,b\n"), .bad("\"1\"x,2\n", "V-QUOTE"), .row("3,4\n", ["3", "4"]),
            .bad("\"5\" ,6\n", "V-QUOTE"), .bad("\"x\"y,\"z\r\n", "V-QUOTE"),
            .row("7,8\n", ["7", "8"]), .bad("\"一\n", "V-QUOTE"),
            .bad("二\"三\n", "V-COLUMNS"),
        ]),
    .init(
        name: "a quote that never closes spoils the line where it opened",
        pieces: [
            .skipped("a,b\n"), .row("1,2\n", ["1", "2"]), .bad("3,\"4\r\n", "V-QUOTE"),
            .row("5,6\n", ["5", "6"]), .skipped("\n"), .row("7,8", ["7", "8"]),
        ]),
    .init(
        name: "a quote left open before a quoted cell spoils its own line only",
        pieces: [
            .skipped("a,b\n"), .bad("1,\"2\n", "V-QUOTE"), .row("3,4\n", ["3", "4"]),
            .row("5,\"六\"\n", ["5", "六"]), .row("7,8\n", ["7", "8"]),
        ]),
    .init(
        name: "a quote left open in the second line of a row takes both lines",
        pieces: [
            .skipped("a,b\n"), .bad("\"1\n2\",\"3\n", "V-QUOTE"), .row("4,5\n", ["4", "5"]),
        ]),
    .init(
        name: "a quote left open in the last line",
        pieces: [.skipped("a,b\n"), .row("1,2\n", ["1", "2"]), .bad("3,\"4", "V-QUOTE")]),
    .init(
        name: "too few or too many columns make a row unreadable, empty ones at the end do not",
        pieces: [
            .skipped("a,b\n"), .bad("1\n", "V-COLUMNS"), .bad("1,2,3\n", "V-COLUMNS"),
            .row("1,2,,\"\",\n", ["1", "2"]), .bad("1,2,,4\n", "V-COLUMNS"),
            .row(",4\n", ["", "4"]),
            .bad("\"x\ny\"\n", "V-COLUMNS"), .row("3,4\n", ["3", "4"]),
        ]),
    .init(
        name: "blank lines have Excel's numbers and are skipped; a blank cell is no blank line",
        pieces: [
            .skipped("a,b\n"), .skipped("\r\n"), .skipped("\n"), .row("1,2\n", ["1", "2"]),
            .skipped("\n"), .bad(" \n", "V-COLUMNS"), .skipped("\r\n"),
        ]),
    .init(
        name: "rows of bare delimiters, which Excel leaves behind, are blank lines",
        pieces: [
            .skipped("a,b\n"), .skipped(",\n"), .row("1,2\n", ["1", "2"]), .skipped("\"\",\n"),
            .skipped(",,,,\n"), .row("3,4\n", ["3", "4"]), .skipped(","),
        ]),
    .init(
        name: "what stands above the header row is passed over, whatever it is", headerRow: 4,
        pieces: [
            .skipped("孕前检查\n"), .skipped("\"2016\n年\",,x\n"), .skipped("\n"),
            .skipped("a,b\n"), .row("1,2\n", ["1", "2"]),
        ]),
    .init(
        name: "semicolons", delimiter: .semicolon,
        pieces: [.skipped("a;b\n"), .row("1,5;\"2;\"\n", ["1,5", "2;"])]),
    .init(
        name: "TABs", delimiter: .tab,
        pieces: [.skipped("a\tb\n"), .row("1,5\t\"2\t\"\n", ["1,5", "2\t"])]),
    .init(
        name: "bars, where 0x7C is also the second byte of 亅, 踻 and 珅 and 𠮷 has digits",
        delimiter: .bar,
        pieces: [.skipped("a|b\n"), .row("亅踻|\"|珅\"\n", ["亅踻", "|珅"])]),
    .init(
        name: "characters of DOMAIN 5.3",
        pieces: [
            .skipped("姓名,b\n"), .row("䶮㛃𠮷,堃喆犇祎珺\n", ["䶮㛃𠮷", "堃喆犇祎珺"]),
            .row("测试古丽·样例汗,〇\n", ["测试古丽·样例汗", "〇"]),
        ]),
    .init(
        name: "characters of DOMAIN 5.3 that GBK has",
        pieces: [.skipped("姓名,b\n"), .row("堃喆犇祎珺,古丽·汗〇\n", ["堃喆犇祎珺", "古丽·汗〇"])]),
]

@Suite struct CSVRuleTests {
    /// A named case in one encoding, with blocks of 1 to 64 bytes and batches of several sizes.
    @Test(arguments: tableCases, TextEncoding.allCases)
    func `rows, numbers and byte ranges follow from the pieces`(
        table: TableCase, encoding: TextEncoding
    ) throws {
        guard let (bytes, rows) = table.made(in: encoding) else {
            try #require(encoding == .gbk, "only GBK may lack a character")
            return
        }
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes)
        for blockBytes in Array(1...64) + [1 << 20] {
            let options = CSVOptions(
                encoding: encoding, delimiter: table.delimiter, headerRow: table.headerRow,
                limits: table.limits, blockBytes: blockBytes)
            for rowLimit in [1, 2, 100] {
                let reading = try Reading.all(path, options, rowLimit: rowLimit)
                try #require(reading.rows == rows, "blocks of \(blockBytes)")
                try #require(reading.end?.byteOffset == bytes.count)
                try #require(reading.end?.nextRow == table.pieces.count + 1)
            }
        }
    }

    @Test(arguments: tableCases, [TextEncoding.utf8, .gb18030, .utf16le])
    func `reading resumes at every batch border as if it had never stopped`(
        table: TableCase, encoding: TextEncoding
    ) throws {
        let (bytes, rows) = try #require(table.made(in: encoding))
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes)
        let options = CSVOptions(
            encoding: encoding, delimiter: table.delimiter, headerRow: table.headerRow,
            limits: table.limits, blockBytes: 7)
        var positions: [ReadPosition] = []
        _ = try Reading.all(path, options, rowLimit: 1) { positions.append($0) }
        #expect(positions.count == rows.count + 1)
        for (taken, position) in positions.enumerated() {
            let rest = try Reading.all(path, options, from: position, rowLimit: 2)
            try #require(rest.rows == Array(rows.dropFirst(taken)))
        }
    }

    @Test func `rows and cells at the limits are taken, one byte more is not`() throws {
        let limits = CSVOptions.Limits(rowBytes: 8, columns: 3)
        let cases = [
            TableCase(
                name: "row of eight and of nine bytes", limits: limits,
                pieces: [
                    .skipped("a,b\n"), .row("1,345678\r\n", ["1", "345678"]),
                    .bad("1,3456789\r\n", "V-LINE"), .bad("1,3456789012345\n", "V-LINE"),
                    .row("3,4\r\n", ["3", "4"]), .bad("1,3456789012345", "V-LINE"),
                ]),
            TableCase(
                name: "a quoted cell that outgrows the row leaves the lines after it",
                limits: limits,
                pieces: [
                    .skipped("a,b\n"), .row("1,\"2\n3\"\n", ["1", "2\n3"]),
                    .bad("1,\"2\n", "V-QUOTE"), .row("3,4\n", ["3", "4"]),
                    .row("5,6\n", ["5", "6"]), .row("7,8\n", ["7", "8"]),
                ]),
            TableCase(
                name: "a row that is too long and ends with CR alone", limits: limits,
                pieces: [
                    .skipped("a,b\r"), .bad("1,345678901234567890123\r", "V-LINE"),
                    .row("3,4\r", ["3", "4"]), .row("5,6\r", ["5", "6"]),
                ]),
            TableCase(
                name: "more columns than the limit", limits: limits,
                pieces: [
                    .skipped("a,b\n"), .row("1,2,\n", ["1", "2"]), .bad("1,2,,\n", "V-COLUMNS"),
                ]),
        ]
        for table in cases {
            let (bytes, rows) = try #require(table.made(in: .utf8))
            let folder = try TemporaryFolder()
            let path = try folder.write(bytes)
            for blockBytes in 1...64 {
                let options = CSVOptions(limits: limits, blockBytes: blockBytes)
                let reading = try Reading.all(path, options)
                try #require(reading.rows == rows, "\(table.name), blocks of \(blockBytes)")
            }
        }
    }

    @Test func `the limit of a row counts raw bytes in UTF-16 too`() throws {
        let text = "a,b\r\n1,2\r\n1,23\r\n3,4\r\n"
        let folder = try TemporaryFolder()
        let path = try folder.write(try #require(text.bytes(in: .utf16le)))
        for blockBytes in 1...64 {
            let options = CSVOptions(
                encoding: .utf16le, limits: .init(rowBytes: 6), blockBytes: blockBytes)
            let reading = try Reading.all(path, options)
            try #require(reading.rows.map(\.cells) == [["1", "2"], ["V-LINE"], ["3", "4"]])
            try #require(reading.rows[1].raw == 20..<32)
        }
    }
}
