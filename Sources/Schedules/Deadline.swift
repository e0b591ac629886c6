package import Records

/// A day until which records must be accepted (截止日), again and again.
package struct Deadline: Hashable, Sendable {
    /// The day on which it closes.
    package enum Day: Hashable, Sendable {
        /// A day of each month; a month that is shorter closes with its last day.
        case ofMonth(Int)
        /// A working day of each month by its number, -1 the last.
        case workday(Int)
        /// A day of each year.
        case ofYear(month: Int, day: Int)
    }

    /// Whose service dates it counts.
    package enum Counted: String, Sendable, CaseIterable {
        case previousMonth = "previous month"
        case thisMonth = "this month"
        case previousYear = "previous year"
        case thisYear = "this year"
    }

    /// What becomes of a submission that has not gone out half an hour before.
    package enum Late: String, Sendable, CaseIterable {
        /// Held until a person decides whether it still goes.
        case hold
        /// The other side takes late records: it goes on.
        case send
    }

    /// One time that it closes, with the months that it counts.
    package struct Closing: Hashable, Sendable {
        /// The last day on which something may be accepted.
        package let day: CalendarDate
        /// The first minute that is too late.
        package let closes: CalendarMinute
        package let months: ClosedRange<CalendarMonth>
    }

    package let name: String
    /// The programme's folder; `nil` counts all.
    package let programme: String?
    package let day: Day
    /// When the day closes; 24:00 unless said.
    package let at: TimeOfDay
    package let counts: Counted
    package let late: Late
    /// Over how many open hours the present rate is taken.
    package let rateHours: Int

    package init(
        name: String, programme: String? = nil, day: Day, at: TimeOfDay = TimeOfDay(minute: 1440),
        counts: Counted, late: Late = .hold, rateHours: Int = 24
    ) {
        self.name = name
        self.programme = programme
        self.day = day
        self.at = at
        self.counts = counts
        self.late = late
        self.rateHours = rateHours
    }

    /// The next time that it closes, after a minute.
    package func closing(after minute: CalendarMinute, by calendar: HolidayCalendar)
        throws(CalendarGap) -> Closing
    {
        var month = minute.day.month
        while true {
            if let found = try closing(in: month, by: calendar), found.closes > minute {
                return found
            }
            month = month.adding(months: 1)
        }
    }

    /// The last time that it closed, at a minute or before.
    package func closing(before minute: CalendarMinute, by calendar: HolidayCalendar)
        throws(CalendarGap) -> Closing
    {
        var month = minute.day.month
        while true {
            if let found = try closing(in: month, by: calendar), found.closes <= minute {
                return found
            }
            month = month.adding(months: -1)
        }
    }

    /// When records of a month must be accepted: the last closing that counts the month.
    package func closing(of month: CalendarMonth, by calendar: HolidayCalendar)
        throws(CalendarGap) -> Closing?
    {
        for ahead in [0, 1, 2] {
            let first =
                counts.isYear
                ? CalendarMonth(year: month.year + ahead, month: 1) : month.adding(months: ahead)
            for offset in 0..<(counts.isYear ? 12 : 1) {
                let found = try closing(in: first.adding(months: offset), by: calendar)
                if let found, found.months.contains(month) { return found }
            }
        }
        return nil
    }

    private func closing(in month: CalendarMonth, by calendar: HolidayCalendar)
        throws(CalendarGap) -> Closing?
    {
        let length = CalendarDate.length(ofMonth: month.month, year: month.year)
        let found: CalendarDate?
        switch day {
        case .ofMonth(let number):
            found = CalendarDate(
                year: month.year, month: month.month, day: min(number, length))
        case .workday(let number):
            found = try calendar.workday(number, of: month)
        case .ofYear(let wanted, let number):
            guard wanted == month.month else { return nil }
            found = CalendarDate(year: month.year, month: wanted, day: min(number, length))
        }
        guard let found else { return nil }
        return Closing(
            day: found,
            closes: CalendarMinute(day: found, minuteOfDay: 0).adding(minutes: at.minute),
            months: counts.months(of: month))
    }
}

extension Deadline.Counted {
    var isYear: Bool { self == .previousYear || self == .thisYear }

    /// The months that a closing in `month` counts.
    fileprivate func months(of month: CalendarMonth) -> ClosedRange<CalendarMonth> {
        func year(_ number: Int) -> ClosedRange<CalendarMonth> {
            CalendarMonth(year: number, month: 1)...CalendarMonth(year: number, month: 12)
        }
        switch self {
        case .previousMonth: return month.adding(months: -1)...month.adding(months: -1)
        case .thisMonth: return month...month
        case .previousYear: return year(month.year - 1)
        case .thisYear: return year(month.year)
        }
    }
}

/// All deadlines of a site, with the calendar that they are counted by.
package struct Deadlines: Sendable {
    package let all: [Deadline]
    package let openTimes: OpenTimes

    /// Sending stops so long before a deadline, so that an answer can still come.
    package static let marginMinutes = 30

    package init(_ all: [Deadline], openTimes: OpenTimes) {
        self.all = all
        self.openTimes = openTimes
    }

    /// Until when a submission with records of these months may be sent: half an hour before
    /// the first of its deadlines that is still ahead. `nil` where none holds it.
    ///
    /// A deadline that has passed holds nothing: what comes late is a person's to send or not, and
    /// taking it in was that decision.
    package func latestSend(
        of months: Set<CalendarMonth>, programme: String, at minute: CalendarMinute
    ) throws(CalendarGap) -> CalendarMinute? {
        var earliest: CalendarMinute?
        for deadline in all where deadline.late == .hold {
            if let own = deadline.programme, own != programme { continue }
            for month in months {
                guard let closing = try deadline.closing(of: month, by: openTimes.calendar) else {
                    continue
                }
                let last = closing.closes.adding(minutes: -Deadlines.marginMinutes)
                if last > minute { earliest = min(earliest ?? last, last) }
            }
        }
        return earliest
    }
}
