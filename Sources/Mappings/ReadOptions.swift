import Definitions

extension Mapping {
    /// The formats that a mapping can read (`reads:`); a reader of the same name reads each.
    package enum Format: String, Sendable, CaseIterable {
        /// Delimited text.
        case csv
        /// Workbooks of Excel 2007 and later.
        case xlsx
        /// Files of HL7 v2 messages; columns are paths such as `OBX-5`.
        case hl7v2
    }

    /// What a reader needs to know about a source's files (`options:`). Each format has its own
    /// keys; those of another are refused.
    package struct ReadOptions: Sendable {
        /// `auto`, or an encoding that is taken at its word.
        package var encoding = "auto"
        /// The character between two cells.
        package var delimiter = ","
        /// The row with the column names, as Excel counts; of several the first.
        package var headerRow = 1
        /// The last row with column names.
        package var lastHeaderRow = 1
        /// The sheet's name, or its number from 1; `nil` means the first.
        package var sheet: String?
    }

    /// Reads `reads` and `options`.
    ///
    /// - Throws: `DefinitionError` for an unknown format, a key of another format, and a value that
    ///   is none of those that the key can have.
    static func readOptions(
        _ section: inout Section
    ) throws(DefinitionError) -> (Format, ReadOptions) {
        guard let format = try section.choice("reads", of: Format.self) else {
            // Asked for again, for the words about a key that is missing.
            _ = try section.text("reads")
            return (.csv, ReadOptions())
        }
        var result = ReadOptions()
        guard var options = try section.optionalSection("options") else { return (format, result) }
        switch format {
        case .csv:
            result.encoding = try encoding(&options)
            result.delimiter = try delimiter(&options)
            result.headerRow = try rowNumber("headerRow", &options) ?? 1
            result.lastHeaderRow = result.headerRow
        case .xlsx:
            result.sheet = try options.optionalText("sheet")
            (result.headerRow, result.lastHeaderRow) = try headerRows(&options)
        case .hl7v2:
            result.encoding = try encoding(&options)
        }
        try options.finish()
        return (format, result)
    }

    /// The names under which encodings can be declared.
    private enum DeclaredEncoding: String, CaseIterable {
        case auto
        case utf8 = "utf-8"
        case gb18030
        case gbk
        case gb2312
        case utf16le = "utf-16le"
    }

    private static func encoding(_ options: inout Section) throws(DefinitionError) -> String {
        (try options.choice("encoding", of: DeclaredEncoding.self) ?? .auto).rawValue
    }

    private static func delimiter(_ options: inout Section) throws(DefinitionError) -> String {
        let place = options
        let text = try options.optionalText("delimiter") ?? ","
        guard [",", ";", "\t", "|"].contains(text) else {
            throw place.error(
                at: "delimiter", "“delimiter” 只能是逗号、分号、竖线或 \"\\t\"。",
                "delimiter must be a comma, a semicolon, a bar or \"\\t\".")
        }
        return text
    }

    /// `headerRow: 2`, or `headerRows: [3, 5]` where names stand in several rows.
    private static func headerRows(
        _ options: inout Section
    ) throws(DefinitionError) -> (first: Int, last: Int) {
        let place = options
        let row = try rowNumber("headerRow", &options)
        let rows = try options.texts("headerRows").map { Int($0) ?? 0 }
        guard !rows.isEmpty else { return (row ?? 1, row ?? 1) }
        guard row == nil, rows.count == 2, rows[0] >= 1, (0..<10).contains(rows[1] - rows[0]) else {
            throw place.error(
                at: "headerRows", "“headerRows” 应为 [首行, 末行]，最多 10 行，不与 headerRow 同用。",
                "headerRows must be [first, last], at most 10 rows, without headerRow beside it.")
        }
        return (rows[0], rows[1])
    }

    private static func rowNumber(
        _ key: String, _ options: inout Section
    ) throws(DefinitionError) -> Int? {
        let place = options
        guard let row = try options.integer(key) else { return nil }
        guard row >= 1 else {
            throw place.error(at: key, "行号从 1 开始。", "Rows are counted from 1.")
        }
        return row
    }
}
