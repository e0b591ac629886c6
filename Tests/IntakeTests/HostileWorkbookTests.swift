import Foundation
import Intake
import Records
import Testing

/// Workbooks that nobody should read on (T04), and such as are merely damaged.
@Suite struct HostileWorkbookTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let rows = """
        <row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c><v>1</v></c><c><v>2</v></c>
        </row>
        """

    private func code(_ bytes: [UInt8]) throws -> String? {
        let path = try folder.write(bytes, as: "case.xlsx")
        return failureCode { try TableReading.all(XLSXReader(), path) }
    }

    private func code(
        _ workbook: WorkbookWriter = WorkbookWriter(HostileWorkbookTests.rows),
        _ change: (inout ArchiveWriter) throws -> Void = { _ in }
    ) throws -> String? {
        var archive = workbook.archive
        try change(&archive)
        return try code(try archive.bytes())
    }

    @Test func `the workbook that the others are spoiled from is good`() throws {
        #expect(try code() == nil)
        #expect(try code { $0.comment = Array("PK\u{5}\u{6} note".utf8) } == nil)
        let stored = try code { archive in
            for index in archive.entries.indices { archive.entries[index].isDeflated = false }
        }
        #expect(stored == nil)
    }

    @Test func `a bomb is refused by what it says of itself`() throws {
        let zeros = [UInt8](repeating: 0x20, count: 60 << 20)
        #expect(try code { $0.entries.append(.init("xl/media/bomb.bin", zeros)) } == "E-EXPANDS")
        // The ratio is no help where the bytes are many.
        let most = [UInt8](repeating: 0x20, count: 1 << 20)
        #expect(try code { $0.entries.append(.init("xl/media/small.bin", most)) } == nil)
        #expect(
            try code { $0.entries[4].saidBytes = 300_000_000 } == "E-EXPANDS")
    }

    @Test func `a bomb that lies about its size is stopped where the lie ends`() throws {
        let padding = String(repeating: " ", count: 900_000)
        let workbook = WorkbookWriter(HostileWorkbookTests.rows + padding)
        #expect(try code(workbook) == nil)
        #expect(try code(workbook) { $0.entries[4].saidBytes = 2000 } == "E-EXPANDS")
        #expect(try code { $0.entries[1].saidBytes = 20 } == "E-EXPANDS")
        #expect(try code { $0.entries[1].saidBytes = 2000 } == "E-WORKBOOK")
    }

    @Test func `too many entries are refused`() throws {
        let many = (0..<195).map { ArchiveWriter.Entry("media/\($0)", "x") }
        #expect(try code { $0.entries += many } == nil)
        #expect(try code { $0.entries += many + [.init("media/last", "x")] } == "E-EXPANDS")
    }

    @Test(arguments: [
        "../evil.xml", "/etc/cron.d/x", "xl/../../x", "xl\\s.xml", "C:/x", "", "xl/./s.xml",
        "a\u{0}b",
    ])
    func `a name that leads elsewhere is refused`(name: String) throws {
        #expect(try code { $0.entries.append(.init(name, "x")) } == "E-WORKBOOK")
    }

    @Test func `entries that stand twice, overlap, or differ from the directory are refused`()
        throws
    {
        #expect(
            try code { $0.entries.append(.init("XL/workbook.xml", "<workbook/>")) } == "E-WORKBOOK")
        #expect(try code { $0.overlaps = true } == "E-WORKBOOK")
        #expect(try code { $0.entries[4].localName = "xl/worksheets/x.xml" } == "E-WORKBOOK")
        #expect(try code { $0.entries[4].saidChecksum = 7 } == "E-WORKBOOK")
        #expect(try code { $0.entries[4].method = 12 } == "E-WORKBOOK")
    }

    @Test func `an encrypted workbook is refused with its reason`() throws {
        #expect(try code { $0.entries[4].flags = 1 } == "E-LOCKED")
        let container: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        let name = Array("EncryptedPackage".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let padding = [UInt8](repeating: 0, count: (1 << 20) - 20)
        #expect(try code(container + padding + name + padding) == "E-LOCKED")
        #expect(try code(container + padding) == "E-XLS")
    }

    @Test func `document types and depth without end are refused in every part`() throws {
        let type = "<!DOCTYPE x [<!ENTITY a \"b\">]>"
        for part in 0..<5 {
            #expect(
                try code { $0.entries[part].content = Array(type.utf8) + $0.entries[part].content }
                    == "E-WORKBOOK")
        }
        let deep = String(repeating: "<x>", count: 200) + String(repeating: "</x>", count: 200)
        var workbook = WorkbookWriter(HostileWorkbookTests.rows)
        workbook.behind = deep
        #expect(try code(workbook) == "E-WORKBOOK")
        workbook.behind = "<extLst><ext><row r=\"1\"/></ext></extLst>"
        #expect(try code(workbook) == nil)
    }

    @Test func `links to elsewhere are not followed`() throws {
        let passwd = "<Relationship Id=\"r1\" TargetMode=\"External\" Type=\"t/worksheet\""
        #expect(
            try code {
                $0.entries[2].content = Array(
                    "<Relationships>\(passwd) Target=\"file:///etc/passwd\"/></Relationships>".utf8)
            } == "E-WORKBOOK")
        #expect(
            try code {
                let text = String(decoding: $0.entries[2].content, as: UTF8.self)
                $0.entries[2].content = Array(
                    text.replacing("worksheets/s.xml", with: "../../../etc/passwd").utf8)
            } == "E-WORKBOOK")
    }

    @Test func `parts that are missing or another thing are refused`() throws {
        for part in [0, 1, 2, 3, 4] {
            #expect(try code { $0.entries.remove(at: part) } == "E-WORKBOOK", "part \(part)")
        }
        #expect(try code { $0.entries[4].content = Array("<chartsheet/>".utf8) } == "E-WORKBOOK")
        #expect(try code(Array("档案编号,姓名\n1,2\n".utf8)) == "E-WORKBOOK")
        #expect(try code([]) == "E-EMPTY")
    }

    @Test(arguments: [
        "<row r=\"2\"/><row r=\"2\"/>", "<row r=\"3\"/><row r=\"2\"/>", "<row r=\"0\"/>",
        "<row r=\"1048577\"/>", "<row r=\"x\"/>", "<row><c r=\"B1\"/><c r=\"A1\"/></row>",
        "<row><c r=\"A2\"/></row>", "<row><c r=\"XFE1\"/></row>", "<row><c r=\"1A\"/></row>",
        "<row><c t=\"z\"/></row>", "<row><d/></row>", "<x/>", "<row><c s=\"-1\"/></row>",
    ])
    func `rows and cells in no order are refused`(rows: String) throws {
        #expect(try code(WorkbookWriter(rows + "<row><c><v>1</v></c></row>")) == "E-WORKBOOK")
    }

    @Test func `a file that is cut off anywhere is refused, and nothing of it is taken`() throws {
        for name in ["libreoffice.xlsx", "openpyxl.xlsx", "wps-like.xlsx"] {
            let whole = try Array(Data(contentsOf: URL(filePath: TableReading.fixture(name))))
            for part in 1..<50 {
                let cut = Array(whole.prefix(whole.count * part / 50))
                #expect(try code(cut) == "E-WORKBOOK", "\(name) \(part)/50")
            }
        }
    }

    @Test func `a byte that was changed anywhere never brings it down`() throws {
        let name = TableReading.fixture("libreoffice.xlsx")
        let whole = try Array(Data(contentsOf: URL(filePath: name)))
        let good = try TableReading.all(XLSXReader(), name)
        var random = SeededRandom(state: 20_160_301)
        for _ in 0..<300 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            let path = try folder.write(bytes, as: "case.xlsx")
            do {
                // Bytes that nobody reads may change; what is read may not.
                let table = try TableReading.all(XLSXReader(), path)
                #expect(table == good, "byte \(place)")
            } catch let failure as ReadFailure {
                #expect(["E-WORKBOOK", "E-EXPANDS", "E-LOCKED"].contains(failure.entry.code))
            }
        }
    }
}
