import Intake
import Records
import Testing

/// Envelopes and character sets of files of HL7 v2 messages.
@Suite struct HL7FileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ bytes: [UInt8], encoding: TextEncoding? = nil) throws -> TableReading {
        let reader = HL7Reader(options: HL7Options(columns: ["OBX-5"], encoding: encoding))
        return try TableReading.all(reader, try folder.write(bytes, as: "case.hl7"))
    }

    private func read(_ lines: [String]) throws -> TableReading {
        try read(Array(lines.map { $0 + "\r" }.joined().utf8))
    }

    private func code(_ lines: [String]) -> String? { failureCode { try read(lines) } }

    private static let one = HL7ReaderTests.message()

    @Test func `envelopes that are whole are read through`() throws {
        let one = Self.one
        let batch = ["BHS|^~\\&|LIS"] + one + one + ["BTS|2"]
        #expect(try read(batch).rows.count == 2)
        #expect(try read(["FHS|^~\\&"] + batch + batch + ["FTS|2"]).rows.count == 4)
        #expect(try read(["FHS|^~\\&"] + one + ["FTS"]).rows.count == 1)
        #expect(try read(["FHS|^~\\&"] + one + ["FTS|1"]).rows.count == 1)
        #expect(try read(["BHS|^~\\&"] + one + ["BTS||note"] + one).rows.count == 2)
        #expect(try read(["BHS|^~\\&", "BTS|0"]).codes == ["V-NOROWS"])
    }

    @Test func `a count that is wrong or an envelope that is not closed refuses the whole file`() {
        let one = Self.one
        #expect(code(["BHS|^~\\&"] + one + ["BTS|2"]) == "E-BATCH")
        #expect(code(["BHS|^~\\&"] + one + ["BTS|x"]) == "E-BATCH")
        #expect(code(["BHS|^~\\&"] + one) == "E-BATCH")
        #expect(code(["FHS|^~\\&"] + one) == "E-BATCH")
        #expect(code(one + ["BTS|1"]) == "E-BATCH")
        #expect(code(one + ["FTS|1"]) == "E-BATCH")
        #expect(code(["FHS|^~\\&", "BHS|^~\\&"] + one + ["BTS|1", "FTS|2"]) == "E-BATCH")
        #expect(code(["FHS|^~\\&", "BHS|^~\\&"] + one + ["FTS|1"]) == "E-BATCH")
        #expect(code(["BHS|^~\\&", "BHS|^~\\&"] + one + ["BTS|1"]) == "E-BATCH")
    }

    @Test func `a file without a message is refused`() throws {
        #expect(code(["档案编号,姓名", "1,2"]) == "E-HL7")
        #expect(code(["", ""]) == "V-BLANK")
        #expect(failureCode { try read([]) as TableReading } == "E-EMPTY")
    }

    @Test func `a column that is no path is refused`() throws {
        let path = try folder.write(Array(Self.one.joined(separator: "\r").utf8), as: "case.hl7")
        for column in ["女方姓名", "PID", "PID-0", "PID-3.0", "pid-3", "PID-3[]", "PID-3.1.1.1"] {
            let reader = HL7Reader(options: HL7Options(columns: [column]))
            #expect(failureCode { try reader.open(path: path) } == "E-HEADER", "\(column)")
        }
    }

    /// In GBK the second bytes of these are `|`, `\`, `^` and their like: cut before they are
    /// decoded, they fall apart.
    private static let treacherous = "阴性 丟亅乗仱 䶮𠮷"

    @Test(arguments: ["GB 18030-2000", "gb18030", "GBK", "GB2312"])
    func `Chinese in GB 18030 is decoded before it is cut`(name: String) throws {
        let lines = HL7ReaderTests.message(
            charset: name, of: ["OBX|1|ST|A||\(Self.treacherous)||||||F"])
        let text = lines.map { $0 + "\r" }.joined()
        let bytes = try #require(text.bytes(in: .gb18030))
        #expect(bytes.contains(0x7C) && bytes.contains(0x5C))
        #expect(try read(bytes).rows == [[Self.treacherous]])
    }

    @Test func `a name in the header does not hide the character set`() throws {
        let header = "MSH|^~\\&|检验亅|A|B|C|2016||ORU^R01|M1|P|2.4|||||CHN|GB 18030-2000"
        let text = header + "\rOBX|1|ST|A||阳性\r"
        #expect(try read(try #require(text.bytes(in: .gb18030))).rows == [["阳性"]])
    }

    @Test func `UTF-8, ASCII and ISO 8859-1 are taken at their word`() throws {
        func lines(_ charset: String, _ value: String) -> String {
            HL7ReaderTests.message(charset: charset, of: ["OBX|1|ST|A||\(value)"])
                .filter { !$0.hasPrefix("PID") && !$0.hasPrefix("OBR") }
                .map { $0 + "\r" }.joined()
        }
        #expect(try read(Array(lines("UNICODE UTF-8", "µ甲").utf8)).rows == [["µ甲"]])
        #expect(try read(Array(lines("ASCII", "ok").utf8)).rows == [["ok"]])
        #expect(try read(Array(lines("ASCII", "µ").utf8)).unreadable == [1: "V-ENCODING"])
        let latin = lines("8859/1", "µ").unicodeScalars.map { UInt8($0.value) }
        #expect(try read(latin).rows == [["µ"]])
        let wrong = try #require(lines("UNICODE UTF-8", "阳性").bytes(in: .gb18030))
        #expect(try read(wrong).unreadable == [1: "V-ENCODING"])
        #expect(try read(wrong, encoding: .gb18030).rows == [["阳性"]])
        #expect(
            try read(Array(lines("UTF8", "\u{E000}").utf8)).unreadable == [1: "V-ENCODING"])
    }

    @Test func `messages that say nothing are in what the whole file is`() throws {
        let text = HL7ReaderTests.message(charset: "", of: ["OBX|1|ST|A||小"])
            .map { $0 + "\r" }.joined()
        #expect(try read(Array(text.utf8)).rows == [["小"]])
        let gb = try #require(text.bytes(in: .gb18030))
        #expect(try read(gb).rows == [["小"]])
        // Neither holds: nobody guesses.
        let both = try read(gb + Array(text.utf8) + [0xFF, 0x0D])
        #expect(both.rows.isEmpty && both.unreadable.values.allSatisfy { $0 == "V-ENCODING" })
    }

    @Test func `a byte order mark and the marks of MLLP are no text`() throws {
        let text = Self.one.joined(separator: "\r") + "\r"
        let framed = [0x0B] + Array(text.utf8) + [0x1C, 0x0D]
        #expect(try read(framed + framed).rows.count == 2)
        #expect(try read([0xEF, 0xBB, 0xBF] + Array(text.utf8)).rows.count == 1)
    }
}
