import Records

/// What remains a risk though every field is treated as the sheet says (残余风险): a sentence for
/// each kind of thing that leaves.
enum SheetRisks {
    static func remaining(
        of sent: [ReviewSheet.Field], read: [ReviewSheet.Field]
    ) -> [Wording] {
        var risks: [Wording] = []
        func add(_ applies: Bool, _ zh: String, _ en: String) {
            if applies { risks.append(Wording(zh: zh, en: en)) }
        }
        guard !sent.isEmpty else {
            add(
                !read.isEmpty, "不出本县；经办人员能看到原始名单，须限定人员并按期删除。",
                "Nothing leaves; who handles the lists sees them. Few people, and deletion in time."
            )
            return risks
        }
        func has(_ kind: String, _ technique: ReviewSheet.Technique) -> Bool {
            sent.contains { $0.privacyClass == kind && $0.technique == technique }
        }
        add(
            sent.contains { $0.keyDomain.contains("pseudonym") },
            "同一人的假名在同一接收方各份报文中相同：接收方能把她历次的记录连起来。",
            "A person's pseudonym is the same in all submissions: the recipient can link them.")
        add(
            has("QI", .keep) || has("QI", .month),
            "准标识（日期、区划、孩次等）原样或以年月上报：与别处资料合在一起可能认出人。",
            "Quasi-identifiers leave as they are or by month: with other sources they may tell who."
        )
        add(
            has("SH+", .keep), "易受歧视的结果以代码原样上报：传输和平台一侧泄露时直接可读。",
            "Stigmatising results leave as codes: a leak on the way or there can be read at once.")
        add(
            sent.contains { $0.isFreeText && $0.technique == .encrypt },
            "自由文本密封上报：国家平台解开后，里面可能有任何内容，包括他人姓名。",
            "Free text leaves sealed: once opened there, anything may stand in it, others' names too."
        )
        add(
            sent.contains { $0.technique == .encrypt },
            "密封字段的安全取决于国家平台私钥的保管；私钥泄露，以往各份报文可能被解开。",
            "What is sealed is as safe as the nation's private key; if it leaks, so do past ones.")
        add(
            sent.contains { $0.technique == .encrypt },
            "本县为能重报，留着自己发出报文的密钥副本（ownCopy，到期清除）：这期间，同时有 root、口令、密钥环的一个人就能"
                + "打开本县已发出的密封字段，不像保管库要两个人。",
            "To report anew we keep copies of our submissions' keys (ownCopy, erased in time): till then "
                + "one person who has root, the passphrase and the ring opens what we sent sealed; "
                + "the vault takes two.")
        add(
            true, "上报之后由国家平台保存和使用，本县不能收回内容，只能撤销记录。",
            "After it left the nation keeps and uses it; the county can withdraw a record, no more."
        )
        return risks
    }
}
