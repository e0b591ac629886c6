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
            zh: "请检验科核对样本归属，改正后重新导出。",
            en: "Ask the laboratory whose sample it is, and export it again."))
}

/// All codes of joining, for `shangbao explain`.
package let partCodes: [CodeEntry] = [PartCodes.missing, PartCodes.key, PartCodes.sample]
