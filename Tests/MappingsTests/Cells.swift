import Mappings
import Records
import TestKit
import Testing

/// What one cell became: its text on the wire, and what was said about it.
struct Reading: Equatable, CustomStringConvertible {
    let text: String?
    let codes: [String]

    var description: String { "\(text ?? "nothing") \(codes)" }

    static func text(_ text: String, _ codes: String...) -> Reading {
        Reading(text: text, codes: codes)
    }
    static func refused(_ code: String) -> Reading { Reading(text: nil, codes: [code]) }
    /// Implausible, and kept for the rules to look at.
    static func implausible(_ text: String) -> Reading {
        Reading(text: text, codes: ["V-RANGE"])
    }
    static let nothing = Reading(text: nil, codes: [])
}

/// Reads cells of one column, a row each, by a mapping of the repository: the county's
/// of the check, or where it has no such column that of a follow-up.
func read(
    _ cells: [String], in column: String, as field: String, acceptsInvented: Bool = true
) throws -> [Reading] {
    let preconception = try Preconception.loaded()
    func hasColumn(_ mapping: Mapping) -> Bool {
        mapping.rules.contains { rule in
            if case .column(column) = rule.origin { true } else { false }
        }
    }
    if !hasColumn(preconception.mapping) {
        let followUp = try #require(preconception.followUps.values.first { hasColumn($0.mapping) })
        return try cells.map { cell in
            let batch = try followUp.read(followUp.clean.with([column: cell]))
            return Reading(
                text: try batch.text(field),
                codes: batch.findings().filter { $0.field == field }.map(\.code))
        }
    }
    let couples = cells.enumerated().map { index, cell in
        CleanCouple(file: "DEMO-\(index)").with([column: cell])
    }
    let batch = try preconception.read(couples, acceptsInvented: acceptsInvented)
    return try cells.indices.map { row in
        Reading(
            text: try batch.text(field, row: row),
            codes: batch.findings(row: row).filter { $0.field == field }.map(\.code))
    }
}

/// Expects of each cell what it must become.
func expect(
    _ expected: [(cell: String, reading: Reading)], in column: String, as field: String,
    acceptsInvented: Bool = true, at place: SourceLocation = #_sourceLocation
) throws {
    let found = try read(
        expected.map(\.cell), in: column, as: field, acceptsInvented: acceptsInvented)
    for (index, one) in expected.enumerated() {
        #expect(found[index] == one.reading, "“\(one.cell)”", sourceLocation: place)
    }
}
