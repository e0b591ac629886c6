import ArgumentParser
import Flow
import Foundation
import Glibc
import LibCrypto
import Privacy
import Records

/// A copy of the ring for the safe.
struct KeysExportBackup: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export-backup",
            abstract: said(
                "导出密钥环备份；口令由程序生成，分两半，只显示一次。",
                "Write a backup of the ring; its passphrase is shown once, in two halves."))
    }

    @Argument(help: ArgumentHelp(said("备份文件，不会覆盖。", "The backup; never overwritten.")))
    var file: String

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard !common.json else {
            throw ValidationError(
                said("备份口令只给人看，不用 --json。", "The passphrase is for people: no --json."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        // A file that the halves were led into is both halves in one place.
        guard isTerminal || site.configuration.environment == .rehearsal else {
            throw CommandFailure(
                .usage,
                detail: said("口令的两半只在终端上显示。", "The halves are shown on a terminal only."))
        }
        let keyring = try await common.openKeyring(of: site)
        let passphrase = try BackupPassphrase()
        let path = Places.absolute(file)
        try keyring.backUp(to: path, under: passphrase)
        output.line(
            "✓ \(site.shown(path))：\(keyring.list().count) 把密钥，计数 \(keyring.counter)",
            "✓ \(site.shown(path)): \(keyring.list().count) keys, counter \(keyring.counter)")
        let held = Set(keyring.list().compactMap(\.device)).sorted()
        if !held.isEmpty {
            let names = held.joined(separator: said("、", ", "))
            output.paragraph(
                said(
                    "! 设备 \(names) 里的签名密钥不在备份中，只记它在哪里：设备要按厂商的办法另行备份。",
                    "! Signing keys in \(names) are not in the backup, only where they are: back the "
                        + "device up as its vendor says."))
        }
        output.line()
        let titles = [said("口令上半", "first half "), said("口令下半", "second half")]
        for (number, title) in titles.enumerated() {
            try show(title, passphrase, number)
            if isTerminal { pause() }
        }
        output.line()
        output.paragraph(
            said(
                "现在抄在两张纸上，装两个信封，存两处；不会再显示。缺一半打不开。抄好就演练一次：shangbao keys drill。"
                    + "恢复：shangbao keys restore。",
                "Write them on two sheets now, for two safes; they are not shown again, and one half "
                    + "opens nothing. Then try them: shangbao keys drill. To restore: shangbao keys "
                    + "restore."))
        return .done
    }

    private var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Waits until the half is on its sheet, then takes it off the screen: the other one is for
    /// another person.
    private func pause() {
        print(
            said("  抄好后按回车，这一半从屏幕上消失 ", "  Enter, once it is on paper: it leaves the screen "),
            terminator: "")
        fflush(nil)
        _ = readLine()
        // Two lines up, and all below gone (ECMA-48).
        print("\u{1B}[2A\u{1B}[J", terminator: "")
        fflush(nil)
    }

    /// Writes one half from secure memory straight to the terminal: no string is made of it.
    private func show(_ title: String, _ passphrase: BackupPassphrase, _ number: Int) throws {
        print("  \(title)  ", terminator: "")
        fflush(nil)
        try passphrase.withHalf(number) { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(
                    STDOUT_FILENO, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw CommandFailure(.unwritable) }
                written += count
            }
        }
        print()
    }
}

/// The ring of a backup, where there is none.
struct KeysRestore: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "restore",
            abstract: said(
                "用备份和两半口令恢复密钥环；不会覆盖已有的。",
                "Make the ring of a backup and both halves; never over another ring."))
    }

    @Argument(help: ArgumentHelp(said("备份文件。", "The backup.")))
    var file: String

    @OptionGroup var halves: BackupHalves
    @OptionGroup var common: SharedOptions

    private struct Restored: Encodable {
        let counter: Int
        /// The counter that the ledger knows; a higher one means that the backup is older.
        let known: Int
        let keys: [KeyLine]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let halves = try halves.read()
        let passphrase = try (common.passphrase ?? site.configuredPassphrase)
            .read(confirming: true)
        let path = site.configuration.keyring
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let keyring = try Keyring.restore(
            Places.absolute(file), openedBy: halves, to: path, under: passphrase)
        try await site.noteRestored(keyring, by: NSUserName())
        let known = try await site.registeredRing().counter
        try output.give(
            Restored(counter: keyring.counter, known: known, keys: KeyLine.all(keyring)))
        output.line(
            "✓ \(site.shown(path))：\(keyring.list().count) 把密钥，计数 \(keyring.counter)",
            "✓ \(site.shown(path)): \(keyring.list().count) keys, counter \(keyring.counter)")
        if keyring.counter < known {
            output.paragraph(
                said(
                    "账本记得更新的密钥环（计数 \(known)）：此后新建的密钥不在备份里。确认要用这一份时运行 "
                        + "shangbao keys adopt --because。",
                    "The ledger knows a newer ring (counter \(known)): keys made since are not in the "
                        + "backup. To use this one all the same: shangbao keys adopt --because."))
        }
        return .done
    }
}
