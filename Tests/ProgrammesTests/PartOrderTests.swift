import Mappings
import Programmes
import TestKit
import Testing

/// Which of several rows of one item, or of one barcode, holds: by time where there is one, else
/// what corrects, else the later file; and never silently the last of two that contradict each
/// other.
@Suite struct PartOrderTests {
    private let table: PartTable
    private let rows: PartRows
    private static let header = [
        "PID-3.1", "OBR-3", "OBR-7", "OBR-22", "MSH-7", "OBR-25", "OBR-32", "OBX-3.1", "OBX-5",
        "OBX-6.1", "OBX-11", "OBX-14",
    ]

    init() throws {
        let found = try #require(
            try Catalogue(root: Project.mappings).mapping(named: "preconception/from-lis-hl7"))
        let mapping = try #require(found.mapping.variant(for: 0))
        let part = try #require(mapping.part)
        rows = PartRows(mapping, part)
        table = try PartTable(mapping, part, header: PartOrderTests.header)
    }

    /// A row of GLU: its result, status and the time of OBX-14; then times over it, and its file.
    private func row(
        _ result: String, _ status: String = "F", at time: String = "201203030900",
        changed: String = "", message: String = "", file: Int = 0
    ) -> PartRow {
        let cells = [
            "990101198603150022", "S1", "201203010800", changed, message, "F", "题医五", "GLU",
            result, "mmol/L", status, time,
        ]
        return PartRow(table: table, cells: cells.map { Array($0.utf8) }, file: file)
    }

    private func told(_ given: [PartRow]) throws -> String {
        let place = try #require(rows.header.firstIndex(of: "GLU"))
        guard let merged = rows.merge(given, near: nil) else { return "none" }
        return merged.isContradictory ? "?" : String(decoding: merged.cells[place], as: UTF8.self)
    }

    @Test func `a correction without a time replaces what was final, before and behind it`() throws
    {
        for time in ["", "201203030900"] {
            let (final, corrected) = (row("5.1", at: time), row("7.7", "C", at: ""))
            #expect(try told([final, corrected]) == "7.7")
            #expect(try told([corrected, final]) == "7.7")
        }
        #expect(try told([row("5.1"), row("7.7", "C")]) == "7.7")
        #expect(try told([row("7.7", "C"), row("5.1")]) == "7.7")
        #expect(try told([row("7.7", "C", at: ""), row("8.8", "C", at: "")]) == "8.8")
        // The first export once more; and one that says something new.
        let (first, mended) = (row("5.1", at: ""), row("7.7", "C", at: "", file: 1))
        #expect(try told([first, mended, row("5.1", at: "", file: 2)]) == "7.7")
        #expect(try told([first, mended, row("6.6", at: "", file: 2)]) == "6.6")
    }

    @Test func `a deletion without a time takes the result away, and a later file gives it back`()
        throws
    {
        #expect(try told([row("5.1"), row("", "D", at: "")]) == "none")
        #expect(try told([row("", "D", at: ""), row("5.1", at: "")]) == "none")
        #expect(try told([row("5.1"), row("", "D", at: ""), row("6.2", file: 1)]) == "6.2")
    }

    @Test(arguments: [
        ("201203030900", "20120303090030"), ("20120303090029", "20120303090030"),
        ("201203030900", "20120303090000.5+0700"), ("20120303235959+0900", "20120304000001+0800"),
        ("20120303", "20120304"), ("20120303", "201203040001"),
    ])
    func `the later time holds, to the second and whatever its offset`(early: String, late: String)
        throws
    {
        let (first, second) = (row("5.1", at: early), row("7.7", at: late))
        #expect(try told([first, second]) == "7.7")
        #expect(try told([second, first]) == "7.7")
    }

    @Test func `one moment written in two offsets tells nothing`() throws {
        let (first, second) = (
            row("5.1", at: "20120303090000+0800"), row("7.7", at: "20120303010000+0000")
        )
        #expect(try told([first, second]) == "?")
    }

    @Test func `without a time of the result that of the report or of the message tells`() throws {
        let early = row("5.1", at: "", changed: "201203030900", message: "201203031200")
        let late = row("7.7", at: "", changed: "201203031000", message: "201203031100")
        #expect(try told([early, late]) == "7.7")
        #expect(try told([late, early]) == "7.7")
        let (one, other) = (
            row("5.1", at: "", message: "201203031200"), row("7.7", at: "", message: "201203031300")
        )
        #expect(try told([other, one]) == "7.7")
    }

    @Test func `an older export that comes later does not undo a newer result`() throws {
        let (newer, older) = (row("7.7", at: "201203031000"), row("5.1", file: 1))
        #expect(try told([newer, older]) == "7.7")
        #expect(try told([row("5.1"), row("7.7", at: "201203030900", file: 1)]) == "7.7")
    }

    @Test func `two final results of one file and one moment contradict each other`() throws {
        for time in ["", "201203030900"] {
            #expect(try told([row("5.1", at: time), row("7.7", at: time)]) == "?")
            #expect(try told([row("5.1", at: time), row("5.1", at: time)]) == "5.1")
            #expect(try told([row("5.1", at: time), row("", "X", at: time)]) == "?")
        }
        // What comes later settles it.
        #expect(try told([row("5.1"), row("7.7"), row("6.6", at: "201203030901")]) == "6.6")
        #expect(try told([row("5.1"), row("7.7"), row("6.6", file: 1)]) == "6.6")
        // What the form has no field for harms nobody.
        #expect(try told([row("5.1"), row("9", "P"), row("8", "P")]) == "5.1")
    }

    @Test func `two rows of one barcode hold by the day of their report`() throws {
        let found = try #require(
            try Catalogue(root: Project.mappings).mapping(
                named: "prenatal-screening/from-serum-lab"))
        let mapping = found.mapping.mapping
        let part = try #require(mapping.part)
        let serum = PartRows(mapping, part)
        let header = serum.header + ["实验编号", "采血时间"]
        let table = try PartTable(mapping, part, header: header)
        func row(_ risk: String, _ day: String, file: Int = 0) -> PartRow {
            let cells = ["21三体风险": risk, "报告日期": day, "实验编号": "B1", "采血时间": "2016-06-14"]
            return PartRow(
                table: table, cells: header.map { Array((cells[$0] ?? "").utf8) }, file: file)
        }
        let place = try #require(header.firstIndex(of: "21三体风险"))
        func told(_ rows: [PartRow]) throws -> String {
            let merged = try #require(serum.merge(rows, near: nil))
            return merged.isContradictory
                ? "?" : String(decoding: merged.cells[place], as: UTF8.self)
        }
        let (early, late) = (row("1:900", "2016-06-21"), row("1:20", "2016-06-22"))
        #expect(try told([early, late]) == "1:20" && told([late, early]) == "1:20")
        #expect(try told([late, row("1:900", "2016-06-21", file: 1)]) == "1:20")
        #expect(try told([early, row("1:20", "2016-06-21")]) == "?")
        #expect(try told([early, row("1:20", "")]) == "?")
        #expect(try told([early, row("1:900", "2016-06-21")]) == "1:900")
        #expect(try told([early, row("1:20", "2016-06-21", file: 1)]) == "1:20")
    }
}
