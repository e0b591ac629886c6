import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Why a person decides something; who and why stand in the ledger.
struct ReasonOption: ParsableArguments {
    @Option(help: ArgumentHelp(said("理由，记入账本。", "Why; the ledger keeps it.")))
    var because: String

    /// With the name of the system's user.
    var decision: Decision { Decision(by: NSUserName(), because: because) }

    func validate() throws {
        guard !because.allSatisfy(\.isWhitespace) else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }
}

/// Which submission a person steps in on.
struct SubmissionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp(said("报文编号，或其开头。", "Its id, or how it begins.")))
    var id: String
}

/// One step on one submission: what it is called, what is said when it is done, what it does.
struct QueueMove: Sendable {
    typealias Taking =
        @Sendable (
            Outbox, SubmissionID, Decision, Timestamp, any Transaction
        ) throws -> Void

    let name: String
    let about: Wording
    let done: Wording
    let take: Taking

    static let retry = QueueMove(
        name: "retry",
        about: Wording(zh: "重发暂停的报文：同一编号、同样的字节。", en: "Send a held one again, byte for byte."),
        done: Wording(zh: "下次 deliver 时重发", en: "goes again with the next deliver")
    ) { try $0.retry($1, $2, now: $3, in: $4) }

    static let hold = QueueMove(
        name: "hold",
        about: Wording(zh: "暂停一份报文，直到放行。", en: "Stop one until it is released."),
        done: Wording(zh: "已暂停", en: "is held")
    ) { try $0.hold($1, $2, now: $3, in: $4) }

    static let release = QueueMove(
        name: "release",
        about: Wording(
            zh: "放行暂停的报文；可能发过的先查询。", en: "Let a held one go on; asked for first if sent."),
        done: Wording(zh: "已放行", en: "goes on")
    ) { try $0.release($1, $2, now: $3, in: $4) }

    static let cancel = QueueMove(
        name: "cancel",
        about: Wording(zh: "取消从未发出过的报文，记录可重新上报。", en: "Take back one that was never sent."),
        done: Wording(zh: "已取消", en: "is cancelled")
    ) { try $0.cancel($1, $2, now: $3, in: $4) }

    static let repack = QueueMove(
        name: "repack",
        about: Wording(zh: "整份被拒或已取消的报文：重新组包。", en: "Pack a refused or cancelled one anew."),
        done: Wording(
            zh: "十分钟后的下一次 deliver 或 collect 重新组包",
            en: "its records are packed anew by the next deliver or collect after ten minutes")
    ) { try $0.repack($1, $2, now: $3, in: $4) }
}

/// A command that is one step on one submission.
protocol QueueStep: HouseCommand {
    static var move: QueueMove { get }
    var submission: SubmissionArgument { get }
    var reason: ReasonOption { get }
}

extension QueueStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: move.name, abstract: move.about.said)
    }

    var audited: AuditSubject { AuditSubject(object: submission.id, reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            // A database that was put back may not know what has left the house.
            try await site.wireGuard(database, outbox).learn()
            let decision = reason.decision
            let now = site.clock()
            let id = try await database.write { [given = submission.id] transaction in
                let id = try QueueLookup.find(given, outbox, in: transaction)
                try Self.move.take(outbox, id, decision, now, transaction)
                return id
            }
            try output.give([
                "submission": id.text, "by": decision.by, "because": decision.because,
            ])
            let done = Self.move.done
            output.line("✓ \(id.text)：\(done.zh)", "✓ \(id.text): \(done.en)")
            return .done
        }
    }
}

struct QueueRetry: QueueStep {
    static let move = QueueMove.retry
    @OptionGroup var submission: SubmissionArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct QueueHold: QueueStep {
    static let move = QueueMove.hold
    @OptionGroup var submission: SubmissionArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct QueueRelease: QueueStep {
    static let move = QueueMove.release
    @OptionGroup var submission: SubmissionArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct QueueCancel: QueueStep {
    static let move = QueueMove.cancel
    @OptionGroup var submission: SubmissionArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}

struct QueueRepack: QueueStep {
    static let move = QueueMove.repack
    @OptionGroup var submission: SubmissionArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions
}
