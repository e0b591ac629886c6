import ArgumentParser
import Delivery
import Flow
import Foundation
import Records

/// Somebody whose key is noted says that the key of one who approves mappings is right.
struct MappingConfirm: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "confirm",
            abstract: said("确认审批人的新公钥。", "Confirm the new key of one who approves."),
            discussion: said(
                "先当面核对指纹。由公钥已登记的另一审批人或保管人签名；换了自己密钥的，可用旧密钥。没有人能签的：--unsigned，七天后生效。",
                "Compare fingerprints face to face first. Another officer or approver of custody whose "
                    + "key is noted signs; who has a new key may use his old one. Where nobody can: "
                    + "--unsigned, which holds after seven days."))
    }

    @Argument(help: ArgumentHelp(said("谁的公钥。", "Whose key it is.")))
    var name: String

    @Option(help: ArgumentHelp(said("确认人。", "Who confirms.")))
    var by: String?

    @Option(
        help: ArgumentHelp(
            said("确认人的私钥（PEM，权限 600）。", "His private key: PEM, mode 600."),
            valueName: "file"))
    var key: String?

    @Flag(help: ArgumentHelp(said("没有人能签名：七天后生效。", "Nobody can sign: holds after seven days.")))
    var unsigned = false

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(person: by, reason: reason.because, roll: .any, concerning: name)
    }

    func validate() throws {
        guard unsigned ? (by == nil && key == nil) : (by != nil && key != nil) else {
            throw ValidationError(
                said(
                    "写 --by 和 --key；没有人能签名的，只写 --unsigned。",
                    "Give --by and --key, or --unsigned alone where nobody can sign."))
        }
    }

    private struct Announced: Encodable {
        let name: String
        let holdsFrom: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let signing = try key.map { try PersonalKey(Places.absolute($0)).key }
        return try await site.withDatabase(.guest) { database in
            guard let by, let signing else {
                let decision = Decision(by: NSUserName(), because: reason.because)
                let from = try await site.announceOfficer(name, decision, in: database)
                try output.give(Announced(name: name, holdsFrom: from.dateTime))
                output.line(
                    "! \(name) 的公钥没有人签名确认，\(from.dateTime) 起生效；此前他的批准不算数",
                    "! nobody signed for the key of \(name): it holds from \(from.dateTime) on")
                return .done
            }
            let done = try await site.confirmOfficer(
                name, by: by, with: signing, because: reason.because, in: database)
            try output.give(done)
            done.show(output)
            return .done
        }
    }
}
