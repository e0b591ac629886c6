package import Records
package import Schedules
import Storage

/// Why a person's step with a schedule was not taken.
package struct ScheduleFailure: ExplainedFailure {
    package let entry: CodeEntry
    /// The schedule's name.
    package let place: String?
    package let detail: String?

    package init(_ entry: CodeEntry, _ schedule: String, detail: String? = nil) {
        self.entry = entry
        place = schedule
        self.detail = detail
    }
}

extension UploadCalendar {
    /// A schedule by its name. Throws `ScheduleFailure` with the names that there are.
    package func existing(_ name: String) throws(ScheduleFailure) -> Schedule {
        guard let found = schedule(named: name) else {
            let known = schedules.map(\.name).joined(separator: ", ")
            throw ScheduleFailure(ScheduleCodes.unknown, name, detail: known)
        }
        return found
    }
}

extension ScheduleRunner {
    /// Runs a schedule because a person asks, whatever must come before it.
    ///
    /// - Parameter isAnyTime: also outside of the windows and on a closed day.
    /// - Throws: `ScheduleFailure` where it is not open or runs already; `StorageFailure`.
    package func runNow(_ name: String, at now: Timestamp, isAnyTime: Bool = false) async throws
        -> WorkReport
    {
        let schedule = try calendar.existing(name)
        let isOpen = try calendar.isOpen(schedule, at: now.minute)
        guard isOpen || isAnyTime else { throw ScheduleFailure(ScheduleCodes.closed, name) }
        _ = try await database.write { [book, owner] in
            try book.interrupt(besides: owner, isAlone: isAlone, now: now, in: $0)
        }
        let report = try await perform(
            schedule, RunKey(schedule: name, instant: now), .person, now,
            ends: isOpen ? try calendar.end(of: schedule, at: now.minute) : nil)
        guard let report else { throw ScheduleFailure(ScheduleCodes.underWay, name) }
        return report
    }
}
