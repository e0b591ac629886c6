package import Records

/// A file could not be read, or not on to its end.
package struct ReadFailure: ExplainedFailure, Equatable {
    package let entry: CodeEntry
    package let place: String?
    package let detail: String?

    init(_ entry: CodeEntry, _ place: String?, _ detail: String?) {
        self.entry = entry
        self.place = place
        self.detail = detail
    }

    package static func == (left: ReadFailure, right: ReadFailure) -> Bool {
        (left.entry.code, left.place, left.detail) == (right.entry.code, right.place, right.detail)
    }

    /// The file has lines, and all of them are blank: there is nothing to take, and nothing wrong.
    package var isBlankFile: Bool { entry.code == ReadFailure.blankFileCode }
    package static let blankFileCode = RowFault.blankFile.code

    static func noFile(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(noFileEntry, place, detail)
    }
    static func empty(place: String?) -> ReadFailure {
        ReadFailure(emptyEntry, place, nil)
    }
    static func blank(place: String?) -> ReadFailure {
        ReadFailure(RowFault.blankFile, place, nil)
    }
    static func encoding(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(encodingEntry, place, detail)
    }
    static func tooLarge(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(tooLargeEntry, place, detail)
    }
    static func header(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(headerEntry, place, detail)
    }
    static func changed(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(changedEntry, place, detail)
    }
    static func inputOutput(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(inputOutputEntry, place, detail)
    }

    static let entries = [
        emptyEntry, noFileEntry, encodingEntry, tooLargeEntry, headerEntry, changedEntry,
        inputOutputEntry,
    ]

    private static let emptyEntry = CodeEntry(
        "E-EMPTY",
        what: Wording(
            zh: "文件是空的（0 字节），连表头都没有。",
            en: "The file is empty (0 bytes): it has not even a header."),
        next: Wording(
            zh: "请重新导出。本期确无病例时，也要保留表头一行。",
            en: "Export it again. Where the period has no case, keep the header row."))
    private static let noFileEntry = CodeEntry(
        "E-NOFILE",
        what: Wording(
            zh: "没有这个文件，或者它不是普通文件（链接、目录和管道一律不读）。",
            en:
                "There is no such file, or it is a link, a folder or a pipe, which are not read."
        ),
        next: Wording(
            zh: "请核对路径，并把文件本身放进目录。",
            en: "Check the path, and put the file itself into the folder."))
    private static let encodingEntry = CodeEntry(
        "E-ENCODING",
        what: Wording(
            zh: "文件编码无法确定，或表头里有不能用的字节；程序不猜测字符。",
            en:
                "The encoding cannot be told, or the header has unusable bytes; nothing is guessed."
        ),
        next: Wording(
            zh: "请另存为 UTF-8 或 GB18030。损坏的行较多时，请在映射中声明编码（encoding），其余行即可读取。",
            en:
                "Save it as UTF-8 or GB18030. Where many rows are damaged, declare the encoding in "
                + "the mapping (encoding): the others can then be read."
        ))
    private static let tooLargeEntry = CodeEntry(
        "E-TOOLARGE",
        what: Wording(zh: "文件超过允许的大小。", en: "The file is larger than allowed."),
        next: Wording(
            zh: "请按月份或机构分成几个文件，每个都带表头。",
            en: "Split it by month or institution, each part with its header."))
    private static let headerEntry = CodeEntry(
        "E-HEADER",
        what: Wording(
            zh: "表头行没有、空白或无法读取。",
            en: "The header row is missing, blank or unreadable."),
        next: Wording(
            zh: "请核对表头在第几行、分隔符是哪一个，改正文件或映射。",
            en:
                "Check the header's row number and the delimiter; correct the file or the mapping."
        ))
    private static let changedEntry = CodeEntry(
        "E-CHANGED",
        what: Wording(
            zh: "文件在读取期间被改动。", en: "The file changed while it was being read."),
        next: Wording(
            zh: "等导出结束后会再读一次。请让导出程序先写成 .part，写完再改名。",
            en:
                "It is read again after the export. Let the export write to .part, then rename it."
        ))
    private static let inputOutputEntry = CodeEntry(
        "E-IO",
        what: Wording(
            zh: "系统无法打开、读取或移动文件。", en: "The system cannot open, read or move the file."),
        next: Wording(
            zh: "请检查权限、磁盘和网络盘；细节里有系统错误号。",
            en:
                "Check permissions, disk and network share; the detail has the error number."
        ))
}
