import Mappings
package import Records

/// A header that is none (没有表头): a row of data, whose cells are somebody's and are neither written
/// down nor shown, or a title over the names.
package struct HeaderDoubt: ExplainedFailure {
    /// The file, masked.
    package let place: String?
    package var detail: String? { nil }
    package let entry: CodeEntry

    static let data = CodeEntry(
        "E-HEADER-DATA",
        what: Wording(
            zh: "表头行里有号码、日期或数值，像是一行数据：文件没有表头，或表头在别的行。",
            en: "The header has numbers, days or quantities like a row of data: the file has no "
                + "header, or has it in another row."),
        next: Wording(
            zh: "请机构带列名重新导出；表头不在第一行的，用 --header-row 说明。",
            en: "Ask for an export with column names; where they stand further down, say "
                + "--header-row."))

    static let title = CodeEntry(
        "E-HEADER-TITLE",
        what: Wording(
            zh: "表头行只有一格有字，下面的行却有更多列：它像是标题，列名在别的行。",
            en:
                "The header has one name, and the rows below have more columns: it is like a title, "
                + "and the names stand in another row."),
        next: Wording(
            zh: "打开文件看列名在第几行，用 --header-row 说明（合并表头再加 --last-header-row）。",
            en: "Look in which row the names stand and say --header-row (and --last-header-row for "
                + "merged heads)."))

    static let messages = CodeEntry(
        "E-HEADER-HL7",
        what: Wording(
            zh: "这是 HL7 报文，不是表格：没有列名，首行已是内容。",
            en: "These are HL7 messages and no table: there are no column names, and the first "
                + "line is content already."),
        next: Wording(
            zh: "照 mappings/preconception/from-lis-hl7.yaml 写映射（reads: hl7）。",
            en: "Write the mapping after mappings/preconception/from-lis-hl7.yaml (reads: hl7)."))

    /// How files of HL7 version 2 begin: a message, or the head of a file or a batch of them.
    private static let messageHeads = ["MSH", "FHS", "BHS"]

    /// Whether a first name is the begin of HL7 messages, its bars read as delimiters or not.
    private static func isMessages(_ header: [String]) -> Bool {
        guard let first = header.first?.drop(while: { !$0.isLetter }) else { return false }
        return messageHeads.contains { head in
            first.hasPrefix(head + "|")
                || (first == head && header.dropFirst().first?.first == "^")
        }
    }

    /// Refuses a header of which a cell is no column's name, or that is a title.
    ///
    /// - Parameter unreadable: rows that have other columns than the header; `nil` where only some
    ///   of its names are looked at.
    /// - Throws: `HeaderDoubt`.
    package static func check(_ header: [String], of file: String, unreadable: Int? = nil)
        throws(HeaderDoubt)
    {
        if isMessages(header) { throw HeaderDoubt(file, messages) }
        let isData = header.contains { name in
            PersonalSigns.areIn(name) || ColumnEvidence.isDayOrNumber(name)
        }
        if isData { throw HeaderDoubt(file, data) }
        guard let unreadable, header.count(where: { !$0.isEmpty }) == 1 else { return }
        if unreadable > 0 || header.count > 2 { throw HeaderDoubt(file, title) }
    }

    private init(_ file: String, _ entry: CodeEntry) {
        place = PersonalSigns.masked(file)
        self.entry = entry
    }
}
