import ArgumentParser
import Definitions
import Flow
import Foundation
import Records
import Schedules

/// The coming days as a calendar.
struct SchedulePreview: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "preview",
            abstract: said("今后若干天的日历：工作日、停报、运行、截止。", "The coming days as a calendar."))
    }

    @Option(help: ArgumentHelp(said("几天。", "So many days.")))
    var days = 14

    @Option(help: ArgumentHelp(said("从哪天起（默认今天）。", "From this day; today if absent.")))
    var from: String?

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard (1...400).contains(days), from.map({ CalendarDate(iso: $0) != nil }) ?? true else {
            throw ValidationError(said("--days 1…400，--from 年-月-日。", "--days 1…400, --from a day."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let first = from.flatMap { CalendarDate(iso: $0) } ?? site.clock().day
        let pages = (0..<days).map { offset in
            CalendarDay(
                first.adding(days: offset), site.configuration.calendar,
                site.configuration.deadlines)
        }
        try output.give(pages)
        var table = Columns(sides: [.left, .left, .left, .left])
        for page in pages {
            table.add([
                String(page.date.dropFirst(5)), page.weekday.said, page.kindWords,
                page.words(site.configuration.calendar),
            ])
        }
        OpenTimesWords.show(site.configuration.calendar.openTimes, output)
        output.line()
        output.table(table, indent: 0)
        let missing = Set(pages.compactMap(\.missingYear)).sorted()
        for year in missing { output.fail(Explanation(CalendarGap(year: year))) }
        return missing.isEmpty ? .done : .configuration
    }
}
