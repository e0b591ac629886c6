import Foundation
package import Records

/// How sensitive each field is, and on what ground it leaves although nobody demands it
/// (字段分级与必要性).
///
/// CSV files: `privacy/levels.csv`, `privacy/grades.csv`, `privacy/sensitive.csv`,
/// `privacy/open-texts.csv` and `privacy/signs.csv` are all programmes', `privacy.csv` is one
/// programme's. Levels are those of GB/T 39725 (1 to 5, 5 the strictest),
/// grades those of GB/T 42460 (1 names a person, 4 totals alone).
package struct PrivacyTables: Sendable {
    /// The texts of the files; one that is not there is empty.
    package struct Texts: Sendable {
        package var levels: String
        package var grades: String
        /// The programme's own.
        package var fields: String
        /// The classes below which elements may not fall, by their numbers.
        package var sensitive: String
        /// The texts that may leave as they are, by their numbers.
        package var openTexts: String
        package var signs: String

        package init(
            levels: String = "", grades: String = "", fields: String = "", sensitive: String = "",
            openTexts: String = "", signs: String = ""
        ) {
            self.levels = levels
            self.grades = grades
            self.fields = fields
            self.sensitive = sensitive
            self.openTexts = openTexts
            self.signs = signs
        }
    }

    private struct Exception: Sendable {
        let level: Int?
        let ground: Wording?
    }

    private var levels: [PrivacyClass: Int] = [:]
    private var grades: [String: Int] = [:]
    private var fields: [String: Exception] = [:]
    /// By number the class below which an element may not fall.
    private var sensitive: [String: PrivacyClass] = [:]
    private var openTexts: Set<String> = []
    /// The words that say who somebody is.
    package private(set) var signs = PrivacySigns()

    /// The shared files' names, as word tables are named: without ending.
    package static let shared = [
        "privacy/levels", "privacy/grades", "privacy/sensitive", "privacy/open-texts",
        "privacy/signs",
    ]
    /// The programme's file, likewise.
    package static let own = "privacy"

    /// Parses the texts.
    ///
    /// - Parameters:
    ///   - shown: the programme's folder, as people know it.
    ///   - programme: whose lines of the shared lists count.
    ///   - knows: whether the programme has a field of this name.
    /// - Throws: `DefinitionError` at the first line that is wrong.
    package init(
        _ texts: Texts, shownAs shown: String = "", programme: String = "",
        knows: (String) -> Bool
    ) throws(DefinitionError) {
        try readLevels(texts.levels)
        try readGrades(texts.grades)
        try readSensitive(texts.sensitive, programme)
        try readOpenTexts(texts.openTexts, programme)
        if !texts.signs.isEmpty { signs = try PrivacySigns(text: texts.signs) }
        try readFields(texts.fields, (shown.isEmpty ? "" : shown + "/") + "privacy.csv", knows)
    }

    /// GB/T 39725, 1 to 5; `nil` where no file says. Never below that of the class which the list
    /// of sensitive elements demands, whatever the programme says.
    package func level(of element: Element) -> Int? {
        let said = exception(of: element)?.level ?? levels[element.privacyClass]
        let demanded = sensitive[element.number].flatMap { levels[$0] }
        return [said, demanded].compactMap { $0 }.max()
    }

    /// Whether the programme puts an element into a lower class than the list of sensitive
    /// elements (类别低于清单).
    package func isBelowList(_ element: Element) -> Bool {
        guard let listed = sensitive[element.number], listed != element.privacyClass else {
            return false
        }
        return levels[element.privacyClass] ?? 0 < levels[listed] ?? 0
    }

    /// The numbers of the list of sensitive elements.
    package var sensitiveNumbers: [String] { sensitive.keys.sorted() }

    /// How two classes compare: by their levels.
    package func isLower(_ one: PrivacyClass, than other: PrivacyClass) -> Bool {
        levels[one] ?? 0 < levels[other] ?? 0
    }

    /// Whether a text is one of those that name institutions or programs and may leave as it is.
    package func isOpenText(_ element: Element) -> Bool { openTexts.contains(element.number) }

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

    private mutating func readSensitive(
        _ text: String, _ programme: String
    ) throws(DefinitionError) {
        guard !text.isEmpty else { return }
        let table = try CodeTable(text: text, shownAs: "privacy/sensitive.csv")
        try table.expect(header: ["programme", "number", "class", "zh"])
        for row in table.rows {
            let kind = try PrivacyTables.privacyClass(row, table, column: 2)
            guard row.cells[0] == programme else { continue }
            guard sensitive.updateValue(kind, forKey: row.cells[1]) == nil else {
                throw PrivacyTables.twice(row, table)
            }
        }
    }

    private mutating func readOpenTexts(
        _ text: String, _ programme: String
    ) throws(DefinitionError) {
        guard !text.isEmpty else { return }
        let table = try CodeTable(text: text, shownAs: "privacy/open-texts.csv")
        try table.expect(header: ["programme", "number", "zh", "en"])
        for row in table.rows {
            guard !row.cells[2].isEmpty, !row.cells[3].isEmpty else {
                throw table.error(row, "理由要中英文都写。", "A ground is written in both languages.")
            }
            guard row.cells[0] == programme else { continue }
            guard openTexts.insert(row.cells[1]).inserted else {
                throw PrivacyTables.twice(row, table)
            }
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
        _ row: CodeTable.Row, _ table: CodeTable, column: Int = 0
    ) throws(DefinitionError) -> PrivacyClass {
        if let known = PrivacyClass(rawValue: row.cells[column]) { return known }
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
