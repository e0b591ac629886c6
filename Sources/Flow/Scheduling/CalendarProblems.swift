package import Definitions
import Records
import Schedules

extension Site {
    /// How far ahead a year's file is asked for: the State Council's notice is out by then.
    static let daysAhead = 31

    /// What of the upload calendar will not work: a year whose file is missing, a schedule that no
    /// day and no window ever lets run.
    package func calendarProblems() -> [DefinitionError] {
        scheduleProblems() + deadlineProblems()
    }

    /// The last day that must be known.
    private var horizon: CalendarMinute {
        clock().minute.adding(minutes: Site.daysAhead * 1440)
    }

    private func deadlineProblems() -> [DefinitionError] {
        let deadlines = configuration.deadlines
        return deadlines.all.compactMap { deadline in
            do throws(CalendarGap) {
                let closing = try deadline.closing(
                    after: clock().minute, by: deadlines.openTimes.calendar)
                _ = try deadlines.openTimes.openMinutes(
                    from: clock().minute, to: min(closing.closes, horizon))
                return nil
            } catch {
                guard error.year <= horizon.day.parts.year else { return nil }
                return DefinitionError(
                    file: Configuration.fileName,
                    problem: Wording(
                        zh: "截止日 \(deadline.name) 用到工作日，缺少 calendars/cn-\(error.year).csv。",
                        en: "The deadline \(deadline.name) asks for working days: "
                            + "calendars/cn-\(error.year).csv is missing."))
            }
        }
    }

    private func scheduleProblems() -> [DefinitionError] {
        let now = clock().minute
        let calendar = configuration.calendar
        return calendar.schedules.compactMap { schedule in
            let problem: Wording
            do throws(CalendarGap) {
                _ = try calendar.occurrences(of: schedule, after: now, through: horizon)
                guard try calendar.next(of: schedule, after: now) == nil else { return nil }
                problem = Wording(
                    zh: "日程 \(schedule.name) 今后一年内从不运行：核对 on、notOn、windows 与 calendar。",
                    en: "The schedule \(schedule.name) never runs in the coming year: see on, "
                        + "notOn, windows and calendar.")
            } catch {
                let year = horizon.day.parts.year
                // Further ahead the file may not be there yet.
                guard error.year <= year else { return nil }
                problem = Wording(
                    zh: "日程 \(schedule.name) 用到工作日，缺少 calendars/cn-\(error.year).csv。",
                    en: "The schedule \(schedule.name) asks for working days: "
                        + "calendars/cn-\(error.year).csv is missing.")
            }
            return DefinitionError(file: Configuration.fileName, problem: problem)
        }
    }
}
