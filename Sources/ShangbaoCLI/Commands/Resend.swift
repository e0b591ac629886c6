import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Schedules
import Storage

/// Resends what the national side lacks, by a list that was agreed on.
struct Resend: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("重发：先出清单，只补国家平台缺的。", "Resend only what is missing, by a list."),
            subcommands: [
                ResendPlanCommand.self, ResendStart.self, ResendPause.self, ResendResume.self,
                ResendCancel.self, ResendStatus.self,
            ])
    }
}

/// Begins a list.
struct ResendStart: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "start",
            abstract: said("按清单开始重发；同一份只开始一次。", "Begin a list; the same one begins once."),
            discussion: said(
                "之后由 run 的每一轮或 collect 按节奏进行；程序中断后接着做，不会重复。",
                "Each round of run, or collect, goes on at its pace; after a kill nothing is repeated."
            ))
    }

    @Argument(help: ArgumentHelp(said("resend plan 写出的清单。", "The list that resend plan wrote.")))
    var plan: String

    @Option(
        help: ArgumentHelp(
            said("节奏，如 “400 per 10 min”（记录数）。", "The pace, e.g. \"400 per 10 min\".")))
    var pace = "400 per 10 min"

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let plan: String
        let records: Int
        let isNew: Bool
        /// Records to be packed anew that are past their reporting deadline: they are held.
        let late: Int
    }

    private func readPace() throws(CommandFailure) -> ResendPace {
        let parts = pace.components(separatedBy: " per ")
        guard parts.count == 2, let records = Int(parts[0]), records > 0,
            let span = try? Span(parts[1], longest: 1440), span.minutes > 0
        else { throw CommandFailure(.usage, place: pace, detail: "400 per 10 min") }
        return ResendPace(records: records, seconds: Int64(span.minutes) * 60)
    }

    var audited: AuditSubject { AuditSubject(reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let pace = try readPace()
        let path = Places.absolute(plan)
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                .usage, place: plan, detail: said("没有这个文件。", "There is no such file."))
        }
        let list = try ResendPlan(csv: [UInt8](bytes))
        let digest = ResendPlan.digest(of: [UInt8](bytes))
        let (decision, now) = (reason.decision, site.clock())
        let (isNew, late) = try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let isNew = try await database.write {
                try outbox.startResend(
                    list, digest: digest, pace: pace, decision, now: now, in: $0)
            }
            return (
                isNew,
                list.lines.count {
                    [.again, .renew].contains($0.step) && outbox.isLate($0.programme, $0.month, now)
                }
            )
        }
        try output.give(Result(plan: digest, records: list.lines.count, isNew: isNew, late: late))
        output.line(
            isNew
                ? "✓ 清单 \(digest.prefix(12)) 已开始：\(list.lines.count) 条"
                : "清单 \(digest.prefix(12)) 正在进行或已全部做完，没有再做什么",
            isNew
                ? "✓ the list \(digest.prefix(12)) has begun: \(list.lines.count) records"
                : "the list \(digest.prefix(12)) runs already, or is done; nothing was changed")
        if late > 0 {
            output.paragraph(
                said(
                    "其中 \(late) 条已过上报截止：重新组包后暂停（Q-DEADLINE），由人决定是否放行："
                        + "shangbao queue list --state held。",
                    "\(late) of them are past their reporting deadline: packed anew they are held "
                        + "(Q-DEADLINE) until a person lets them go: shangbao queue list --state held."
                ), indent: 0)
        }
        output.line("进度：shangbao resend status", "How far it is: shangbao resend status")
        return .done
    }
}

/// A command that changes the state of a list that was started.
protocol ResendChange: HouseCommand {
    static var change: (name: String, about: Wording, state: ResendStanding.State) { get }
    var list: ResendArgument { get }
    var reason: ReasonOption { get }
}

/// Which list is meant.
struct ResendArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(said("清单编号，或其开头（至少 6 位）。", "The list's id, or 6 digits or more of it.")))
    var plan: String
}

extension ResendChange {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: change.name, abstract: change.about.said)
    }

    var audited: AuditSubject { AuditSubject(object: list.plan, reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (decision, now, name) = (reason.decision, site.clock(), list.plan)
        let plan = try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            return try await database.write { transaction in
                let plan = try outbox.resend(beginning: name, in: transaction)
                try outbox.changeResend(
                    plan, to: Self.change.state, decision, now: now, in: transaction)
                return plan
            }
        }
        try output.give([
            "plan": plan, "state": Self.change.state.rawValue, "by": decision.by,
            "because": decision.because,
        ])
        output.line(
            "✓ \(plan.prefix(12))：\(Self.change.state.title.zh)",
            "✓ \(plan.prefix(12)): \(Self.change.state.title.en)")
        return .done
    }
}

struct ResendPause: ResendChange {
    static let change = (
        name: "pause", about: Wording(zh: "暂停一份清单。", en: "Stop a list until it is resumed."),
        state: ResendStanding.State.paused
    )
    @OptionGroup var list: ResendArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct ResendResume: ResendChange {
    static let change = (
        name: "resume", about: Wording(zh: "继续暂停的清单。", en: "Let a paused list go on."),
        state: ResendStanding.State.running
    )
    @OptionGroup var list: ResendArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct ResendCancel: ResendChange {
    static let change = (
        name: "cancel",
        about: Wording(
            zh: "取消一份清单：没轮到的不再重发。", en: "End a list: what has not gone stays."),
        state: ResendStanding.State.cancelled
    )
    @OptionGroup var list: ResendArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

/// How far the lists are.
struct ResendStatus: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status", abstract: said("各份清单的进度。", "How far each list is."))
    }

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let plan: String
        let state: String
        let started: String
        let by: String
        let because: String
        let waiting: Int
        let gone: Int
        let skipped: Int
        let reasons: [String: Int]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let lists = try await site.withView { database in
            let outbox = try Exchange(site: site, database: database).outbox
            return try await database.read { try outbox.resends(in: $0) }
        }
        try output.give(
            lists.map {
                Line(
                    plan: $0.plan, state: $0.state.rawValue, started: $0.started.dateTime,
                    by: $0.by, because: $0.because, waiting: $0.waiting, gone: $0.gone,
                    skipped: $0.skipped, reasons: $0.reasons)
            })
        guard !lists.isEmpty else {
            output.line("还没有开始过重发。", "Nothing was ever resent by a list.")
            return .done
        }
        var table = Columns([
            (said("清单", "list"), .left), (said("状态", "state"), .left),
            (said("等", "waits"), .right), (said("已重发", "went"), .right),
            (said("略过", "left out"), .right), (said("节奏", "pace"), .left),
        ])
        for list in lists {
            table.add([
                String(list.plan.prefix(12)), list.state.title.said,
                Figure.grouped(list.waiting), Figure.grouped(list.gone),
                Figure.grouped(list.skipped),
                "\(list.pace.records) / \(list.pace.seconds / 60) min",
            ])
        }
        output.table(table, indent: 0)
        for list in lists {
            for (reason, count) in list.reasons.sorted(by: { $0.key < $1.key }) {
                guard let skip = ResendSkip(rawValue: reason) else { continue }
                output.line(
                    "  \(list.plan.prefix(12)) 略过 \(count)：\(skip.title.zh)",
                    "  \(list.plan.prefix(12)) left out \(count): \(skip.title.en)")
            }
        }
        return .done
    }
}

extension ResendStanding.State {
    var title: Wording {
        switch self {
        case .running: Wording(zh: "进行中", en: "running")
        case .paused: Wording(zh: "已暂停", en: "paused")
        case .cancelled: Wording(zh: "已取消", en: "cancelled")
        case .done: Wording(zh: "已完成", en: "done")
        }
    }
}

extension ResendSkip {
    var title: Wording {
        switch self {
        case .settled: Wording(zh: "已有结果，或正在途中", en: "it has its answer, or is on its way")
        case .replaced: Wording(zh: "已有更新的版本", en: "there is a newer version, here or there")
        case .frozen: Wording(zh: "回执矛盾，已冻结", en: "frozen: answers contradict")
        case .entitled:
            Wording(
                zh: "本人的名额已由另一条记录使用", en: "another record has had what its person has once")
        case .orphan: Wording(zh: "所随访的档案不在国家平台", en: "the nation has no case for it")
        }
    }
}
