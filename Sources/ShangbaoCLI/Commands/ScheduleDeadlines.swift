import ArgumentParser
import Definitions
import Flow
import Foundation
import Records
import Schedules
import Storage

/// How the deadlines stand, counted backwards.
struct ScheduleDeadlines: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "deadlines",
            abstract: said("截止日倒排：还差多少，按目前速度何时完成。", "What is missing, and when it will be done."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let now = site.clock()
        let lines = try await site.withView { view in
            let exchange = try Exchange(site: site, database: view)
            return try await DeadlineDesk(site: site, database: view, exchange: exchange)
                .lines(at: now)
        }
        try output.give(lines.map(DeadlineLine.init))
        if lines.isEmpty {
            output.line(
                "没有写截止日。写法见 docs/county-it/schedule.md。",
                "No deadlines are set. See docs/county-it/schedule.md.")
        }
        for line in lines { DeadlineLine.show(line, output) }
        return lines.contains { $0.forecast.level >= .urgent } ? .undelivered : .done
    }
}

/// One deadline, for programs; and how people are told.
struct DeadlineLine: Encodable {
    let deadline: String
    let programme: String?
    let closes: String
    let months: [String]
    let unanswered: Int
    let toCorrect: Int
    let accepted: Int
    let openHours: Int
    let level: String
    let code: String?
    let words: Wording

    init(_ line: DeadlineDesk.Line) {
        deadline = line.deadline.name
        programme = line.deadline.programme
        closes = Timestamp(line.forecast.closing.closes).dateTime
        months = [
            line.forecast.closing.months.lowerBound.description,
            line.forecast.closing.months.upperBound.description,
        ]
        unanswered = line.forecast.unanswered
        toCorrect = line.toCorrect
        accepted = line.rate.accepted
        openHours = line.rate.openMinutes / 60
        level = line.forecast.level.rawValue
        code = line.forecast.level.entry?.code
        words = line.forecast.wording
    }

    /// All of them, apart from what stands before.
    static func show(_ lines: [DeadlineDesk.Line], _ output: Output) {
        guard !lines.isEmpty else { return }
        output.line()
        for line in lines { show(line, output) }
    }

    static func show(_ line: DeadlineDesk.Line, _ output: Output) {
        let level = line.forecast.level
        let mark = level == .calm ? (line.forecast.outcome == .done ? "✓" : "·") : "✗"
        let months = line.forecast.closing.months
        let span =
            months.lowerBound == months.upperBound
            ? months.lowerBound.description : "\(months.lowerBound)…\(months.upperBound)"
        output.paragraph(
            "\(mark) \(line.deadline.name) \(span)\(said("：", ": "))\(line.forecast.wording.said)")
        if line.forecast.unanswered > 0 {
            output.paragraph(
                said(
                    "近 \(line.rate.openMinutes / 60) 个可上报小时接收 \(line.rate.accepted) 条",
                    "\(line.rate.accepted) accepted over the last "
                        + "\(line.rate.openMinutes / 60) open hours"), indent: 2)
        }
        if line.toCorrect > 0 {
            output.paragraph(
                said(
                    "另有 \(line.toCorrect) 条待机构更正后才能上报",
                    "\(line.toCorrect) more must be corrected by the clinics first"), indent: 2)
        }
        if let entry = level.entry {
            output.paragraph("\(entry.code) \(entry.what.said)", indent: 2)
            output.paragraph("→ " + entry.next.said, indent: 2)
        }
    }
}
