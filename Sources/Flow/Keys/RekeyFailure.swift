package import Records

/// Link names cannot be made anew yet (重建关联名).
package struct RekeyFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case people, hand, twice, asked, changed, lost, underWay, rotating, unconfirmed
    }

    package let reason: Reason
    package let place: String?
    package let detail: String?

    package init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry {
        let (code, what, next) = RekeyFailure.texts[reason] ?? RekeyFailure.anyText
        return CodeEntry(
            code, what: Wording(zh: what.0, en: what.1), next: Wording(zh: next.0, en: next.1))
    }

    private typealias Pair = (String, String)
    private typealias Text = (code: String, what: Pair, next: Pair)

    private static let anyText: Text = (
        "E-REKEY-ASK",
        (
            "还没有人申请，或申请已过一天。",
            "Nobody has asked for it, or that was more than a day ago."
        ),
        (
            "第一人签：shangbao keys rotate pid-link --rekey --by 姓名 --key 私钥 --because 理由。",
            "The first signs: shangbao keys rotate pid-link --rekey --by NAME --key FILE --because WHY."
        )
    )

    private static let texts: [Reason: Text] = [
        .asked: anyText,
        .people: (
            "E-REKEY-PEOPLE",
            (
                "站点文件里没有两个科室的保管人。",
                "The site's file names no two people of two departments."
            ),
            (
                "在 shangbao.yaml 的 custody.people 或 privacy.officers 写上两人。",
                "Name two under custody.people or privacy.officers in shangbao.yaml."
            )
        ),
        .hand: (
            "E-REKEY-HAND",
            (
                "--by 的姓名不在站点文件的名单里，或 --key 不是此人登记的那把。",
                "The site's file does not list who --by names, or --key is not the key listed for him."
            ),
            (
                "照 shangbao.yaml 写姓名：有 custody.people 的，是其中的负责人或保管人；没有的，是 privacy.officers。用本人的私钥。",
                "Write the name as shangbao.yaml does: an officer or custodian of custody.people where "
                    + "there is one, else one of privacy.officers. Each uses his own key."
            )
        ),
        .unconfirmed: (
            "E-REKEY-UNCONFIRMED",
            (
                "这个人的公钥、科室或角色与账本登记的不同，或是新人，还没有人确认。",
                "This person's key, department or role is another than noted, or he is new, and nobody "
                    + "has confirmed it."
            ),
            (
                "先确认：保管名单用 shangbao identify confirm，审批人用 shangbao mapping confirm。",
                "Confirm it first: shangbao identify confirm for custody, mapping confirm for officers."
            )
        ),
        .twice: (
            "E-REKEY-TWICE",
            (
                "第二人须是另一科室的另一人。",
                "The second one must be another person, of another department."
            ),
            ("请另一科室的人签。", "Somebody of another department signs.")
        ),
        .changed: (
            "E-REKEY-CHANGED",
            (
                "申请或批准与签名不符，或密钥此后又轮换过。",
                "The request or approval does not fit its signature, or the key was rotated since."
            ),
            ("不要继续；查账本，重新申请。", "Stop; look into the ledger, and ask anew.")
        ),
        .lost: (
            "E-REKEY-LOST",
            (
                "有的关联名，其密封原件已到期清除，不能由证件号重建。",
                "Of some names the sealed source is gone: they cannot be made anew from numbers."
            ),
            (
                "要接着做：加 --because 理由。这些名以新密钥接在旧名之后，旧密钥须保留。",
                "To go on, add --because WHY: these are carried over in a chain, and the old keys stay."
            )
        ),
        .underWay: (
            "E-REKEY-UNDERWAY",
            ("关联名正在重建，没有做完。", "Link names are being made anew, and it is not done."),
            (
                "先做完：shangbao keys rotate pid-link --rekey。",
                "End that first: shangbao keys rotate pid-link --rekey."
            )
        ),
        .rotating: (
            "E-REKEY-ROTATING",
            ("链式轮换没有做完。", "A rotation in a chain is under way."),
            ("先运行 shangbao keys rotate pid-link。", "Run shangbao keys rotate pid-link first.")
        ),
    ]
}

/// All codes of it, for `shangbao explain`.
package let rekeyCodes: [CodeEntry] = RekeyFailure.Reason.allCases.map { RekeyFailure($0).entry }
