import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Records
import Settlements
import Storage

/// Signs a statement that somebody else made.
struct Sign: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("签署结算表：两人签署后关账，编制人不签。", "Sign a statement that another made."),
            discussion: said(
                "先核对证据包，再用本人的私钥签署；签署记入账本，并写在证据包旁（.signoff-N.txt 与 .sig）。签署人和公钥在 "
                    + "shangbao.yaml 的 evidence.signers。",
                "Checks the pack, then signs with the person's own key; it is in the ledger and beside "
                    + "the pack (.signoff-N.txt and .sig). Who may sign is evidence.signers of "
                    + "shangbao.yaml. Two signatures close a statement."))
    }

    @Argument(help: ArgumentHelp(said("证据包。", "The pack.")))
    var pack: String

    @Option(help: ArgumentHelp(said("签署人。", "Who signs.")))
    var by: String

    @Option(
        help: ArgumentHelp(
            said("本人的私钥文件（PEM，权限 600）。", "The person's private key: PEM, mode 600."),
            valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(
            object: URL(fileURLWithPath: pack).lastPathComponent, person: by, roll: .signers)
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let reader = try PackReader(Places.absolute(pack))
        let check = try reader.unpacked { PackCheck($0) }
        if let wrong = check.checked.first(where: { !$0.holds }) {
            throw CommandFailure(.notPack, place: Places.shown(reader.path), detail: wrong.what)
        }
        let statement = Hex.encode(Hash.sha256.digest(try reader.file("settlement.json")))
        let signing = try PersonalKey(Places.absolute(key)).key
        return try await site.withDatabase(.guest) { database in
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: try Exchange(site: site, database: database))
            let signed = try await closing.sign(statement, by: by, with: signing)
            try output.give(signed)
            output.line(
                "✓ \(by)（\(signed.role)）已签署，共 \(signed.signatures) 人",
                "✓ signed by \(by) as \(signed.role); signatures: \(signed.signatures)")
            for file in signed.files { output.line("  \(Places.shown(file))") }
            output.line(
                signed.isClosed ? "✓ 已关账" : "还需一人签署后关账",
                signed.isClosed ? "✓ closed" : "One more signature closes it")
            return .done
        }
    }
}
