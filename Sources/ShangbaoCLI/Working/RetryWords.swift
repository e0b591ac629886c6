import Delivery
import Records

/// The table of retries in plain words (重试规则表): each sentence is made from the numbers, so that
/// it cannot say something else than what is done.
struct RetryWords {
    struct Row: Encodable {
        let title: Wording
        let words: Wording
    }

    private let rules: RetryRules

    init(_ rules: RetryRules) {
        self.rules = rules
    }

    var rows: [Row] { classRows + laneRows }

    private var classRows: [Row] {
        [
            row(.notSent, "没有发出", "Not sent", notSent),
            row(.overload, "对方忙", "They are busy", overload),
            row(.unclear, "不明", "Unclear", unclear),
            row(.ours, "我方的问题", "Ours", ours),
            row(.payload, "这一份的问题", "This submission", payload),
            row(.crash, "程序中断", "We died", crash),
            row(.local, "本机故障", "Our own machine", local),
        ]
    }

    private func row(_ kind: RetryClass, _ zh: String, _ en: String, _ words: Wording) -> Row {
        let codes = (rules.classes[kind.rawValue] ?? []).map(\.rawValue).joined(separator: " ")
        let more = codes.isEmpty ? ("", "") : ("：\(codes)", ": \(codes)")
        return Row(
            title: Wording(
                zh: "\(kind.rawValue) \(zh)\(more.0)", en: "\(kind.rawValue) \(en)\(more.1)"),
            words: words)
    }

    private var notSent: Wording {
        let (first, most) = (rules.wait.firstSeconds, rules.wait.mostSeconds)
        let (zh, en) = (Length.zh, Length.en)
        return Wording(
            zh: "什么也没有发出，同样的字节再发。第 1、2、3 次失败后随机等 \(zh(first))、\(zh(2 * first))、"
                + "\(zh(4 * first))以内，如此加倍，最多 \(zh(most))，最少 \(zh(rules.leastWaitSeconds))。"
                + "次数不限，到期限为止。",
            en: "Nothing left us; the same bytes go again. After failure 1, 2, 3 a random "
                + "wait below "
                + "\(en(first)), \(en(2 * first)), \(en(4 * first)) and so on, \(en(most)) at "
                + "most, "
                + "\(en(rules.leastWaitSeconds)) at least. As often as its lifetime lets it.")
    }

    private var overload: Wording {
        Wording(
            zh: "对方什么也没收，整条通道等。对方写了 Retry-After（不超过一天）就等满，另加最多 "
                + "\(rules.addedPercent)%；没写按 A 等；写得没法当真的按第 \(rules.nonsenseFailures) 次"
                + "失败等。不算这份报文的失败。",
            en: "They took nothing, and the whole lane waits: as long as Retry-After says (a "
                + "day at "
                + "most) and up to \(rules.addedPercent) % more; without one as in A; "
                + "nonsense waits "
                + "like failure \(rules.nonsenseFailures). It does not count against the "
                + "submission.")
    }

    private var unclear: Wording {
        let (ask, most) = (rules.question.firstSeconds, rules.question.mostSeconds)
        let known = rules.memory?.seconds ?? 0
        return Wording(
            zh: "可能已发出。\(Length.zh(ask))后先查询回执，问不到就加倍再问，最多 \(Length.zh(most))。对方确实"
                + "没有的才重发，同一编号、同样字节，最多 \(rules.doubtLimit) 次，之后暂停（Q-DOUBT）；"
                + "首次发出 \(Length.zh(known))后不再自动重发（Q-FORGOTTEN）。",
            en: "It may have been sent. After \(Length.en(ask)) its receipt is asked for, "
                + "again after "
                + "twice as long, \(Length.en(most)) at most. Only what they do not have goes "
                + "again: "
                + "same id, same bytes, \(rules.doubtLimit) times at most; then it is held "
                + "(Q-DOUBT), and so is what was first sent more than \(Length.en(known)) ago "
                + "(Q-FORGOTTEN).")
    }

    private var ours: Wording {
        let (every, spread) = (rules.probe.everySeconds, rules.probe.spreadPercent)
        return Wording(
            zh: "我方的证书、地址或权限不对。整条通道停下，每 \(Length.zh(every))（前后 \(spread)%）"
                + "不带内容试探一次，好了自动恢复；手工 deliver 立即再试。报文不受影响。",
            en: "Our certificate, address or right. The whole lane stops and is probed without a "
                + "payload every \(Length.en(every)), give or take \(spread) %; deliver by "
                + "hand tries "
                + "at once. Submissions are not touched.")
    }

    private var payload: Wording {
        let (grow, by) = (rules.split.growSeconds, rules.split.growRecords)
        return Wording(
            zh: "对方不要这一份：不再自动发，暂停等人（Q-REFUSED）。太大的（T-TOO-LARGE）减半重新组包，"
                + "此后每过 \(Length.zh(grow))没有再超就多 \(by) 条。",
            en: "They refuse this one: never again by itself, held for a person (Q-REFUSED). "
                + "What is "
                + "too large is packed anew in halves; then \(by) records more for every "
                + "\(Length.en(grow)) without a complaint.")
    }

    private var crash: Wording {
        let crash = rules.crash
        return Wording(
            zh: "没发出的照发，可能发出的先查询。\(Length.zh(crash.memorySeconds))内 \(crash.limit) 次"
                + "就暂停（Q-POISON）；从第 2 次起先等 \(Length.zh(crash.waitSeconds))。",
            en: "What was not sent goes, what may have been is asked for. \(crash.limit) "
                + "times within "
                + "\(Length.en(crash.memorySeconds)) and it is held (Q-POISON); from the "
                + "second on it "
                + "waits \(Length.en(crash.waitSeconds)) first.")
    }

    private var local: Wording {
        let (first, most) = (rules.local.firstSeconds, rules.local.mostSeconds)
        return Wording(
            zh: "磁盘满、数据库不通：常驻运行（run）全部停下，\(Length.zh(first))后再试，每次加倍，最多 "
                + "\(Length.zh(most))。报文不受影响。",
            en: "A full disk, a database that does not answer: run stops everything and tries "
                + "again "
                + "after \(Length.en(first)), doubling, \(Length.en(most)) at most. "
                + "Submissions are "
                + "not touched.")
    }
}

/// A length of time as people say it.
enum Length {
    static func zh(_ seconds: Int64) -> String { said(seconds, [" 天", " 小时", " 分钟", " 秒"]) }
    static func en(_ seconds: Int64) -> String { said(seconds, [" d", " h", " min", " s"]) }

    /// In the largest unit that fits; 24 hours stay hours, as people say them.
    private static func said(_ seconds: Int64, _ units: [String]) -> String {
        if seconds % 86_400 == 0, seconds > 3 * 86_400 { return "\(seconds / 86_400)\(units[0])" }
        if seconds % 3600 == 0 { return "\(seconds / 3600)\(units[1])" }
        return seconds % 60 == 0 && seconds > 60
            ? "\(seconds / 60)\(units[2])" : "\(seconds)\(units[3])"
    }
}

// MARK: - What is the lane's

extension RetryWords {
    fileprivate var laneRows: [Row] {
        [
            Row(title: Wording(zh: "期限与答复", en: "Lifetime and answers"), words: lifetime),
            Row(title: Wording(zh: "熔断", en: "Breaker"), words: breaker),
            Row(title: Wording(zh: "重试额度", en: "Retry budget"), words: budget),
            Row(title: Wording(zh: "慢启动", en: "Slow start"), words: slowStart),
            Row(title: Wording(zh: "限速", en: "Pace"), words: pace),
            Row(title: Wording(zh: "先后", en: "Order"), words: order),
        ]
    }

    private var lifetime: Wording {
        let (zh, en) = (Length.zh, Length.en)
        let within = rules.closing?.withinSeconds ?? 0
        let least = rules.closing?.mostSeconds ?? 0
        return Wording(
            zh: "一份报文最多办 \(zh(rules.lifetimeSeconds))，或到上报截止前，然后暂停（Q-DEADLINE），从不"
                + "丢弃。对方收下没有结论的，\(zh(rules.answerSeconds))后去问，之后每 "
                + "\(zh(rules.askAgainSeconds))。对方说稍后再报的记录，\(zh(rules.repacking.firstSeconds))"
                + "后重新组包，每次加倍，最多 \(zh(rules.repacking.mostSeconds))。期限前最后 \(zh(within))，"
                + "各种等待最多 \(zh(least))。",
            en: "A submission is tried for \(en(rules.lifetimeSeconds)), or until its reporting "
                + "deadline; then it is held (Q-DEADLINE), never dropped. What they have and "
                + "have not "
                + "decided is asked for after \(en(rules.answerSeconds)), then every "
                + "\(en(rules.askAgainSeconds)). Records that they want later are packed anew "
                + "after "
                + "\(en(rules.repacking.firstSeconds)), doubling, "
                + "\(en(rules.repacking.mostSeconds)) at most. In the last \(en(within)) of its "
                + "time no wait is longer than \(en(least)).")
    }

    private var breaker: Wording {
        let breaker = rules.breaker
        let (first, most) = (breaker.rest.firstSeconds, breaker.rest.mostSeconds)
        return Wording(
            zh: "A、B、C 类连续失败 \(breaker.inARow) 次，或 \(Length.zh(breaker.withinSeconds))内 "
                + "\(breaker.outOf) 次以上有 \(breaker.percent)% 失败：停 \(Length.zh(first))，再失败加倍，"
                + "最多 \(Length.zh(most))。之后一次只试一件，成功 \(breaker.successes) 次才恢复。重启不清零。",
            en: "After \(breaker.inARow) failures of A, B or C in a row, or "
                + "\(breaker.percent) % of "
                + "\(breaker.outOf) or more within \(Length.en(breaker.withinSeconds)), it "
                + "rests for "
                + "\(Length.en(first)), then twice as long, \(Length.en(most)) at most. Then "
                + "one at a "
                + "time, until \(breaker.successes) worked. A restart forgets nothing.")
    }

    private var budget: Wording {
        let (budget, trial) = (rules.budget, rules.breaker.rest.firstSeconds)
        return Wording(
            zh: "重试一次花 \(budget.retry)，超时的共花 \(budget.timeout)，成功一次还 \(budget.success)，"
                + "最多存 \(budget.tokens)。花完了，每 \(Length.zh(trial))只试一件。第一次发的不受限。",
            en: "A retry costs \(budget.retry), \(budget.timeout) in all if it timed out; a "
                + "success "
                + "gives \(budget.success) back, \(budget.tokens) at most. Once it is spent, "
                + "one in "
                + "\(Length.en(trial)) is tried. What goes for the first time is not held up.")
    }

    private var slowStart: Wording {
        let slow = rules.slowStart
        return Wording(
            zh: "恢复后先同时发 \(slow.from) 份，每成功 \(slow.every) 份加一，最多 \(slow.most) 份"
                + "（不超过站点的 inFlight）；B、C 类失败减半。",
            en: "After a rest \(slow.from) at once, one more for every \(slow.every) that "
                + "worked, "
                + "\(slow.most) at most and never more than the site's inFlight; a failure of "
                + "B or C "
                + "halves it.")
    }

    private var pace: Wording {
        guard let pace = rules.pace else {
            return Wording(zh: "不限速。", en: "None.")
        }
        return Wording(
            zh: "任意连续 \(Length.zh(pace.seconds))内最多发 \(pace.count) 份，重试也算。",
            en: "\(pace.count) sends at most in any \(Length.en(pace.seconds)), retries "
                + "included.")
    }

    private var order: Wording {
        let mixing = rules.mixing
        return Wording(
            zh: "新报文（\(Length.zh(mixing.newSeconds))内生成、没发过）与积压按 \(mixing.new):"
                + "\(mixing.backlog) 轮流，各以截止日早的在先。",
            en: "New ones (made within \(Length.en(mixing.newSeconds)), never sent) and the "
                + "backlog "
                + "take turns, \(mixing.new) to \(mixing.backlog); in each the earlier "
                + "deadline first.")
    }
}
