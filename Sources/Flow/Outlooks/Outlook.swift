package import Delivery
package import Records

/// Why something is where it is, what comes next and when, and what a person can do (处境与前景).
package struct Outlook: Sendable, Hashable {
    /// A command that helps, and what it does.
    package struct Step: Sendable, Hashable {
        package let command: String
        package let does: Wording

        init(_ command: String, _ zh: String, _ en: String) {
            self.command = command
            does = Wording(zh: zh, en: en)
        }
    }

    package let why: Wording
    /// Codes that say more about the reason; the code book has their sentences.
    package var codes: [String] = []
    package let next: Wording
    /// When that comes, as far as anybody can know; `nil` where it is up to a person, or nothing
    /// comes any more.
    package var at: Timestamp?
    package var steps: [Step] = []
}

/// The way to the national side as it stands (通道与日程): what a submission waits for beside its own
/// time.
package struct Way: Sendable {
    /// What is to be done on it.
    package enum Errand: Sendable, CaseIterable {
        /// Sends, and asks for what is in doubt.
        case send
        /// Fetches receipts.
        case fetch
        /// Packs records anew: needs the key ring.
        case pack
    }

    /// By whom and when an errand is run.
    package enum Turn: Sendable, Hashable {
        /// A schedule runs it.
        case schedule(String, at: Timestamp)
        /// The only schedules that would are paused: one of them.
        case paused(String)
        /// No schedule does: whoever runs a command, or `shangbao run`, from this moment on.
        case anyRound(from: Timestamp)
        /// The working days of that time are unknown.
        case unknown
    }

    package let now: Timestamp
    /// Nothing goes before this moment.
    package let openFrom: Timestamp
    /// Why the lane waits, where it does: a code.
    package let laneCode: String?
    /// Nothing is sent until a person opens the lanes.
    package let isReconciling: Bool
    /// What a person stopped on the lane.
    package var stopped: LaneStop.Scope?
    /// When the pace lets the next one go; `nil` where it holds nothing up.
    package var paceOpens: Timestamp?
    /// Whether people type what is due: nothing goes over a wire.
    package var isAssisted = false
    /// Whose turn an errand is that cannot be run before a moment.
    package let turn: @Sendable (Errand, Timestamp) -> Turn

    /// How an answer is read again once the profile knows its code or its words.
    var rereading: Outlook.Step {
        isAssisted
            ? Outlook.Step(
                "shangbao results 清单", "补上之后，同一份清单再收一次",
                "bring the same list again once the profile has it")
            : Outlook.Step(
                "shangbao collect", "在应答码表（或文字对照表）中补上之后，重新解读",
                "once the profile has it, read the receipt again")
    }

    package init(
        now: Timestamp, openFrom: Timestamp, laneCode: String?, isReconciling: Bool,
        turn: @escaping @Sendable (Errand, Timestamp) -> Turn
    ) {
        self.now = now
        self.openFrom = openFrom
        self.laneCode = laneCode
        self.isReconciling = isReconciling
        self.turn = turn
    }

    /// Whether the lane lets something through now.
    var isOpen: Bool { openFrom <= now }

    /// Whose turn it is for something whose own time comes at a moment.
    func turn(_ errand: Errand, notBefore moment: Timestamp) -> Turn {
        turn(errand, max(moment, max(now, openFrom)))
    }
}

extension Way.Turn {
    /// When it comes, if anybody knows.
    package var moment: Timestamp? {
        switch self {
        case .schedule(_, let at): at
        case .anyRound(let from): from
        case .paused, .unknown: nil
        }
    }

    /// What comes then, in both languages.
    ///
    /// - Parameters:
    ///   - zh: what is done, as a predicate.
    ///   - en: the same, beginning with a small letter.
    ///   - command: what runs it by hand.
    func sentence(_ zh: String, _ en: String, by command: String) -> Wording {
        switch self {
        case .schedule(let name, let at):
            Wording(
                zh: "\(at.minute)（北京时间）由日程 \(name) \(zh)。",
                en: "At \(at.minute) (Asia/Shanghai) the schedule \(name) \(en).")
        case .paused(let name):
            Wording(
                zh: "日程 \(name) 已被人暂停，恢复之前不会\(zh)。",
                en: "The schedule \(name) is paused by a person; until it is resumed nothing \(en)."
            )
        case .anyRound(let from):
            Wording(
                zh: "\(from.minute)（北京时间）起，由 shangbao run 的下一轮或 \(command) \(zh)。",
                en: "From \(from.minute) (Asia/Shanghai) on, the next round of shangbao run, or "
                    + "\(command), \(en).")
        case .unknown:
            Wording(
                zh: "日历缺那一年的工作日，无法预计何时\(zh)。",
                en: "The calendar lacks that year's working days: nobody can say when it \(en).")
        }
    }
}
