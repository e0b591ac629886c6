package import Definitions
import Foundation

/// How the national side's list of cases is read (病例清单): `case-list.yaml` of its profile. Names of
/// columns are as its head has them, the first that is there counts. No column of a person is among
/// them.
package struct CaseListForm: Sendable {
    /// What one row of it is.
    package enum RowKind: String, Sendable, CaseIterable {
        /// A case: one that stands twice is counted twice.
        case wholeCase = "case"
        /// A part of a case, a person or a test: its rows are one match.
        case part
    }

    package let rowKind: RowKind
    /// Services that it does not have, such as follow-ups: where it lacks them nothing differs.
    package let omitted: Set<String>
    package let sheet: String?
    package let headerRow: Int
    /// By the names of `Column`.
    package let columns: [Column: [String]]
    /// By the normal form of the word; empty for a list of cases in force alone.
    package let words: [String: AssistedEntry.Outcome]

    /// What is read of a row.
    package enum Column: String, Sendable, CaseIterable {
        /// Where our reference stands, alone or in other text.
        case reference
        case serial
        /// What ties the rows of one case together.
        case group
        case institution
        /// The day or the month of service.
        case servedOn
        case status
    }

    static let fileName = "case-list.yaml"

    /// Reads the file of a profile's folder; `nil` for a profile without one.
    static func read(
        folder: String, shownAs shown: String
    ) throws(DefinitionError) -> CaseListForm? {
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try CaseListForm(try Section(path: path, shownAs: shown + "/" + fileName))
    }

    /// Reads a whole file. Throws where a key is unknown or no case could be found by it.
    package init(_ given: Section) throws(DefinitionError) {
        var file = given
        guard let kind = try file.choice("rowIs", of: RowKind.self) else {
            throw file.error("缺少 “rowIs”。", "rowIs is missing.")
        }
        rowKind = kind
        omitted = Set(try file.texts("omits"))
        sheet = try file.optionalText("sheet")
        headerRow = try file.integer("headerRow") ?? 1
        var section = try file.section("columns")
        var columns: [Column: [String]] = [:]
        for column in Column.allCases {
            let names = try section.texts(column.rawValue)
            if !names.isEmpty { columns[column] = names }
        }
        guard columns[.reference] != nil || columns[.serial] != nil else {
            throw section.error(
                "至少要有 reference、serial 之一，才对得上病例。",
                "One of reference and serial, by which a case is found.")
        }
        try section.finish()
        self.columns = columns
        guard (columns[.status] != nil) == file.has("words") else {
            throw file.error(
                "status 和 words 要么都写，要么都不写。", "status goes with words, or neither is there.")
        }
        words =
            file.has("words")
            ? try AssistedEntry.words(&file, needed: [.accepted]) : [:]
        try file.finish()
    }
}
