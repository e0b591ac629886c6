package import Records

/// When the national side may be called (可上报时间): windows of the day, less the days that are closed.
/// Without windows it is all day. A day is closed from midnight to midnight.
package struct OpenTimes: Sendable {
    package let windows: [DayWindow]
    package let blackout: DaySet?
    package let calendar: HolidayCalendar

    /// How far anything is looked for.
    static let mostDays = 400

    package init(windows: [DayWindow], blackout: DaySet?, calendar: HolidayCalendar) {
        self.windows = windows
        self.blackout = blackout
        self.calendar = calendar
    }

    /// Whether a day is closed as a whole.
    package func isClosed(_ day: CalendarDate) throws(CalendarGap) -> Bool {
        guard let blackout else { return false }
        return try blackout.contains(day, by: calendar)
    }

    /// Whether a minute is open.
    package func isOpen(_ minute: CalendarMinute) throws(CalendarGap) -> Bool {
        try ranges(on: minute.day).contains { $0.contains(minute.minuteOfDay) }
    }

    /// The open minutes of a day: ranges that neither touch nor overlap, in their order.
    package func ranges(on day: CalendarDate) throws(CalendarGap) -> [Range<Int>] {
        if try isClosed(day) { return [] }
        if windows.isEmpty { return [0..<1440] }
        var merged: [Range<Int>] = []
        for range in windows.flatMap(\.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// How many open minutes lie from one minute up to another.
    package func openMinutes(from: CalendarMinute, to: CalendarMinute) throws(CalendarGap) -> Int {
        guard from < to else { return 0 }
        var count = 0
        var day = from.day
        while day <= to.day {
            let first = day == from.day ? from.minuteOfDay : 0
            let last = day == to.day ? to.minuteOfDay : 1440
            for range in try ranges(on: day) where first < last {
                count += range.clamped(to: first..<last).count
            }
            day = day.adding(days: 1)
        }
        return count
    }

    /// The minute at whose beginning so many open minutes have gone by; `nil` where that is further
    /// than a year away. With 0 it is the next minute that is open.
    package func minute(after count: Int, from: CalendarMinute) throws(CalendarGap)
        -> CalendarMinute?
    {
        var left = count
        for offset in 0..<OpenTimes.mostDays {
            let day = from.day.adding(days: offset)
            let first = offset == 0 ? from.minuteOfDay : 0
            for range in try ranges(on: day) {
                let open = range.clamped(to: first..<max(first, 1440))
                guard !open.isEmpty else { continue }
                // The end of a window counts as reached, not the next window's beginning.
                if left < open.count || (left > 0 && left == open.count) {
                    return CalendarMinute(day: day, minuteOfDay: open.lowerBound)
                        .adding(minutes: left)
                }
                left -= open.count
            }
        }
        return nil
    }

    /// The latest minute from which so many open minutes lead up to `to`; the far end of the look
    /// back where there are not so many.
    package func minute(before count: Int, to: CalendarMinute) throws(CalendarGap)
        -> CalendarMinute
    {
        var left = count
        for offset in 0..<OpenTimes.mostDays where left > 0 {
            let day = to.day.adding(days: -offset)
            let last = offset == 0 ? to.minuteOfDay : 1440
            for range in try ranges(on: day).reversed() {
                let open = range.clamped(to: 0..<last)
                if left <= open.count {
                    return CalendarMinute(day: day, minuteOfDay: open.upperBound - left)
                }
                left -= open.count
            }
        }
        return left == 0
            ? to : CalendarMinute(day: to.day.adding(days: -OpenTimes.mostDays), minuteOfDay: 0)
    }

    /// The end of the open time that a minute lies in: a closed minute's is itself, and `nil` where
    /// it does not end within a year. A later day of a year that is unknown ends it.
    package func end(of minute: CalendarMinute) throws(CalendarGap) -> CalendarMinute? {
        var from = minute.minuteOfDay
        for offset in 0..<OpenTimes.mostDays {
            let day = minute.day.adding(days: offset)
            let known: [Range<Int>]
            do throws(CalendarGap) {
                known = try ranges(on: day)
            } catch {
                guard offset > 0 else { throw error }
                known = []
            }
            guard let inside = known.first(where: { $0.contains(from) }) else {
                return CalendarMinute(day: day, minuteOfDay: from)
            }
            if inside.upperBound < 1440 {
                return CalendarMinute(day: day, minuteOfDay: inside.upperBound)
            }
            from = 0
        }
        return nil
    }
}
