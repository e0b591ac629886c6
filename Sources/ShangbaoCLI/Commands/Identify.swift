import ArgumentParser
import Flow
import Foundation
import Privacy
import Records

/// Who cases are about, where two others allow it.
struct Identify: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("身份还原：一人申请，两科室两人批准。", "Who a case is about, if two others agree."),
            discussion: said(
                "只按病例编号，不能按姓名查。每一步都记入账本。见 docs/privacy/identify.md。",
                "By the ids of cases, never by a name. Each step stands in the ledger. See "
                    + "docs/privacy/identify.md."),
            subcommands: [
                IdentifyAsk.self, IdentifyShow.self, IdentifyApprove.self, IdentifyRefuse.self,
                IdentifyOpen.self,
                IdentifyClose.self, IdentifyList.self, IdentifyReview.self, IdentifySummary.self,
                IdentifySampling.self, IdentifyRewrap.self, IdentifyConfirm.self,
            ])
    }
}

/// Whose step it is, with his own key.
struct CustodyHand: ParsableArguments {
    @Option(help: ArgumentHelp(said("本人姓名，如 custody.people 所写。", "Who does it, as listed.")))
    var by: String

    @Option(
        help: ArgumentHelp(
            said("本人的 SM2 私钥（PEM，权限 600）。", "His own SM2 key: PEM, mode 600."),
            valueName: "file"))
    var key: String

    /// Reads the key. Throws `CommandFailure`.
    func opened() throws -> CustodyKey { try PersonalKey.custody(Places.absolute(key)) }
}

/// A step on a request, which is shown as it stands then.
protocol IdentifyStep: HouseCommand {
    /// Takes it. Throws `IdentifyFailure` where it is not allowed, `CommandFailure` for a key
    /// that cannot be read.
    func take(by desk: IdentifyDesk) async throws -> IdentifyReading
    /// Shows what is signed, before it is.
    func show(from desk: IdentifyDesk, _ output: Output) async throws
    /// Shows how far the request is then.
    func tell(_ reading: IdentifyReading, _ output: Output)
    /// What comes next, where that is to be said.
    func next(after reading: IdentifyReading) -> String?
}

extension CustodyHand {
    /// What the audit trail says of a step on a request, or on something else that has an id.
    func audited(_ object: String?, because: String? = nil) -> AuditSubject {
        AuditSubject(object: object, person: by, reason: because, roll: .custody)
    }
}

extension IdentifyStep {
    func show(from desk: IdentifyDesk, _ output: Output) async throws {}

    func tell(_ reading: IdentifyReading, _ output: Output) { IdentifyPage(reading).show(output) }

    func next(after reading: IdentifyReading) -> String? { nil }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let desk = try IdentifyDesk(site: site, database: database)
            try await show(from: desk, output)
            let reading = try await take(by: desk)
            CommandAudit.current.found([reading.id] + reading.records)
            try output.give(reading)
            tell(reading, output)
            if let next = next(after: reading) { output.paragraph(next) }
            return .done
        }
    }
}

struct IdentifyAsk: IdentifyStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "request", abstract: said("申请还原，最多 20 例。", "Ask who up to 20 cases are."))
    }

    @Argument(help: ArgumentHelp(said("病例编号（32 位十六进制）。", "The cases: 32 hex digits each.")))
    var records: [String]

    @Option(help: ArgumentHelp(said("事由代码，见 privacy/reasons.yaml。", "A code of reasons.yaml.")))
    var reason: String

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp(said("文号或案号。", "The number of the letter or case.")))
    var caseNumber: String

    @Flag(help: ArgumentHelp(said("紧急：负责人可替代一人。", "An emergency: the director may stand in.")))
    var breakGlass = false

    @OptionGroup var hand: CustodyHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        hand.audited(
            records.map { $0.lowercased() }.joined(separator: " "),
            because: "\(reason) \(caseNumber)")
    }

    func take(by desk: IdentifyDesk) async throws -> IdentifyReading {
        try await desk.request(
            records.map { RecordID($0.lowercased()) }, reason: reason, caseNumber: caseNumber,
            breakGlass: breakGlass, by: hand.by, with: hand.opened())
    }

    func next(after reading: IdentifyReading) -> String? {
        said(
            "下一步：两个科室的两人先看 shangbao identify show \(reading.id)，再 shangbao identify approve "
                + "\(reading.id) --by 姓名 --key 私钥",
            "Next: two people of two departments read shangbao identify show \(reading.id), then "
                + "run shangbao identify approve \(reading.id) --by NAME --key FILE")
    }
}

struct IdentifyApprove: IdentifyStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve", abstract: said("批准一份申请。", "Approve one."),
            discussion: said(
                "先 shangbao identify show 编号，看清楚签的是什么。",
                "Run shangbao identify show ID first, to see what is signed."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @OptionGroup var hand: CustodyHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { hand.audited(id) }

    func show(from desk: IdentifyDesk, _ output: Output) async throws {
        IdentifyPortraitPage(try await desk.portrait(of: id)).show(output)
        output.line()
    }

    func take(by desk: IdentifyDesk) async throws -> IdentifyReading {
        try await desk.approve(id, by: hand.by, with: hand.opened())
    }

    func tell(_ reading: IdentifyReading, _ output: Output) {
        IdentifyPage(reading).showState(output)
    }
}

struct IdentifyRefuse: IdentifyStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "refuse", abstract: said("驳回一份申请。", "Refuse one."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @OptionGroup var hand: CustodyHand
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { hand.audited(id, because: reason.because) }

    func take(by desk: IdentifyDesk) async throws -> IdentifyReading {
        try await desk.refuse(id, by: hand.by, with: hand.opened(), because: reason.because)
    }
}

struct IdentifyClose: IdentifyStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "close", abstract: said("用完关闭，清除密钥。", "End one; its keys are erased."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: id) }

    func take(by desk: IdentifyDesk) async throws -> IdentifyReading {
        try await desk.close(id, by: NSUserName())
    }
}

struct IdentifyReview: IdentifyStep {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "review",
            abstract: said(
                "复核：紧急的 48 小时内，抽查到的下月底前。",
                "Review an emergency in 48 hours, or a drawn one."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @OptionGroup var hand: CustodyHand
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { hand.audited(id, because: reason.because) }

    func take(by desk: IdentifyDesk) async throws -> IdentifyReading {
        try await desk.review(id, by: hand.by, with: hand.opened(), because: reason.because)
    }
}
