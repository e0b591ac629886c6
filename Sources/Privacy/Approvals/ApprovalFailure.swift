package import Records

/// A mapping may not be used: nothing of its source leaves (映射未获批准).
package struct ApprovalFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case none, changed, expired, rejected, forged
        case selfApproval
        /// The sheet that was read is another one than the present.
        case otherSheet
        /// No reason is given.
        case reason
        /// The last day is past, or too far ahead.
        case term
        /// Above what the officer may approve.
        case level
        /// The lint found what has to be mended.
        case findings
        /// The approver is not among the site's officers, or the key is not his.
        case officer
        /// Nobody has confirmed the approver's key since it was changed.
        case unconfirmed
        /// There is a later decision on the same content, by the folder or the ledger.
        case superseded
        /// Decided before officers had keys of their own.
        case siteSigned
        /// The folder cannot be read or written, or the signature could not be made.
        case unreadable
    }

    package let reason: Reason
    /// `name@version`.
    package let mapping: String
    package let detail: String?

    package init(_ reason: Reason, mapping: String, detail: String? = nil) {
        self.reason = reason
        self.mapping = mapping
        self.detail = detail
    }

    package var place: String? { mapping }

    package var entry: CodeEntry {
        let (code, what, next) = ApprovalFailure.words(of: reason)
        return CodeEntry(code, what: what, next: next)
    }

    static let entries = Reason.allCases.map { ApprovalFailure($0, mapping: "").entry }

    private static let review = Wording(
        zh: "编写人运行 shangbao mapping sheet 映射 --out 表.pdf，交给 shangbao.yaml 中 privacy.officers "
            + "列出的审批人；由他审核后用本人的密钥运行 shangbao mapping approve。",
        en: "The author makes the sheet (shangbao mapping sheet NAME --out SHEET.pdf) for somebody "
            + "under privacy.officers of shangbao.yaml, who then runs mapping approve with his own key."
    )

    private static func words(
        of reason: Reason
    ) -> (code: String, what: Wording, next: Wording) {
        switch reason {
        case .none:
            (
                "E-APPROVAL-NONE",
                Wording(zh: "这份映射没有经过审核。", en: "This mapping has never been approved."), review
            )
        case .changed:
            (
                "E-APPROVAL-CHANGED",
                Wording(
                    zh: "映射、对照表、项目、代码表、国家规格、XSD、接收方（名称、公钥、地址）或检查规则在审核之后改过。",
                    en:
                        "The mapping, its tables, the programme, a list, the profile, an XSD, the "
                        + "recipient (name, key, address) or the rules M01 to M18 changed after the "
                        + "approval."), review
            )
        case .expired:
            (
                "E-APPROVAL-EXPIRED",
                Wording(zh: "审核决定已过有效期。", en: "The approval is past its last day."), review
            )
        case .rejected:
            (
                "E-APPROVAL-REJECTED",
                Wording(zh: "隐私负责人驳回了这份映射。", en: "The privacy officer rejected this mapping."),
                Wording(zh: "按驳回理由修改映射，再提请审核。", en: "Change it as the reason says, then ask again.")
            )
        case .unreadable:
            (
                "E-APPROVAL-FILE",
                Wording(
                    zh: "审核文件夹无法读写，或签名没有做成。",
                    en:
                        "The folder of approvals cannot be used, or the signature could not be made."
                ),
                Wording(zh: "核对文件夹权限和私钥文件。", en: "Check the folder's mode and the key's file.")
            )
        default: wordsOfPeople(reason)
        }
    }

    private static func wordsOfPeople(
        _ reason: Reason
    ) -> (code: String, what: Wording, next: Wording) {
        switch reason {
        case .selfApproval:
            (
                "E-APPROVAL-SELF",
                Wording(
                    zh: "审核人就是编写人，或没有写明编写人。",
                    en: "Approver and author are the same person, or no author is named."),
                Wording(
                    zh: "请由另一人审核，并用 --author 写明编写人。", en: "Somebody else approves; name the author."
                )
            )
        case .level:
            (
                "E-APPROVAL-LEVEL",
                Wording(
                    zh: "上报字段的敏感级别超出这位审批人的权限。",
                    en: "A field that leaves is above the level that this officer may approve."),
                Wording(
                    zh: "由 privacy.officers 中 upTo 足够的审批人审核。",
                    en: "An officer whose upTo suffices approves it.")
            )
        case .findings:
            (
                "E-APPROVAL-FINDINGS",
                Wording(
                    zh: "审核表上还有须改的检查结果。", en: "The sheet has findings that have to be mended."),
                Wording(
                    zh: "按审核表逐条改好映射或项目文件，再审核；也可以 --reject。",
                    en: "Mend the mapping or programme as the sheet says, or --reject.")
            )
        case .otherSheet, .reason, .term: wordsOfDecision(reason)
        default: wordsOfSigning(reason)
        }
    }

    private static func wordsOfDecision(
        _ reason: Reason
    ) -> (code: String, what: Wording, next: Wording) {
        switch reason {
        case .otherSheet:
            (
                "E-APPROVAL-SHEET",
                Wording(
                    zh: "您看的审核表不是现在这一份。",
                    en: "The sheet you read is another one than the present."),
                Wording(
                    zh: "重新生成审核表（shangbao mapping sheet），看过差别，再用它末尾的 SHA-256 签署。",
                    en: "Make the sheet anew (shangbao mapping sheet), read what changed, and sign "
                        + "with the SHA-256 at its foot.")
            )
        case .reason:
            (
                "E-APPROVAL-REASON",
                Wording(
                    zh: "没有写理由；须权衡的检查结果要按编号逐项说明为什么可以接受。",
                    en:
                        "No reason is given; each finding to be weighed asks by its code why it is "
                        + "acceptable."),
                Wording(
                    zh: "在 --because 里写明，例如“必要；M09：该列机构另有用途”。",
                    en: "Say it with --because, such as \"needed; M09: the clinic keeps it\".")
            )
        default:
            (
                "E-APPROVAL-TERM",
                Wording(
                    zh: "有效期不能早于今天，也不能超过三年：三年里用途、规格和人员都会变，须重新权衡。",
                    en:
                        "The last day is before today, or more than three years ahead: purpose, profile "
                        + "and people change, and it has to be weighed anew."),
                Wording(
                    zh: "把 --valid-until 改为三年以内的日期，或不写（一年）。",
                    en: "Give --valid-until a day within three years, or leave it out (one year).")
            )
        }
    }

    private static func wordsOfSigning(
        _ reason: Reason
    ) -> (code: String, what: Wording, next: Wording) {
        switch reason {
        case .officer:
            (
                "E-APPROVAL-OFFICER",
                Wording(
                    zh: "审批人不在 privacy.officers 名单里，或密钥不是他的。",
                    en: "The approver is not among privacy.officers, or the key is not his."),
                Wording(
                    zh: "在 shangbao.yaml 的 privacy.officers 写上姓名、职责、部门、公钥；换了密钥或换了人的，重新审核。",
                    en: "Name him, role, department and public key under privacy.officers; after a "
                        + "change of key or person, review anew.")
            )
        case .unconfirmed:
            (
                "E-APPROVAL-UNCONFIRMED",
                Wording(
                    zh: "审批人的公钥、科室或角色与账本登记的不同，或是新人，还没有人确认。",
                    en:
                        "The approver's key, department or role is another than the ledger noted, or "
                        + "he is new, and nobody has confirmed it."),
                Wording(
                    zh: "当面核对指纹，由登记在册的人 shangbao mapping confirm 姓名；不属实的，查是谁改的。",
                    en: "Compare fingerprints; somebody who is noted runs shangbao mapping confirm "
                        + "NAME. If it is not right, find out who changed it.")
            )
        default: wordsOfFiles(reason)
        }
    }

    private static func wordsOfFiles(
        _ reason: Reason
    ) -> (code: String, what: Wording, next: Wording) {
        switch reason {
        case .superseded:
            (
                "E-APPROVAL-LATER",
                Wording(
                    zh: "对同样的内容还有更晚的决定，以它为准。",
                    en: "There is a later decision on the same content, which counts instead."),
                Wording(
                    zh:
                        "它的文件（详情是编号的开头）应在 approvals/ 里；不在的找回，查是谁移走的；"
                        + "找不回的，重新审核。",
                    en:
                        "Its files (the detail begins its digest) belong in approvals/. If they are "
                        + "gone put them back and find out who took them, or review anew.")
            )
        case .siteSigned:
            (
                "E-APPROVAL-OLD",
                Wording(
                    zh: "这是用本县签名密钥签的旧决定，没有审批人本人的签名。",
                    en: "An old decision under the county's own keys, not signed by an officer."),
                review
            )
        default:
            (
                "E-APPROVAL-FORGED",
                Wording(
                    zh: "审核决定或审核表被改动，或签名缺失、不符。",
                    en:
                        "The decision or its sheet was altered, or the signature is missing or wrong."
                ),
                Wording(
                    zh: "不要使用；查明来源，重新审核。",
                    en: "Do not use it; find out where it came from and review anew.")
            )
        }
    }
}
