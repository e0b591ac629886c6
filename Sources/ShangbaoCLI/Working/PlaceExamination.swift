import Flow
import Foundation
import Glibc
import Records

extension Examination {
    /// Whether somebody else may change what the program trusts: the site's file, the folder of the
    /// keys and what the database is in. A line for each such place; one where there is none.
    mutating func places(_ site: Site) {
        let configuration = site.configuration
        let keys = (configuration.keyring as NSString).deletingLastPathComponent
        var paths = [
            configuration.folder, configuration.folder + "/" + Configuration.fileName, keys,
            keys + "/recipients", keys + "/public",
        ]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: keys + "/recipients"))
            ?? []
        { paths.append(keys + "/recipients/" + name) }
        if case .file(let path) = configuration.database {
            paths.append((path as NSString).deletingLastPathComponent)
            paths += ["", "-wal", "-shm"].map { path + $0 }
        }
        var seen: Set<String> = []
        var isWell = true
        for path in paths where seen.insert(path).inserted {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            let isOurs = [0, geteuid()].contains(status.st_uid)
            guard !isOurs || status.st_mode & 0o022 != 0 else { continue }
            isWell = false
            let owner = isOurs ? "" : said("，属主 uid \(status.st_uid)", ", of uid \(status.st_uid)")
            note(
                false,
                said("权限 ", "access ") + (path == configuration.folder ? "." : site.shown(path)),
                "0" + String(status.st_mode & 0o7777, radix: 8) + owner,
                next: Wording(
                    zh: "他人可以改动：由服务用户或 root 持有，chmod go-w；查明有没有被改过。",
                    en:
                        "Others can change it: give it to the service user or root, chmod go-w, and "
                        + "see whether anybody changed it."))
        }
        guard isWell else { return }
        note(
            true, said("权限", "access"),
            said("站点文件、密钥和数据库他人不能改", "nobody else can change the site's file, keys, database"))
    }
}
