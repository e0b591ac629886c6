import Flow
import Foundation
import LibSSH
import Records

/// What `doctor` looks at where the national side is an SFTP drop.
extension Examination {
    /// The key file, the way there, and the three folders; nothing is written.
    mutating func drop(_ place: NationalWay.DropPlace, _ site: Site) {
        privateFile(place.keyFile, site)
        let address = site.configuration.national.address
        var settings = place.settings
        settings.connectTimeoutMilliseconds = 5_000
        do throws(SFTPFailure) {
            let session = try SFTPSession.open(settings)
            note(true, address, said("可以连通，主机密钥相符", "reachable, and its host key is ours"))
            for name in ["outbox", "inbox", "inbox/done"] {
                let isHere = try session.facts(place.folder + name) != nil
                note(
                    isHere, address + said(" 的目录 ", ": folder ") + name,
                    isHere ? said("有", "there") : said("没有这个目录", "no such folder"),
                    next: Wording(
                        zh: "请对方建好，或改正 national.address 中的目录。",
                        en: "Have it made, or correct the folder in national.address."))
            }
        } catch {
            note(false, address, error.description, next: next(error))
        }
    }

    private func next(_ failure: SFTPFailure) -> Wording {
        switch failure {
        case .hostKey:
            Wording(
                zh: "不要登录。请对方另行告知主机密钥指纹，核对无误后才改 national.hostKeys。",
                en: "Do not log in. Have them tell their host key's fingerprint another way, and "
                    + "change national.hostKeys only if it is this one.")
        case .login, .keyFile:
            Wording(
                zh: "核对用户名和 national.identity.key，公钥要已交给对方。",
                en: "Check the user and national.identity.key; they need its public key.")
        default:
            Wording(
                zh: "检查网络、防火墙和地址；演练时先启动 shangbao rehearse。",
                en: "Check network, firewall and address; in a rehearsal start shangbao rehearse.")
        }
    }
}
