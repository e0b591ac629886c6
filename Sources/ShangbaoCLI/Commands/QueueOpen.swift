import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Ends reconciling: what is due may be sent again.
struct QueueOpen: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "open",
            abstract: said("对账完毕，恢复发送。", "Reconciled: sending may go on."),
            discussion: said(
                "主库切换或恢复备份之后，程序先对账、不发送（见 status）。各台都重启过、没有“待查”的报文，再打开。",
                "After a failover or a restore nothing is sent (see status). Open it once every "
                    + "worker was started again and nothing is in doubt."))
    }

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let now = site.clock()
        let decision = reason.decision
        return try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let wasOn = try await database.write {
                try outbox.endReconciling(decision, now: now, in: $0)
            }
            try output.give(["opened": wasOn])
            output.line(
                wasOn ? "✓ 恢复发送；下一步 shangbao deliver" : "本来就没有停发。",
                wasOn ? "✓ sending goes on; next: shangbao deliver" : "It was not stopped.")
            return .done
        }
    }
}

/// Begins reconciling by hand.
struct QueueReconcile: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reconcile",
            abstract: said("停止发送，先对账。", "Send nothing; reconcile first."),
            discussion: said(
                "恢复备份之后用；查询和取回执照常。之后用 queue open。",
                "After a restore. Receipts are still fetched and asked for. Then: queue open."))
    }

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let now = site.clock()
        let decision = reason.decision
        return try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            try await database.write {
                try outbox.beginReconciling(.person, by: decision, now: now, in: $0)
            }
            try output.give(["reconciling": true])
            output.line(
                "✓ 暂不发送；下次启动会读发送日志。然后 shangbao queue open",
                "✓ nothing is sent; the next start reads the journal. Then: shangbao queue open")
            return .done
        }
    }
}
