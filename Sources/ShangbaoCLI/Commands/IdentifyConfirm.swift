import ArgumentParser
import Flow
import Records

/// Somebody whose key is noted says that another one's key is right.
struct IdentifyConfirm: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "confirm",
            abstract: said("确认某人的新公钥。", "Confirm somebody's new key."),
            discussion: said(
                "由公钥已登记的审批人或负责人签名确认；换了自己密钥的，可用旧密钥确认自己的。先当面核对指纹。",
                "An approver or director whose own key is noted signs it; who has a new key may use "
                    + "his old one. Compare fingerprints face to face first."))
    }

    @Argument(help: ArgumentHelp(said("谁的公钥。", "Whose key it is.")))
    var name: String

    @OptionGroup var hand: CustodyHand
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        var subject = hand.audited(nil, because: reason.because)
        subject.concerning = name
        return subject
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let key = try hand.opened()
        return try await site.withDatabase(.guest) { database in
            let done = try await IdentifyDesk(site: site, database: database).confirm(
                name, by: hand.by, with: key, because: reason.because)
            try output.give(done)
            done.show(output)
            if done.left.isEmpty {
                output.paragraph(
                    said(
                        "服务在运行的：systemctl reload shangbao；再由两人 shangbao identify rewrap",
                        "Reload a running service; then two people run shangbao identify rewrap"))
            }
            return .done
        }
    }
}

extension KeyConfirmation {
    /// Says whose key is confirmed, and whose are still to be.
    func show(_ output: Output) {
        output.line(
            isListed
                ? "✓ \(name) 的公钥 \(key.prefix(16)) 已确认" : "✓ \(name) 已不在名单，未确认的公钥作废",
            isListed
                ? "✓ the key \(key.prefix(16)) of \(name) is confirmed"
                : "✓ \(name) is not listed; the unconfirmed key is put aside")
        if !left.isEmpty {
            output.line(
                "! 还要确认：\(left.joined(separator: "、"))",
                "! still to confirm: \(left.joined(separator: ", "))")
        }
    }
}
