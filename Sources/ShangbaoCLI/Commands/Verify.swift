import ArgumentParser
import Flow
import Foundation
import Records

/// Checks an evidence pack.
struct Verify: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "核验证据包：清单、签名、verify.py。", "Verify a pack: manifest, signatures, verify.py."),
            discussion: said(
                "审计方不需要本程序：python3 verify.py 证据包。在站点中运行时，还把包内公钥与密钥环、国家平台公钥比对。",
                "An auditor does not need this program: python3 verify.py PACK. At a site the pack's "
                    + "public keys are compared with its key ring and the national keys."))
    }

    @Argument(help: ArgumentHelp(said("证据包目录。", "The pack's folder.")))
    var pack: String

    @Option(
        help: ArgumentHelp(said("取 verify.py 的映射目录。", "Whose verify.py is used, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        var verification = Verification(
            pack: Places.absolute(pack), mappings: try? Places.mappings(mappings), output: output)
        let siteFile = common.siteFolder + "/" + Configuration.fileName
        if FileManager.default.fileExists(atPath: siteFile) {
            let site = try common.openSite()
            verification.keys = try await PackKeys(site) {
                try await common.openKeyring(of: site)
            }
        }
        let steps = try verification.steps()
        try output.give(steps)
        verification.show(steps)
        guard steps.allSatisfy({ $0.holds != false }) else {
            throw CommandFailure(.notPack, place: Places.shown(Places.absolute(pack)))
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
