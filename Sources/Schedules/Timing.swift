package import Records

/// When something runs (运行时刻): a cron line, an interval, times of each day, or times of one working
/// day of the month.
package enum Timing: Hashable, Sendable {
    case cron(CronLine)
    /// Counted from midnight of 1970-01-01, so that a restart moves nothing; what divides a day
    /// begins at midnight.
    case every(Span)
    case daily([TimeOfDay])
    /// The working day by its number in the month, -1 the last.
    case workday(Int, [TimeOfDay])

    /// Whether it asks for working days.
    package var asksForWorkdays: Bool {
        if case .workday = self { true } else { false }
    }

    /// The minutes of a day at which it runs, in their order.
    package func minutes(on day: CalendarDate, by calendar: HolidayCalendar) throws(CalendarGap)
        -> [Int]
    {
        switch self {
        case .cron(let line):
            return line.holds(on: day) ? line.minutesOfDay : []
        case .every(let span):
            let start = CalendarMinute(day: day, minuteOfDay: 0).minutesSince1970
            let past = Int(start % Int64(span.minutes))
            let first = past == 0 ? 0 : (past < 0 ? -past : span.minutes - past)
            return Array(stride(from: first, to: 1440, by: span.minutes))
        case .daily(let times):
            return times.map(\.minute)
        case .workday(let number, let times):
            let isDay = try calendar.workday(number, of: day.month) == day
            return isDay ? times.map(\.minute) : []
        }
    }
}

extension Timing {
    /// In words, for a list.
    package var wording: Wording {
        func list(_ times: [TimeOfDay]) -> String {
            times.map(\.description).joined(separator: " ")
        }
        switch self {
        case .cron(let line): return Wording(zh: line.text, en: line.text)
        case .every(let span): return Wording(zh: "每 \(span)", en: "every \(span)")
        case .daily(let times): return Wording(zh: "每日 \(list(times))", en: "daily \(list(times))")
        case .workday(let number, let times):
            return number < 0
                ? Wording(
                    zh: "每月最后一个工作日 \(list(times))", en: "last working day \(list(times))")
                : Wording(
                    zh: "每月第 \(number) 个工作日 \(list(times))",
                    en: "\(Ordinal.english(number)) working day \(list(times))")
        }
    }
}

/// English ordinals: 1st, 2nd, 3rd, 11th.
package enum Ordinal {
    /// The number with its ending.
    package static func english(_ number: Int) -> String {
        let ending =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }
}
