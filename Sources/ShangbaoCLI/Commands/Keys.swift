import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Privacy
import Records

/// The county's keys.
struct Keys: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys",
            abstract: said("密钥环：新建、查看、轮换、备份。", "The key ring: make, see, rotate, back up."),
            subcommands: [
                KeysInit.self, KeysList.self, KeysExport.self, KeysRotate.self, KeysMark.self,
                KeysVerifyRotation.self, KeysImportRecipient.self, KeysExportBackup.self,
                KeysDrill.self, KeysRestore.self, KeysAdopt.self, KeysChangePassphrase.self,
            ])
    }
}

struct KeysInit: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "init",
            abstract: said("新建密钥环，绝不覆盖旧的。", "Make the key ring; never overwrites."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let ring = site.configuration.keyring
        let keyring = try Keyring.create(
            at: ring,
            passphrase: try (common.passphrase ?? site.configuredPassphrase).read(confirming: true),
            city: site.configuration.county.city, on: site.clock(), cost: site.passphraseCost)
        try output.give(KeyLine.all(keyring))
        output.line(
            "✓ \(site.shown(ring))：\(keyring.list().count) 把密钥，两个套件各一组",
            "✓ \(site.shown(ring)): \(keyring.list().count) keys, one set a suite")
        output.paragraph(
            said(
                "备份这个文件，口令另放一处：病例标识密钥丢了就补不回来。下一步：shangbao keys export，把公钥交给国家平台。",
                "Back this file up, the passphrase elsewhere: the key that names cases cannot be "
                    + "made again. Next: shangbao keys export, for the national side."))
        return .done
    }
}

/// One key as programs read it.
struct KeyLine: Encodable {
    let id: String
    let use: String
    let suite: String
    let domain: String
    let epoch: Int
    let state: String
    let created: String
    /// When it became active; of one that never did, when it was made.
    let since: String
    let fingerprint: String?
    /// The device that holds it; absent for one in the ring's own file.
    let device: String?

    init(_ entry: KeyEntry) {
        id = entry.kid
        use = entry.use.rawValue
        suite = entry.suite.rawValue
        domain = entry.domain
        epoch = entry.epoch
        state = entry.state.rawValue
        created = entry.created.dateTime
        since = entry.since.dateTime
        fingerprint = entry.fingerprint
        device = entry.device
    }

    static func all(_ keyring: Keyring) -> [KeyLine] { keyring.list().map(KeyLine.init) }
}

struct KeysList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("列出密钥，不显示内容。", "List the keys, never what they are."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await common.openKeyring(of: site)
        try output.give(KeyLine.all(keyring))
        var table = Columns([
            (said("编号", "id"), .left), (said("用途", "use"), .left),
            (said("套件", "suite"), .left), (said("域", "domain"), .left),
            (said("代", "epoch"), .right), (said("状态", "state"), .left),
            (said("所在", "where"), .left), (said("指纹", "fingerprint"), .left),
        ])
        for key in KeyLine.all(keyring) {
            table.add([
                key.id, key.use, key.suite, key.domain, "\(key.epoch)", key.state,
                key.device ?? said("密钥环", "ring"), String((key.fingerprint ?? "").prefix(16)),
            ])
        }
        output.table(table)
        let standing = try await site.drillStanding(of: keyring)
        showRecipients(site, output)
        output.line()
        output.line(DrillAge.last(standing))
        let inUse = try site.recipient()
        let hints =
            KeyAge.hints(of: keyring.list(), on: site.clock())
            + [
                inUse.flatMap { RecipientAge.hint(of: $0, on: site.clock()) },
                DrillAge.hint(of: standing),
            ].compactMap { $0?.said }
        for hint in hints {
            output.paragraph("! " + hint, indent: 2)
        }
        return .done
    }

    /// The national side's keys: the one in use first.
    private func showRecipients(_ site: Site, _ output: Output) {
        let lines = site.recipients().map { RecipientLine($0, site) }
        guard !lines.isEmpty else { return }
        output.line()
        output.line("国家平台的收件证书：", "The national side's certificates:")
        var table = Columns(sides: [.left, .left, .left, .left])
        for line in lines {
            table.add([
                line.inUse ? "✓ \(line.name)" : "", line.key, String(line.fingerprint.prefix(16)),
                line.term,
            ])
        }
        output.table(table, indent: 2)
    }
}

struct KeysExport: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: said("把签名公钥写成 PEM，交给国家平台登记。", "Write the public signing keys as PEM."))
    }

    @OptionGroup var common: SharedOptions

    private struct Exported: Encodable {
        let id: String
        let suite: String
        let file: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await common.openKeyring(of: site)
        let folder = (site.configuration.keyring as NSString).deletingLastPathComponent + "/public"
        var exported: [Exported] = []
        for (kid, key) in try keyring.verifyingKeys().sorted(by: { $0.key < $1.key }) {
            let file = "\(folder)/\(key.suite.rawValue)-\(kid).pub.pem"
            try Places.write(try key.pem(), to: file)
            exported.append(
                Exported(id: kid, suite: key.suite.rawValue, file: site.shown(file)))
        }
        try output.give(exported)
        for key in exported { output.line("✓ \(key.file)") }
        output.line(
            "把文件和密钥编号（\(exported.map(\.id).joined(separator: "、"))）交给国家平台登记。",
            "Give files and ids (\(exported.map(\.id).joined(separator: ", "))) to the national side."
        )
        return .done
    }
}
