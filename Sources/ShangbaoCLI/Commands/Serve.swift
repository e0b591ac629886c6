import ArgumentParser
import Flow
import Foundation
import Operations
import Privacy
import Programmes
import Records
import Storage

/// The service: takes, sends and collects until it is told to stop, and can be watched.
struct Serve: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "常驻服务：接收、发送、取回执，可监控、可热加载。", "The service: run all the time, and be watched."),
            discussion: said(
                "每个事件一行 JSON 日志。SIGTERM：不再领取，30 秒后取消，未发出的退回队列。SIGHUP：核对新配置，合格才换上，"
                    + "不合格继续用原来的。健康与指标：/health/live、/health/ready、/metrics（站点文件 service.listen）。",
                "One line of JSON an event. SIGTERM: claims nothing more, and cancels after 30 s; "
                    + "what was not sent goes back to the queue. SIGHUP: checks the new "
                    + "configuration and keeps the old one if it is not sound. Health and metrics: "
                    + "/health/live, /health/ready, /metrics (service.listen in the site's file)."
            ))
    }

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
        // Whoever reads the log may go away: that is an error of a write, and ends nothing.
        signal(SIGPIPE, SIG_IGN)
        let state = ServiceState()
        let outlet = LogOutlet(descriptor: STDOUT_FILENO) { state.note(dropped: $0) }
        let log = ServiceLog(clock: site.clock) { outlet.write($0) }
        let checkpointed: CheckpointHook = { state.note(checkpointAt: site.clock()) }
        return try await site.withDatabase(.resident, checkpointed: checkpointed) { database in
            let view = try await site.openView()
            let lookout = try await site.openView()
            do {
                let serving = Serving(
                    site: site, keyring: keyring, database: database, view: view,
                    lookout: lookout, log: log, state: state,
                    pace: Serving.Pace(every: every, settle: Int64(settle)),
                    language: output.language)
                try await serving.run()
                await lookout.close()
                await view.close()
            } catch {
                await lookout.close()
                await view.close()
                log.error(.failed, Explanation(error).entry)
                throw error
            }
            return .done
        }
    }
}
