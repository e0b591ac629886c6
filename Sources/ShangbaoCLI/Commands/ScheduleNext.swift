import ArgumentParser
import Definitions
import Flow
import Foundation
import Records
import Schedules

/// The coming runs of all schedules in the order of time.
struct ScheduleNext: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "next", abstract: said("接下来依次运行什么。", "What runs next, in order."))
    }

    @Option(help: ArgumentHelp(said("最多几次。", "At most so many.")))
    var count = 10

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let starts: String
        let schedule: String
        let does: String
        /// The minute by the schedule's words, before the county's offset.
        let nominal: String
    }

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("--count 1…1000") }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let calendar = site.configuration.calendar
        let now = site.clock()
        var runs: [UploadCalendar.Occurrence] = []
        var gaps: [CalendarGap] = []
        for schedule in calendar.schedules {
            do throws(CalendarGap) {
                runs += try coming(schedule, calendar, now)
            } catch {
                gaps.append(error)
            }
        }
        runs.sort { ($0.starts, $0.schedule) < ($1.starts, $1.schedule) }
        let lines = runs.prefix(count).map { run in
            Line(
                starts: run.starts.dateTime, schedule: run.schedule,
                does: calendar.schedule(named: run.schedule)?.work.text ?? "",
                nominal: run.nominal.description)
        }
        try output.give(Array(lines))
        var table = Columns(sides: [.left, .left, .left])
        for run in runs.prefix(count) {
            table.add([
                Figure.minute(run.starts), run.schedule,
                calendar.schedule(named: run.schedule)?.workWords ?? "",
            ])
        }
        output.table(table, indent: 0)
        if lines.isEmpty { output.line("没有要运行的日程。", "No schedule is to run.") }
        for gap in Set(gaps).sorted(by: { $0.year < $1.year }) {
            output.fail(Explanation(gap))
        }
        return gaps.isEmpty ? .done : .configuration
    }

    /// A day at a time until there are enough of this schedule.
    private func coming(_ schedule: Schedule, _ calendar: UploadCalendar, _ now: Timestamp)
        throws(CalendarGap) -> [UploadCalendar.Occurrence]
    {
        var found: [UploadCalendar.Occurrence] = []
        var after = now.minute
        while found.count < count, let next = try calendar.next(of: schedule, after: after) {
            found.append(next)
            after = next.nominal
        }
        return found
    }
}
