import Foundation
package import Records

/// A list of codes with the days on which each holds (值域代码).
///
/// A CSV file in UTF-8 with the header `code,zh,en,valid_from,valid_to`; days inclusive, empty
/// means without end. A code may stand twice with other days: 500110 was 万盛区 and is 綦江区. A list
/// of places has a last column `successor`: the code that took over where one closed.
///
/// A class, so that reading a cell passes one reference.
package final class CodeList: Sendable {
    package struct Code: Sendable {
        package let code: String
        package let label: Wording
        package let validFrom: CalendarDate?
        package let validTo: CalendarDate?
        /// The code that took over when this one closed (继任代码), `nil` where none did.
        package let successor: String?
        /// The code's UTF-8 bytes, ready to be compared and written.
        package let bytes: [UInt8]

        /// Whether the code holds on a day.
        package func holds(on day: CalendarDate) -> Bool {
            (validFrom.map { $0 <= day } ?? true) && (validTo.map { day <= $0 } ?? true)
        }
    }

    /// The most codes in the list of a field that holds several: a bit each.
    package static let mostInSet = 64

    /// The file's name without folder and ending, e.g. `qual`.
    package let name: String
    package let codes: [Code]
    /// Whether any code holds on some days only.
    package let hasDays: Bool
    /// What the sets of codes write for this list (代码对照), where that is known.
    package let crosswalk: Crosswalk?
    private let ordinals: ByteTable
    /// For each code the next entry of the same code with other days.
    private let others: [Int?]

    private static let columns = ["code", "zh", "en", "valid_from", "valid_to"]

    /// Parses the file's text.
    ///
    /// - Parameter crosswalk: the table of numbers beside it, where there is one.
    package init(
        name: String, text: String, shownAs file: String, crosswalk: Crosswalk.Source? = nil
    ) throws(DefinitionError) {
        let rows = try CodeTable(text: text, shownAs: file)
        let hasSuccessors = rows.header == CodeList.columns + ["successor"]
        if !hasSuccessors { try rows.expect(header: CodeList.columns) }
        var codes: [Code] = []
        for row in rows.rows {
            let from = try rows.day(row, column: 3)
            let to = try rows.day(row, column: 4)
            guard !row.cells[0].isEmpty else {
                throw rows.error(row, "代码为空。", "The code is empty.")
            }
            if let from, let to, to < from {
                throw rows.error(row, "失效日期早于生效日期。", "valid_to is before valid_from.")
            }
            codes.append(
                Code(
                    code: row.cells[0], label: Wording(zh: row.cells[1], en: row.cells[2]),
                    validFrom: from, validTo: to,
                    successor: hasSuccessors && !row.cells[5].isEmpty ? row.cells[5] : nil,
                    bytes: Array(row.cells[0].utf8)))
        }
        if hasSuccessors { try CodeList.checkSuccessors(of: codes, rows) }
        self.name = name
        self.codes = codes
        let ordinals = ByteTable(codes.enumerated().map { (key: $1.bytes, number: $0) })
        self.ordinals = ordinals
        self.crosswalk =
            if let crosswalk {
                try Crosswalk(crosswalk) { code in
                    Array(code.utf8).withUnsafeBufferPointer { ordinals.number(of: $0) }
                }
            } else {
                nil
            }
        var others = [Int?](repeating: nil, count: codes.count)
        var last: [String: Int] = [:]
        for (ordinal, code) in codes.enumerated() {
            if let earlier = last.updateValue(ordinal, forKey: code.code) {
                others[earlier] = ordinal
            }
        }
        self.others = others
        hasDays = codes.contains { $0.validFrom != nil || $0.validTo != nil }
    }

    /// The ordinal of a code, or `nil` where the list has none.
    package func ordinal(of code: String) -> Int? {
        Array(code.utf8).withUnsafeBufferPointer { ordinals.number(of: $0) }
    }

    /// The ordinal of a code given as UTF-8 bytes.
    package func ordinal(of code: UnsafeBufferPointer<UInt8>) -> Int? {
        ordinals.number(of: code)
    }

    /// Whether any entry of the code holds on a day.
    ///
    /// - Parameter ordinal: the code's first entry, as `ordinal(of:)` gives it.
    package func holds(_ ordinal: Int, on day: CalendarDate) -> Bool {
        entry(of: ordinal, on: day) != nil
    }

    /// The entry of a code that holds on a day, with that day's name; `nil` where none does.
    ///
    /// - Parameter ordinal: the code's first entry, as `ordinal(of:)` gives it.
    package func entry(of ordinal: Int, on day: CalendarDate) -> Int? {
        var entry: Int? = ordinal
        while let here = entry {
            if codes[here].holds(on: day) { return here }
            entry = others[here]
        }
        return nil
    }

    /// Whether an entry of the code that holds on a day is as asked. There may be two of them where a
    /// change's day is known only roughly.
    package func hasEntry(
        of ordinal: Int, on day: CalendarDate, where isAsked: (Int) -> Bool
    ) -> Bool {
        var entry: Int? = ordinal
        while let here = entry {
            if codes[here].holds(on: day), isAsked(here) { return true }
            entry = others[here]
        }
        return false
    }

    /// Whoever closed for another names a code of this list, and has a last day.
    private static func checkSuccessors(of codes: [Code], _ rows: CodeTable)
        throws(DefinitionError)
    {
        let known = Set(codes.map(\.code))
        for (code, row) in zip(codes, rows.rows) {
            guard let successor = code.successor else { continue }
            guard known.contains(successor), code.validTo != nil else {
                throw rows.error(
                    row, "继任代码 “\(successor)” 不在本表，或本代码没有失效日期。",
                    "The successor \(successor) is not in this list, or the code has no last day.")
            }
        }
    }
}

/// A small CSV data file of ours: a header, then rows of as many cells. Errors name file and line.
package struct CodeTable {
    package struct Row {
        package let line: Int
        package let cells: [String]
    }

    package let file: String
    package let header: [String]
    private let headerLine: Int
    package let rows: [Row]

    package init(text: String, shownAs file: String) throws(DefinitionError) {
        self.file = file
        var header: [String]?
        var headerLine = 1
        var rows: [Row] = []
        var number = 0
        // Carriage return and line feed are one character to Swift.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for line in lines {
            number += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            let cells = CodeTable.cells(of: line)
            guard let head = header else {
                header = cells
                headerLine = number
                continue
            }
            guard cells.count == head.count else {
                throw DefinitionError(
                    file: file, line: number, column: 1,
                    problem: Wording(
                        zh: "应有 \(head.count) 列，实有 \(cells.count) 列。",
                        en: "Expected \(head.count) cells, found \(cells.count)."))
            }
            rows.append(Row(line: number, cells: cells))
        }
        guard let header else {
            throw DefinitionError(
                file: file, problem: Wording(zh: "文件是空的。", en: "The file is empty."))
        }
        self.header = header
        self.headerLine = headerLine
        self.rows = rows
    }

    /// Reads the file at a path.
    package init(path: String, shownAs file: String? = nil) throws(DefinitionError) {
        try self.init(
            text: CodeTable.text(at: path, shownAs: file ?? path), shownAs: file ?? path)
    }

    /// The text of a data file of ours.
    static func text(at path: String, shownAs file: String) throws(DefinitionError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            throw DefinitionError(
                file: file,
                problem: Wording(zh: "文件不存在，或不是 UTF-8。", en: "No such file, or not UTF-8."))
        }
        return text
    }

    /// Refuses a file whose header is not this one.
    package func expect(header expected: [String]) throws(DefinitionError) {
        guard header == expected else {
            let names = expected.joined(separator: ",")
            throw headerError("表头应为 \(names)。", "The header must be \(names).")
        }
    }

    /// An error at this file's header.
    package func headerError(_ zh: String, _ en: String) -> DefinitionError {
        DefinitionError(
            file: file, line: headerLine, column: 1, problem: Wording(zh: zh, en: en))
    }

    /// An error at a row of this file.
    package func error(_ row: Row, _ zh: String, _ en: String) -> DefinitionError {
        DefinitionError(
            file: file, line: row.line, column: 1, problem: Wording(zh: zh, en: en))
    }

    /// The day in a cell, `nil` where it is empty. Throws where it is no `yyyy-MM-dd`.
    package func day(_ row: Row, column: Int) throws(DefinitionError) -> CalendarDate? {
        if row.cells[column].isEmpty { return nil }
        guard let day = CalendarDate(iso: row.cells[column]) else {
            throw error(row, "日期应为 yyyy-MM-dd。", "A day must be yyyy-MM-dd.")
        }
        return day
    }

    /// RFC 4180 cells of one line; our data files have no line break inside a cell.
    private static func cells(of line: Substring) -> [String] {
        var cells: [String] = []
        var cell = ""
        var quoted = false
        var characters = line.makeIterator()
        var pending = characters.next()
        while let character = pending {
            pending = characters.next()
            switch character {
            case "\"" where quoted && pending == "\"":
                cell.append("\"")
                pending = characters.next()
            case "\"":
                quoted.toggle()
            case "," where !quoted:
                cells.append(cell)
                cell = ""
            default:
                cell.append(character)
            }
        }
        cells.append(cell)
        return cells
    }
}
