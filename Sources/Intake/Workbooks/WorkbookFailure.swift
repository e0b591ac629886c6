internal import Records

/// Why a workbook cannot be read.
extension ReadFailure {
    static func oldWorkbook(place: String?) -> ReadFailure {
        ReadFailure(oldWorkbookEntry, place, nil)
    }
    static func locked(place: String?) -> ReadFailure {
        ReadFailure(lockedEntry, place, nil)
    }
    static func workbook(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(workbookEntry, place, detail)
    }
    static func expands(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(expandsEntry, place, detail)
    }
    static func sheet(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(sheetEntry, place, detail)
    }

    static let workbookEntries = [
        oldWorkbookEntry, lockedEntry, workbookEntry, expandsEntry, sheetEntry,
    ]

    private static let oldWorkbookEntry = CodeEntry(
        "E-XLS",
        what: Wording(
            zh: "文件是旧格式的 Excel 工作簿（.xls），不能读取。",
            en: "The file is a workbook of the old Excel format (.xls), which is not read."),
        next: Wording(
            zh: "请在 Excel 或 WPS 里另存为“Excel 工作簿（*.xlsx）”，再放一次。",
            en: "Open it in Excel or WPS, save it as an Excel workbook (*.xlsx), and send that."))
    private static let lockedEntry = CodeEntry(
        "E-LOCKED",
        what: Wording(
            zh: "工作簿设了打开密码（已加密），不能读取。",
            en: "The workbook is encrypted with a password and cannot be read."),
        next: Wording(
            zh: "请去掉打开密码后另存，再放一次；不要把密码发过来。",
            en: "Save it without the password and send that; do not send the password."))
    private static let workbookEntry = CodeEntry(
        "E-WORKBOOK",
        what: Wording(
            zh: "文件不是完整的 XLSX 工作簿：损坏、被截断，或结构异常。",
            en: "The file is no whole XLSX workbook: damaged, cut off, or oddly built."),
        next: Wording(
            zh: "请用 Excel、WPS 或 LibreOffice 打开后另存为 .xlsx；细节里说明是哪一处。",
            en:
                "Open it in Excel, WPS or LibreOffice and save it as .xlsx; the detail says where "
                + "it broke."))
    private static let expandsEntry = CodeEntry(
        "E-EXPANDS",
        what: Wording(
            zh: "工作簿解压后超过允许的大小或压缩比（可能是压缩炸弹），没有读取。",
            en:
                "Unpacked, the workbook is larger than allowed, or packed too densely (perhaps a "
                + "bomb); it was not read."),
        next: Wording(
            zh: "请删去图片、空的格式行和用不到的工作表，或按月份分成几个文件。",
            en:
                "Remove pictures, empty formatted rows and unused sheets, or split it by month."))
    private static let sheetEntry = CodeEntry(
        "E-SHEET",
        what: Wording(
            zh: "工作簿里没有映射所说的工作表。",
            en: "The workbook does not have the sheet that the mapping names."),
        next: Wording(
            zh: "请核对工作表名称，改正文件，或改映射的 sheet。",
            en: "Check the sheet's name; correct the file, or sheet in the mapping."))
}
