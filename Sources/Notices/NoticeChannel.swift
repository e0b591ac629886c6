package import Definitions
import Foundation

/// A way to tell people of an incident (通知渠道), from the section `notices` of the site's file.
/// Secrets are files: a robot's address, which holds its key, is one too.
package struct NoticeChannel: Sendable {
    package enum Way: Sendable {
        case mail(Mail)
        /// Any HTTP endpoint; with a secret the body is signed.
        case webhook(url: SecretFile, secret: SecretFile?)
        /// A robot of a WeCom group (企业微信群机器人).
        case wecom(url: SecretFile)
        /// A robot of a DingTalk group (钉钉群机器人), with its signing secret.
        case dingtalk(url: SecretFile, secret: SecretFile?)
    }

    package struct Mail: Sendable {
        /// `smtps://host:port`, or `smtp://host:port` with STARTTLS.
        package let server: String
        package let from: String
        package let to: [String]
        package let user: String?
        package let password: SecretFile?
    }

    private enum Kind: String, CaseIterable {
        case mail, webhook, wecom, dingtalk
    }

    /// As people call it; a label of a metric.
    package let name: String
    package let way: Way
    /// A file of authorities in place of the system's.
    package let authority: String?
    package let proxy: String?
    /// Without TLS: in a rehearsal only.
    package let isPlain: Bool

    /// Reads all channels; none where the key is absent.
    ///
    /// - Parameters:
    ///   - path: makes a whole path of a file that is named.
    ///   - isRehearsal: whether a channel may go without TLS.
    package static func all(
        _ section: inout Section, file path: (String) -> String, isRehearsal: Bool
    ) throws(DefinitionError) -> [NoticeChannel] {
        var channels: [NoticeChannel] = []
        guard section.has("notices") else { return [] }
        for var part in try section.sections("notices") {
            let channel = try NoticeChannel(&part, file: path, isRehearsal: isRehearsal)
            guard !channels.contains(where: { $0.name == channel.name }) else {
                throw part.error(
                    at: "name", "渠道名称重复：\(channel.name)。", "Two channels named \(channel.name).")
            }
            channels.append(channel)
        }
        return channels
    }

    private init(
        _ part: inout Section, file path: (String) -> String, isRehearsal: Bool
    ) throws(DefinitionError) {
        name = try part.text("name")
        guard let kind = try part.choice("kind", of: Kind.self) else {
            throw part.error("缺少 “kind”。", "kind is missing.")
        }
        authority = try part.optionalText("authority").map(path)
        proxy = try part.optionalText("proxy")
        isPlain = try part.flag("plain") ?? false
        guard !isPlain || isRehearsal else {
            throw part.error(
                at: "plain", "不加密的渠道只允许用于演练环境。", "Without TLS in a rehearsal only.")
        }
        switch kind {
        case .mail:
            way = .mail(try NoticeChannel.mail(&part, file: path))
        case .webhook:
            way = .webhook(
                url: try SecretFile.read("url", of: &part, file: path),
                secret: try SecretFile.optional("secret", of: &part, file: path))
        case .wecom: way = .wecom(url: try SecretFile.read("url", of: &part, file: path))
        case .dingtalk:
            way = .dingtalk(
                url: try SecretFile.read("url", of: &part, file: path),
                secret: try SecretFile.optional("secret", of: &part, file: path))
        }
        try part.finish()
    }

    private static func mail(
        _ part: inout Section, file path: (String) -> String
    ) throws(DefinitionError) -> Mail {
        let server = try part.text("server")
        guard server.hasPrefix("smtps://") || server.hasPrefix("smtp://") else {
            throw part.error(
                at: "server", "应为 smtps://主机:端口 或 smtp://主机:端口。", "smtps:// or smtp://.")
        }
        let mail = Mail(
            server: server, from: try part.text("from"), to: try part.texts("to"),
            user: try part.optionalText("user"),
            password: try SecretFile.optional("password", of: &part, file: path))
        let isAddress: (String) -> Bool = {
            $0.wholeMatch(of: /[A-Za-z0-9.!#$%&'*+\/=?^_`{|}~-]+@[A-Za-z0-9.-]+/) != nil
        }
        guard !mail.to.isEmpty, ([mail.from] + mail.to).allSatisfy(isAddress) else {
            throw part.error("“from” 与 “to” 应为邮箱地址。", "from and to are addresses.")
        }
        guard (mail.user == nil) == (mail.password == nil) else {
            throw part.error("“user” 与 “password” 要一起写。", "user goes with password.")
        }
        return mail
    }
}
