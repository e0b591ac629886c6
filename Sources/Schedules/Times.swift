/// A length of time in whole minutes: `15 min`, `2 h`, `1 d` (时长).
package struct Span: Hashable, Sendable {
    package let minutes: Int

    package init(minutes: Int) {
        self.minutes = minutes
    }

    /// - Parameter longest: in minutes.
    package init(_ text: String, longest: Int) throws(TimingFault) {
        var reading = TimingText(text)
        let units = ["min": 1, "h": 60, "d": 1440]
        guard let count = reading.number() else {
            throw TimingFault(
                1, "应为数字加单位：15 min、2 h、1 d。", "A number and its unit: 15 min, 2 h, 1 d.")
        }
        reading.skipBlanks()
        let column = reading.column
        guard let unit = units[reading.word()], reading.isAtEnd else {
            throw TimingFault(column, "单位应为 min、h 或 d。", "The unit is min, h or d.")
        }
        guard (1...longest).contains(count * unit) else {
            let most = Span(minutes: longest).description
            throw TimingFault(1, "应为 1 min 到 \(most)。", "From 1 min to \(most).")
        }
        minutes = count * unit
    }
}

extension Span: CustomStringConvertible {
    /// As it is written, in the largest unit that fits.
    package var description: String {
        if minutes % 1440 == 0 { return "\(minutes / 1440) d" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes) min"
    }
}

/// A time of day, `00:00` to `23:59`; as an end also `24:00` (时刻).
package struct TimeOfDay: Hashable, Sendable {
    /// Minutes since midnight, 0 to 1440.
    package let minute: Int

    package init(minute: Int) {
        self.minute = minute
    }

    /// Strict `HH:mm`.
    package init(_ text: String, isEnd: Bool = false) throws(TimingFault) {
        var reading = TimingText(text)
        self = try TimeOfDay(&reading, isEnd: isEnd)
        guard reading.isAtEnd else { throw TimeOfDay.fault(at: reading.column) }
    }

    init(_ reading: inout TimingText, isEnd: Bool) throws(TimingFault) {
        let start = reading.column
        guard let hour = reading.number(), reading.column == start + 2, reading.accept(":"),
            let minute = reading.number(), reading.column == start + 5
        else { throw TimeOfDay.fault(at: start) }
        let isMidnight = hour == 24 && minute == 0 && isEnd
        guard isMidnight || (hour < 24 && minute < 60) else { throw TimeOfDay.fault(at: start) }
        self.minute = hour * 60 + minute
    }

    private static func fault(at column: Int) -> TimingFault {
        TimingFault(column, "时刻应为 HH:mm，例如 22:00。", "A time is HH:mm, such as 22:00.")
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `HH:mm`.
    package var description: String {
        let (hour, minute) = (minute / 60, minute % 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }
}

/// A window of each day (上报时段): `22:00-06:00` goes over midnight. Its end does not belong to it.
package struct DayWindow: Hashable, Sendable {
    package let from: TimeOfDay
    package let to: TimeOfDay

    package init(_ text: String) throws(TimingFault) {
        var reading = TimingText(text)
        from = try TimeOfDay(&reading, isEnd: false)
        reading.skipBlanks()
        guard reading.accept("-") else {
            throw TimingFault(
                reading.column, "时段应为 22:00-06:00。", "A window is 22:00-06:00.")
        }
        reading.skipBlanks()
        let column = reading.column
        to = try TimeOfDay(&reading, isEnd: true)
        guard reading.isAtEnd else {
            throw TimingFault(
                reading.column, "时段应为 22:00-06:00。", "A window is 22:00-06:00.")
        }
        guard from != to, to.minute > 0 else {
            throw TimingFault(
                column, "时段不能为空；到午夜写 24:00。", "A window is not empty; midnight is 24:00.")
        }
    }

    /// The minutes of one day that are inside: one range, or the two ends of the day.
    package var ranges: [Range<Int>] {
        from.minute < to.minute
            ? [from.minute..<to.minute] : [0..<to.minute, from.minute..<1440]
    }
}

extension DayWindow: CustomStringConvertible {
    /// As it is written.
    package var description: String { "\(from)-\(to)" }
}
