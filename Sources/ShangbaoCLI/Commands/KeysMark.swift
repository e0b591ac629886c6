import ArgumentParser
import Flow
import Privacy

/// Moves a key on to its next state.
struct KeysMark: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "mark",
            abstract: said(
                "把密钥转到下一状态；只向前，仍有数据依赖的不准。",
                "Move a key to its next state: forward only, never one that data needs."))
    }

    @Argument(help: ArgumentHelp(said("密钥编号。", "The key's id."), valueName: "id"))
    var id: String

    @Argument(
        help: ArgumentHelp(
            said(
                "状态：active、retired、compromised、destroyed。",
                "active, retired, compromised, destroyed."),
            valueName: "state"))
    var state: KeyState

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        var wasInDevice = false
        let keyring = try await site.withDatabase { database in
            var keyring = try site.openKeyring(common.passphrase)
            wasInDevice = keyring.list().contains { $0.kid == id && $0.device != nil }
            try await site.mark(id, as: state, &keyring, in: database)
            return keyring
        }
        try output.give(KeyLine.all(keyring).filter { $0.id == id })
        output.line("✓ \(id) → \(state.rawValue)")
        output.paragraph(wasInDevice && state == .destroyed ? leftInDevice : meaning)
        return .done
    }

    private var leftInDevice: String {
        said(
            "密钥环不再认它；设备里的密钥还在，请用厂商工具销毁。",
            "The ring knows it no more. It is still in the device: destroy it there with the "
                + "vendor's tool.")
    }

    private var meaning: String {
        switch state {
        case .active:
            said(
                "从此由它签名；原来的转为 verify-only，已签的仍可核验。正在运行的服务须重启。",
                "It signs from now on; the one before verifies what it signed. Start a running "
                    + "service again.")
        case .retired:
            said(
                "程序不再使用它；密钥仍在环中，最后一步是 destroyed。",
                "The program uses it no more; it is still in the ring, until it is destroyed.")
        case .compromised:
            said(
                "程序不再使用它，也不认它签的名。是签名密钥的，立即通知国家平台停用。",
                "The program neither uses it nor trusts it. If it signs, tell the national side at "
                    + "once.")
        case .destroyed:
            said(
                "密钥内容已从环中抹去，只留编号。旧备份里的副本须另行销毁。",
                "The key is gone from the ring, its id stays. Copies in old backups are yours to "
                    + "destroy.")
        case .pending, .verifyOnly: ""
        }
    }
}

extension KeyState: ExpressibleByArgument {}
