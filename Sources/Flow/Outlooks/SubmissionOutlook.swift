package import Delivery
package import Records

/// Where one submission stands, for its paragraph: plain values, so that every state can be told of
/// without a database.
package struct SubmissionStand: Sendable {
    package let id: String
    package let state: DeliveryState
    /// Why it is held: a code.
    package let reason: String?
    /// Attempts that were begun, and the code of the last one that ended.
    package let attempts: Int
    package let lastOutcome: String?
    /// Whether a byte may have left.
    package let wasSent: Bool
    /// Records without a verdict, and all.
    package let openRecords: Int
    package let records: Int
    /// Whether the other side refused it as a whole.
    package let isRefused: Bool
    package let nextStep: Timestamp
    package let deadline: Timestamp

    package init(
        id: String, state: DeliveryState, reason: String?, attempts: Int, lastOutcome: String?,
        wasSent: Bool, openRecords: Int, records: Int, isRefused: Bool, nextStep: Timestamp,
        deadline: Timestamp
    ) {
        self.id = id
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.lastOutcome = lastOutcome
        self.wasSent = wasSent
        self.openRecords = openRecords
        self.records = records
        self.isRefused = isRefused
        self.nextStep = nextStep
        self.deadline = deadline
    }

    /// Reads it off the queue's page.
    package init(_ entry: QueueEntry) {
        self.init(
            id: entry.line.submission.text, state: entry.line.state, reason: entry.line.reason,
            attempts: entry.line.attempts,
            lastOutcome: entry.attempts.last { $0.outcome != nil }?.outcome,
            wasSent: entry.wasSent,
            openRecords: entry.items.count { [.open, .unknown].contains($0.state) },
            records: entry.items.count, isRefused: entry.isRefused,
            nextStep: entry.line.nextStep, deadline: entry.line.deadline)
    }
}

extension Outlook {
    /// Why a submission is where it is, and what comes of it.
    package static func of(_ stand: SubmissionStand, on way: Way) -> Outlook {
        if way.isAssisted, let typed = typed(stand) { return typed }
        return switch stand.state {
        case .due: due(stand, way)
        case .leased:
            Outlook(
                why: Wording(
                    zh: "一个进程已领取这份报文，还没有发出一个字节。",
                    en: "A process has claimed this submission; not a byte was sent."),
                next: Wording(
                    zh: "它马上发送；进程若已终止，下一轮退回待发送。",
                    en: "It is sent at once; if the process has died, the next round makes it due "
                        + "again."), at: way.now, steps: [look(stand)])
        case .onWire:
            Outlook(
                why: Wording(
                    zh: "这份报文正在发送，可能已经送达。",
                    en: "This submission is being sent and may have arrived."),
                next: Wording(
                    zh: "等对方答复；进程若已终止，下一轮改为存疑并先查询。",
                    en:
                        "The answer is waited for; if the process has died, the next round calls it "
                        + "in doubt and asks first."), at: way.now, steps: [look(stand)])
        case .inDoubt: inDoubt(stand, way)
        case .awaiting: awaiting(stand, way)
        case .held: held(stand, on: way)
        case .final: final(stand)
        case .cancelled:
            Outlook(
                why: Wording(
                    zh: "这份报文从未发出就被人撤下，其中 \(stand.records) 条记录可以重新上报。",
                    en: "A person took this submission back before it was ever sent; its "
                        + "\(stand.records) records may be reported again."),
                next: nothing,
                steps: [
                    Step("shangbao take 文件", "再收一次这些记录的文件", "take the file of these records again")
                ])
        }
    }

    static let nothing = Wording(zh: "不再有后续。", en: "Nothing more comes of it.")

    private static func look(_ stand: SubmissionStand) -> Step {
        Step("shangbao queue show \(stand.id)", "看每次尝试、记录和回执", "see attempts, records, receipts")
    }

    private static func hold(_ stand: SubmissionStand) -> Step {
        Step("shangbao queue hold \(stand.id) --because 理由", "先暂停它", "stop it until it is released")
    }

    /// What the lane adds to the reason, if it waits.
    private static func obstacles(_ way: Way) -> (zh: String, en: String, codes: [String]) {
        if way.isReconciling {
            return (
                "整条队列在先对账、后发送，暂不发送任何报文。",
                " The whole queue is being reconciled first and nothing is sent.", []
            )
        }
        switch way.stopped {
        case .sends:
            return ("有人停止了发送，恢复之前不发任何报文。", " A person stopped all sending; nothing goes.", [])
        case .retries:
            return (
                "有人停止了重试，发过的报文恢复之前不再发。",
                " A person stopped retries; what was tried before does not go.", []
            )
        case nil: break
        }
        guard !way.isOpen else { return ("", "", []) }
        return (
            "通道暂停到 \(way.openFrom.minute)（\(way.laneCode ?? "")）。",
            " The lane waits until \(way.openFrom.minute) (\(way.laneCode ?? "")).",
            way.laneCode.map { [$0] } ?? []
        )
    }

    private static func wayOut(_ way: Way, _ turn: Way.Turn) -> [Step] {
        var steps: [Step] = []
        if way.isReconciling {
            steps.append(
                Step(
                    "shangbao queue open --because 理由", "对账之后恢复发送",
                    "let sending go on once the books are reconciled"))
        }
        if way.stopped != nil {
            steps.append(
                Step("shangbao lane start --because 理由", "恢复发送与重试", "let it send and retry again"))
        }
        if case .paused(let name) = turn {
            steps.append(
                Step("shangbao schedule resume \(name)", "恢复这个日程", "let the schedule go on"))
        }
        return steps
    }

    /// Whether it goes only once a person lets it: what was never tried is no retry.
    private static func isBarred(_ stand: SubmissionStand, _ way: Way) -> Bool {
        way.isReconciling || way.stopped == .sends
            || (way.stopped == .retries && stand.attempts > 0)
    }

    private static func due(_ stand: SubmissionStand, _ way: Way) -> Outlook {
        var way = way
        if way.stopped == .retries, stand.attempts == 0 { way.stopped = nil }
        let isBarred = isBarred(stand, way)
        var (zh, en, codes) = obstacles(way)
        if let pace = way.paceOpens, !isBarred {
            zh += "已到约定的份数，按限速下一份 \(pace.minute) 才发。"
            en += " The agreed number is reached: the pace lets the next go at \(pace.minute)."
        }
        let turn = way.turn(
            .send, notBefore: max(stand.nextStep, way.paceOpens ?? stand.nextStep))
        let last = stand.lastOutcome.map { [$0] } ?? []
        let why =
            stand.attempts == 0
            ? Wording(zh: "这份报文在排队，还没有发过。", en: "This submission waits and was never sent.")
            : Wording(
                zh: "已试发 \(stand.attempts) 次，上次结果是 \(stand.lastOutcome ?? "")，证明对方没有收下。",
                en: "\(stand.attempts) attempts; the last ended with \(stand.lastOutcome ?? ""), "
                    + "which proves that nothing was taken.")
        let sent = turn.sentence("发送", "sends it", by: "shangbao deliver")
        let limit = Wording(
            zh: "到 \(stand.deadline.minute) 仍未送达就暂停，由人决定。",
            en: " If it is not delivered by \(stand.deadline.minute), it is held for a person.")
        var steps = wayOut(way, turn)
        if case .anyRound = turn, !isBarred {
            steps.append(Step("shangbao deliver", "现在就发送", "send what is due now"))
        }
        steps.append(hold(stand))
        if !stand.wasSent {
            steps.append(
                Step(
                    "shangbao queue cancel \(stand.id) --because 理由", "撤下它，记录可重新上报",
                    "take it back; its records may be reported again"))
        }
        return Outlook(
            why: Wording(zh: why.zh + zh, en: why.en + en), codes: last + codes,
            next: isBarred
                ? Wording(
                    zh: "有人恢复发送之后才会发送。", en: "It goes once a person lets sending go on.")
                : Wording(zh: sent.zh + limit.zh, en: sent.en + limit.en),
            at: isBarred ? nil : turn.moment, steps: steps)
    }

    private static func inDoubt(_ stand: SubmissionStand, _ way: Way) -> Outlook {
        let (zh, en, codes) = way.isReconciling ? ("", "", []) : obstacles(way)
        let turn = way.turn(.send, notBefore: stand.nextStep)
        let outcome = stand.lastOutcome ?? ""
        let asked = turn.sentence("先查询回执", "asks for its receipt", by: "shangbao deliver")
        return Outlook(
            why: Wording(
                zh: "这份报文可能已经送达，但没有明确的答复（第 \(stand.attempts) 次，\(outcome)）。\(zh)",
                en: "This submission may have arrived, but no clear answer came (attempt "
                    + "\(stand.attempts), \(outcome)).\(en)"),
            codes: (stand.lastOutcome.map { [$0] } ?? []) + codes,
            next: Wording(
                zh: asked.zh + "对方没有，就重发同样的字节；有，就等结果。",
                en: asked.en
                    + " If they do not have it, the same bytes go again; if they do, their "
                    + "verdicts are waited for."),
            at: turn.moment, steps: wayOut(way, turn) + [look(stand), hold(stand)])
    }

    private static func awaiting(_ stand: SubmissionStand, _ way: Way) -> Outlook {
        let fetch = way.turn(.fetch, notBefore: way.now)
        let ask = way.turn(.send, notBefore: stand.nextStep)
        let fetched = fetch.sentence("取回执", "fetches receipts", by: "shangbao collect")
        let isLaidDown = DropOutcome.allCases.contains { $0.rawValue == stand.lastOutcome }
        let place =
            isLaidDown
            ? Wording(
                zh: "这份报文已放进国家平台的收件目录，取没取走要看回执；",
                en: "This submission lies in the national side's folder; only a receipt shows "
                    + "that they took it.")
            : Wording(zh: "国家平台已收下这份报文，", en: "The national side has this submission;")
        return Outlook(
            why: Wording(
                zh: place.zh + "\(stand.records) 条记录中还有 \(stand.openRecords) 条没有结果。",
                en: place.en + " \(stand.openRecords) of its "
                    + "\(stand.records) records have no verdict yet."),
            next: Wording(
                zh: fetched.zh + "到 \((ask.moment ?? stand.nextStep).minute) 还没有，就主动查询。",
                en: fetched.en
                    + " If none has come by \((ask.moment ?? stand.nextStep).minute), it "
                    + "is asked for."),
            at: fetch.moment,
            steps: wayOut(way, fetch) + [
                Step("shangbao collect", "现在就取回执", "fetch receipts now"),
                Step("shangbao receipts list --overdue", "看哪些逾期未答", "see what is overdue"),
            ])
    }

    private static func final(_ stand: SubmissionStand) -> Outlook {
        guard stand.isRefused else {
            return Outlook(
                why: Wording(
                    zh: "这份报文的 \(stand.records) 条记录都有了结果。",
                    en: "All \(stand.records) records of this submission have their verdict."),
                next: nothing, steps: [look(stand)])
        }
        return Outlook(
            why: Wording(
                zh: "国家平台整份拒绝了这份报文，\(stand.records) 条记录都未被接收。",
                en: "The national side refused this submission as a whole: none of its "
                    + "\(stand.records) records was taken."),
            next: Wording(
                zh: "不会自己继续：原因解决之后由人重新组包。",
                en:
                    "It does not go on by itself: once the cause is mended a person has its records "
                    + "packed anew."),
            steps: [
                look(stand),
                Step(
                    "shangbao queue repack \(stand.id) --because 理由", "重新组包",
                    "pack its records anew"),
            ])
    }
}
