import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records

/// Decides on a mapping with the officer's own key.
struct MappingApprove: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve",
            abstract: said("用审批人本人的密钥批准或驳回映射。", "Approve or reject with the officer's own key."),
            discussion: said(
                "私钥不必带到这台电脑：用 --out 写出决定，带走签名，再 mapping accept。审批人列在 shangbao.yaml 的 privacy.officers，不得是编写人。决定绑定映射、代码表、项目、XSD 和审核表，一改即失效。",
                "The private key need not come here: --out writes the decision to be signed elsewhere, "
                    + "then mapping accept. Officers are under privacy.officers of shangbao.yaml; none decides on his own work. The "
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
    var key: String?

    @Option(
        help: ArgumentHelp(
            said(
                "不签，把决定写进这个文件，带到本人的电脑上签。",
                "Do not sign: write the decision here, to be signed on his own computer."),
            valueName: "file"))
    var out: String?

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
        AuditSubject(
            object: name, person: by,
            reason: (reject ? "驳回 reject：" : "批准 approve：") + because, roll: .officers)
    }

    func validate() throws {
        guard (key == nil) != (out == nil) else {
            throw ValidationError(
                said("写 --key，或写 --out。", "Give --key, or --out."))
        }
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
            // Which one is the present is not said: it is to be read before it is signed.
            throw ApprovalFailure(.otherSheet, mapping: mapping)
        }
        guard let officer = try site.officers().first(where: { $0.name == by }) else {
            throw ApprovalFailure(.officer, mapping: mapping, detail: by)
        }
        // What the sheet's foot prints stands for words of his own.
        guard !because.hasPrefix("理由"), !because.contains("：理由"), author != "编写人" else {
            throw ApprovalFailure(.reason, mapping: mapping, detail: "理由、编写人")
        }
        let now = site.clock()
        let approval = try Approval(
            of: binding, decision: reject ? .rejected : .approved, by: officer, author: author,
            decidedAt: now, validUntil: validUntil ?? now.day.adding(days: 365), reason: because)
        guard let key else {
            try writeDown(approval, output)
            return .done
        }
        let signing = try PersonalKey(Places.absolute(key)).key
        return try await Deciding(site: site, approval: approval, sheet: binding.sheet)
            .store(output) { store throws(ApprovalFailure) in
                try store.record(approval, sheet: binding.sheet, signedBy: signing)
            }
    }

    /// Writes the decision as it is to be signed; an old file stays.
    private func writeDown(_ approval: Approval, _ output: Output) throws {
        guard let out else { return }
        let path = Places.absolute(out)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: Places.shown(path))
        }
        try Data(approval.canonicalText).write(to: URL(fileURLWithPath: path))
        try output.give(approval)
        output.line("✓ \(Places.shown(path))")
        output.line(
            "  这是要签的原文 SHA-256 \(approval.digest)",
            "  what is to be signed, SHA-256 \(approval.digest)")
        output.paragraph(
            said(
                "在本人的电脑上看过、签名，再：shangbao mapping accept 文件 --signature 签名文件",
                "Read and sign it on your own computer, then: shangbao mapping accept FILE --signature SIG"
            ))
    }
}
