import Delivery
import Flow
import Foundation
import LibCrypto
import LibCurl
import LibSSH
import LibXML
import Mappings
import Privacy
import Programmes
import Records
import Schedules
import Storage

/// What `shangbao doctor` finds, line by line.
struct Examination {
    struct Line: Encodable {
        let what: String
        let holds: Bool
        let found: String
        /// What to do about it.
        let next: String?
    }

    private(set) var lines: [Line] = []

    /// Rows of a broken invariant that a person is shown.
    private static let placesShown = 20

    /// The last lines of the ledger whose times are held against the clock.
    private static let linesLookedAt: Int64 = 10_000

    mutating func note(_ holds: Bool, _ what: String, _ found: String, next: Wording? = nil) {
        lines.append(
            Line(what: what, holds: holds, found: found, next: holds ? nil : next?.said))
    }

    mutating func note(_ error: any Error, _ what: String) {
        let failure = Explanation(error)
        let found = [
            failure.entry.code, failure.entry.what.said, failure.place, failure.detail?.said,
        ].compactMap { $0 }.joined(separator: " ")
        note(false, what, found, next: failure.entry.next)
    }

    mutating func libraries() {
        let (major, minor, patch) = OpenSSLVersion.oldestSound
        note(
            OpenSSLVersion.isSound, "OpenSSL", OpenSSLVersion.text,
            next: Wording(
                zh: "需要 \(major).\(minor).\(patch) 以上：升级 libssl3。",
                en: "\(major).\(minor).\(patch) or later is needed: upgrade libssl3."))
        note(true, "SQLite", SQLiteDatabase.sqliteVersion())
        note(true, "libxml2", LibraryVersion.text)
        note(true, "libcurl", HTTPSExchange.libraryVersion)
        note(true, "libssh2", SFTPSession.libraryVersion)
        let now = systemClock()
        note(
            now.day.parts.year >= 2024, said("时钟", "clock"), now.dateTime,
            next: Wording(zh: "校准系统时间（chrony）。", en: "Set the system's time (chrony)."))
    }

    mutating func site(_ site: Site, passphrase: Passphrase?) async {
        let configuration = site.configuration
        space(configuration.folder)
        places(site)
        for source in configuration.sources {
            var isFolder: ObjCBool = false
            let isHere = FileManager.default.fileExists(
                atPath: source.folder, isDirectory: &isFolder)
            note(
                isHere && isFolder.boolValue, said("来源 ", "source ") + source.name,
                site.shown(source.folder),
                next: Wording(zh: "新建这个目录。", en: "Make this folder."))
        }
        await keyring(site, passphrase)
        await recipient(site)
        await database(site)
        switch configuration.national.way {
        case .https(let files), .soap(let files):
            privateFile(files.certificateKey, site)
            for path in [files.authority, files.certificate] { certificate(path, site) }
            sender(files.certificate, site)
            probe(files, site)
        case .sftp(let place):
            drop(place, site)
        case .assisted:
            for part in site.programmes {
                note(
                    part.profile.assisted != nil,
                    said("辅助录入 ", "assisted entry ") + part.programme.folderName,
                    said("人录入平台网页，不经网络", "people type into the platform's forms"),
                    next: AssistedFailure(.noForms).entry.next)
            }
        }
    }

    private mutating func space(_ folder: String) {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        note(
            free > 1_000_000_000, said("磁盘空间", "disk space"), Figure.bytes(free),
            next: Wording(zh: "至少留出 1 GB。", en: "Leave at least 1 GB free."))
    }

    mutating func privateFile(_ path: String, _ site: Site) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue
        note(
            mode.map { $0 & 0o077 == 0 } ?? false, site.shown(path),
            mode.map { "0" + String($0, radix: 8) } ?? said("没有这个文件", "no such file"),
            next: Wording(
                zh: "放好客户端私钥，chmod 600。", en: "Put the client's private key there, with chmod 600.")
        )
    }

    private mutating func keyring(_ site: Site, _ passphrase: Passphrase?) async {
        let what = site.shown(site.configuration.keyring)
        guard FileManager.default.fileExists(atPath: site.configuration.keyring) else {
            return note(
                false, what, said("没有密钥环", "no key ring"),
                next: Wording(zh: "shangbao keys init", en: "shangbao keys init"))
        }
        do {
            let keyring = try await site.openKnownKeyring(passphrase)
            for part in site.programmes { _ = try site.preparationKit(keyring, for: part) }
            note(true, what, said("\(keyring.list().count) 把密钥", "\(keyring.list().count) keys"))
            devices(site, keyring)
            try await drill(site, keyring)
            for source in site.configuration.sources {
                let file = try site.mapping(for: source.name).file
                do {
                    try await site.withView { try await site.demandApproval(of: file, knownTo: $0) }
                    note(true, said("映射 ", "mapping ") + file.mapping.name, source.mapping)
                } catch { note(error, said("映射 ", "mapping ") + file.mapping.name) }
            }
            for term in try site.approvalsEnding(by: site.clock()) {
                note(
                    false, said("批准 ", "approval ") + term.mapping,
                    said("有效期至 \(term.validUntil)", "until \(term.validUntil)"),
                    next: Wording(
                        zh: "到期前重新审核：shangbao mapping sheet、mapping approve。",
                        en: "Review it anew before that: shangbao mapping sheet, mapping approve."))
            }
        } catch { note(error, what) }
    }

    private mutating func drill(_ site: Site, _ keyring: Keyring) async throws {
        let standing = try await site.drillStanding(of: keyring)
        let hint = DrillAge.hint(of: standing)
        note(hint == nil, said("密钥环备份", "the ring's backup"), DrillAge.last(standing), next: hint)
    }

    /// The national side's key, which seals what leaves.
    private mutating func recipient(_ site: Site) async {
        let what = said("收件证书", "recipient")
        do {
            try await site.withView { try await site.checkRecipient(in: $0) }
            guard let recipient = try site.recipient() else { return }
            let line = RecipientLine(recipient, site)
            let hint = RecipientAge.hint(of: recipient, on: site.clock())
            note(
                hint == nil, what,
                "\(line.name) \(line.key) \(line.fingerprint.prefix(16)), \(line.term)", next: hint)
        } catch { note(error, what) }
    }

    private mutating func certificate(_ path: String, _ site: Site) {
        guard let bytes = FileManager.default.contents(atPath: path),
            let certificate = try? Certificate(pem: String(decoding: bytes, as: UTF8.self))
        else {
            return note(
                false, site.shown(path), said("没有这个证书，或不是 PEM", "no such certificate, or not PEM"),
                next: Wording(
                    zh: "向国家平台索取并放在此处。", en: "Ask the national side for it and put it there."))
        }
        let days = (certificate.notAfter - site.clock().microseconds / 1_000_000) / 86_400
        note(
            days >= 30, site.shown(path),
            "\(certificate.commonName ?? certificate.subject), "
                + said("还有 \(days) 天到期", "\(days) days left"),
            next: Wording(zh: "尽快更换证书。", en: "Renew it soon."))
    }

    /// Whether the client certificate names this county, where the national side wants it to.
    private mutating func sender(_ path: String, _ site: Site) {
        guard site.profile.certificateNamesSender,
            let bytes = FileManager.default.contents(atPath: path),
            let certificate = try? Certificate(pem: String(decoding: bytes, as: UTF8.self))
        else { return }
        let code = site.configuration.county.creditCode
        note(
            certificate.names(code), said("报送主体 ", "sender ") + code,
            certificate.names(code)
                ? said("与证书一致", "the certificate names it")
                : said("证书写的是 ", "the certificate names ") + certificate.subject,
            next: DeliveryCodes.entry(TransportCode.sender).next)
    }

    private mutating func database(_ site: Site) async {
        do {
            // Looked at only: a background run has it, and that is no fault.
            let view = try await site.openView()
            note(true, said("数据库", "database"), site.configuration.database.shown(site.shown))
            await ledgerClock(site, view)
            await invariants(site, view)
            await vault(site, view)
            await trail(site, view)
            await view.close()
        } catch { note(error, said("数据库", "database")) }
    }

    /// Whether the clock is behind what was written last; some wrong lines since do not hide it.
    private mutating func ledgerClock(_ site: Site, _ view: any Database) async {
        let what = said("时钟与账本", "clock and ledger")
        do {
            let ledger = try await view.read {
                try LedgerClock().looked(among: Examination.linesLookedAt, in: $0)
            }
            guard let latest = ledger.latest else { return }
            let holds = !ledger.isAhead(of: site.clock())
            note(
                holds, what,
                (holds ? "" : "\(ScheduleCodes.clockBehind.code) ") + latest.dateTime,
                next: Wording(
                    zh: "核对时间（chronyc tracking），错了就改正。时间本来就对，是账本在时钟偏快时写过：到那个时刻，或再写 "
                        + "\(Examination.linesLookedAt) 条后，不再提示。",
                    en: "Check the time (chronyc tracking) and set it right. If it is right, the "
                        + "ledger was once written by a clock that was ahead: this line goes when "
                        + "that time has come, or after \(Examination.linesLookedAt) more lines."))
        } catch { note(error, what) }
    }

    /// What is always true of the database, each by its number; every row where it is not.
    private mutating func invariants(_ site: Site, _ view: any Database) async {
        do {
            let found = try await InvariantDesk(site: site, database: view).look()
            let broken = found.filter { !$0.places.isEmpty }
            for finding in broken {
                let shown = finding.places.prefix(Examination.placesShown)
                let more = finding.places.count > shown.count ? " …" : ""
                note(
                    false, said("不变式 ", "invariant ") + finding.id,
                    finding.says.said + said("不成立：", " Not true of: ")
                        + shown.joined(separator: ", ") + more,
                    next: InvariantCodes.next)
            }
            guard broken.isEmpty else { return }
            note(
                true, said("不变式", "invariants"),
                said("\(found.count) 条都成立", "all \(found.count) hold"))
        } catch { note(error, said("不变式", "invariants")) }
    }

    /// A handshake and nothing else.
    private mutating func probe(_ files: NationalWay.CertificateFiles, _ site: Site) {
        let national = site.configuration.national
        var settings: HTTPSSettings
        do throws(SiteFailure) { settings = try site.settings(files) } catch {
            return note(error, national.address)
        }
        settings.connectTimeoutMilliseconds = 5000
        do throws(ExchangeFailure) {
            _ = try HTTPSExchange(settings).probe(national.address)
            note(true, national.address, said("可以连通，证书可信", "reachable, and trusted"))
        } catch {
            let isRehearsal = site.configuration.environment == .rehearsal
            note(
                false, national.address, error.description,
                next: isRehearsal
                    ? Wording(
                        zh: "演练时先启动 shangbao rehearse。",
                        en: "In a rehearsal start shangbao rehearse first.")
                    : Wording(
                        zh: "检查网络、防火墙和证书。", en: "Check network, firewall and certificates."))
        }
    }
}
