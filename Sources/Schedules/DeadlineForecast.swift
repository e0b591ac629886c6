package import Records

/// Whether a deadline will be kept, counted backwards from it (截止日倒排): one pure function of what is
/// unanswered and of how fast answers came.
package struct DeadlineForecast: Hashable, Sendable {
    /// How fast records were accepted.
    package struct Rate: Hashable, Sendable {
        package let accepted: Int
        /// Over so many minutes in which the national side could be called.
        package let openMinutes: Int

        package init(accepted: Int, openMinutes: Int) {
            self.accepted = accepted
            self.openMinutes = openMinutes
        }
    }

    package enum Outcome: Hashable, Sendable {
        /// Nothing is unanswered.
        case done
        /// At the present rate, all is answered at this minute, before it closes.
        case inTime(CalendarMinute)
        /// Only at this minute, after it closes; `nil` where that is further than a year away.
        case late(CalendarMinute?)
        /// Nothing was accepted of late: there is no rate.
        case noRate
        /// No window is open any more before it closes.
        case closed
        /// It has closed, and something is unanswered.
        case missed
    }

    /// How loudly it is said.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case calm
        /// Less than 72 hours, and more than 0.7 of the open time is needed.
        case near
        /// Less than 24 hours, the same.
        case urgent
        case missed

        package static func < (left: Level, right: Level) -> Bool {
            let order = allCases
            return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
        }

        /// What it is called in the book of codes; `nil` where there is nothing to say.
        package var entry: CodeEntry? {
            switch self {
            case .calm: nil
            case .near: ScheduleCodes.deadlineNear
            case .urgent: ScheduleCodes.deadlineUrgent
            case .missed: ScheduleCodes.deadlineMissed
            }
        }
    }

    package let closing: Deadline.Closing
    /// Records that are queued, sent or held, without a verdict.
    package let unanswered: Int
    package let outcome: Outcome
    package let level: Level
    private let now: CalendarMinute

    /// - Parameter openTimes: when the national side may be called.
    package init(
        _ closing: Deadline.Closing, unanswered: Int, rate: Rate, openTimes: OpenTimes,
        now: CalendarMinute
    ) throws(CalendarGap) {
        self.closing = closing
        self.unanswered = unanswered
        self.now = now
        let left = try openTimes.openMinutes(from: now, to: closing.closes)
        var isTight = true
        if unanswered == 0 {
            (outcome, isTight) = (.done, false)
        } else if now >= closing.closes {
            outcome = .missed
        } else if left == 0 {
            outcome = .closed
        } else if rate.accepted <= 0 || rate.openMinutes <= 0 {
            outcome = .noRate
        } else {
            let needed = DeadlineForecast.minutes(for: unanswered, rate)
            let end = needed.flatMap { $0 <= Int(Int32.max) ? $0 : nil }
            let finish: CalendarMinute? =
                if let end { try openTimes.minute(after: end, from: now) } else { nil }
            outcome =
                finish.map { $0 <= closing.closes ? .inTime($0) : .late($0) } ?? .late(nil)
            // More than seven tenths of the time that is left.
            isTight = end.map { $0 * 10 > left * 7 } ?? true
        }
        level = DeadlineForecast.level(outcome, isTight: isTight, closing, now)
    }

    /// Rounded up; `nil` where it is beyond all counting.
    private static func minutes(for unanswered: Int, _ rate: Rate) -> Int? {
        let (product, isTooLarge) = unanswered.multipliedReportingOverflow(by: rate.openMinutes)
        return isTooLarge ? nil : (product + rate.accepted - 1) / rate.accepted
    }

    private static func level(
        _ outcome: Outcome, isTight: Bool, _ closing: Deadline.Closing, _ now: CalendarMinute
    ) -> Level {
        if outcome == .missed { return .missed }
        let minutesLeft = closing.closes.minutesSince1970 - now.minutesSince1970
        guard isTight, minutesLeft <= 72 * 60 else { return .calm }
        return minutesLeft <= 24 * 60 ? .urgent : .near
    }

    /// One sentence: what is due when, what is missing, and when it will be done.
    package var wording: Wording {
        let due = DayWords(closing.day, seenFrom: now.day, at: closing.closes)
        let head = Wording(
            zh: "须于 \(due.zh)前被接收：还有 \(unanswered) 条未答复",
            en: "to be accepted by \(due.en): \(unanswered) still unanswered")
        func tail(_ zh: String, _ en: String) -> Wording {
            Wording(zh: head.zh + "，" + zh, en: head.en + ", " + en)
        }
        switch outcome {
        case .done:
            return Wording(
                zh: "须于 \(due.zh)前被接收：已全部答复", en: "to be accepted by \(due.en): all is answered")
        case .inTime(let minute), .late(let minute?):
            let end = DayWords(minute.adding(minutes: -1).day, seenFrom: now.day)
            let isLate = minute > closing.closes
            return tail(
                "按目前速度 \(end.zh)完成" + (isLate ? "，来不及" : ""),
                "at the present rate done on \(end.en)" + (isLate ? ": too late" : ""))
        case .late(nil):
            return tail("按目前速度一年内也完不成", "at the present rate not done within a year")
        case .noRate:
            return tail("近期没有被接收的记录，无法推算", "nothing was accepted of late: no rate to go by")
        case .closed:
            return tail("截止前已没有可上报的时段", "no window is open before it closes")
        case .missed:
            return Wording(
                zh: "\(due.zh)已截止：还有 \(unanswered) 条未答复",
                en: "closed on \(due.en): \(unanswered) still unanswered")
        }
    }
}

/// A day as people say it: `10 日`, `the 10th`; with its month where that is another one.
struct DayWords {
    let zh: String
    let en: String

    /// - Parameter closes: the minute that is too late, told where it is not midnight.
    init(_ day: CalendarDate, seenFrom today: CalendarDate, at closes: CalendarMinute? = nil) {
        let (parts, now) = (day.parts, today.parts)
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        var (zh, en) = ("\(parts.day) 日", "the \(Ordinal.english(parts.day))")
        if parts.month != now.month || parts.year != now.year {
            (zh, en) = ("\(parts.month) 月 \(zh)", "\(parts.day) \(months[parts.month - 1])")
        }
        if parts.year != now.year { (zh, en) = ("\(parts.year) 年 \(zh)", "\(en) \(parts.year)") }
        if let closes, closes.minuteOfDay != 0 {
            let time = TimeOfDay(minute: closes.minuteOfDay).description
            (zh, en) = ("\(zh) \(time) ", "\(en), \(time)")
        }
        self.zh = zh
        self.en = en
    }
}
