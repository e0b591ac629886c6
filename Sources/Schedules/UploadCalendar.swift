package import Records

/// All schedules of a site with the times at which the national side may be called (上报日历). Pure:
/// it says what runs when, and does nothing.
package struct UploadCalendar: Sendable {
    /// One run that the calendar asks for.
    package struct Occurrence: Hashable, Sendable {
        package let schedule: String
        /// The minute by the schedule's own words: with the name it is the run's identity.
        package let nominal: CalendarMinute
        /// When it begins: later by the county's offset.
        package let starts: Timestamp
    }

    /// In the order of the site's file.
    package let schedules: [Schedule]
    /// The site's windows and closed days; they hold for whatever calls the national side.
    package let openTimes: OpenTimes
    /// What the offset is taken from: the sender's code.
    package let county: String

    package var holidays: HolidayCalendar { openTimes.calendar }

    package init(schedules: [Schedule], openTimes: OpenTimes, county: String) {
        self.schedules = schedules
        self.openTimes = openTimes
        self.county = county
    }

    /// A schedule by its name.
    package func schedule(named name: String) -> Schedule? {
        schedules.first { $0.name == name }
    }

    /// When a schedule's work may be done: the site's times and its own windows, both.
    package func openTimes(of schedule: Schedule) -> [OpenTimes] {
        var all: [OpenTimes] = []
        if schedule.work.callsNation { all.append(openTimes) }
        if !schedule.windows.isEmpty {
            all.append(
                OpenTimes(windows: schedule.windows, blackout: nil, calendar: holidays))
        }
        return all
    }

    /// Whether a schedule's work may go on at a minute.
    package func isOpen(_ schedule: Schedule, at minute: CalendarMinute) throws(CalendarGap)
        -> Bool
    {
        for times in openTimes(of: schedule) where try !times.isOpen(minute) { return false }
        return true
    }

    /// When a run must end because a window closes: the first end of those it lies in; `nil` where
    /// none is near.
    package func end(of schedule: Schedule, at minute: CalendarMinute) throws(CalendarGap)
        -> CalendarMinute?
    {
        var earliest: CalendarMinute?
        for times in openTimes(of: schedule) {
            guard let end = try times.end(of: minute) else { continue }
            earliest = min(earliest ?? end, end)
        }
        return earliest
    }

    /// The runs of one day in their order. Those that fall outside the open times are none.
    package func occurrences(of schedule: Schedule, on day: CalendarDate) throws(CalendarGap)
        -> [Occurrence]
    {
        guard try schedule.holds(on: day, by: holidays) else { return [] }
        var found: [Occurrence] = []
        for minute in try schedule.timing.minutes(on: day, by: holidays) {
            let nominal = CalendarMinute(day: day, minuteOfDay: minute)
            guard try isOpen(schedule, at: nominal) else { continue }
            found.append(
                Occurrence(
                    schedule: schedule.name, nominal: nominal,
                    starts: Timestamp(nominal)
                        .adding(seconds: try offset(of: schedule, at: nominal))))
        }
        return found
    }

    /// The runs whose minute is after one and up to another, in their order; at most `limit`, the
    /// first ones.
    package func occurrences(
        of schedule: Schedule, after: CalendarMinute, through: CalendarMinute,
        limit: Int = .max
    ) throws(CalendarGap) -> [Occurrence] {
        var found: [Occurrence] = []
        var day = after.day
        while day <= through.day, found.count < limit {
            for run in try occurrences(of: schedule, on: day)
            where run.nominal > after && run.nominal <= through && found.count < limit {
                found.append(run)
            }
            day = day.adding(days: 1)
        }
        return found
    }

    /// The next run after a minute; `nil` where there is none within 400 days.
    package func next(of schedule: Schedule, after: CalendarMinute) throws(CalendarGap)
        -> Occurrence?
    {
        for offset in 0..<OpenTimes.mostDays {
            let day = after.day.adding(days: offset)
            if let run = try occurrences(of: schedule, on: day).first(where: {
                $0.nominal > after
            }) {
                return run
            }
        }
        return nil
    }

    /// The longest time between two runs in the coming days, in minutes: an alert on a run that did
    /// not come must wait longer. `nil` where there are not two.
    package func longestPause(
        of schedule: Schedule, after: CalendarMinute, days: Int = 14
    ) throws(CalendarGap) -> Int? {
        let runs = try occurrences(
            of: schedule, after: after, through: after.adding(minutes: days * 1440))
        return zip(runs, runs.dropFirst()).map { former, next in
            Int(next.nominal.minutesSince1970 - former.nominal.minutesSince1970)
        }.max()
    }

    /// How long it may take until the next run, in minutes, as those who watch count it: the
    /// longest pause of the two months to come, of the years to come for what runs more seldom, and
    /// of two weeks where the working days are not known for longer. `nil` where there are not two
    /// runs.
    package func period(of schedule: Schedule, after: CalendarMinute) -> Int? {
        do throws(CalendarGap) {
            for days in [62, 3 * OpenTimes.mostDays] {
                let pause = try longestPause(of: schedule, after: after, days: days)
                if let pause { return pause }
            }
            return nil
        } catch {
            return try? longestPause(of: schedule, after: after)
        }
    }

    /// The county's offset never leads out of the window that the run begins in.
    private func offset(of schedule: Schedule, at nominal: CalendarMinute) throws(CalendarGap)
        -> Int64
    {
        var bound = schedule.spread.minutes * 60
        guard bound > 0 else { return 0 }
        if let end = try end(of: schedule, at: nominal) {
            bound = min(bound, Int(end.minutesSince1970 - nominal.minutesSince1970) * 60)
        }
        return Int64(CountyOffset.seconds(of: county, below: bound))
    }
}
