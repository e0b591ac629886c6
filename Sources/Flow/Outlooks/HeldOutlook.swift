import Delivery
import Records

/// The paragraph of a submission that is held: one for each reason.
extension Outlook {
    static func held(_ stand: SubmissionStand, on way: Way) -> Outlook {
        let words = heldWords(stand.reason.flatMap(QueueReason.init(rawValue:)), stand, way)
        return Outlook(
            why: words.why, codes: stand.reason.map { [$0] } ?? [],
            next: Wording(
                zh: "不会自己继续，由人决定；迟到的回执照样采用。",
                en: "It does not go on by itself: a person decides. A late receipt still counts."),
            steps: words.steps + [
                Step(
                    "shangbao queue show \(stand.id)", "看每次尝试、记录和回执",
                    "see attempts, records, receipts")
            ])
    }

    private static func release(_ stand: SubmissionStand) -> Step {
        stand.wasSent
            ? Step(
                "shangbao queue release \(stand.id) --because 理由", "放行：先查询，再决定是否重发",
                "let it go on: its receipt is asked for first")
            : Step(
                "shangbao queue release \(stand.id) --because 理由", "放行：排队发送",
                "let it go on: it is due again")
    }

    /// Only where a byte never left: what may have arrived is never called back.
    private static func cancel(_ stand: SubmissionStand) -> [Step] {
        guard !stand.wasSent else { return [] }
        return [
            Step(
                "shangbao queue cancel \(stand.id) --because 理由", "撤下它，记录可重新上报",
                "take it back; its records may be reported again")
        ]
    }

    private static func heldWords(
        _ reason: QueueReason?, _ stand: SubmissionStand, _ way: Way
    ) -> (why: Wording, steps: [Step]) {
        switch reason {
        case .person, nil:
            (
                Wording(zh: "有人暂停了这份报文。", en: "A person stopped this submission."),
                [release(stand)] + cancel(stand)
            )
        case .deadline:
            (
                Wording(
                    zh: "这份报文没有在期限内送达，已暂停。",
                    en: "This submission was not delivered in its time and is held."),
                [release(stand)] + cancel(stand)
            )
        case .poison:
            (
                Wording(
                    zh: "程序在处理这份报文时多次终止，为保护其余报文已暂停它。",
                    en:
                        "The program ended several times while this submission was under way; it is "
                        + "held so that the others go on."),
                [
                    Step(
                        "shangbao doctor", "先查环境，再告知开发方", "look at the machine; tell the developers"
                    ),
                    release(stand),
                ]
            )
        case .doubt:
            (
                Wording(
                    zh: "这份报文发了 \(stand.attempts) 次都没有明确结果。",
                    en: "This submission was sent \(stand.attempts) times without a clear end."),
                [
                    release(stand),
                    Step(
                        "shangbao queue retry \(stand.id) --because 理由", "对方确认没有收到后，重发同样的字节",
                        "once they say that they lack it, send the same bytes again"),
                ]
            )
        case .forgotten:
            (
                Wording(
                    zh: "首次发出已久，对方说没有；它可能只是忘了，不再自动重发，以免重复生效。",
                    en: "It was first sent long ago and they say that they lack it; they may have "
                        + "forgotten, so it does not go again by itself."),
                [
                    Step(
                        "shangbao queue retry \(stand.id) --because 理由",
                        "国家平台确认其中的记录一条也没有之后，重发同样的字节",
                        "once they say that they hold none of its records, send the same bytes")
                ]
            )
        case .bytesChanged, .unknownCode, .oddReceipt, .refused: answerWords(reason, stand, way)
        }
    }

    /// Reasons that lie in the bytes or in what the other side said.
    private static func answerWords(
        _ reason: QueueReason?, _ stand: SubmissionStand, _ way: Way
    ) -> (why: Wording, steps: [Step]) {
        switch reason {
        case .bytesChanged:
            (
                Wording(
                    zh: "存储的报文与其摘要不符，没有发送。",
                    en: "The stored bytes no longer fit their digest; nothing was sent."),
                [
                    Step(
                        "shangbao doctor", "停下来查磁盘，复制 data/，从备份恢复",
                        "stop, look at the disk, copy data/, restore from a backup")
                ]
            )
        case .unknownCode:
            (
                Wording(
                    zh: "回执里有本配置不认识的代码或文字，相关记录暂存，不猜测。",
                    en:
                        "A receipt has a code or a text that the profile does not know; its records "
                        + "wait, and nothing is guessed."),
                [way.rereading]
            )
        case .oddReceipt:
            (
                Wording(
                    zh: "一份真实的回执与所报记录对不上，没有采用。",
                    en: "A genuine receipt does not fit the records that were sent; it was not "
                        + "applied."),
                [
                    Step(
                        "shangbao receipts list --unmatched", "找出那份回执，请国家平台核实",
                        "find that receipt and ask the national side about it"), release(stand),
                ]
            )
        default:
            (
                Wording(
                    zh: "国家平台拒绝了这次请求（\(stand.lastOutcome ?? "")），重试同样的请求没有用。",
                    en:
                        "The national side refused the request itself (\(stand.lastOutcome ?? "")); "
                        + "the same request would be refused again."),
                [
                    Step(
                        "shangbao queue retry \(stand.id) --because 理由", "原因解决后重发",
                        "send it again once the cause is mended")
                ] + cancel(stand)
            )
        }
    }
}
