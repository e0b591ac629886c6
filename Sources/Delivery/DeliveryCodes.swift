package import Records

/// The book of codes of delivery, for `shangbao explain`: the way (`T-`), the queue (`Q-`) and
/// receipts (`A-`).
package let deliveryCodes: [CodeEntry] =
    TransportCode.allCases.map { DeliveryCodes.entry($0) }
    + QueueReason.allCases.map { DeliveryCodes.entry($0) } + [RecallCodes.recalled]
    + OutboxFailure.Reason.allCases.map { DeliveryCodes.entry($0) }
    + DecisionFailure.Reason.allCases.map { DeliveryCodes.entry($0) }
    + Disposition.allCases.map { DeliveryCodes.entry($0) }
    + ResendFailure.Reason.allCases.map { ResendCodes.entry($0) }
    + HandoutFailure.Reason.allCases.map { DeliveryCodes.entry($0) }
    + [DeliveryCodes.otherSerial, DeliveryCodes.takenBack, DeliveryCodes.noAlarm]

/// Says what each code means and what to do next.
package enum DeliveryCodes {
    /// The sentences of one code.
    package static func entry(_ code: TransportCode) -> CodeEntry {
        let words = transportWords(code)
        return CodeEntry(code.rawValue, what: words.what, next: words.next)
    }

    /// The sentences of one code.
    package static func entry(_ reason: QueueReason) -> CodeEntry {
        let words = queueWords(reason)
        return CodeEntry(reason.rawValue, what: words.what, next: words.next)
    }

    /// The sentences of one code.
    package static func entry(_ reason: OutboxFailure.Reason) -> CodeEntry {
        let words = stepWords(reason)
        return CodeEntry(reason.rawValue, what: words.what, next: words.next)
    }

    /// The sentences of one code.
    package static func entry(_ reason: DecisionFailure.Reason) -> CodeEntry {
        let words = decisionWords(reason)
        return CodeEntry(reason.rawValue, what: words.what, next: words.next)
    }

    /// The sentences of one code.
    package static func entry(_ disposition: Disposition) -> CodeEntry {
        let words = receiptWords(disposition)
        return CodeEntry(
            "A-" + disposition.rawValue.uppercased(), what: words.what, next: words.next)
    }

    static let otherSerial = CodeEntry(
        "A-SERIAL",
        what: Wording(
            zh: "已接收的记录再次被接收，流水号不同；保留先前的流水号。",
            en: "What is accepted was accepted again under another serial; the first one stays."),
        next: Wording(
            zh: "请国家平台核实流水号，再用 status --acknowledge 编号 记录处理结果；一次核实了全部的，用 "
                + "--acknowledge A-SERIAL。",
            en: "Ask the national side which serial holds; then note it with status --acknowledge "
                + "NUMBER, or all of them at once with --acknowledge A-SERIAL.")
    )
    static let takenBack = CodeEntry(
        "A-REVERSED",
        what: Wording(
            zh: "国家平台撤销了已接收的记录：不再有效，不再结算。",
            en: "The national side took an acceptance back: the record is in force and paid no "
                + "more."),
        next: Wording(
            zh: "请向国家平台问明原因，由机构更正后重报；该年度已结算的，再 settle 一次，表中会有冲减行。",
            en: "Ask them why, and have the clinic correct it. If its year is settled, settle it "
                + "again: the statement has a negative line for it."))
    static let noAlarm = CodeEntry(
        "A-NONE",
        what: Wording(
            zh: "没有这个未处理的告警。", en: "There is no open alarm of that number or code."),
        next: Wording(
            zh: "编号和代码见 shangbao status。",
            en: "See shangbao status for the numbers and codes."))

    private typealias Words = (what: Wording, next: Wording)

    private static let nothingToDo = Wording(
        zh: "无需操作，系统会按计划自动重试。", en: "Nothing to do: it is tried again by the schedule.")
    private static let laneWaits = Wording(
        zh: "通道已暂停，其余报文一并等待；修好后会自动恢复，也可手动打开通道。",
        en: "The lane is paused and everything waits with it; it opens by itself once mended, or "
            + "by hand.")
    private static let asksFirst = Wording(
        zh: "可能已送达。系统会先查询回执，再决定是否重发同一报文。",
        en: "It may have arrived. The receipt is asked for before the same bytes go again.")

    private static let ourCertificate: Words =
        (
            Wording(
                zh: "国家平台不接受我方的客户端证书（过期、吊销或不是其认可的机构签发）。",
                en: "The national side's TLS does not take our client certificate: expired, "
                    + "revoked, or not of an authority it knows."),
            Wording(
                zh: "用 doctor 查看证书，向国家平台换领并替换 national.identity 的证书与私钥，"
                    + "再运行 shangbao deliver。在此之前重试无用。",
                en: "Look at it with doctor, have the national side issue another, replace "
                    + "the certificate and key of national.identity, then run shangbao deliver. "
                    + "Until then trying again is no use.")
        )
    private static let otherSender: Words =
        (
            Wording(
                zh: "客户端证书的主体不是本县：证书里没有 county.creditCode。什么都没有发出。",
                en: "The client certificate names somebody else: county.creditCode is not in its "
                    + "subject. Nothing was sent."),
            Wording(
                zh: "用 doctor 查看证书；改正 shangbao.yaml 的 county.creditCode（已入队的报文须先"
                    + " queue cancel 再 queue repack），或换成本县的证书，再运行 shangbao deliver。",
                en: "Look at it with doctor. Correct county.creditCode in shangbao.yaml (what is "
                    + "queued must then be cancelled and packed anew: queue cancel, queue "
                    + "repack), or put this county's certificate there; then run shangbao deliver.")
        )
    private static let notTrusted = Wording(
        zh: "TLS 或 SSH 未建立，或对方的证书、主机密钥不可信。",
        en: "TLS or SSH failed, or their certificate or host key is not trusted.")
    private static let otherPlace = Wording(
        zh: "地址不对、被重定向，或缺少约定的目录。",
        en: "The address is wrong, it redirects, or an agreed folder is missing.")
    private static let otherBytes: Words =
        (
            Wording(zh: "同一编号此前已用不同内容发送过。", en: "The id was sent before with other bytes."),
            Wording(
                zh: "请核对备份恢复与另一实例，再决定取消或重发。",
                en: "Check for a restored backup or a second instance, then decide.")
        )

    private static func transportWords(_ code: TransportCode) -> Words {
        switch code {
        case .unreachable:
            (
                Wording(zh: "连不上国家平台，什么都没有发出。", en: "No connection; nothing was sent."),
                nothingToDo
            )
        case .untrusted:
            (notTrusted, laneWaits)
        case .certificate:
            ourCertificate
        case .sender:
            otherSender
        case .configuration:
            (Wording(zh: "传输配置有误。", en: "A setting of the transport cannot work."), laneWaits)
        case .busy:
            (
                Wording(zh: "国家平台繁忙，未受理。", en: "The national side is busy and took nothing."),
                nothingToDo
            )
        case .denied:
            (
                Wording(zh: "国家平台不认可我方身份。", en: "The national side does not accept who we are."),
                laneWaits
            )
        case .address:
            (otherPlace, laneWaits)
        case .conflict:
            otherBytes
        case .tooLarge:
            (
                Wording(zh: "报文过大或记录过多。", en: "The submission is too large."),
                Wording(
                    zh: "系统会拆成较小的报文重发；若只有一条记录，请检查该记录。",
                    en: "Its records go in smaller submissions; a single record must be looked at.")
            )
        case .rejected:
            (
                Wording(zh: "国家平台拒绝了该请求。", en: "The national side refused the request."),
                Wording(zh: "请查看原因，修好后重试。", en: "Look at the cause, mend it, then retry.")
            )
        case .timeout:
            (Wording(zh: "在时限内没有收到完整答复。", en: "No whole answer came in time."), asksFirst)
        case .broken:
            (
                Wording(
                    zh: "发送途中连接中断或程序终止。", en: "The connection or the process ended on the way."),
                asksFirst
            )
        case .server:
            (Wording(zh: "国家平台内部出错。", en: "The national side had an error."), asksFirst)
        case .noReceipt:
            (
                Wording(zh: "答复中没有有效的签名回执。", en: "The answer holds no valid signed receipt."),
                asksFirst
            )
        }
    }

    private static let decide = Wording(
        zh: "请用 queue show 查看，再 release、retry 或 cancel。",
        en: "Look with queue show, then release, retry or cancel.")

    private static let forgotten: Words = (
        Wording(
            zh: "对方说没有这份报文，但首次发出已久，它可能只是忘了：不再自动重发，以免重复生效。",
            en: "They say that they lack it, but it was first sent so long ago that they "
                + "may have forgotten: nothing goes again by itself, or it might count "
                + "twice."),
        Wording(
            zh: "请向国家平台核实其中的记录是否已入库；确实没有的，再 queue retry。",
            en: "Ask the national side whether it holds the records; only if it does not, "
                + "queue retry.")
    )

    private static func queueWords(_ reason: QueueReason) -> Words {
        switch reason {
        case .person: (Wording(zh: "由人工暂停。", en: "A person stopped it."), decide)
        case .deadline:
            (
                Wording(
                    zh: "超过了投递期限：7 天，或所含记录的上报截止前半小时。",
                    en: "It was not delivered in its time: 7 days, or up to half an hour before "
                        + "its records' reporting deadline."),
                decide
            )
        case .poison:
            (
                Wording(
                    zh: "程序在处理它时多次终止。",
                    en: "The process ended several times while it was under way."),
                decide
            )
        case .doubt:
            (
                Wording(zh: "多次发送都没有明确结果。", en: "It was sent several times without a clear end."),
                Wording(
                    zh: "请向国家平台核实是否收到，再重试。",
                    en: "Ask the national side whether they have it, then retry.")
            )
        case .forgotten: forgotten
        case .bytesChanged:
            (
                Wording(
                    zh: "存储的报文与其摘要不符，未发送。", en: "The stored bytes no longer fit their digest."),
                Wording(
                    zh: "磁盘可能损坏：检查磁盘，从备份恢复。", en: "Check the disk and restore from a backup.")
            )
        case .unknownCode:
            (
                Wording(
                    zh: "回执中有本配置未知的代码。",
                    en: "A receipt has a code that the profile does not know."),
                Wording(
                    zh: "在 acknowledgement-codes.csv 中补上该代码并重启，回执会重新解读。",
                    en: "Add the code to acknowledgement-codes.csv and restart: it is read again.")
            )
        case .oddReceipt:
            (
                Wording(
                    zh: "回执与所报记录对不上，未采用。", en: "A receipt does not fit the records; not applied."),
                Wording(
                    zh: "请向国家平台核实该回执。", en: "Ask the national side about that receipt.")
            )
        case .refused:
            (Wording(zh: "国家平台拒绝了该请求。", en: "The national side refused the request."), decide)
        }
    }

    private static func stepWords(_ reason: OutboxFailure.Reason) -> Words {
        switch reason {
        case .unknownSubmission:
            (
                Wording(zh: "没有这个上报编号。", en: "There is no such submission."),
                Wording(zh: "用 queue list 查编号。", en: "Find its id with queue list.")
            )
        case .wrongState:
            (
                Wording(zh: "当前状态不允许这一步。", en: "Its state does not allow this step."),
                Wording(zh: "用 queue show 查看状态。", en: "See its state with queue show.")
            )
        case .mayHaveBeenSent:
            (
                Wording(
                    zh: "它可能已经发出，不能取消。", en: "It may have been sent and cannot be taken back."),
                Wording(
                    zh: "等待回执；要撤销记录，请上报 withdraw。",
                    en: "Wait for the receipt; to take records back, withdraw them.")
            )
        case .notRefused:
            (
                Wording(
                    zh: "这份报文既没有被整体拒绝，也没有取消。",
                    en: "The submission was neither refused as a whole nor cancelled."),
                Wording(zh: "被拒绝的记录请更正后重报。", en: "Correct the rejected records instead.")
            )
        }
    }

    private static func decisionWords(_ reason: DecisionFailure.Reason) -> Words {
        switch reason {
        case .notDisputed:
            (
                Wording(
                    zh: "这个记录没有因回执矛盾而冻结。",
                    en: "No version of this record is frozen by contradicting receipts."),
                Wording(zh: "用 trace 查看它的经过。", en: "See what happened to it with trace.")
            )
        case .noEvidence:
            (
                Wording(
                    zh: "没有保存这份关于该记录的回执，或摘要开头不止一份符合。",
                    en: "No such receipt about the record is kept, or several begin so."),
                Wording(
                    zh: "用 queue show --json 查回执的完整 SHA-256。",
                    en: "Find the receipt's whole SHA-256 with queue show --json.")
            )
        case .notEvidence:
            (
                Wording(
                    zh: "这份回执签名无效，或没有对该版本作出这个结论。",
                    en: "That receipt is not validly signed, or does not say this of the version."),
                Wording(
                    zh: "指明支持该结论的那份回执；与国家平台核实。",
                    en: "Name the receipt that says so; ask the national side which one holds.")
            )
        }
    }

    private static let lookIntoIt = Wording(
        zh: "原文已留存，未产生任何影响；请联系国家平台核实来源。",
        en: "It is kept and changed nothing; ask the national side where it came from.")

    private static func receiptWords(_ disposition: Disposition) -> Words {
        let nothing = Wording(zh: "无需操作。", en: "Nothing to do.")
        switch disposition {
        case .stored:
            return (
                Wording(zh: "回执已保存，尚未解读完。", en: "The receipt is kept, not yet understood."),
                Wording(
                    zh: "若含未知代码，补上代码后重启。", en: "If it has an unknown code, add the code.")
            )
        case .applied:
            return (Wording(zh: "回执已采用。", en: "The receipt was applied."), nothing)
        case .duplicate:
            return (Wording(zh: "回执没有新内容。", en: "The receipt says nothing new."), nothing)
        case .conflict:
            return (
                Wording(
                    zh: "回执与先前的结论矛盾，相关记录已冻结；无签名的与有签名的矛盾时，以有签名的为准。",
                    en: "The receipt contradicts an earlier one; its records are frozen. A list "
                        + "without a signature changes nothing against a signed receipt."),
                Wording(
                    zh: "请与国家平台核实哪一份有效，再用 queue decide 裁定。",
                    en: "Ask the national side which one holds, then use queue decide.")
            )
        case .unknown:
            return (
                Wording(
                    zh: "回执所指的上报不在本系统，或本系统没有它已发出的记录（如恢复过备份）。",
                    en: "The receipt is for no submission of ours, or for one that we do not know "
                        + "to have sent, as after a backup was put back."),
                Wording(
                    zh: "若刚恢复过备份，请先对账；否则核实来源。",
                    en: "After a restored backup, reconcile; otherwise ask where it came from.")
            )
        case .misaddressed:
            return (
                Wording(
                    zh: "回执的发送方或报文摘要与我方不符。",
                    en: "The receipt names another sender or other bytes."), lookIntoIt
            )
        case .forged:
            return (
                Wording(
                    zh: "回执没有有效签名，或传来时缺少相符的 Content-Digest。",
                    en: "The receipt has no valid signature, or came without its Content-Digest."),
                lookIntoIt
            )
        case .malformed:
            return (
                Wording(zh: "回执签名有效但内容不合规。", en: "The receipt is genuine but not well made."),
                lookIntoIt
            )
        }
    }
}
