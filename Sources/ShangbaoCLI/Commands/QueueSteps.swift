import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// What a person decides about one submission; who and why stand in the ledger.
struct StepOptions: ParsableArguments {
    @Argument(help: ArgumentHelp(said("报文编号，或其开头。", "Its id, or how it begins.")))
    var id: String

    @Option(help: ArgumentHelp(said("理由，记入账本。", "Why; the ledger keeps it.")))
    var because: String

    func validate() throws {
        guard !because.allSatisfy(\.isWhitespace) else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }
}

protocol QueueStep: HouseCommand {
    var step: StepOptions { get }
    /// What is said when it is done.
    static var done: Wording { get }
    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction) throws
}

extension QueueStep {
    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let decision = Decision(by: NSUserName(), because: step.because)
            let now = site.clock()
            let id = try await database.write { [given = step.id] transaction in
                let id = try QueueLookup.find(given, outbox, in: transaction)
                try Self.take(id, decision, outbox, now: now, in: transaction)
                return id
            }
            try output.give(["submission": id.text, "by": decision.by, "because": step.because])
            output.line("✓ \(id.text)：\(Self.done.zh)", "✓ \(id.text): \(Self.done.en)")
            return .done
        }
    }
}

struct QueueRetry: QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "retry",
            abstract: said("重发暂停的报文：同一编号、同样的字节。", "Send a held one again, byte for byte."))
    }

    @OptionGroup var step: StepOptions
    @OptionGroup var common: SharedOptions
    static let done = Wording(zh: "下次 deliver 时重发", en: "goes again with the next deliver")

    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try outbox.retry(id, decision, now: now, in: transaction)
    }
}

struct QueueHold: QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "hold", abstract: said("暂停一份报文，直到放行。", "Stop one until it is released."))
    }

    @OptionGroup var step: StepOptions
    @OptionGroup var common: SharedOptions
    static let done = Wording(zh: "已暂停", en: "is held")

    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try outbox.hold(id, decision, now: now, in: transaction)
    }
}

struct QueueRelease: QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "release",
            abstract: said("放行暂停的报文；可能发过的先查询。", "Let a held one go on; asked for first if sent."))
    }

    @OptionGroup var step: StepOptions
    @OptionGroup var common: SharedOptions
    static let done = Wording(zh: "已放行", en: "goes on")

    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try outbox.release(id, decision, now: now, in: transaction)
    }
}

struct QueueCancel: QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "cancel",
            abstract: said("取消从未发出过的报文，记录可重新上报。", "Take back one that was never sent."))
    }

    @OptionGroup var step: StepOptions
    @OptionGroup var common: SharedOptions
    static let done = Wording(zh: "已取消", en: "is cancelled")

    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try outbox.cancel(id, decision, now: now, in: transaction)
    }
}

struct QueueRepack: QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "repack",
            abstract: said("整份被拒的报文：原因解决后重新组包。", "Pack a refused one's records anew."))
    }

    @OptionGroup var step: StepOptions
    @OptionGroup var common: SharedOptions
    static let done = Wording(
        zh: "下次 collect 时重新组包", en: "its records are packed anew with the next collect")

    static func take(
        _ id: SubmissionID, _ decision: Decision, _ outbox: Outbox, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try outbox.repack(id, decision, now: now, in: transaction)
    }
}
