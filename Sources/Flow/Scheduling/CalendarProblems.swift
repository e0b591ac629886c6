package import Definitions
import Records
import Schedules

extension Site {
    /// How far ahead a year's file is asked for: the State Council's notice is out by then.
    static let daysAhead = 31

    /// What of the upload calendar will not work: a year whose file is missing, a schedule that no
    /// day and no window ever lets run.
    package func calendarProblems() -> [DefinitionError] {
        let now = clock().minute
        let calendar = configuration.calendar
        let horizon = now.adding(minutes: Site.daysAhead * 1440)
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
