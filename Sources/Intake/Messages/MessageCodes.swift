internal import Records

extension ReadFailure {
    static func noMessage(place: String?) -> ReadFailure {
        ReadFailure(noMessageEntry, place, nil)
    }
    static func batch(place: String?, detail: String?) -> ReadFailure {
        ReadFailure(batchEntry, place, detail)
    }

    static let messageEntries = [noMessageEntry, batchEntry]

    private static let noMessageEntry = CodeEntry(
        "E-HL7",
        what: Wording(
            zh: "文件里没有 HL7 v2 消息（没有一行以 MSH 开头）。",
            en: "The file has no HL7 v2 message: no line begins with MSH."),
        next: Wording(
            zh: "请核对来源的导出格式，或改映射的 reads。",
            en: "Check the source's export format, or reads in the mapping."))
    private static let batchEntry = CodeEntry(
        "E-BATCH",
        what: Wording(
            zh: "HL7 批的头尾不成对，或 BTS、FTS 里的数目与实际不符：文件不完整。",
            en:
                "An HL7 envelope is not closed, or BTS or FTS count otherwise: the file is not whole."
        ),
        next: Wording(
            zh: "一条也没有读取。请由来源系统重新导出整个文件。",
            en: "None of it was read. Have the source system export the whole file again."))
}

extension MessageFault {
    /// The finding's code.
    var entry: CodeEntry {
        switch self {
        case .broken: MessageFault.brokenEntry
        case .cut: MessageFault.cutEntry
        case .long: MessageFault.longEntry
        case .charset: MessageFault.charsetEntry
        case .encoding: RowFault.encodingEntry
        }
    }

    static let entries = [
        brokenEntry, cutEntry, longEntry, charsetEntry, escapeEntry, otherEntry, emptyEntry,
    ]

    private static let brokenEntry = CodeEntry(
        "V-HL7",
        what: Wording(
            zh: "该消息不合 HL7 v2：分隔符、MSH-10、MSH-12 或某一段的写法有误，或有不属于任何消息的行。",
            en:
                "The message is no HL7 v2: its delimiters, MSH-10, MSH-12 or a segment is wrong, or "
                + "lines belong to no message."),
        next: Wording(
            zh: "其余消息照常读取。请由来源系统改正后重发该消息；值里的换行应写成 \\.br\\。",
            en:
                "The others were read. Have it corrected and sent again; a line break within a "
                + "value is written \\.br\\."))
    private static let cutEntry = CodeEntry(
        "V-HL7CUT",
        what: Wording(
            zh: "文件最后一条消息没有以换行结束，可能被截断。",
            en: "The file's last message does not end with a line break: it may be cut off."),
        next: Wording(
            zh: "其余消息照常读取。请重发该消息，每一段都以回车结束。",
            en: "The others were read. Send it again, with a carriage return after each segment."))
    private static let longEntry = CodeEntry(
        "V-HL7LONG",
        what: Wording(zh: "该消息长得超过允许的字节数。", en: "The message is longer than the bytes allowed."),
        next: Wording(
            zh: "请在来源系统里去掉嵌入的报告文件（如 PDF），只发结果。",
            en: "Have the source system leave out embedded documents (PDF), and send results only."
        ))
    private static let charsetEntry = CodeEntry(
        "V-CHARSET",
        what: Wording(
            zh: "MSH-18 写的字符集不认识。", en: "The character set in MSH-18 is not known."),
        next: Wording(
            zh: "请改为 UNICODE UTF-8 或 GB 18030-2000，或在映射里声明 encoding。",
            en: "Use UNICODE UTF-8 or GB 18030-2000, or declare encoding in the mapping."))
    static let escapeEntry = CodeEntry(
        "V-HL7ESCAPE",
        what: Wording(
            zh: "值里有不认识的转义，或转义出来的字节不是文字。",
            en: "The value has an escape that is not known, or that stands for no text."),
        next: Wording(
            zh: "请由来源系统改正该值后重发该消息。",
            en: "Have the value corrected in the source system, and the message sent again."))

    // Of the whole file, once for each message.

    static let otherEntry = CodeEntry(
        "V-HL7OTHER",
        what: Wording(
            zh: "文件里有不是结果报告（ORU^R01）的消息，已跳过。",
            en: "The file has messages that are no reports (ORU^R01); they were passed over."),
        next: Wording(
            zh: "不必处理；如果结果用别的消息发送，请改为 ORU^R01。",
            en: "Nothing to do, unless results come in them: then have them sent as ORU^R01."))
    static let emptyEntry = CodeEntry(
        "V-HL7EMPTY",
        what: Wording(
            zh: "文件里有没有任何结果（OBX）的报告。",
            en: "The file has reports without a result (OBX)."),
        next: Wording(
            zh: "请核对是否还没有出结果。", en: "See whether their results are not there yet."))
}
