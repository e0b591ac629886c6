import ArgumentParser
import Definitions
import Flow
import Foundation
import Records
import Schedules
import Storage

/// All schedules with their last and their next run.
struct ScheduleList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("列出日程：上次、下次、是否暂停。", "All schedules: last run, next run, paused."))
    }

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let name: String
        let does: String
        let when: String
        let next: String?
        /// The last run that was decided.
        let last: String?
        let lastState: String?
        let lastOutcome: String?
        let rows: Int?
        let pausedSince: String?
        let pausedBy: String?
        let because: String?
        /// A code where the next run cannot be told.
        let code: String?
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let calendar = site.configuration.calendar
        let now = site.clock()
        let lines = try await site.withView { view in
            try await view.read { transaction in
                try calendar.schedules.map { schedule in
                    try ScheduleList.line(schedule, calendar, now, transaction)
                }
            }
        }
        try output.give(lines)
        guard !lines.isEmpty else {
            output.line(
                "没有日程：run 每一轮都接收并上报。写法见 docs/county-it/schedule.md。",
                "No schedules: each round of run takes and sends. See docs/county-it/schedule.md.")
            return .done
        }
        show(lines, calendar, output)
        return lines.contains { $0.code != nil } ? .configuration : .done
    }

    private static func line(
        _ schedule: Schedule, _ calendar: UploadCalendar, _ now: Timestamp,
        _ transaction: any Transaction
    ) throws -> Line {
        let book = ScheduleBook()
        let last = try book.latest(of: schedule.name, limit: 1, in: transaction).first
        let pause = try book.pause(of: schedule.name, in: transaction)
        var next: Timestamp?
        var code: String?
        do throws(CalendarGap) {
            next = try calendar.next(of: schedule, after: now.minute)?.starts
        } catch {
            code = "\(error.entry.code) \(error.year)"
        }
        return Line(
            name: schedule.name, does: schedule.work.text, when: schedule.timing.wording.en,
            next: next?.dateTime, last: last?.instant.dateTime, lastState: last?.state.rawValue,
            lastOutcome: last?.outcome, rows: last?.rows, pausedSince: pause?.since.dateTime,
            pausedBy: pause?.by, because: pause?.because, code: code)
    }

    private func show(_ lines: [Line], _ calendar: UploadCalendar, _ output: Output) {
        var table = Columns([
            (said("名称", "name"), .left), (said("上次", "last"), .left),
            (said("下次", "next"), .left), (said("做什么、何时", "what and when"), .left),
        ])
        func short(_ text: String?) -> String? {
            text.map { String($0.dropFirst(5).prefix(11)).replacing("T", with: " ") }
        }
        for line in lines {
            guard let schedule = calendar.schedule(named: line.name) else { continue }
            let state = line.lastState.flatMap(ScheduleBook.State.init(rawValue:))
            let last = [short(line.last), state?.mark].compactMap { $0 }.joined(separator: " ")
            let next =
                line.pausedSince != nil
                ? said("暂停", "paused") : line.code ?? short(line.next) ?? said("无", "never")
            table.add([line.name, last, next, schedule.workWords + " · " + schedule.timeWords])
        }
        output.table(table, indent: 0)
        for line in lines {
            if let by = line.pausedBy, let because = line.because {
                output.paragraph(
                    said(
                        "\(line.name) 由 \(by) 暂停：\(because)",
                        "\(line.name) paused by \(by): \(because)"))
            }
            if let state = line.lastState.flatMap(ScheduleBook.State.init(rawValue:)),
                ![.done, .running].contains(state)
            {
                output.paragraph(
                    "\(state.mark) \(line.name) \(state.title.said) \(line.lastOutcome ?? "")")
            }
        }
        OpenTimesWords.show(calendar.openTimes, output)
        if lines.contains(where: { $0.code != nil }) {
            output.paragraph(ScheduleCodes.year.next.said)
        }
    }
}

/// The site's windows and closed days, in a line.
enum OpenTimesWords {
    static func show(_ times: OpenTimes, _ output: Output) {
        let windows =
            times.windows.isEmpty
            ? said("全天", "all day") : times.windows.map(\.description).joined(separator: " ")
        let closed = times.blackout.map { said("；停报：", "; closed: ") + $0.description } ?? ""
        output.paragraph(said("上报时段：", "Windows: ") + windows + closed)
    }
}
