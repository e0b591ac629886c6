import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Records
import Storage

/// The national side's key, compared by a person and taken.
struct KeysImportRecipient: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import-recipient",
            abstract: said(
                "查看国家平台的收件证书；核对指纹后启用。",
                "See the national side's certificate; take it once its fingerprint was compared."))
    }

    @Argument(
        help: ArgumentHelp(
            said("证书（PEM 或 DER）或公钥（PEM）。", "A certificate (PEM, DER) or public key (PEM).")))
    var file: String

    @Option(
        help: ArgumentHelp(
            said("从国家平台另一渠道得到的 SHA-256 指纹。", "Its SHA-256, as they told it on another way."),
            valueName: "sha256"))
    var fingerprint: String?

    @Option(
        help: ArgumentHelp(
            said("国家平台对这把密钥的叫法（默认沿用站点所写）。", "What they call the key; the site's own if absent.")))
    var name: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: fingerprint) }

    private struct Shown: Encodable {
        let taken: Bool
        let recipient: RecipientLine
    }

    func validate() throws {
        // It stands in every submission.
        guard let name else { return }
        guard name.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) != nil else {
            throw ValidationError(
                said("--name 只用字母、数字和 . _ -。", "--name: letters, digits and . _ - only."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let path = Places.absolute(file)
        guard let fingerprint else {
            let recipient = try site.examined(recipient: path, named: name)
            try output.give(Shown(taken: false, recipient: RecipientLine(recipient, site)))
            show(recipient, site, output)
            output.paragraph(
                said(
                    "还没有启用。请用电话或公函向国家平台核对指纹，不要用带来这个文件的渠道；一致后运行：",
                    "Not taken yet. Ask the national side for the fingerprint by telephone or letter, "
                        + "not on the way on which the file came. If it is the same:"))
            let given = name.map { " --name \($0)" } ?? ""
            output.line(
                "  shangbao keys import-recipient \(PersonalSigns.masked(path: file))\(given) "
                    + "--fingerprint "
                    + recipient.certificate.fingerprint)
            return .done
        }
        let taken = try await site.withDatabase(.guest) { database in
            try await site.take(
                recipient: path, fingerprint: fingerprint, name: name, by: NSUserName(),
                in: database)
        }
        try output.give(Shown(taken: true, recipient: RecipientLine(taken, site)))
        show(taken, site, output)
        output.paragraph(
            said(
                "✓ 从此新报文用它封装，shangbao.yaml 不用改。批准绑定接收方公钥：正式环境里，公钥变了，每份映射要重新批准。"
                    + "服务正在运行的：systemctl reload shangbao。已入队的报文不变。",
                "✓ It seals new submissions from now on; shangbao.yaml stays as it is. An approval "
                    + "binds the recipient's key: in production, approve each mapping anew where it "
                    + "is another. Where the service runs: systemctl reload shangbao. What is "
                    + "queued stays as it is."))
        return .done
    }

    private func show(_ recipient: Recipient, _ site: Site, _ output: Output) {
        let line = RecipientLine(recipient, site)
        var table = Columns(sides: [.left, .left])
        table.add([said("名称", "name"), line.name])
        table.add([said("主体", "subject"), line.subject ?? said("（仅公钥）", "(a bare key)")])
        table.add([said("密钥", "key"), line.key])
        table.add([said("有效期", "validity"), line.term])
        table.add(["SHA-256", line.fingerprint])
        output.table(table)
    }
}

/// A recipient's key as programs and people read it.
struct RecipientLine: Encodable {
    let name: String
    let subject: String?
    /// `SM2`, or `RSA` with its bits.
    let key: String
    let fingerprint: String
    /// ISO 8601; absent for a bare key.
    let notBefore: String?
    let notAfter: String?
    let file: String
    let inUse: Bool

    init(_ recipient: Recipient, _ site: Site) {
        let certificate = recipient.certificate
        name = recipient.name
        subject = certificate.subject
        key = certificate.kind
        fingerprint = certificate.fingerprint
        func moment(_ seconds: Int64) -> String {
            Timestamp(microseconds: seconds * 1_000_000).dateTime
        }
        notBefore = certificate.validity.map { moment($0.lowerBound) }
        notAfter = certificate.validity.map { moment($0.upperBound) }
        file = PersonalSigns.masked(path: site.shown(recipient.file))
        inUse = recipient.isInUse
    }

    /// From when until when, in days.
    var term: String {
        guard let notBefore, let notAfter else { return said("没有期限", "without an end") }
        return "\(notBefore.prefix(10)) – \(notAfter.prefix(10))"
    }
}
