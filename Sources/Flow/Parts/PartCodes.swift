package import Records

/// What joining the parts of a case may say.
package enum PartCodes {
    static let missing = CodeEntry(
        "H-PART",
        what: Wording(
            zh: "病例的一部分还没有到：所列表单来自另一个文件。",
            en: "A part of the case has not come yet: the form named comes in another file."),
        next: Wording(
            zh: "把那个文件（如检验结果）放入它的来源目录；到齐后自动上报，不必重交本文件。",
            en:
                "Put that file (results, say) into its source's folder; the case then goes by itself."
        ))
    static let erased = CodeEntry(
        "H-PART-ERASED",
        what: Wording(
            zh: "病例的一部分曾经到过，等病例等得太久，已按期限清除。",
            en:
                "A part of the case had come, waited too long for its case, and was erased by the rule."
        ),
        next: Wording(
            zh: "请机构重新导出（逐字节相同的旧文件不会再收）；期限见 mappings/privacy/retention.yaml。",
            en:
                "Ask for it to be exported anew (the very same file is not taken twice); how long it "
                + "is kept is said in mappings/privacy/retention.yaml."))
    static let key = CodeEntry(
        "V-KEY",
        what: Wording(
            zh: "该行没有关联键（档案号、身份证号或条码），不知道属于哪个病例。",
            en: "The row has no key (file number, ID number or barcode): whose it is is unknown."),
        next: Wording(
            zh: "请机构补上关联键后重新导出。", en: "Ask for the key to be filled in and exported again."))
    static let sample = CodeEntry(
        "V-SAMPLE",
        what: Wording(
            zh: "同一样本号出现在两个人名下，两人的结果都不采用。",
            en: "One sample number stands with two people: neither's results are used."),
        next: Wording(
            zh: "请检验科核对样本归属，改正样本号后重新导出，由同一来源接收；不是此人的结果，以状态“作废”再导出一次。",
            en:
                "Ask the laboratory whose sample it is. Take its export with the right numbers from "
                + "the same source; what is not this person's is exported once more as deleted."))
    static let rows = CodeEntry(
        "V-ROWS",
        what: Wording(
            zh: "同一文件里同一条码（或同一人、同一项目）有两行，内容不同，又没有报告时间可以分出先后。",
            en:
                "One file has two rows of one barcode, or of one person's item, that differ; no time "
                + "of a report tells which one holds."),
        next: Wording(
            zh: "请实验室核对，删去或作废不对的一行，重新导出；新文件中的内容代替旧文件的。",
            en:
                "Ask the laboratory which one holds; with the other row gone, export again: the new "
                + "file takes the old one's place."))
}

/// All codes of joining, for `shangbao explain`.
package let partCodes: [CodeEntry] = [
    PartCodes.missing, PartCodes.erased, PartCodes.key, PartCodes.sample, PartCodes.rows,
]
