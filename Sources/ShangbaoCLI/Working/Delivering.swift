import Delivery
import Evidence
import Flow
import Foundation
import Records
import Storage

/// A run of rounds, with what the person sees of it.
struct Delivering: Sendable {
    /// What a run did, for programs.
    struct Result: Encodable, Sendable {
        /// Sends that were begun.
        var sent = 0
        var asked = 0
        var receipts = 0
        /// Submissions by state afterwards.
        var states: [String: Int] = [:]
        /// Submissions that the other side refused as a whole, in this run.
        var refused = 0
        var laneReason: String?
        /// What a person stopped.
        var laneStopped: LanePage.Stop?
        /// Nothing is sent until a person opens the lanes.
        var reconciling: ReconcilingLine?
        /// When the pace lets the next one go.
        var paceOpensAt: String?
        /// Receipts of this run that a person must look at, by what was made of them.
        var alarms: [String: Int] = [:]
        /// Where nothing goes over a wire: submissions that wait for a worklist.
        var waitsForTyping: Int?
        private(set) var wasDue = 0
        private(set) var wasHeld = 0

        init(
            _ outcome: Exchange.Outcome, wasDue: Int, wasHeld: Int, refused: Int,
            alarms: [Alarm]
        ) {
            sent = outcome.sent
            asked = outcome.asked
            receipts = outcome.receipts
            states = outcome.states
            laneReason = outcome.laneReason
            self.wasDue = wasDue
            self.wasHeld = wasHeld
            self.refused = refused
            for alarm in alarms { self.alarms[alarm.kind.rawValue, default: 0] += 1 }
        }

        /// Goes on with a later run.
        mutating func add(_ later: Result) {
            sent += later.sent
            asked += later.asked
            receipts += later.receipts
            refused += later.refused
            alarms.merge(later.alarms, uniquingKeysWith: +)
            (states, laneReason, laneStopped) = (later.states, later.laneReason, later.laneStopped)
            (reconciling, paceOpensAt) = (later.reconciling, later.paceOpensAt)
            waitsForTyping = later.waitsForTyping
        }

        /// Whether what is due waits for its turn by the agreed pace, and for nothing else: that it
        /// does not go now is as it should be.
        private var waitsForPace: Bool {
            paceOpensAt != nil && sent == 0 && laneStopped == nil && reconciling == nil
                && states[DeliveryState.inDoubt.rawValue] ?? 0 == 0
        }

        /// 5 where something was refused or a receipt is an alarm, 4 where there was something to
        /// send and none of it is known to have arrived.
        var status: ExitStatus {
            if refused > 0 || !alarms.isEmpty { return .refused }
            // People carry it: that nothing went by wire is as it should be.
            if waitsForTyping != nil { return .done }
            let left = [DeliveryState.due, .inDoubt, .held].reduce(0) {
                $0 + (states[$1.rawValue] ?? 0)
            }
            // What was held before this run says nothing about it.
            let isStuck = wasDue > 0 && left >= wasDue + wasHeld && !waitsForPace
            return isStuck || (laneReason != nil && sent == 0) ? .undelivered : .done
        }
    }

    let exchange: Exchange
    let database: any Database
    let output: Output

    /// What holds everything up, as it is after a run.
    private func noteObstacles(_ result: inout Result) async throws {
        let (outbox, name, now) = (exchange.outbox, exchange.endpoint.name, exchange.clock())
        (result.laneStopped, result.reconciling, result.paceOpensAt) =
            try await database.read { transaction in
                (
                    try LaneStop.load(name, in: transaction).map { LanePage.Stop($0) },
                    try Reconciling.load(in: transaction).map { ReconcilingLine($0) },
                    try outbox.paceOpens(name, now: now, in: transaction)?.dateTime
                )
            }
    }

    func deliver(_ limits: RoundLimits = RoundLimits()) async throws -> Result {
        let (outbox, before) = try await standing()
        let progress = Progress(
            said("发送", "sending"), unit: said("份", "submissions"), total: before.due,
            output: output)
        let outcome = try await exchange.deliver(limits) { progress.show($0) }
        progress.finish()
        let refused = try await database.read { try outbox.refusedCount(in: $0) }
        let alarms = try await database.read { try outbox.alarms(in: $0).open }
        var result = Result(
            outcome, wasDue: before.due, wasHeld: before.held, refused: refused - before.refused,
            alarms: alarms.filter { $0.seq > before.ledger })
        if exchange.isAssisted {
            result.waitsForTyping = result.states[DeliveryState.due.rawValue] ?? 0
        }
        try await noteObstacles(&result)
        return result
    }

    private struct Standing: Sendable {
        let due: Int
        let held: Int
        let refused: Int
        /// The ledger's last line.
        let ledger: Int64
    }

    private func standing() async throws -> (Outbox, Standing) {
        let outbox = exchange.outbox
        let counts = try await database.read { transaction in
            let counts = try outbox.counts(in: transaction)
            return Standing(
                due: (counts[.due] ?? 0) + (counts[.inDoubt] ?? 0),
                held: counts[.held] ?? 0,
                refused: try outbox.refusedCount(in: transaction),
                ledger: try Ledger().head(in: transaction).seq)
        }
        return (outbox, counts)
    }

    func show(_ result: Result) {
        if let waiting = result.waitsForTyping {
            show(waitingForTyping: waiting)
        } else if result.sent == 0, result.receipts == 0, result.status == .done,
            result.states[DeliveryState.due.rawValue] ?? 0 == 0
        {
            output.line("没有要发送的报文，也没有新回执。", "Nothing to send, and no new receipts.")
        } else {
            output.line(
                "发送 \(result.sent) 次，查询 \(result.asked) 次，取回回执 \(result.receipts) 份",
                "\(result.sent) sends, \(result.asked) asked for, \(result.receipts) receipts"
            )
        }
        show(states: result.states)
        show(lane: result.laneReason)
        result.laneStopped?.show(output)
        result.reconciling?.show(output)
        let due = result.states[DeliveryState.due.rawValue] ?? 0
        if let moment = result.paceOpensAt, due > 0 {
            output.line("  限速：下一份 \(moment)", "  the pace lets the next go \(moment)")
        }
        show(alarms: result.alarms)
        if result.refused > 0 {
            output.paragraph(
                said(
                    "✗ \(result.refused) 份被国家平台整份拒绝：用 shangbao queue list 查看。",
                    "✗ \(result.refused) refused as a whole: see shangbao queue list."))
        }
    }

    /// What a person does where nothing goes over a wire.
    func show(waitingForTyping count: Int) {
        output.line(
            "辅助录入：不经网络发送。", "Assisted entry: nothing is sent by wire.")
        guard count > 0 else { return }
        output.line(
            "\(count) 份待录入：shangbao worklist --out 清单.xlsx",
            "\(count) to be typed: shangbao worklist --out LIST.xlsx")
    }

    /// What somebody must look at, by its kind.
    func show(alarms: [String: Int]) {
        for (name, count) in alarms.sorted(by: { $0.key < $1.key }) {
            guard let entry = Alarm.Kind(rawValue: name)?.entry else { continue }
            output.paragraph("✗ \(entry.code) × \(count) \(entry.what.said)")
            output.paragraph(entry.next.said, indent: 2)
        }
    }

    /// Why nothing goes just now.
    func show(lane reason: String?) {
        guard let reason else { return }
        let entry = deliveryCodes.first { $0.code == reason }
        output.paragraph("✗ \(reason) \(entry?.what.said ?? "")")
        output.paragraph(entry?.next.said ?? "", indent: 2)
    }

    func show(states: [String: Int]) {
        var table = Columns(sides: [.left, .right, .left])
        for state in DeliveryState.allCases {
            guard let count = states[state.rawValue], count > 0 else { continue }
            let next = exchange.isAssisted ? state.nextByHand : state.next
            table.add([state.title.said, Figure.grouped(count), next.said])
        }
        output.table(table)
    }
}

extension DeliveryState {
    var title: Wording {
        switch self {
        case .due: Wording(zh: "待发送", en: "due")
        case .leased: Wording(zh: "已领取", en: "leased")
        case .onWire: Wording(zh: "发送中", en: "on the wire")
        case .inDoubt: Wording(zh: "结果不明", en: "in doubt")
        case .awaiting: Wording(zh: "待回执", en: "awaiting")
        case .held: Wording(zh: "暂停", en: "held")
        case .final: Wording(zh: "已办结", en: "final")
        case .cancelled: Wording(zh: "已取消", en: "cancelled")
        }
    }

    /// What comes next in this state where people type.
    var nextByHand: Wording {
        switch self {
        case .due: Wording(zh: "shangbao worklist 交人录入", en: "shangbao worklist hands it out")
        case .awaiting, .inDoubt:
            Wording(zh: "shangbao results 收结果清单", en: "shangbao results brings the answer")
        case .leased, .onWire, .held, .final, .cancelled: next
        }
    }

    /// What comes next in this state.
    var next: Wording {
        switch self {
        case .due: Wording(zh: "shangbao deliver 发送", en: "shangbao deliver sends it")
        case .leased, .onWire: Wording(zh: "正在进行", en: "under way")
        case .inDoubt: Wording(zh: "会先查询回执，再决定是否重发", en: "asked for before it goes again")
        case .awaiting:
            Wording(zh: "shangbao collect 取回执", en: "shangbao collect fetches the answer")
        case .held:
            Wording(
                zh: "要人处理：shangbao queue list --state held",
                en: "a person decides: queue list --state held")
        case .final:
            Wording(zh: "各条都有结果，不等于都已接收", en: "each has its verdict, not always accepted")
        case .cancelled: Wording(zh: "", en: "")
        }
    }
}
