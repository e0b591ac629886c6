import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Privacy
import Records

/// Where both halves of a backup's passphrase come from.
struct BackupHalves: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            said("从该文件描述符读两半口令，各一行。", "Read both halves from this descriptor, a line each."),
            valueName: "n"))
    var halvesFd: Int32?

    /// Asks for them, or reads them. Throws `KeyFailure`.
    func read() throws -> BackupPassphrase {
        try BackupPassphrase(
            joining: (halvesFd.map { Passphrase.descriptor($0) } ?? .terminal()).readHalves())
    }
}

/// Tries whether a backup would do, and touches nothing.
struct KeysDrill: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "drill",
            abstract: said(
                "恢复演练：用两半口令打开备份，与现用密钥环核对；不写任何文件。",
                "A restore drill: open a backup, compare it with the ring in use, write no file."))
    }

    @Argument(help: ArgumentHelp(said("备份文件。", "The backup.")))
    var file: String

    @OptionGroup var halves: BackupHalves
    @OptionGroup var common: SharedOptions

    private struct Drilled: Encodable {
        let isWhole: Bool
        let backup: Int
        let ring: Int
        let keys: Int
        let missing: [String]
        let different: [String]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await common.openKeyring(of: site)
        let passphrase = try halves.read()
        let found = try await site.withDatabase(.guest) { database in
            try await site.drill(
                Places.absolute(file), openedBy: passphrase, against: keyring,
                by: NSUserName(), in: database)
        }
        try output.give(
            Drilled(
                isWhole: found.isWhole, backup: found.backup, ring: found.ring,
                keys: found.keys, missing: found.missing, different: found.different))
        let mark = found.isWhole ? "✓" : "✗"
        output.line(
            "\(mark) 备份打开了：\(found.keys) 把密钥，计数 \(found.backup)；现用密钥环计数 \(found.ring)",
            "\(mark) the backup opens: \(found.keys) keys, counter \(found.backup); the ring in use "
                + "has \(found.ring)")
        if !found.missing.isEmpty {
            let ids = found.missing.joined(separator: " ")
            output.line("  备份里没有：\(ids)", "  not in the backup: \(ids)")
        }
        if !found.different.isEmpty {
            let ids = found.different.joined(separator: " ")
            output.line("  状态或内容不同：\(ids)", "  of another state or content: \(ids)")
        }
        output.paragraph(
            found.isWhole
                ? said(
                    "逐把核对一致，账本已记。两半口令请放回两处。",
                    "Each key is the same, and the ledger has it. Put the halves back into their safes."
                )
                : said(
                    "这份备份旧了：请再做一份 shangbao keys export-backup，再演练，销毁旧的。",
                    "This backup is old: make another, shangbao keys export-backup, drill that one, and "
                        + "destroy this one."))
        return found.isWhole ? .done : .unbalanced
    }
}
