package import Records

/// What a schedule does (任务).
package enum ScheduledWork: Hashable, Sendable {
    /// Takes new files of these sources; of all where none is named.
    case take([String])
    case deliver, collect, reconcile
    /// A whole round: take, deliver, collect.
    case all

    /// Whether the national side is called: then windows, closed days and the offset hold.
    package var callsNation: Bool {
        if case .take = self { false } else { true }
    }

    /// As the site's file writes it.
    package var text: String {
        switch self {
        case .take(let sources): (["take"] + sources).joined(separator: " ")
        case .deliver: "deliver"
        case .collect: "collect"
        case .reconcile: "reconcile"
        case .all: "all"
        }
    }
}

/// What must have happened before a run begins (前置条件).
package struct Requirement: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        /// A run of another schedule that ended well.
        case schedule(String)
        /// Files of a source, taken to their end.
        case source(String)
    }

    package let subject: Subject
    /// Rows that the source's files must have together; at least one file in any case.
    package let rows: Int
    /// How far back it counts; `nil` means since the run's own day began.
    package let within: Span?

    package init(subject: Subject, rows: Int, within: Span?) {
        self.subject = subject
        self.rows = rows
        self.within = within
    }

    /// From when on it counts, for a run that was to begin at a minute.
    package func since(_ nominal: CalendarMinute) -> CalendarMinute {
        guard let within else { return CalendarMinute(day: nominal.day, minuteOfDay: 0) }
        return nominal.adding(minutes: -within.minutes)
    }
}

/// One line of the upload calendar (上报日程).
package struct Schedule: Sendable {
    /// What becomes of runs that were missed (补跑): the latest one is made up for, each, or none.
    package enum CatchUp: String, Sendable, CaseIterable {
        case once, all, none
    }

    /// What is done where a requirement is not met in time.
    package enum Otherwise: String, Sendable, CaseIterable {
        case run, skip
    }

    package let name: String
    package let work: ScheduledWork
    package let timing: Timing
    /// Days on which it runs; `nil` for all.
    package var on: DaySet?
    /// Days on which it does not.
    package var notOn: DaySet?
    package var windows: [DayWindow] = []
    /// By how much the county's own offset may delay it, at most; 0 minutes for none.
    package var spread = Span(minutes: 0)
    package var requirements: [Requirement] = []
    /// How long requirements are waited for.
    package var wait = Span(minutes: 0)
    package var otherwise = Otherwise.skip
    package var catchUp = CatchUp.once

    package init(name: String, work: ScheduledWork, timing: Timing) {
        self.name = name
        self.work = work
        self.timing = timing
    }

    /// Whether each year needs its file of working days.
    package var asksForWorkdays: Bool {
        timing.asksForWorkdays || on?.asksForWorkdays == true || notOn?.asksForWorkdays == true
    }

    /// Whether it runs on a day by its own words.
    package func holds(on day: CalendarDate, by calendar: HolidayCalendar) throws(CalendarGap)
        -> Bool
    {
        if let on, try !on.contains(day, by: calendar) { return false }
        if let notOn, try notOn.contains(day, by: calendar) { return false }
        return true
    }
}
