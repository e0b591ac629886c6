import ArgumentParser
import Definitions
import Delivery
import Evidence
import Flow
import Foundation
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Schedules
import Storage
import Validation

/// Takes, sends and collects, again and again.
struct Run: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("常驻运行：接收、发送、取回执，循环往复。", "Take, send and collect in a loop."),
            discussion: said(
                "来源目录中的新文件收下后移到 done/，不能收的移到 refused/。收到 SIGTERM 时，做完本轮再退出。"
                    + "站点写了日程（schedules）的，按日程运行。",
                "New files of the sources' folders go to done/ once taken, else to refused/. On SIGTERM "
                    + "it ends after the round. Where the site has schedules, they say what runs when."
            ))
    }

    @Flag(help: ArgumentHelp(said("只做一轮。", "One round only.")))
    var once = false

    @Option(help: ArgumentHelp(said("两轮之间的秒数。", "Seconds between rounds.")))
    var every = 30

    @Option(help: ArgumentHelp(said("文件停止变化多少秒后才收。", "Seconds a file must have rested.")))
    var settle = 10

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard every >= 1, settle >= 0 else {
            throw ValidationError("--every ≥ 1, --settle ≥ 0")
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await common.openKeyring(of: site)
        for source in site.configuration.sources {
            try await site.demandApproval(of: try site.mapping(for: source.name).file)
        }
        let stop = StopSignal()
        return try await site.withDatabase(.resident) { database in
            let exchange = try Exchange(site: site, database: database)
            try await exchange.courier.start()
            let round = WorkingRound(
                site: site, exchange: exchange, database: database,
                arrivals: try await site.arrivals(database, exchange.outbox, keyring),
                settleSeconds: Int64(settle), output: output)
            if !once {
                output.line(
                    "运行中，每 \(every) 秒一轮；Ctrl-C 或 SIGTERM 结束",
                    "Running, a round every \(every) s; Ctrl-C or SIGTERM ends it")
            }
            let scheduled = ScheduledRunning(round, until: stop)
            let hasSchedules = !site.configuration.calendar.schedules.isEmpty
            var watch = ClockWatch()
            let desk = DeadlineDesk(site: site, database: database, exchange: exchange)
            let rules = try site.retryPolicy.rules
            return try await again(until: stop, hints: site.hints(), rules, output) {
                await scheduled.tellDeadlines(of: desk)
                guard !hasSchedules else { return try await scheduled.step() }
                watch.note(site.clock(), steady: steadyClock())
                if watch.hasJumped { scheduled.show(ScheduleCodes.clockJump) }
                return try await round.work(
                    until: stop,
                    RoundLimits(
                        while: site.configuration.calendar.openTimes, by: site.clock,
                        expires: !watch.hasJumped))
            }
        }
    }

    /// - Parameters:
    ///   - hints: of a server's database, where another worker may have queued something.
    ///   - rules: how long everything pauses while our own machine is in trouble.
    private func again(
        until stop: StopSignal, hints: PostgreSQLHints?, _ rules: RetryRules, _ output: Output,
        _ work: () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        var (status, troubles) = (ExitStatus.done, 0)
        repeat {
            // Into a pipe or a journal words go at once, not when a buffer is full.
            fflush(nil)
            do {
                status = try await work()
                troubles = 0
            } catch let failure as StorageFailure where failure.mayPass && !once {
                troubles += 1
                output.fail(Explanation(failure))
                fflush(nil)
                await stop.wait(seconds: Double(rules.localPause(after: troubles)))
                continue
            }
            fflush(nil)
            if once { break }
            if let hints {
                // A hint may be lost.
                _ = await hints.wait(seconds: Double(min(every, 5)))
            } else {
                await stop.wait(seconds: Double(every))
            }
        } while !stop.isRaised
        return once ? status : .done
    }
}
