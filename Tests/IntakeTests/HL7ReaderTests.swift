import Foundation
import Intake
import Records
import Testing

/// Files of HL7 v2 messages.
@Suite struct HL7ReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static let columns = ["PID-3.1", "OBR-3", "OBX-3.1", "OBX-5", "OBX-11"]

    static func message(
        _ control: String = "M1", kind: String = "ORU^R01", charset: String = "UNICODE UTF-8",
        version: String = "2.4", of segments: [String] = ["OBX|1|NM|TSH||2.13||||||F"]
    ) -> [String] {
        [
            "MSH|^~\\&|LIS|A|GW|B|20160330101500||\(kind)|\(control)|P|\(version)|||||CHN|\(charset)",
            "PID|1||990101198603150022^^^^ID||测试甲^^||19860315|F", "OBR|1||S0001|TSH^甲状腺",
        ] + segments
    }

    private func read(
        _ bytes: [UInt8], _ columns: [String] = HL7ReaderTests.columns,
        encoding: TextEncoding? = nil, messageBytes: Int = 8 << 20, from: ReadPosition? = nil,
        rowLimit: Int = 100, each: (any RecordCursor, SourceBatch) throws -> Void = { _, _ in }
    ) throws -> TableReading {
        let reader = HL7Reader(
            options: HL7Options(columns: columns, encoding: encoding, messageBytes: messageBytes))
        return try TableReading.all(
            reader, try folder.write(bytes, as: "case.hl7"), from: from, rowLimit: rowLimit,
            each: each)
    }

    private func read(
        _ lines: [String], _ columns: [String] = HL7ReaderTests.columns, end: String = "\r"
    ) throws -> TableReading {
        try read(Array(lines.map { $0 + end }.joined().utf8), columns)
    }

    @Test func `messages of python-hl7 give the values that were put in`() throws {
        let reader = HL7Reader(
            options: HL7Options(columns: ["PID-3.1", "PID-5.1", "OBX-3.1", "OBX-5", "OBX-6"]))
        let table = try TableReading.all(reader, TableReading.fixture("python-hl7.hl7"))
        let expected = try TableReading.all(CSVReader(), TableReading.fixture("expected.csv"))
        let rows = expected.rows.flatMap { row in
            [
                [row[2], row[1], "TSH", row[5], "uIU/mL"],
                [row[2], row[1], "HBSAG", "阴性(-) <0.02|^&~\\", ""],
            ]
        }
        #expect(table.rows == rows)
        #expect(table.numbers == [4, 5, 9, 10, 14, 15, 19, 20])
        #expect(table.codes == ["V-HL7OTHER"])
    }

    @Test(arguments: ["\r", "\n", "\r\n"])
    func `segments end with any line break, and rows are counted by lines`(end: String) throws {
        let lines =
            Self.message("M1", of: ["OBX|1|NM|TSH||1||||||F", "NTE|1", "OBX|2|ST|X||甲||||||P"]) + [
                ""
            ]
            + Self.message("M2", of: ["OBX|1|NM|FT4||3||||||C"])
        let table = try read(lines, end: end)
        let id = "990101198603150022"
        #expect(
            table.rows == [
                [id, "S0001", "TSH", "1", "F"], [id, "S0001", "X", "甲", "P"],
                [id, "S0001", "FT4", "3", "C"],
            ])
        #expect(table.numbers == [4, 6, 11] && table.header == Self.columns)
    }

    private static let values: [(path: String, value: String)] = [
        ("MSH-1", "|"), ("MSH-2", "^~\\&"), ("MSH-3", "LIS"), ("MSH-9", "ORU^R01"),
        ("MSH-9.2", "R01"), ("MSH-10", "M1"), ("MSH-18", "UNICODE UTF-8"), ("MSH-40", ""),
        ("PID-3", "12^^^H^PI~9901^^^^ID"), ("PID-3.1", "12"), ("PID-3[2].1", "9901"),
        ("PID-3[ID].1", "9901"), ("PID-3[PI].4", "H"), ("PID-3[XX].1", ""), ("PID-3[3].1", ""),
        ("PID-3[2]", "9901^^^^ID"), ("PID-5", "测&x^试"), ("PID-5.1", "测&x"), ("PID-5.1.2", "x"),
        ("PID-5.1.3", ""), ("PID-5.2.1", "试"), ("PID-7", ""), ("OBX-5.1", "a"), ("OBX-5", "a"),
        ("PV1-3", "二病区"), ("ORC-2", "O2"), ("OBR-4.2", "乙"), ("SPM-2", "B2"), ("NTE-3", "注"),
        ("ZLB-1", "机"), ("XXX-1", ""),
    ]

    @Test func `a path leads to its value`() throws {
        let lines = [
            "MSH|^~\\&|LIS|A|GW|B|20160330101500||ORU^R01|M1|P|2.5.1|||||CHN|UNICODE UTF-8",
            "PID|1||12^^^H^PI~9901^^^^ID||测&x^试^^~||\"\"", "PV1|1|I|二病区", "ORC|RE|O1",
            "OBR|1||S1|A^甲", "OBX|1|ST|A||z", "SPM|1|B1", "ORC|RE|O2", "OBR|2||S2|A^乙", "ZLB|机",
            "OBX|1|ST|A||a^^", "NTE|1||注", "NTE|2||二", "SPM|1|B2",
        ]
        let table = try read(lines, Self.values.map(\.path))
        #expect(table.rows.last == Self.values.map(\.value))
        #expect(table.rows.first?[25...27] == ["O1", "甲", "B1"])
    }

    @Test func `what belongs to another order or patient is not taken over`() throws {
        let lines =
            Self.message(of: [
                "SPM|1|B1", "OBX|1|ST|A||1", "PID|2||9902", "OBX|1|ST|A||2", "OBR|1||S2",
                "OBX|1|ST|A||3", "ORC|RE|O", "OBR|2||S3", "OBX|1|ST|A||4", "OBR|3||S4",
                "OBX|1|ST|A||5",
            ])
        let table = try read(lines, ["PID-3.1", "OBR-3", "ORC-2", "SPM-2", "OBX-5"])
        #expect(
            table.rows == [
                ["990101198603150022", "S0001", "", "B1", "1"], ["9902", "", "", "", "2"],
                ["9902", "S2", "", "", "3"], ["9902", "S3", "O", "", "4"],
                ["9902", "S4", "", "", "5"],
            ])
    }

    private static let escapes: [(written: String, value: String?)] = [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"), ("a\\.br\\b", "a\nb"),
        ("\\H\\a\\N\\", "a"), ("\\XE794B2\\", "甲"), ("\\X0D0a\\x", "\r\nx"), ("C:\\x", "C:\\x"),
        ("a\\.sp2\\b\\.in+1\\c", "a\nbc"), ("\"\"", ""), ("\\Zx\\", nil), ("\\XE794\\", nil),
        ("\\X0\\", nil), ("\\X00\\", nil), ("a\\\\b", nil), ("\\C2842\\", nil),
    ]

    @Test func `escapes are taken back, and one that is not known spoils its value`() throws {
        let lines = Self.message(of: Self.escapes.map { "OBX|1|ST|A||\($0.written)||||||F" })
        let table = try read(lines, ["OBX-11", "OBX-5"])
        #expect(table.rows.map { $0[1] } == Self.escapes.map { $0.value ?? $0.written })
        let spoiled = Self.escapes.indices.filter { Self.escapes[$0].value == nil }
        #expect(
            table.spoiled
                == Dictionary(uniqueKeysWithValues: spoiled.map { ([$0 + 4, 1], "V-HL7ESCAPE") }))
    }

    @Test func `a structured number is as people write it`() throws {
        let values = ["<^0.1", "^5.1", "^1^:^128", ">^90", "^2^-^3"]
        let lines = Self.message(
            of: values.enumerated().map { "OBX|\($0)|SN|TSH||\($1)||||||F" }
                + ["OBX|9|CE|TSH||POS^阳性||||||F"])
        let table = try read(lines)
        #expect(table.rows.map { $0[3] } == ["<0.1", "5.1", "1:128", ">90", "2-3", "POS^阳性"])
    }

    @Test func `a message may have delimiters of its own`() throws {
        let lines = [
            "MSH$%*!@$LIS$A$GW$B$2016$$ORU%R01$M1$P$2.3", "PID$1$$99%%%%ID",
            "OBX$1$ST$A$$x!F!y|^~\\&",
        ]
        #expect(try read(lines).rows == [["99", "", "A", "x$y|^~\\&", ""]])
    }

    @Test(arguments: [
        "MSH|", "MSH|^~\\&", "MSH|^^\\&|a", "MSH|^~|&|a", "MSHa^~\\&a", "MSH|a~\\&|x",
        "MSH |^~\\&|x",
    ])
    func `delimiters that part nothing break a message`(header: String) throws {
        let table = try read([header, "OBX|1|ST|A||x"] + Self.message())
        #expect(table.unreadable == [1: "V-HL7"] && table.rows.count == 1)
    }

    @Test func `a broken message spoils itself and no other`() throws {
        let broken: [[String]] = [
            Self.message(""), Self.message(version: ""), Self.message(version: "3.0"),
            Self.message(of: ["OBX|1|TX|A||line one", "line two||||||F"]),
            Self.message(of: ["OBX-1|ST"]), Self.message(charset: "BIG-5"),
        ]
        let codes = ["V-HL7", "V-HL7", "V-HL7", "V-HL7", "V-HL7", "V-CHARSET"]
        for (lines, code) in zip(broken, codes) {
            var kept: [[UInt8]] = []
            let bytes = Array(
                (Self.message() + lines + Self.message()).map { $0 + "\r" }.joined().utf8)
            let table = try read(bytes) { cursor, batch in
                kept += try batch.unreadable.map { try cursor.content(of: $0) }
            }
            #expect(table.unreadable == [5: code] && table.rows.count == 2)
            #expect(kept == [Array(lines.map { $0 + "\r" }.joined().utf8)])
        }
    }

    @Test func `lines that belong to no message are kept as such`() throws {
        let table = try read(["PID|1||9", "OBX|1"] + Self.message())
        #expect(table.unreadable == [1: "V-HL7"] && table.numbers == [6])
    }

    @Test func `other messages and reports without results are passed over and said`() throws {
        let lines =
            Self.message("A", kind: "ADT^A08") + Self.message("B", kind: "ORU^R02")
            + Self.message("C", of: []) + Self.message("D", kind: "ORU")
        let table = try read(lines)
        #expect(table.codes == ["V-HL7OTHER", "V-HL7OTHER", "V-HL7EMPTY"])
        #expect(table.rows.count == 1 && table.unreadable.isEmpty)
        #expect(try read(Self.message(kind: "ADT^A01")).codes == ["V-HL7OTHER", "V-NOROWS"])
    }

    @Test func `a message that is too long is refused by itself`() throws {
        let long = Self.message("L", of: ["OBX|1|ED|PDF||\(String(repeating: "A", count: 5000))"])
        let many = Self.message("M", of: (0..<200).map { "OBX|\($0)|ST|A||xxxxxxxxxxxx" })
        for lines in [long, many] {
            let bytes = Array(
                (Self.message() + lines + Self.message()).map { $0 + "\r" }.joined().utf8)
            let table = try read(bytes, messageBytes: 2000)
            #expect(table.unreadable == [5: "V-HL7LONG"] && table.rows.count == 2)
        }
    }

    @Test func `a last message without its line break may be cut and is not taken`() throws {
        let text = (Self.message() + Self.message()).joined(separator: "\r")
        let table = try read(Array(text.utf8))
        #expect(table.unreadable == [5: "V-HL7CUT"] && table.numbers == [4])
    }

    @Test func `a file that is cut off anywhere gives whole messages only`() throws {
        let lines = (0..<5).flatMap { number in
            Self.message(
                "M\(number)",
                of: ["OBX|1|NM|TSH||\(number).25||||||F", "OBX|2|ST|X||y||||||F"])
        }
        let bytes = Array(lines.map { $0 + "\r" }.joined().utf8)
        let whole = try read(bytes)
        for part in 1..<50 {
            let cut = Array(bytes.prefix(bytes.count * part / 50))
            do {
                let table = try read(cut)
                #expect(table.rows == Array(whole.rows.prefix(table.rows.count)))
            } catch let failure as ReadFailure {
                #expect(["E-HL7", "E-EMPTY"].contains(failure.entry.code))
            }
        }
    }

    @Test func `reading goes on in the midst of a message as if it had not stopped`() throws {
        let lines =
            Self.message("A", of: (0..<7).map { "OBX|\($0)|NM|T\($0)||1||||||F" })
            + Self.message("", of: []) + Self.message("B", kind: "ADT^A08")
            + Self.message("C", of: (0..<3).map { "OBX|\($0)|NM|U\($0)||1||||||F" })
        let bytes = Array(lines.map { $0 + "\r" }.joined().utf8)
        let whole = try read(bytes)
        for limit in [1, 2, 3, 100] {
            var positions: [ReadPosition] = []
            let again = try read(bytes, rowLimit: limit) { cursor, batch in
                #expect(batch.rowCount + batch.unreadable.count <= limit)
                positions.append(cursor.position)
            }
            #expect(again == whole)
            for position in positions {
                let stored = try JSONDecoder().decode(
                    ReadPosition.self, from: JSONEncoder().encode(position))
                let rest = try read(bytes, from: stored)
                #expect(rest.numbers == whole.numbers.filter { $0 >= position.nextRow })
                #expect(rest.rows == whole.rows.suffix(rest.rows.count))
                #expect(rest.unreadable == whole.unreadable.filter { $0.key >= position.nextRow })
            }
        }
    }
}
