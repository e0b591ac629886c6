import Delivery
import Records
import Storage

/// How a lane stands, for people and programs.
struct LanePage: Encodable {
    struct Stop: Encodable {
        let scope: String
        let since: String
        let by: String
        let because: String

        init(_ stop: LaneStop) {
            scope = stop.scope.rawValue
            since = stop.at.dateTime
            by = stop.by
            because = stop.because
        }

        func show(_ output: Output) {
            let title = LaneStop.Scope(rawValue: scope)?.title
            output.paragraph(
                said(
                    "✗ \(title?.zh ?? scope)：\(by)，\(since)，\(because)",
                    "✗ \(title?.en ?? scope) by \(by), \(since): \(because)"))
            output.line(
                "  恢复：shangbao lane start --because …",
                "  To go on: shangbao lane start "
                    + "--because …")
        }
    }

    struct Policy: Encodable {
        let name: String
        let digest: String
        /// Submissions that are not done and go by it.
        let open: Int
    }

    let endpoint: String
    let phase: String
    let reason: String?
    /// Absent where something may go now.
    let opensAt: String?
    let failuresInARow: Int
    let atOnce: Int
    let retryTokens: Int
    let retryTokensMost: Int
    /// How many may still go by the pace; absent without one.
    let paceRoom: Int?
    let paceOpensAt: String?
    /// Absent while submissions may have as many records as the profile says.
    let recordLimit: Int?
    let stopped: Stop?
    let policies: [Policy]

    init(
        _ name: String, _ outbox: Outbox, inFlight: Int, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        let lane = try outbox.lane(name, in: transaction)
        let rules = outbox.policy.rules
        endpoint = name
        phase = lane.phase.rawValue
        reason = lane.reason
        opensAt = lane.isOpen(at: now) ? nil : lane.openFrom.dateTime
        failuresInARow = max(lane.failures, lane.lookFailures)
        atOnce = min(inFlight, lane.atOnce(by: rules))
        retryTokens = lane.tokens(by: rules)
        retryTokensMost = rules.budget.tokens
        paceRoom = rules.pace == nil ? nil : try outbox.room(name, now: now, in: transaction)
        paceOpensAt = try outbox.paceOpens(name, now: now, in: transaction)?.dateTime
        let records = lane.records(most: .max, by: rules, now: now)
        recordLimit = records == .max ? nil : records
        stopped = try LaneStop.load(name, in: transaction).map { Stop($0) }
        var policies: [Policy] = []
        for kept in try RetryPolicy.kept(in: transaction) {
            policies.append(Policy(name: kept.name, digest: kept.digest, open: kept.open))
        }
        self.policies = policies
    }

    func show(_ output: Output) {
        let title = Lane.Phase(rawValue: phase)?.title
        output.line(
            "通道 \(endpoint)：\(title?.zh ?? phase)", "Lane \(endpoint): \(title?.en ?? phase)")
        stopped?.show(output)
        if let reason { output.line("  最近的失败 \(reason)", "  last failure \(reason)") }
        if let opensAt {
            output.line("  \(opensAt) 之前不再发送", "  nothing goes before \(opensAt)")
        }
        if failuresInARow > 0 {
            output.line("  连续失败 \(failuresInARow) 次", "  \(failuresInARow) failures in a row")
        }
        output.line("  同时最多 \(atOnce) 份", "  \(atOnce) at once at most")
        output.line(
            "  重试额度 \(retryTokens) / \(retryTokensMost)",
            "  retry budget \(retryTokens) of \(retryTokensMost)")
        if let paceRoom {
            output.line("  按限速还可发 \(paceRoom) 份", "  \(paceRoom) may still go by the pace")
        }
        if let paceOpensAt {
            output.line("  限速：下一份 \(paceOpensAt)", "  the pace lets the next go \(paceOpensAt)")
        }
        if let recordLimit {
            output.line(
                "  每份最多 \(recordLimit) 条记录（对方说过太大）",
                "  \(recordLimit) records a submission at most: one was too large")
        }
        for policy in policies where policy.open > 0 {
            output.line(
                "  按策略 \(policy.name) \(policy.digest.prefix(12)) 办的未完报文 \(policy.open) 份",
                "  \(policy.open) open by policy \(policy.name) \(policy.digest.prefix(12))")
        }
    }
}

extension Lane.Phase {
    var title: Wording {
        switch self {
        case .working: Wording(zh: "正常", en: "works")
        case .tripped: Wording(zh: "失败太多，停歇后一次只试一件", en: "rests, then tries one at a time")
        case .barred:
            Wording(zh: "我方证书、地址或权限不对，定时试探", en: "barred: our certificate, address or right")
        }
    }
}

extension LaneStop.Scope {
    var title: Wording {
        switch self {
        case .retries: Wording(zh: "重试已停止", en: "retries are stopped")
        case .sends: Wording(zh: "发送已停止", en: "sending is stopped")
        }
    }
}
