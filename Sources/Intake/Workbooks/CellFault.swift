internal import Records

/// Why a cell's content cannot be told, although its row can be read.
enum CellFault {
    /// `#N/A` and its like.
    case error
    /// A control character, or a character that an old input method made up.
    case text
    /// A formula whose result was not stored.
    case noResult
    /// A number that is none, a shared text or a style that is missing.
    case broken

    var entry: CodeEntry {
        switch self {
        case .error: CellFault.errorEntry
        case .text: CellFault.textEntry
        case .noResult: CellFault.noResultEntry
        case .broken: CellFault.brokenEntry
        }
    }

    static let entries = [
        errorEntry, textEntry, noResultEntry, brokenEntry, formulaEntry, hiddenEntry, mergedEntry,
        sheetsEntry,
    ]

    private static let errorEntry = CodeEntry(
        "V-CELLERROR",
        what: Wording(
            zh: "单元格里是 Excel 的错误值（如 #N/A、#REF!、#DIV/0!）。",
            en: "The cell holds an error of Excel, such as #N/A, #REF! or #DIV/0!."),
        next: Wording(
            zh: "请改正公式，或直接填写结果，再导出该行。",
            en: "Correct the formula or write the result itself; send the row again."))
    private static let textEntry = CodeEntry(
        "V-CELLTEXT",
        what: Wording(
            zh: "单元格里有控制字符，或旧输入法的自造字。",
            en:
                "The cell has a control character, or a character that an old input method made up."
        ),
        next: Wording(
            zh: "请在来源系统中改正这个字，再导出该行。",
            en: "Correct the character in the source system; export the row again."))
    private static let noResultEntry = CodeEntry(
        "V-NORESULT",
        what: Wording(
            zh: "单元格里是公式，文件没有保存它的计算结果。",
            en: "The cell holds a formula, and the file does not hold its result."),
        next: Wording(
            zh: "请用 Excel 或 WPS 打开并保存一次，或把公式粘贴为数值。",
            en: "Open and save it once in Excel or WPS, or paste the formula as values."))
    private static let brokenEntry = CodeEntry(
        "V-CELL",
        what: Wording(
            zh: "单元格的内容损坏：数字无效，或引用的共享文本、样式不存在。",
            en:
                "The cell is broken: its number is none, or its shared text or style is missing."),
        next: Wording(
            zh: "请用 Excel、WPS 或 LibreOffice 打开、核对这一格并另存。",
            en: "Open it in Excel, WPS or LibreOffice, check the cell, and save it anew."))

    // Of the whole file.

    static let formulaEntry = CodeEntry(
        "V-FORMULA",
        what: Wording(
            zh: "表里有公式；取的是文件里保存的计算结果，没有重新计算。",
            en: "The sheet has formulas; their stored results were taken, nothing was computed."),
        next: Wording(
            zh: "请确认文件在计算之后保存过；最好粘贴为数值再导出。",
            en: "Make sure that it was saved after computing; better, paste values."))
    static let hiddenEntry = CodeEntry(
        "V-HIDDEN",
        what: Wording(
            zh: "表里有隐藏的行、列，或工作表本身是隐藏的；都照样读取了。",
            en: "Rows, columns or the sheet itself are hidden; they were read all the same."),
        next: Wording(
            zh: "如果隐藏的行不应上报，请删去后重新导出。",
            en: "If hidden rows are not to be reported, delete them and export again."))
    static let mergedEntry = CodeEntry(
        "V-MERGED",
        what: Wording(
            zh: "数据行里有合并的单元格；只有左上角的一格有内容，其余按空白读取。",
            en:
                "Rows of data have merged cells: only the top left one has content, the others "
                + "are empty."),
        next: Wording(
            zh: "请取消合并，在每一行填写内容，再导出。",
            en: "Unmerge them, fill in every row, and export again."))
    static let sheetsEntry = CodeEntry(
        "V-SHEETS",
        what: Wording(
            zh: "工作簿有几张工作表，只读取了第一张。",
            en: "The workbook has several sheets; only the first was read."),
        next: Wording(
            zh: "请在映射的 options 里用 sheet 写明读哪一张。",
            en: "Name the sheet to read in the mapping's options (sheet)."))
}
