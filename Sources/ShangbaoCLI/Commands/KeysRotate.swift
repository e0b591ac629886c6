import ArgumentParser
import Flow
import LibCrypto
import Privacy
import Programmes
import Records
import Storage

/// The next key of a use, and all that is stored carried over to it.
struct KeysRotate: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rotate",
            abstract: said(
                "轮换一种用途的密钥，已存的内容随之换过来；可随时中断，再运行即接着做。",
                "Rotate the key of a use and carry over what is stored; may be ended at any time."))
    }

    @Argument(
        help: ArgumentHelp(
            said(
                "用途：pid-link、pid-out、content、field、sign。",
                "pid-link, pid-out, content, field, sign."),
            valueName: "use"))
    var use: KeyUse

    @Option(
        help: ArgumentHelp(
            said("套件：gm 或 intl（默认为站点所用）。", "gm or intl; the site's own if absent."),
            valueName: "gm|intl"))
    var suite: CipherSuite?

    @Option(
        help: ArgumentHelp(
            said(
                "下一把签名密钥在这台密码设备里（shangbao.yaml 的 devices）。",
                "The next signing key is in this device (devices in shangbao.yaml)."),
            valueName: "name"))
    var device: String?

    @OptionGroup var rekeying: RekeyOptions
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(object: use.rawValue, person: rekeying.by, reason: rekeying.because)
    }

    func validate() throws { try rekeying.check(use, suite) }

    private struct Rotated: Encodable {
        let key: KeyLine
        let isResumed: Bool
        /// Names or sealed texts that were carried over in this run.
        let carried: Int
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        if rekeying.rekey { return try await rekeying.perform(site, common, output) }
        let holder = try holder(in: site)
        let suite = holder?.suite ?? suite ?? site.configuration.suite
        return try await site.withDatabase { database in
            var keyring = try site.openKeyring(common.passphrase)
            let rotated = try await site.rotate(
                use, suite, &keyring, in: database, device: holder)
            let carried =
                suite == site.configuration.suite
                ? try await carry(site, keyring, database, output) : 0
            let key = KeyLine(rotated.entry)
            try output.give(
                Rotated(key: key, isResumed: rotated.isResumed, carried: carried))
            tell(rotated, key, carried, output)
            return .done
        }
    }

    /// The device that is named; only signing keys of its own suite are in one.
    private func holder(in site: Site) throws -> (any SigningDevice)? {
        guard let device else { return nil }
        guard let holder = site.devices.first(where: { $0.name == device }) else {
            throw KeyFailure(DeviceFault(.unknown, PersonalSigns.masked(device)))
        }
        guard use == .sign, suite == nil || suite == holder.suite else {
            throw CommandFailure(
                .usage, place: device, detail: "sign --suite \(holder.suite.rawValue)")
        }
        return holder
    }

    /// Carries over what is stored under earlier keys; how much that was.
    private func carry(
        _ site: Site, _ keyring: Keyring, _ database: any SteadyDatabase, _ output: Output
    ) async throws -> Int {
        let suite = site.configuration.suite
        if use == .field {
            let progress = Progress(
                use.rawValue, unit: said("份", "texts"), total: 0, output: output)
            defer { progress.finish() }
            return try await HomeResealing(
                try keyring.epochs(of: .field, suite), suite,
                documentBytes: site.profile.mostBytes, in: database
            ).run { progress.show($0) }
        }
        guard use.isChained else { return 0 }
        let rotation = NameRotation(
            use, of: try NamingKeys(keyring, suite, linkDomain: site.linkDomain), in: database,
            clock: site.clock)
        let before = try await rotation.standing()
        let left = before.map { $0.names - $0.moved - $0.overtaken } ?? 0
        let progress = Progress(
            use.rawValue, unit: said("个", "names"), total: left, output: output)
        defer { progress.finish() }
        var carried = 0
        try await rotation.run {
            carried = $0
            progress.show($0)
        }
        return carried
    }

    private func tell(_ rotated: RotatedKey, _ key: KeyLine, _ carried: Int, _ output: Output) {
        let count = Figure.grouped(carried)
        if use == .sign {
            let place = key.device.map { said("，在设备 ", ", in device ") + $0 } ?? ""
            output.line(
                "✓ \(key.id)：\(key.suite) 签名密钥第 \(key.epoch) 代，待启用\(place)",
                "✓ \(key.id): signing key of \(key.suite), epoch \(key.epoch), pending\(place)")
            output.paragraph(
                said(
                    "下一步：shangbao keys export，把公钥交给国家平台登记；登记后运行 shangbao keys mark "
                        + "\(key.id) active。在此之前仍由原来的密钥签名。",
                    "Next: shangbao keys export, for the national side; once it has the key, "
                        + "shangbao keys mark \(key.id) active. Until then the old key signs."))
            return
        }
        let what = "\(use.rawValue) \(key.suite)"
        let went = rotated.isResumed ? said("接着做完", "went on with and ended") : said("换为", "now")
        output.line(
            "✓ \(what)：\(went)第 \(key.epoch) 代（\(key.id)），移交 \(count)",
            "✓ \(what): \(went) epoch \(key.epoch) (\(key.id)), \(count) carried over")
        output.paragraph(meaning)
        output.paragraph(
            said(
                "旧备份没有新密钥：请再做一份，shangbao keys export-backup。",
                "Old backups lack the new key: make another, shangbao keys export-backup."))
    }

    private var meaning: String {
        switch use {
        case .pidOut:
            said(
                "此后对国家平台的假名属新一代，与旧一代对不上；结算假名按年度不变。",
                "Pseudonyms for the national side are of the new epoch from now on and do not join "
                    + "with the old; those for settlement stay with their year.")
        case .pidLink, .content:
            said(
                "旧密钥须保留：新名由旧名逐代算出。核验：shangbao keys verify-rotation。",
                "Keep the old key: new names are made from old ones. To prove it: shangbao keys "
                    + "verify-rotation.")
        default:
            said(
                "旧密钥已无内容依赖，可用 shangbao keys mark 退役。",
                "Nothing needs the old key; shangbao keys mark may retire it.")
        }
    }
}

extension KeyUse: ExpressibleByArgument {}
