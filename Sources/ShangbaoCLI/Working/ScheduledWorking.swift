import Delivery
import Evidence
import Flow
import Foundation
import Operations
import Programmes
import Records
import Schedules
import Settlements
import Storage

/// What a schedule asks for, done by the parts of a round.
extension WorkingRound {
    func perform(_ run: ScheduledRun, until stop: StopSignal) async throws -> WorkReport {
        var result = Result(at: site.clock().dateTime)
        result.schedule = run.schedule.name
        let limits = RoundLimits(until: run.ends, by: site.clock, expires: run.expires)
            .until(stop)
        // Whoever runs it by hand says that a trouble on our side is mended.
        if run.cause == .person, run.schedule.work.callsNation {
            try await exchange.openMendedLane()
        }
        let report: WorkReport
        switch run.schedule.work {
        case .take(let names):
            let sources = site.configuration.sources
                .filter { names.isEmpty || names.contains($0.name) }
            try await take(from: sources, stop, &result)
            report = result.report(result.status)
        case .deliver:
            report = result.report(try await deliver(limits, &result))
        case .collect:
            let round = try await exchange.courier.round(limit: 0, expires: limits.expires)
            result.receipts = round.collected.values.reduce(0, +)
            try await followUp(&result)
            let (outbox, name) = (exchange.outbox, exchange.endpoint.name)
            result.laneReason = try await database.read {
                try outbox.lane(name, in: $0).reason
            }
            report = result.report(result.laneReason == nil ? .done : .undelivered)
        case .reconcile:
            report = try await reconcile()
        case .all:
            try await take(from: site.configuration.sources, stop, &result)
            let delivered = try await deliver(limits, &result)
            report = result.report(delivered != .done ? delivered : result.status)
        }
        try output.give(result, isLine: true)
        return report
    }

    /// This year's books beside the national ones; until March last year's too, which are being
    /// closed.
    private func reconcile() async throws -> WorkReport {
        let today = site.clock().day.parts
        let years = today.month <= 3 ? [today.year - 1, today.year] : [today.year]
        var status = ExitStatus.done
        var count = 0
        for part in site.programmes {
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            for year in years {
                let found = try await closing.compare(year: year)
                let isSound =
                    found.balance.balances && found.chain.fault == nil
                    && found.discrepancies.isEmpty
                count += found.discrepancies.count
                status = max(
                    status, isSound ? (found.national == nil ? .undelivered : .done) : .unbalanced)
                output.line(
                    "\(part.programme.folderName) \(year)：差异 \(found.discrepancies.count) 处",
                    "\(part.programme.folderName) \(year): "
                        + "\(found.discrepancies.count) discrepancies")
            }
        }
        return WorkReport(
            code: status == .done ? nil : "exit \(status.rawValue)", rows: count,
            isWell: status == .done)
    }
}

extension WorkingRound.Result {
    /// For the book of runs: rows taken and submissions sent, and how a command would have ended.
    /// Rows that a clinic must correct keep nobody waiting.
    func report(_ status: ExitStatus) -> WorkReport {
        let rows = taken.reduce(0) { $0 + ($1.takenBefore ? 0 : $1.rows) }
        return WorkReport(
            code: status == .done ? nil : laneReason ?? "exit \(status.rawValue)",
            rows: rows + sent, isWell: status == .done || status == .toCorrect)
    }
}

/// The runner of a site's calendar, with what a person sees of it.
struct ScheduledRunning: Sendable {
    let site: Site
    let runner: ScheduleRunner
    let output: Output

    init(_ round: WorkingRound, until stop: StopSignal) {
        site = round.site
        output = round.output
        // The file's lock lets one process in.
        runner = ScheduleRunner(
            calendar: round.site.configuration.calendar, database: round.database,
            owner: round.exchange.outbox.epoch, isAlone: true, clock: round.site.clock,
            steady: steadyClock
        ) { run in
            try await round.perform(run, until: stop)
        }
    }

    /// One step; how it ended, the gravest first.
    func step() async throws -> ExitStatus {
        let step = try await runner.step(site.clock())
        for run in step.ran { show(run) }
        for notice in step.notices { show(notice.entry, notice.schedule, notice.detail) }
        let isWell = step.ran.allSatisfy(\.report.isWell)
        let isRefused = step.notices.contains { $0.entry.code.hasPrefix("E-") }
        return isRefused ? .configuration : isWell ? .done : .undelivered
    }

    private func show(_ run: ScheduleRunner.Step.Ran) {
        output.log?.info(
            .scheduleRan,
            [
                "schedule": .init(run.key.schedule), "instant": .init(run.key.instant.dateTime),
                "rows": .init(run.report.rows), "outcome": .init(run.report.code ?? "done"),
            ])
        let mark = run.report.isWell ? "✓" : "✗"
        let time = Figure.minute(run.key.instant)
        let code = run.report.code.map { " \($0)" } ?? ""
        output.line(
            "\(mark) \(run.key.schedule) \(time)：\(Figure.grouped(run.report.rows)) 条\(code)",
            "\(mark) \(run.key.schedule) \(time): \(Figure.grouped(run.report.rows))\(code)")
    }

    /// Says once what of the deadlines is new. What cannot be reckoned stops no round.
    func tellDeadlines(of desk: DeadlineDesk) async {
        do {
            for line in try await desk.news(at: site.clock()) { DeadlineLine.show(line, output) }
        } catch {
            output.fail(Explanation(error))
        }
    }

    func show(_ entry: CodeEntry, _ schedule: String? = nil, _ detail: String? = nil) {
        if let log = output.log {
            log.warning(
                .scheduleNotice,
                ["code": .init(entry.code), "schedule": .init(schedule ?? "")])
            return
        }
        guard !output.isJSON else {
            output.fail(
                Explanation(
                    entry, place: schedule, detail: detail.map { Wording(zh: $0, en: $0) }, .done))
            return
        }
        let head = [entry.code, schedule, detail].compactMap { $0 }
        output.paragraph(
            "✗ \(head.joined(separator: " "))\(said("：", ": "))\(entry.what.said)")
        output.paragraph(entry.next.said, indent: 2)
    }
}

extension ScheduleFailure {
    /// How a command ends with it.
    var status: ExitStatus {
        switch entry.code {
        case ScheduleCodes.underWay.code: .busy
        case ScheduleCodes.closed.code: .undelivered
        default: .usage
        }
    }
}
