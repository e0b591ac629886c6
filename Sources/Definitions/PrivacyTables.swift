import Foundation
package import Records

/// How sensitive each field is, and on what ground it leaves although nobody demands it
/// (字段分级与必要性).
///
/// Three CSV files: `privacy/levels.csv` and `privacy/grades.csv` are all programmes',
/// `privacy.csv` is one programme's. Levels are those of GB/T 39725 (1 to 5, 5 the strictest),
/// grades those of GB/T 42460 (1 names a person, 4 totals alone).
package struct PrivacyTables: Sendable {
    /// The texts of the three files; one that is not there is empty.
    package struct Texts: Sendable {
        package var levels: String
        package var grades: String
        /// The programme's own.
        package var fields: String

        package init(levels: String = "", grades: String = "", fields: String = "") {
            self.levels = levels
            self.grades = grades
            self.fields = fields
        }
    }

    private struct Exception: Sendable {
        let level: Int?
        let ground: Wording?
    }

    private var levels: [PrivacyClass: Int] = [:]
    private var grades: [String: Int] = [:]
    private var fields: [String: Exception] = [:]

    /// The shared files' names, as word tables are named: without ending.
    package static let shared = ["privacy/levels", "privacy/grades"]
    /// The programme's file, likewise.
    package static let own = "privacy"

    /// Parses the texts.
    ///
    /// - Parameters:
    ///   - shown: the programme's folder, as people know it.
    ///   - knows: whether the programme has a field of this name.
    /// - Throws: `DefinitionError` at the first line that is wrong.
    package init(
        _ texts: Texts, shownAs shown: String = "", knows: (String) -> Bool
    ) throws(DefinitionError) {
        try readLevels(texts.levels)
        try readGrades(texts.grades)
        try readFields(texts.fields, (shown.isEmpty ? "" : shown + "/") + "privacy.csv", knows)
    }

    /// GB/T 39725, 1 to 5; `nil` where no file says.
    package func level(of element: Element) -> Int? {
        exception(of: element)?.level ?? levels[element.privacyClass]
    }

    /// Why it leaves although nobody demands it, or although it may stigmatise.
    package func ground(of element: Element) -> Wording? { exception(of: element)?.ground }

    /// GB/T 42460, 1 to 4, of a field after a technique (`keep`, `month`, `encrypt`); `nil` where
    /// no file says.
    package func grade(of element: Element, after technique: String) -> Int? {
        grades["\(element.privacyClass.rawValue) \(technique)"]
    }

    /// Twins share a line; one spouse may have a line of his own.
    private func exception(of element: Element) -> Exception? {
        fields[element.name] ?? fields[element.wireName]
    }

    private mutating func readLevels(_ text: String) throws(DefinitionError) {
        guard !text.isEmpty else { return }
        let table = try CodeTable(text: text, shownAs: "privacy/levels.csv")
        try table.expect(header: ["class", "level", "zh", "en"])
        for row in table.rows {
            let kind = try PrivacyTables.privacyClass(row, table)
            guard levels[kind] == nil else { throw PrivacyTables.twice(row, table) }
            levels[kind] = try PrivacyTables.number(row, column: 1, upTo: 5, table)
        }
    }

    private mutating func readGrades(_ text: String) throws(DefinitionError) {
        guard !text.isEmpty else { return }
        let table = try CodeTable(text: text, shownAs: "privacy/grades.csv")
        try table.expect(header: ["class", "technique", "grade"])
        for row in table.rows {
            let key = "\(try PrivacyTables.privacyClass(row, table).rawValue) \(row.cells[1])"
            guard ["keep", "month", "encrypt"].contains(row.cells[1]) else {
                throw table.error(
                    row, "处理方式应为 keep、month 或 encrypt。",
                    "The technique is keep, month or encrypt.")
            }
            guard grades[key] == nil else { throw PrivacyTables.twice(row, table) }
            grades[key] = try PrivacyTables.number(row, column: 2, upTo: 4, table)
        }
    }

    private mutating func readFields(
        _ text: String, _ file: String, _ knows: (String) -> Bool
    ) throws(DefinitionError) {
        guard !text.isEmpty else { return }
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: ["field", "level", "zh", "en"])
        for row in table.rows {
            let (name, zh, en) = (row.cells[0], row.cells[2], row.cells[3])
            guard knows(name) else {
                throw table.error(
                    row, "项目没有字段 “\(name)”。", "The programme has no field \(name).")
            }
            guard fields[name] == nil else { throw PrivacyTables.twice(row, table) }
            guard zh.isEmpty == en.isEmpty else {
                throw table.error(row, "理由要中英文都写。", "A ground is written in both languages.")
            }
            fields[name] = Exception(
                level: row.cells[1].isEmpty
                    ? nil : try PrivacyTables.number(row, column: 1, upTo: 5, table),
                ground: zh.isEmpty ? nil : Wording(zh: zh, en: en))
        }
    }

    private static func privacyClass(
        _ row: CodeTable.Row, _ table: CodeTable
    ) throws(DefinitionError) -> PrivacyClass {
        if let known = PrivacyClass(rawValue: row.cells[0]) { return known }
        let known = PrivacyClass.allCases.map(\.rawValue).joined(separator: ", ")
        throw table.error(row, "没有这个类别；可用：\(known)。", "No such class; known: \(known).")
    }

    private static func number(
        _ row: CodeTable.Row, column: Int, upTo most: Int, _ table: CodeTable
    ) throws(DefinitionError) -> Int {
        guard let number = Int(row.cells[column]), (1...most).contains(number) else {
            throw table.error(row, "级别应为 1 至 \(most)。", "A level is 1 to \(most).")
        }
        return number
    }

    private static func twice(_ row: CodeTable.Row, _ table: CodeTable) -> DefinitionError {
        table.error(row, "这一行重复。", "This line stands twice.")
    }
}
