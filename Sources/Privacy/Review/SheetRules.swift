package import Records

/// What the rules of data minimisation say (数据最小化检查 M01 至 M18), in the order of their codes.
extension SheetLint {
    /// Changes with every rule that is added or judges otherwise: an approval names the one under
    /// which its sheet was made.
    package static let version = "M01-M18/2"

    /// The rules that figures of real rows decide; the sheet alone cannot.
    package static let ofData = ["M12", "M18"]

    /// What a reviewer may weigh and leave; anything else has to be mended first.
    static let weighed: Set = ["M02", "M03", "M09", "M12", "M18"]

    package static let entries = [
        entry(
            "M01", "直接标识（姓名、证件号码、电话、住址，不论类别怎么写）原样上报，或原样字段读了这样的列。",
            "A direct identifier leaves in the clear, or a field that is kept reads its column.",
            "项目文件改为 encrypt 或 drop，映射改读本来的列；提到 signs.csv 的，恢复这份表。",
            "Seal or drop it in the programme; read the field's own column. If signs.csv is named, put "
                + "that table back."),
        entry(
            "M02", "国家规格不强制的个人字段仍上报，没有写明理由。",
            "A personal field that the nation's schema does not demand leaves without a ground.",
            "改为 drop，或在项目的 privacy.csv 写明为什么必要。",
            "Make it drop, or write into the programme's privacy.csv why it is needed."),
        entry(
            "M03", "只需年月的日期或本人生日，完整日期也上报。",
            "A whole date leaves where its month would do, or a birthday as it is.",
            "改为 drop 或 encrypt，只留 month 字段。", "Make it drop or sealed, and leave the month."),
        entry(
            "M04", "自由文本原样上报。", "Free text leaves in the clear.",
            "改为 encrypt 或 drop：文本里什么都可能有；只写机构、软件名称的，列入 privacy/open-texts.csv。",
            "Make it encrypt or drop: anything may stand in it. A text that names institutions or "
                + "programs alone is listed in privacy/open-texts.csv."),
        entry(
            "M05", "结算或报表里有电话、地址或其他直接标识。",
            "A statement or report holds a phone, an address or another direct identifier.",
            "从结算证据字段或报表中去掉。", "Take it out of the statement's or report's fields."),
        entry(
            "M06", "同一假名密钥域用于两个接收方或两个目的。",
            "Two recipients or purposes share one domain of pseudonyms.",
            "给每个接收方、每个项目各用一个 pseudonyms 域。",
            "Give each recipient and each programme a domain of its own."),
        entry(
            "M07", "同一份报文里既有假名又有证件号码原文。",
            "The pseudonym and the clear ID number leave together.",
            "证件号码改为 encrypt。", "Make the ID number encrypt."),
        entry(
            "M08", "个人字段来自不带密钥的摘要，可以穷举还原。",
            "A personal field comes from a digest without a key, which can be searched through.",
            "读原始列，由本系统用密钥生成假名。", "Read the column itself; pseudonyms are made here, keyed."),
        entry(
            "M09", "来源交来没有人读的列。", "The source hands over a column that nobody reads.",
            "请机构导出时去掉这一列。", "Ask the clinic to leave it out of the export."),
        entry(
            "M10", "没有规则按知情同意挑选记录。", "No rule selects the records by consent.",
            "在项目文件的 rules 中加入知情同意规则。", "Add a rule of consent to the programme."),
        entry(
            "M11", "传染病、遗传等最敏感的字段上报，不在放行清单；或类别低于 sensitive.csv 所列。",
            "An infectious, genetic or stigmatising field leaves and is on no list, or its class is "
                + "below that of sensitive.csv.",
            "改为 drop，或由隐私负责人同意后列入项目的 privacy.csv；类别改回清单所列。",
            "Make it drop, or list it in privacy.csv once the privacy officer agrees; give it the "
                + "class of the list."),
        entry(
            "M12", "准标识组合太少见：有的组合不足 11 人。",
            "Some combinations of quasi-identifiers are borne by fewer than 11.",
            "粗化日期或区划；批准时写明为什么可以接受。",
            "Make dates or divisions coarser, or say in the decision why it is acceptable."),
        entry(
            "M13", "没有写明保存期限，或写的是永久。", "No term of retention is given, or it is for ever.",
            "在映射的 retention 写明期限（多少天、月、年，或按会计档案）。",
            "Write a term into the mapping's retention."),
        entry(
            "M14", "定义文件（示例、常量、注释、词表）里有像真实的证件号码、电话或姓名。",
            "A definition file (example, constant, comment, words) holds what looks like a real ID "
                + "number, phone or name.",
            "换成虚构的（证件号 99 开头、手机号 120 开头、区号 0000、姓名以 测、样、试 开头），并从版本历史中清除。",
            "Use invented ones (IDs from 99, phones from 120 or 0000, names as signs.csv says); purge "
                + "the old from history."),
        entry(
            "M15", "本地档案号原样上报，会泄露机构与序号。",
            "The clinic's own case number leaves; it shows clinic and sequence.",
            "改为 drop：报文中的记录标识已代表它。", "Make it drop: the record id stands for it."),
        entry(
            "M16", "固定值指明了某个人或某个村。", "A constant stands for one person or village.",
            "改为读一列，或只写到县级区划。", "Read a column instead, or stop at the county."),
        entry(
            "M17", "字段的级别超出本县审批人的权限。",
            "A field's level is above what anybody here may approve.",
            "在 shangbao.yaml 的 privacy.officers 指定有此权限的审批人，或改为 drop。",
            "Name an officer who may under privacy.officers in shangbao.yaml, or make it drop."),
        entry(
            "M18", "有的取值太少见，凭它就可能认出人：不足 11 例。",
            "A value is so rare that it may give somebody away: fewer than 11 cases.",
            "合并取值或改为 encrypt；批准时写明为什么可以接受。",
            "Merge values or seal them, or say in the decision why it is acceptable."),
    ]

    private static func entry(
        _ code: String, _ zh: String, _ en: String, _ nextZH: String, _ nextEN: String
    ) -> CodeEntry {
        CodeEntry(
            code, what: Wording(zh: zh, en: en), next: Wording(zh: nextZH, en: nextEN))
    }
}
