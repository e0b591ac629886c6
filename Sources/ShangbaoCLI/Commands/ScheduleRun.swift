import ArgumentParser
import Definitions
import Delivery
import Flow
import Foundation
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Schedules
import Storage

/// Runs a schedule now.
struct ScheduleRun: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run",
            abstract: said("立即运行一个日程；--dry-run 只看会做什么。", "Run one now; --dry-run shows it only."),
            discussion: said(
                "不等前置条件；下一次照常。", "Requirements are not waited for; the next run comes as ever."))
    }

    @Flag(help: ArgumentHelp(said("只显示会做什么，什么也不改。", "Show what it would do; change nothing.")))
    var dryRun = false

    @Flag(
        help: ArgumentHelp(
            said("在上报时段之外、停报日也运行。", "Also outside of the windows, on a closed day.")))
    var outsideWindows = false

    @Option(help: ArgumentHelp(said("文件停止变化多少秒后才收。", "Seconds a file must have rested.")))
    var settle = 10

    @OptionGroup var schedule: ScheduleArgument
    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let found = try site.configuration.calendar.existing(schedule.name)
        if dryRun {
            return try await DryRun(site: site, schedule: found, settleSeconds: Int64(settle))
                .show(output)
        }
        let keyring = try await common.openKeyring(of: site)
        for source in site.configuration.sources {
            try await site.demandApproval(of: try site.mapping(for: source.name).file)
        }
        return try await site.withDatabase { database in
            let exchange = try Exchange(site: site, database: database)
            try await exchange.courier.start()
            let round = WorkingRound(
                site: site, exchange: exchange, database: database,
                arrivals: try await site.arrivals(database, exchange.outbox, keyring),
                settleSeconds: Int64(settle), output: output)
            let running = ScheduledRunning(round, until: StopSignal())
            let report = try await running.runner.runNow(
                found.name, at: site.clock(), isAnyTime: outsideWindows)
            let code = report.code.map { " \($0)" } ?? ""
            let mark = report.isWell ? "✓" : "✗"
            output.line(
                "\(mark) \(found.name)：\(Figure.grouped(report.rows)) 条\(code)",
                "\(mark) \(found.name): \(Figure.grouped(report.rows))\(code)")
            return report.isWell ? .done : .undelivered
        }
    }
}
