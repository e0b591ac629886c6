import Records
import Schedules

/// One day of the upload calendar, for people and programs.
struct CalendarDay: Encodable {
    struct Run: Encodable {
        let schedule: String
        /// When it begins, `HH:mm`, with the county's offset.
        let at: String
    }

    let date: String
    let weekday: Wording
    /// Whether people work; absent where the year has no file.
    let isWorkday: Bool?
    /// What the day is called, where it is no plain one.
    let name: Wording?
    /// Whether the national side is not called on the whole day.
    let isClosed: Bool
    let runs: [Run]
    /// Deadlines that close on this day.
    let deadlines: [String]
    /// A year whose file is missing and was asked for.
    let missingYear: Int?

    init(_ day: CalendarDate, _ calendar: UploadCalendar, _ deadlines: Deadlines) {
        date = day.description
        weekday = day.weekday.short
        isWorkday = try? calendar.holidays.isWorkday(day)
        name = calendar.holidays.note(on: day)?.name
        var missing: Int?
        func known<Read>(_ read: () throws(CalendarGap) -> Read) -> Read? {
            do throws(CalendarGap) {
                return try read()
            } catch {
                missing = error.year
                return nil
            }
        }
        isClosed =
            known { () throws(CalendarGap) in try calendar.openTimes.isClosed(day) } ?? false
        var runs: [UploadCalendar.Occurrence] = []
        for schedule in calendar.schedules {
            // The offset may lead over midnight.
            for own in [day.adding(days: -1), day] {
                let found = known { () throws(CalendarGap) in
                    try calendar.occurrences(of: schedule, on: own)
                }
                runs += (found ?? []).filter { $0.starts.day == day }
            }
        }
        self.runs = runs.sorted { ($0.starts, $0.schedule) < ($1.starts, $1.schedule) }.map {
            Run(
                schedule: $0.schedule,
                at: TimeOfDay(minute: $0.starts.minute.minuteOfDay).description)
        }
        let start = CalendarMinute(day: day, minuteOfDay: 0)
        self.deadlines = deadlines.all.compactMap { deadline in
            let closing = known { () throws(CalendarGap) in
                try deadline.closing(after: start, by: calendar.holidays)
            }
            guard let closing, closing.day == day else { return nil }
            return deadline.name
        }
        missingYear = missing
    }

    /// A word for a narrow column: what the day is.
    var kindWords: String {
        if let name { return name.said }
        return switch isWorkday {
        case true: ""
        case false: said("休", "rest")
        default: "?"
        }
    }

    /// What happens on it. More than three runs of a schedule are told together.
    func words(_ calendar: UploadCalendar) -> String {
        var words = deadlines.map { "▲ " + said("截止 \($0)", "closes: \($0)") }
        if isClosed { words.append("■ " + said("停报", "closed")) }
        for schedule in calendar.schedules {
            let times = runs.filter { $0.schedule == schedule.name }.map(\.at)
            guard let first = times.first, let last = times.last else { continue }
            words.append(
                schedule.name + " "
                    + (times.count <= 3
                        ? times.joined(separator: " ") : "\(first)–\(last) ×\(times.count)"))
        }
        return words.joined(separator: "  ")
    }
}
