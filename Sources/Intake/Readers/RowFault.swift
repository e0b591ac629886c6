package import Records

/// Why a row could not be given as cells.
enum RowFault {
    case encoding(ByteFault)
    case quote
    case columns
    case line

    var entry: CodeEntry {
        switch self {
        case .encoding: RowFault.encodingEntry
        case .quote: RowFault.quoteEntry
        case .columns: RowFault.columnsEntry
        case .line: RowFault.lineEntry
        }
    }

    static let entries = [
        encodingEntry, quoteEntry, columnsEntry, lineEntry, noRows, blankFile, blankRow, sumRow,
    ]

    /// Of the whole file: a header and nothing else.
    static let noRows = CodeEntry(
        "V-NOROWS",
        what: Wording(
            zh: "文件只有表头，没有数据行。", en: "The file has a header and no rows."),
        next: Wording(
            zh: "本期确无病例时不必处理，否则请重新导出。",
            en: "Nothing to do where the period has no case; else export it again."))

    /// Of the whole file: rows of blank cells were passed over.
    static let blankRow = CodeEntry(
        "V-BLANKROW",
        what: Wording(
            zh: "表里有空白行（单元格全空或只有空格），已跳过，不计入行数。",
            en: "Rows of blank cells were passed over; they are not counted."),
        next: Wording(zh: "无需处理。", en: "Nothing to do."))
    /// Of the whole file: the sum at its end was passed over.
    static let sumRow = CodeEntry(
        "V-SUMROW",
        what: Wording(
            zh: "表里有合计行（第一格是“合计”“总计”等），已跳过，不计入行数。",
            en:
                "A row with a sum (its first cell says 合计 or the like) was passed over and not counted."
        ),
        next: Wording(
            zh: "请核对合计数与收到的行数是否一致。", en: "Compare the sum with the rows that were taken."))
    /// Of the whole file: nothing but blank lines.
    static let blankFile = CodeEntry(
        "V-BLANK",
        what: Wording(
            zh: "文件只有空行，没有表头，也没有数据。",
            en: "The file has only blank lines: no header and no rows."),
        next: Wording(
            zh: "本期确无病例时不必处理，否则请重新导出。",
            en: "Nothing to do where the period has no case; else export it again."))

    static let encodingEntry = CodeEntry(
        "V-ENCODING",
        what: Wording(
            zh: "该行有不属于文件编码的字节、控制字符，或旧输入法的自造字。",
            en:
                "The row has bytes outside the file's encoding, a control character, or a "
                + "character that an old input method made up."
        ),
        next: Wording(
            zh: "请按给出的字节位置，在来源系统中改正这个字，再导出该行。",
            en:
                "Correct the character at that byte in the source system; export the row again."
        ))
    private static let quoteEntry = CodeEntry(
        "V-QUOTE",
        what: Wording(
            zh: "该行的双引号没有成对，或引号结束后还有文字。",
            en: "A quote in the row is never closed, or text follows a closing quote."),
        next: Wording(
            zh: "请把单元格里的双引号写成两个，再导出该行。",
            en: "Write a quote inside a cell twice, and export the row again."))
    private static let columnsEntry = CodeEntry(
        "V-COLUMNS",
        what: Wording(
            zh: "该行的列数与表头不同。", en: "The row has not as many columns as the header."),
        next: Wording(
            zh: "CSV 请检查是否有未加引号的分隔符；工作簿请删去表格以外的文字。再导出该行。",
            en:
                "In a CSV look for a delimiter without quotes around its cell, in a workbook delete "
                + "what stands beside the table; export the row again."))
    private static let lineEntry = CodeEntry(
        "V-LINE",
        what: Wording(zh: "该行长得超过允许的字节数。", en: "The row is longer than the bytes allowed."),
        next: Wording(
            zh: "请检查是否缺少换行，或单元格里存了整份文档。",
            en: "Look for a missing line break, or for a whole document in a cell."))
}

extension UnreadableRow {
    /// A row that has not as many cells as its item has columns.
    package init(otherColumnsAt place: SourceBatch.RowPlace) {
        self.init(
            place: place, finding: Finding(code: RowFault.columns.entry.code, effect: .quarantined))
    }
}
