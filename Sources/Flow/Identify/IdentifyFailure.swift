package import Records

/// A step towards finding out who a case is about is not allowed, or not possible (身份还原).
package struct IdentifyFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case none, who, key, many, limit, reason, caseNumber, record, request, state, own
        case department, role, twice, changed, pair, vault, expired, requester, terminal, row
        case reviewRole, reviewOwn, early, clock, month, unconfirmed, confirmed, voucher
    }

    package let reason: Reason
    package let place: String?

    package init(_ reason: Reason, place: String? = nil) {
        self.reason = reason
        self.place = place
    }

    package var detail: String? { nil }

    package var entry: CodeEntry {
        let (code, what, next) = IdentifyFailure.texts[reason] ?? IdentifyFailure.anyText
        return CodeEntry(
            code, what: Wording(zh: what.0, en: what.1), next: Wording(zh: next.0, en: next.1))
    }

    private typealias Pair = (String, String)
    private typealias Text = (code: String, what: Pair, next: Pair)

    private static let anyText: Text = (
        "E-IDENTIFY-STATE",
        ("申请现在不在这一步。", "The request is not at this step."),
        ("shangbao identify list 查看各申请的状态。", "See shangbao identify list.")
    )

    private static let texts: [Reason: Text] = [
        .none: (
            "E-IDENTIFY-NONE",
            ("本站没有设身份保管库。", "This site keeps no identity vault."),
            (
                "在 shangbao.yaml 写 custody：见 docs/privacy/identify.md。",
                "Write custody in shangbao.yaml: see docs/privacy/identify.md."
            )
        ),
        .who: (
            "E-IDENTIFY-WHO",
            ("这个人不在保管名单里。", "This person is not on the list of custody."),
            (
                "在 custody.people 写上姓名、科室、角色、公钥。",
                "Name him, his department, role and key under custody.people."
            )
        ),
        .key: (
            "E-IDENTIFY-KEY",
            (
                "这把私钥不是名单里这个人的 SM2 密钥。",
                "This private key is not the SM2 key of this person on the list."
            ),
            ("用本人的密钥。", "Use his own key.")
        ),
        .many: (
            "E-IDENTIFY-MANY",
            ("一次申请应为 1 至 20 个病例。", "A request is about 1 to 20 cases."),
            (
                "分几次申请；成批的需求不应从这里办。",
                "Ask in several requests; what needs many is no matter for this command."
            )
        ),
        .limit: (
            "E-IDENTIFY-LIMIT",
            ("今天申请的次数已满。", "This person has asked as often as a day allows."),
            ("明天再申请，或由另一人申请。", "Ask tomorrow, or let another one ask.")
        ),
        .reason: (
            "E-IDENTIFY-REASON",
            ("没有这个事由代码。", "There is no such code of a reason."),
            (
                "代码在映射目录的 privacy/reasons.yaml。",
                "The codes are in privacy/reasons.yaml of the mappings."
            )
        ),
        .caseNumber: (
            "E-IDENTIFY-CASE",
            ("文号为空或超过 64 个字符。", "The case number is empty, or over 64 characters."),
            ("写来函文号或案号，不写姓名和证件号。", "Write the letter's or case's number, no name or ID.")
        ),
        .record: (
            "E-IDENTIFY-RECORD",
            ("身份保管库里没有这个病例。", "The identity vault has no such case."),
            (
                "核对编号；启用保管库之前上报的、撤回同意的不在其中。",
                "Check the id; cases sent before the vault was kept, and those whose consent was "
                    + "withdrawn, are not in it."
            )
        ),
        .request: (
            "E-IDENTIFY-REQUEST",
            ("没有这份申请。", "There is no such request."), anyText.next
        ),
        .state: anyText,
        .own: (
            "E-IDENTIFY-OWN",
            ("申请人不能审批自己的申请。", "Who asks does not approve."),
            ("由另外两个科室的两人审批。", "Two others, of two departments, approve.")
        ),
        .department: (
            "E-IDENTIFY-DEPARTMENT",
            ("两位审批人同属一个科室。", "Both approvers are of one department."),
            ("由另一科室的人审批。", "Somebody of another department approves.")
        ),
        .role: (
            "E-IDENTIFY-ROLE",
            (
                "这个角色不能审批：负责人只审批紧急申请，且只替代一人。",
                "This role does not approve: the director does so in an emergency alone, for one."
            ),
            (
                "由隐私负责人或保管人审批；紧急时申请加 --break-glass。",
                "An officer or a custodian approves; in an emergency ask with --break-glass."
            )
        ),
        .twice: (
            "E-IDENTIFY-TWICE",
            ("这个人已经审批过这份申请。", "This person has approved the request already."),
            ("由另一科室的另一人审批。", "Another one, of another department, approves.")
        ),
        .changed: (
            "E-IDENTIFY-CHANGED",
            (
                "申请或审批与签名不符，被改动过，或签名人已不在名单里。",
                "The request or an approval does not fit its signature, or its signer is no longer "
                    + "listed."
            ),
            (
                "不要继续；运行 shangbao doctor，查账本，重新申请。",
                "Stop; run shangbao doctor, look into the ledger, and ask anew."
            )
        ),
        .pair: (
            "E-IDENTIFY-PAIR",
            (
                "这些密钥没有封给这两个人。",
                "These keys are not wrapped for these two people."
            ),
            (
                "由当时已在名单里的人办；换了人，先 shangbao identify rewrap。",
                "People who were listed then do it; after a change: shangbao identify rewrap."
            )
        ),
        .vault: (
            "E-IDENTIFY-VAULT",
            (
                "保管库中的这一行被改动，或被挪到别的病例名下。",
                "This row of the vault was changed, or moved to another case."
            ),
            ("不要继续；查明是谁改的。", "Stop, and find out who changed it.")
        ),
        .expired: (
            "E-IDENTIFY-EXPIRED",
            ("申请已过期，密钥已清除。", "The request has expired, and its keys are erased."),
            ("仍需要的，重新申请。", "Ask anew if it is still needed.")
        ),
        .requester: (
            "E-IDENTIFY-REQUESTER",
            ("只有申请人能打开。", "Only the requester opens it."),
            ("由申请人用本人密钥打开。", "The requester opens it with his own key.")
        ),
        .terminal: (
            "E-IDENTIFY-TERMINAL",
            (
                "明文只在终端上显示，不写文件、管道和 JSON。",
                "A row is shown in the clear on a terminal only: no file, no pipe, no JSON."
            ),
            ("在终端上运行，不加 --json，不重定向。", "Run it on a terminal, without --json.")
        ),
        .reviewRole: (
            "E-IDENTIFY-REVIEW-ROLE",
            ("申请人角色（requester）不能复核。", "A requester does not review."),
            (
                "由未参与的隐私负责人、保管人或负责人复核；没有的，先在 custody.people 加一位。",
                "An officer, a custodian or the director who had no part does; if there is none, "
                    + "name one more under custody.people."
            )
        ),
        .reviewOwn: (
            "E-IDENTIFY-REVIEW-OWN",
            ("参与过这份申请的人不能复核它。", "Who asked or approved does not review it."),
            (
                "由未参与的隐私负责人、保管人或负责人复核；没有的，先在 custody.people 加一位。",
                "An officer, a custodian or the director who had no part does; if there is none, "
                    + "name one more under custody.people."
            )
        ),
        .unconfirmed: (
            "E-IDENTIFY-UNCONFIRMED",
            (
                "名单里有人的公钥、科室或角色与账本登记的不同，或是新人，还没有人确认。",
                "A key, department or role on the list is another than noted, or somebody is new, "
                    + "and nobody has confirmed it."
            ), (KeyBook.custodyKey.next.zh, KeyBook.custodyKey.next.en)
        ),
        .confirmed: (
            "E-IDENTIFY-CONFIRMED",
            ("这个人没有待确认的公钥。", "No key of this person waits to be confirmed."),
            (
                "待确认的见 shangbao identify list（保管名单）、shangbao doctor（审批人）。",
                "Those that wait: shangbao identify list (custody), shangbao doctor (officers)."
            )
        ),
        .voucher: (
            "E-IDENTIFY-VOUCHER",
            (
                "确认人的公钥没有登记，或他已不在名单里，或私钥不是登记的那一把。",
                "Who confirms has no noted key, or is listed no more, or the key is not the noted one."
            ),
            (
                "由登记在册、仍在名单里的审批人或保管人，用登记的密钥确认；换了自己密钥的用旧密钥。一个也没有的："
                    + "shangbao mapping confirm 姓名 --unsigned --because …，七天后生效。",
                "An officer or approver of custody who is noted and listed confirms with the noted key; "
                    + "who has a new one uses the old. If there is none: shangbao mapping confirm NAME "
                    + "--unsigned --because ..., which holds after seven days."
            )
        ),
        .early: (
            "E-IDENTIFY-EARLY",
            (
                "申请还没有了结，现在复核不算数。",
                "The request is not over yet: a review counts only afterwards."
            ),
            (
                "先 shangbao identify close 编号，或等它过期，再复核。",
                "First shangbao identify close ID, or wait until it expires; then review it."
            )
        ),
        .clock: (
            "E-IDENTIFY-CLOCK",
            (
                "系统时钟比账本慢 5 分钟以上（E-CLOCK-BEHIND）：身份还原停用，未了结的申请已作废，密钥已清除。",
                "The clock is over 5 minutes behind the ledger (E-CLOCK-BEHIND): nobody is found out "
                    + "now; what was pending has ended, and its keys are erased."
            ),
            (
                "校准时间（chronyc tracking）后重新申请。时间本来就对、是账本在时钟偏快时写过的：等到那个时刻，或账本再添 "
                    + "100 行。",
                "Set the time right (chronyc tracking), and ask anew. If it is right, and the ledger "
                    + "was once written by a clock that was ahead: wait until that time, or until "
                    + "the ledger has 100 more lines."
            )
        ),
        .month: (
            "E-IDENTIFY-MONTH",
            ("这个月还没有过完。", "This month is not over."),
            ("抽查的是已过完的月份。", "A sample is drawn of months that are over.")
        ),
        .row: (
            "E-IDENTIFY-ROW",
            ("没有这一行。", "There is no such row."),
            ("行号见不带 --reveal 的 open。", "The numbers are shown by open without --reveal.")
        ),
    ]
}

/// All codes of identification, for `shangbao explain`.
package let identifyCodes: [CodeEntry] =
    IdentifyFailure.Reason.allCases.map { IdentifyFailure($0).entry }
    + [
        IdentifyBook.toReview, IdentifyBook.lateReview, RewrapBook.toDo, RewrapBook.late,
        KeyBook.custodyKey, KeyBook.officerKey,
    ]
