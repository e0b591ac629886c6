import ArgumentParser
import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage

/// Checks an evidence pack.
struct Verify: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "核验证据包：清单、签名、verify.py。", "Verify a pack: manifest, signatures, verify.py."),
            discussion: said(
                "审计方不需要本程序：解开后照 README.txt 做。在站点中运行时，还把包内公钥与密钥环、国家平台公钥比对，并由整本账重算"
                    + "（recount.py）。",
                "An auditor does not need this program: unpack it and follow README.txt. At a site the "
                    + "pack's public keys are compared with its key ring and the national keys, and "
                    + "everything is reckoned anew from the ledger (recount.py)."))
    }

    @Argument(help: ArgumentHelp(said("证据包。", "The pack.")))
    var pack: String

    @Option(
        help: ArgumentHelp(said("取 verify.py 的映射目录。", "Whose verify.py is used, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let reader = try PackReader(Places.absolute(pack))
        let work = FileManager.default.temporaryDirectory
            .appendingPathComponent("shangbao-ledger-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: work) }
        let siteFile = common.siteFolder + "/" + Configuration.fileName
        var (keys, ledger): (PackKeys?, String?) = (nil, nil)
        if FileManager.default.fileExists(atPath: siteFile) {
            let site = try common.openSite()
            keys = try await PackKeys(site) { try await common.openKeyring(of: site) }
            _ = try await site.withView { database in
                try await database.read { try LedgerExport().write(to: work, in: $0) }
            }
            ledger = work
        }
        let steps = try reader.unpacked { folder in
            Verification(
                pack: folder, mappings: try? Places.mappings(mappings), keys: keys, ledger: ledger,
                output: output
            ).steps()
        }
        try output.give(steps)
        Verification.show(steps, output)
        guard steps.allSatisfy({ $0.holds != false }) else {
            throw CommandFailure(.notPack, place: Places.shown(Places.absolute(pack)))
        }
        if keys == nil {
            output.line(
                "! 不在站点里运行：公钥取自证据包本身，没有与本县、国家平台核对（见 docs/audit/verify.md）",
                "! Outside a site: the keys are the pack's own, compared with nobody (docs/audit/verify.md)"
            )
        }
        let isWhole = steps.allSatisfy { $0.holds != nil }
        output.line(
            isWhole ? "✓ 全部相符" : "✓ 查过的都相符；标 · 的没有查",
            isWhole
                ? "✓ everything holds"
                : "✓ what was checked holds; what is marked · was not checked")
        return .done
    }
}
