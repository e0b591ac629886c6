import Delivery
import Evidence
import Flow
import Records

extension TransportState {
    var title: Wording {
        switch self {
        case .notSent: Wording(zh: "未发出", en: "not sent")
        case .underWay: Wording(zh: "发送中", en: "being sent")
        case .notTaken: Wording(zh: "未送达", en: "not taken")
        case .unclear: Wording(zh: "不明", en: "unclear")
        case .handedOut: Wording(zh: "已交录入", en: "handed out")
        case .laidDown: Wording(zh: "已放入对方目录", en: "in their folder")
        case .delivered: Wording(zh: "已送达", en: "delivered")
        case .cancelled: Wording(zh: "已撤下", en: "taken back")
        }
    }
}

extension ItemState {
    var title: Wording {
        switch self {
        case .open: Wording(zh: "无结果", en: "no verdict")
        case .unknown: Wording(zh: "代码不识", en: "code unknown")
        case .transient: Wording(zh: "待重新组包", en: "to go again")
        case .repacked: Wording(zh: "已另行组包", en: "went again")
        case .accepted: Wording(zh: "已接收", en: "accepted")
        case .rejected: Wording(zh: "被退回", en: "rejected")
        case .reversed: Wording(zh: "接收被撤销", en: "acceptance undone")
        case .disputed: Wording(zh: "回执矛盾", en: "disputed")
        case .void: Wording(zh: "已作废", en: "void")
        }
    }
}

extension RecordAction {
    var title: Wording {
        switch self {
        case .submit: Wording(zh: "新报", en: "report")
        case .amend: Wording(zh: "更正", en: "amendment")
        case .withdraw: Wording(zh: "撤回", en: "withdrawal")
        }
    }
}

extension Trace.Side {
    var title: Wording {
        switch self {
        case .transport: Wording(zh: "传输", en: "transport")
        case .business: Wording(zh: "业务", en: "business")
        }
    }
}

/// Two states beside each other: what the wire knows, and what was decided (传输与业务). A row that
/// stays here has both, too.
struct StateWords: Sendable {
    /// Stable words for programs.
    enum Business: Sendable, Encodable {
        /// Of one record.
        case state(String)
        /// Of a submission: how many records are in each state.
        case counts([String: Int])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .state(let state): try container.encode(state)
            case .counts(let counts): try container.encode(counts)
            }
        }
    }

    let transport: TransportState
    let business: Business
    /// The same for people.
    let decided: Wording

    init(_ bearings: Bearings?, _ item: Item) {
        transport = bearings?.transport ?? .notSent
        business = .state(item.state.rawValue)
        let isTakenBack = item.action == .withdraw && item.state == .accepted
        let title =
            isTakenBack
            ? Wording(zh: "撤回已接受", en: "withdrawal accepted") : item.state.title
        let more = [item.code, item.serial].compactMap { $0.map { " " + $0 } }.joined()
        decided = Wording(zh: title.zh + more, en: title.en + more)
    }

    /// Of a row that was not sent, by its fate.
    init(fate: String) {
        transport = .notSent
        business = .state(fate)
        decided =
            switch fate {
            case "excluded": Wording(zh: "不符合条件", en: "not eligible")
            case "quarantined": Wording(zh: "待更正", en: "to be corrected")
            case "superseded": Wording(zh: "已被替代", en: "superseded")
            default: Wording(zh: "暂缓", en: "held")
            }
    }

    /// Of a submission as a whole.
    init(_ bearings: Bearings) {
        transport = bearings.transport
        business = .counts(bearings.counts)
        decided = bearings.decided
    }

    /// Of the newest version of a record.
    init(_ stand: RecordStand, _ bearings: [SubmissionID: Bearings]) {
        switch stand.newest {
        case .row(let fate, _, _, _): self.init(fate: fate)
        case .item(let item, let submission):
            self.init(bearings[SubmissionID(submission.id)], item)
        }
    }

    /// Two lines for people.
    func show(_ output: Output) {
        var table = Columns(sides: [.left, .left])
        table.add([Trace.Side.transport.title.said, transport.title.said])
        table.add([Trace.Side.business.title.said, decided.said])
        output.table(table)
    }
}

extension Bearings {
    /// How many records are in each state, for programs.
    var counts: [String: Int] {
        Dictionary(uniqueKeysWithValues: business.map { ($0.key.rawValue, $0.value) })
    }

    /// The same for people: `已接收 46，被退回 2`.
    var decided: Wording {
        let states = ItemState.allCases.filter { business[$0, default: 0] > 0 }
        return Wording(
            zh: states.map { "\($0.title.zh) \(business[$0, default: 0])" }
                .joined(separator: "，"),
            en: states.map { "\(business[$0, default: 0]) \($0.title.en)" }
                .joined(separator: ", "))
    }
}
