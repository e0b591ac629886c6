import ArgumentParser
import Flow
import Foundation
import Privacy
import Records

/// The same keys under another passphrase.
struct KeysChangePassphrase: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "change-passphrase",
            abstract: said(
                "更换密钥环的口令；密钥不变，计数加一。",
                "Change the ring's passphrase; its keys stay, its counter goes up."))
    }

    @Option(
        help: ArgumentHelp(
            said("从该文件描述符读取新口令。", "Read the new passphrase from this descriptor."), valueName: "n"))
    var newPassphraseFd: Int32?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await site.withDatabase { database in
            var keyring = try site.openKeyring(common.passphrase)
            try await site.check(keyring, in: database)
            let source = newPassphraseFd.map { Passphrase.descriptor($0) } ?? .terminal()
            try keyring.changePassphrase(
                to: source.read(
                    confirming: true,
                    asking: "密钥环新口令 · new key ring passphrase: "), cost: site.passphraseCost)
            // Ended before this, the next command that opens both notes it.
            try await site.check(keyring, in: database, by: NSUserName())
            return keyring
        }
        try output.give(["counter": "\(keyring.counter)"])
        output.line(
            "✓ 口令已换，密钥环计数 \(keyring.counter)",
            "✓ the passphrase is changed; the ring's counter is \(keyring.counter)")
        output.paragraph(
            said(
                "从此只有新口令能打开它。由文件或 systemd 凭据给口令的，现在就换；正在运行的服务，下次启动时用新口令。旧口令能打开的密钥环副本请销毁。备份有自己的口令，"
                    + "但计数旧了：再做一份 shangbao keys export-backup，演练，销毁旧的。",
                "Only the new one opens it from now on. Where a file or a systemd credential gives it, "
                    + "change that now; a running service needs the new one when it starts again. "
                    + "Destroy copies of the ring that the old one opens. Backups have a passphrase of "
                    + "their own, but an older counter: shangbao keys export-backup, shangbao keys "
                    + "drill, and destroy the old ones."))
        return .done
    }
}
