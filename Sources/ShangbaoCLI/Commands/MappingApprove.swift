import ArgumentParser
import Evidence
import Flow
import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import Storage

/// Decides on a mapping with the officer's own key.
struct MappingApprove: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve",
            abstract: said("用审批人本人的密钥批准或驳回映射。", "Approve or reject with the officer's own key."),
            discussion: said(
                "审批人列在 shangbao.yaml 的 privacy.officers，不得是编写人。决定绑定映射、代码表、项目、XSD 和审核表，一改即失效。",
                "Officers are under privacy.officers of shangbao.yaml; none decides on his own work. The "
                    + "decision is bound to mapping, lists, programme, XSD and sheet; any change ends it."
            ))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(help: ArgumentHelp(said("审批人。", "Who decides.")))
    var by: String

    @Option(
        help: ArgumentHelp(
            said("本人的私钥文件（PEM，权限 600）。", "The officer's private key: PEM, mode 600."),
            valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp(said("编写人。", "Who wrote the mapping.")))
    var author: String

    @Option(help: ArgumentHelp(said("理由。", "Why.")))
    var because: String

    @Option(
        help: ArgumentHelp(
            said(
                "所看审核表的 SHA-256，至少前 8 位：与现在不同就拒签。",
                "SHA-256 of the sheet you read, 8 digits at least: refused if it is another now."),
            valueName: "sha256"))
    var sheet: String

    @Flag(help: ArgumentHelp(said("驳回。", "Reject it.")))
    var reject = false

    @Option(
        help: ArgumentHelp(
            said(
                "有效期至 yyyy-MM-dd（默认一年，最长三年）。",
                "Last day, yyyy-MM-dd; a year if absent, three at most.")))
    var validUntil: CalendarDate?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(object: name, person: by, reason: because, roll: .officers)
    }

    func validate() throws {
        guard (8...64).contains(sheet.utf8.count), sheet.allSatisfy(\.isHexDigit) else {
            throw ValidationError(
                said(
                    "--sheet 写审核表末尾的 SHA-256，至少前 8 位。",
                    "--sheet takes the SHA-256 at the sheet's foot, 8 digits at least."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let file = try site.mapping(for: name).file
        let binding = try site.binding(of: file)
        let mapping = binding.mapping
        guard binding.sheet.sha256.hasPrefix(sheet.lowercased()) else {
            throw ApprovalFailure(
                .otherSheet, mapping: mapping, detail: "SHA-256 \(binding.sheet.sha256)")
        }
        guard let officer = try site.officers().first(where: { $0.name == by }) else {
            throw ApprovalFailure(.officer, mapping: mapping, detail: by)
        }
        let now = site.clock()
        let approval = try Approval(
            of: binding, decision: reject ? .rejected : .approved, by: officer, author: author,
            decidedAt: now, validUntil: validUntil ?? now.day.adding(days: 365), reason: because)
        let signing = try PersonalKey(Places.absolute(key)).key
        try await site.withDatabase(.guest) { database in
            try site.approvals().record(approval, sheet: binding.sheet, signedBy: signing)
            let fact = Fact.Approved(
                mapping: mapping, mappingDigest: approval.content.sha256, by: by,
                isApproved: !reject, approval: approval.digest, key: approval.key)
            try await database.write { transaction in
                try Ledger().append([.approved(fact)], at: now, in: transaction)
            }
        }
        try output.give(approval)
        output.line(
            reject
                ? "✓ \(by)（\(officer.role)）已驳回 \(mapping)"
                : "✓ \(by)（\(officer.role)）已批准 \(mapping)，有效期至 \(approval.validUntil)",
            reject
                ? "✓ \(by) (\(officer.role)) rejected \(mapping)"
                : "✓ \(by) (\(officer.role)) approved \(mapping) until \(approval.validUntil)")
        output.line("  审核表 sheet   \(approval.sheet.sha256)")
        output.line("  内容 content   \(approval.content.sha256)")
        output.line("  决定 decision  \(approval.digest)")
        return .done
    }
}
