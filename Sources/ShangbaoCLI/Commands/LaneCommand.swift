import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// The way to the national side.
struct LaneCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "lane",
            abstract: said("通道：现状、重试规则、停发与恢复。", "The way there: see it, stop it, start it."),
            subcommands: [LaneShow.self, LanePolicy.self, LaneStopping.self, LaneStarting.self])
    }
}

struct LaneShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show", abstract: said("通道现在怎样。", "How the lane stands."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let now = site.clock()
        let page = try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, name) = (exchange.outbox, exchange.endpoint.name)
            let inFlight = site.configuration.national.inFlight
            return try await database.read {
                try LanePage(name, outbox, inFlight: inFlight, now: now, in: $0)
            }
        }
        try output.give(page)
        page.show(output)
        return page.opensAt == nil && page.stopped == nil ? .done : .undelivered
    }
}

struct LanePolicy: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "policy",
            abstract: said("重试规则，用平实的话。", "The retry rules in plain words."),
            discussion: said(
                "数字写在映射目录的 exchange/retry.yaml；限速可由站点的 national.pace 另定。",
                "The numbers stand in exchange/retry.yaml of mappings; a site may set "
                    + "national.pace."))
    }

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let policy: String
        let digest: String
        let rules: RetryRules
        let table: [RetryWords.Row]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let policy = try common.openSite().retryPolicy
        let rows = RetryWords(policy.rules).rows
        try output.give(
            Result(
                policy: policy.name, digest: policy.digest, rules: policy.rules, table: rows))
        output.line(
            "重试策略 \(policy.name) \(policy.digest.prefix(12))",
            "Retry policy \(policy.name) \(policy.digest.prefix(12))")
        for row in rows {
            output.line()
            output.paragraph(row.title.said)
            output.paragraph(row.words.said, indent: 2)
        }
        return .done
    }
}

struct LaneStopping: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "stop",
            abstract: said("停止重试；加 --sends 则什么也不发。", "Stop retries; with --sends, all sending."),
            discussion: said(
                "记入账本，重启后仍有效，直到 lane start。已发出的不撤回；回执照收、照问。",
                "The ledger keeps it, and it outlives a restart, until lane start. What is on "
                    + "the wire is "
                    + "not called back; receipts are still fetched and asked for."))
    }

    @Flag(help: ArgumentHelp(said("新报文也不发。", "New submissions do not go either.")))
    var sends = false

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (decision, now) = (reason.decision, site.clock())
        let scope = sends ? LaneStop.Scope.sends : .retries
        let changed = try await site.withDatabase(.guest) { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, name) = (exchange.outbox, exchange.endpoint.name)
            return try await database.write {
                try outbox.stopLane(name, scope, decision, now: now, in: $0)
            }
        }
        try output.give(["stopped": scope.rawValue, "changed": "\(changed)", "by": decision.by])
        guard changed else {
            output.line("本来就已停止。", "It was stopped already.")
            return .done
        }
        output.line("✓ \(scope.title.zh)", "✓ \(scope.title.en)")
        output.line(
            "恢复：shangbao lane start --because …",
            "To go on: shangbao lane start "
                + "--because …")
        return .done
    }
}

struct LaneStarting: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "start", abstract: said("恢复发送与重试。", "Let it send and retry again."),
            discussion: said(
                "我方的证书、地址或权限改好之后，也用它立即再试，不等下一次试探。",
                "Once our certificate, address or right is mended, it also tries at once instead of "
                    + "at the next probe."))
    }

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (decision, now) = (reason.decision, site.clock())
        let changed = try await site.withDatabase(.guest) { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, name) = (exchange.outbox, exchange.endpoint.name)
            let isStarted = try await database.write {
                try outbox.startLane(name, decision, now: now, in: $0)
            }
            let isOpened = try await exchange.openMendedLane()
            return isStarted || isOpened
        }
        try output.give(["started": "\(changed)", "by": decision.by])
        output.line(
            changed ? "✓ 恢复；下一步 shangbao deliver" : "本来就没有停。",
            changed ? "✓ it goes on; next: shangbao deliver" : "It was not stopped.")
        return .done
    }
}
