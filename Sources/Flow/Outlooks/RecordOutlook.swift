package import Delivery
package import Records

/// Where one record stands, for its paragraph.
package struct RecordStand: Sendable {
    /// What its newest version is.
    package enum Newest: Sendable {
        /// A row that stays here: its fate by the ledger's word, and the codes that decided it.
        case row(fate: String, number: Int, file: String, codes: [String])
        /// A record of a submission.
        case item(Item, SubmissionStand)
    }

    package let record: RecordID
    package let version: Int
    package let newest: Newest
    /// An earlier version that the national side holds meanwhile.
    package let inForce: Int?
    /// When a record that the other side could not take goes again.
    package let packsAgain: Timestamp?

    /// The submission that its newest version is in; `nil` for a row that stays here.
    package var submission: SubmissionID? {
        guard case .item(_, let stand) = newest else { return nil }
        return SubmissionID(stand.id)
    }

    package init(
        record: RecordID, version: Int, newest: Newest, inForce: Int?, packsAgain: Timestamp?
    ) {
        self.record = record
        self.version = version
        self.newest = newest
        self.inForce = inForce
        self.packsAgain = packsAgain
    }
}

extension Outlook {
    /// Why a record is where it is, and what comes of it.
    package static func of(_ stand: RecordStand, on way: Way) -> Outlook {
        let outlook: Outlook =
            switch stand.newest {
            case .row(let fate, let number, let file, let codes):
                row(stand, fate, "\(file) 第 \(number) 行", "row \(number) of \(file)", codes)
            case .item(let item, let submission): self.item(stand, item, submission, way)
            }
        guard let inForce = stand.inForce, inForce < stand.version else { return outlook }
        return Outlook(
            why: Wording(
                zh: outlook.why.zh + "第 \(inForce) 版已被接收，目前仍有效。",
                en: outlook.why.en + " Version \(inForce) was accepted and is in force meanwhile."),
            codes: outlook.codes, next: outlook.next, at: outlook.at, steps: outlook.steps)
    }

    private static func row(
        _ stand: RecordStand, _ fate: String, _ zh: String, _ en: String, _ codes: [String]
    ) -> Outlook {
        let take = Step("shangbao take 文件", "接收更正后的文件", "take the corrected file")
        let words: (why: Wording, next: Wording, steps: [Step]) =
            switch fate {
            case "excluded":
                (
                    Wording(
                        zh: "第 \(stand.version) 版（\(zh)）按规则不必上报，留在本地。",
                        en:
                            "Version \(stand.version) (\(en)) need not be reported by the rules and "
                            + "stays here."),
                    Wording(
                        zh: "不再有后续；来源数据改了，新版本会重新判断。",
                        en: "Nothing more; if its source changes, the new version is judged anew."),
                    []
                )
            case "quarantined":
                (
                    Wording(
                        zh: "第 \(stand.version) 版（\(zh)）有问题，没有上报。",
                        en: "Version \(stand.version) (\(en)) has findings and was not sent."),
                    Wording(
                        zh: "等机构更正并重新导出，新版本随即上报。",
                        en: "It waits for the clinic's correction; its next export goes out."),
                    [take]
                )
            case "superseded":
                (
                    Wording(
                        zh: "第 \(stand.version) 版（\(zh)）被同批更新的一行替代。",
                        en: "Version \(stand.version) (\(en)) was replaced by a newer row."),
                    nothing,
                    []
                )
            default:
                (
                    Wording(
                        zh: "第 \(stand.version) 版（\(zh)）在等条件满足，没有上报。",
                        en: "Version \(stand.version) (\(en)) waits for something and was not sent."
                    ),
                    Wording(
                        zh: "等的东西一到就自动继续；要人补的，补好后新版本继续。",
                        en:
                            "It goes on by itself once that is there; what a person must add goes on "
                            + "with the next version."),
                    [
                        Step("shangbao collect", "处理等到了的行", "let rows go on that wait no more"),
                        take,
                    ]
                )
            }
        return Outlook(why: words.why, codes: codes, next: words.next, steps: words.steps)
    }

    private static func item(
        _ stand: RecordStand, _ item: Item, _ submission: SubmissionStand, _ way: Way
    ) -> Outlook {
        let trace = Step("shangbao trace \(stand.record.text)", "看来龙去脉", "see its whole life")
        let codes = item.code.map { [$0] } ?? []
        switch item.state {
        case .open:
            let inner = of(submission, on: way)
            return Outlook(
                why: Wording(
                    zh: "第 \(item.version) 版在报文 \(submission.id) 里，还没有结果。\(inner.why.zh)",
                    en:
                        "Version \(item.version) is in submission \(submission.id) and has no verdict "
                        + "yet. \(inner.why.en)"),
                codes: inner.codes, next: inner.next, at: inner.at, steps: inner.steps)
        case .unknown:
            return Outlook(
                why: Wording(
                    zh: "国家平台对第 \(item.version) 版的答复是 \(item.code ?? "")，本配置不认识，不猜测。",
                    en: "The national side answered \(item.code ?? "") on version \(item.version), "
                        + "which the profile does not know; nothing is guessed."),
                codes: ["Q-CODE"],
                next: Wording(
                    zh: way.isAssisted
                        ? "在文字对照表中补上之后，把同一份结果清单再收一次。"
                        : "在应答码表（或文字对照表）中补上之后，回执自动重新解读。",
                    en: way.isAssisted
                        ? "Once the profile has the text, bring the same list of results again."
                        : "Once the profile has the code (or the text), the receipt is read again "
                            + "by itself."),
                steps: [
                    Step("shangbao receipts texts", "看是哪些文字不认得", "see which texts are unknown"),
                    way.rereading, trace,
                ])
        case .transient: return transient(stand, item, codes, way)
        case .repacked:
            return Outlook(
                why: Wording(
                    zh: "国家平台当时没能处理第 \(item.version) 版，它已在另一份报文里重新上报。",
                    en:
                        "The national side could not take version \(item.version) then; it went again "
                        + "in another submission."), codes: codes,
                next: Wording(zh: "看后面那份报文。", en: "See the later submission."), steps: [trace])
        case .accepted: return accepted(item, trace)
        case .rejected: return rejected(item, codes, trace)
        case .reversed: return reversed(item, codes, trace)
        case .disputed: return disputed(stand, item, submission, trace)
        case .void: return void(item, submission, trace)
        }
    }

    private static func void(
        _ item: Item, _ submission: SubmissionStand, _ trace: Step
    ) -> Outlook {
        if item.code == "Q-RECALL" {
            return Outlook(
                why: Wording(
                    zh: "机构撤回了第 \(item.version) 版，或它不再符合条件：这一版不再上报。",
                    en: "The clinic took version \(item.version) back, or it may not go any more: "
                        + "this version is not reported."), codes: ["Q-RECALL"],
                next: Wording(
                    zh: "机构重新导出、又可以上报的，会成为新版本。",
                    en: "Once the clinic exports it as one that may go, that is a new version."),
                steps: [trace])
        }
        return Outlook(
            why: Wording(
                zh: "第 \(item.version) 版所在的报文从未发出就被撤下。",
                en:
                    "The submission of version \(item.version) was taken back before it was ever "
                    + "sent."),
            next: Wording(
                zh: "要重新上报，把那份报文重新组包。", en: "To report it after all, have that one packed anew."
            ),
            steps: [
                Step(
                    "shangbao queue repack \(submission.id) --because 理由", "其中的记录重新组包",
                    "pack its records anew"), trace,
            ])
    }

    private static func transient(
        _ stand: RecordStand, _ item: Item, _ codes: [String], _ way: Way
    ) -> Outlook {
        let turn = way.turn(.pack, notBefore: stand.packsAgain ?? way.now)
        return Outlook(
            why: Wording(
                zh: "国家平台没能处理第 \(item.version) 版（\(item.code ?? "")），内容没有问题。",
                en:
                    "The national side could not take version \(item.version) (\(item.code ?? "")); "
                    + "nothing is wrong with its content."), codes: codes,
            next: turn.sentence(
                "换一份报文重新组包上报", "packs it anew in another submission", by: "shangbao collect"),
            at: turn.moment, steps: [Step("shangbao collect", "到时重新组包", "pack it anew then")])
    }

    private static func accepted(_ item: Item, _ trace: Step) -> Outlook {
        let serial = item.serial ?? ""
        if item.action == .withdraw {
            return Outlook(
                why: Wording(
                    zh: "国家平台已接受撤回：这个记录不再有效。",
                    en: "The national side took the withdrawal: this record is in force no more."),
                next: Wording(
                    zh: "不再有后续；同意恢复后，新版本会重新上报。",
                    en: "Nothing more; a new version may bring it back."), steps: [trace])
        }
        return Outlook(
            why: Wording(
                zh: "国家平台已接收第 \(item.version) 版，流水号 \(serial)。",
                en: "The national side accepted version \(item.version), serial \(serial)."),
            next: Wording(
                zh: "无需操作；按规则计入结算，再来矛盾的回执会冻结它。",
                en: "Nothing to do: it counts in the settlement by the rules. A receipt that "
                    + "contradicts it would freeze it."), steps: [trace])
    }

    private static func rejected(_ item: Item, _ codes: [String], _ trace: Step) -> Outlook {
        Outlook(
            why: Wording(
                zh: "国家平台退回了第 \(item.version) 版：\(item.code ?? "")"
                    + (item.field.map { "（\($0)）" } ?? "") + "。",
                en: "The national side rejected version \(item.version): \(item.code ?? "")"
                    + (item.field.map { " (\($0))" } ?? "") + "."), codes: codes,
            next: Wording(
                zh: "这一版不会再发；更正后的新版本才会上报。",
                en: "This version does not go again; a corrected one does."),
            steps: [
                Step("shangbao take 文件", "接收更正后的文件", "take the corrected file"), trace,
            ])
    }

    private static func reversed(_ item: Item, _ codes: [String], _ trace: Step) -> Outlook {
        if item.action == .withdraw { return reversedWithdrawal(item, codes, trace) }
        return Outlook(
            why: Wording(
                zh: "国家平台曾接收第 \(item.version) 版，后来撤销了（\(item.code ?? "")）：不再有效，不结算。",
                en: "The national side had accepted version \(item.version) and took that back "
                    + "(\(item.code ?? "")): it is in force no more, and not paid."),
            codes: codes + ["A-REVERSED"],
            next: Wording(
                zh: "这一版不会再发；更正后的新版本按新报处理，撤销有误的由人再报一次。该年度已结算的，再结算一次会有冲减行。",
                en: "This version does not go again; a corrected one goes as a new report, and "
                    + "what was taken back by mistake a person reports anew. If its year is settled, "
                    + "settling it again gives a negative line."),
            steps: [
                Step("shangbao take 文件", "接收更正后的文件", "take the corrected file"),
                Step(
                    "shangbao resend plan --filter record=\(item.record.text) "
                        + "--filter state=reversed --out 清单.csv",
                    "或：同样内容按新报再报", "or report the same content anew"),
                trace,
            ])
    }

    /// The nation took back that it had taken a withdrawal: what holds there nobody can tell here.
    private static func reversedWithdrawal(
        _ item: Item, _ codes: [String], _ trace: Step
    ) -> Outlook {
        Outlook(
            why: Wording(
                zh: "国家平台曾接受撤回（第 \(item.version) 版），后来又撤销了（\(item.code ?? "")）："
                    + "这个记录在那边可能仍在。不结算。",
                en: "The national side had taken the withdrawal (version \(item.version)) and "
                    + "undid that (\(item.code ?? "")): the record may still stand there. It is "
                    + "not paid."),
            codes: codes + ["A-REVERSED"],
            next: Wording(
                zh: "请国家平台书面说明并自行删除；同意恢复的，机构重新导出后按新报上报。",
                en: "Ask the national side in writing to delete it; if the consent is given again, "
                    + "the clinic's next export goes as a new report."), steps: [trace])
    }

    private static func disputed(
        _ stand: RecordStand, _ item: Item, _ submission: SubmissionStand, _ trace: Step
    ) -> Outlook {
        Outlook(
            why: Wording(
                zh: "关于第 \(item.version) 版的回执互相矛盾，记录已冻结，不结算、不再上报。",
                en: "Receipts about version \(item.version) contradict each other: the record is "
                    + "frozen, not paid and not sent."), codes: ["A-CONFLICT"],
            next: Wording(
                zh: "由人按国家平台的书面答复裁定。",
                en: "A person decides by what the national side says in writing."),
            steps: [
                Step(
                    "shangbao receipts record \(stand.record.text)", "看哪份回执怎么说",
                    "see which receipt says what"),
                Step(
                    "shangbao queue decide \(stand.record.text) --as accepted|rejected --receipt "
                        + "SHA-256 --because 理由", "按其中一份裁定", "decide it by one of them"), trace,
            ])
    }
}
