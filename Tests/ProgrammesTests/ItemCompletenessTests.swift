import Mappings
import Programmes
import TestKit
import Testing

/// A laboratory form is complete once nothing is still to come: by the status of every result and
/// of every order, as HL7 v2 says them.
@Suite struct ItemCompletenessTests {
    private let table: PartTable
    private let rows: PartRows
    private static let header = [
        "PID-3.1", "OBR-3", "OBR-7", "OBR-25", "OBR-32", "OBX-3.1", "OBX-5", "OBX-6.1", "OBX-11",
        "OBX-14",
    ]

    init() throws {
        let found = try #require(
            try Catalogue(root: Project.mappings).mapping(named: "preconception/from-lis-hl7"))
        let mapping = try #require(found.mapping.variant(for: 0))
        let part = try #require(mapping.part)
        rows = PartRows(mapping, part)
        table = try PartTable(mapping, part, header: ItemCompletenessTests.header)
    }

    /// An item's row: its code and status, the order's status, and the minute of the report.
    private func row(
        _ code: String, _ status: String, order: String = "F", at minute: Int = 0,
        sample: String = "S1"
    ) -> PartRow {
        let cells = [
            "990101198603150022", sample, "201203010800", order, "题医五", code, "1", "", status,
            "2012030309\(minute < 10 ? "0" : "")\(minute)",
        ]
        return PartRow(table: table, cells: cells.map { Array($0.utf8) })
    }

    private func isComplete(_ given: [PartRow]) throws -> String? {
        let place = try #require(rows.header.firstIndex(of: "items.complete"))
        return rows.merge(given, near: nil).map { String(decoding: $0.cells[place], as: UTF8.self) }
    }

    @Test func `final, corrected, deleted and not done stand; others leave it open`() throws {
        for status in ["F", "C", "D", "X", ""] {
            #expect(try isComplete([row("GLU", "F"), row("TSH", status)]) == "1", "\(status)")
        }
        for status in ["P", "R", "S", "I", "Z", "unknown"] {
            #expect(try isComplete([row("GLU", "F"), row("TSH", status)]) == "0", "\(status)")
        }
        // What the form has no field for may come when it will.
        #expect(try isComplete([row("GLU", "F"), row("CRP", "P")]) == "1")
    }

    @Test func `a preliminary result becomes final in whatever order the two arrive`() throws {
        let (early, late) = (row("TSH", "P"), row("促甲状腺激素", "F", at: 30))
        #expect(try isComplete([row("GLU", "F"), early, late]) == "1")
        #expect(try isComplete([late, row("GLU", "F"), early]) == "1")
    }

    @Test func `the latest word on each order counts, and none at all is final`() throws {
        #expect(try isComplete([row("GLU", "F", order: "P")]) == "0")
        #expect(try isComplete([row("GLU", "F", order: "A")]) == "0")
        #expect(try isComplete([row("GLU", "F", order: "")]) == "1")
        let (open, closed) = (row("GLU", "F", order: "A"), row("TSH", "F", order: "F", at: 1))
        #expect(try isComplete([closed, open]) == "1")
        let other = row("TSH", "F", order: "P", at: 1, sample: "S2")
        #expect(try isComplete([row("GLU", "F"), other]) == "0")
    }

    @Test func `preliminary results alone are no part at all`() throws {
        #expect(try isComplete([row("GLU", "P", order: "P")]) == nil)
    }
}
