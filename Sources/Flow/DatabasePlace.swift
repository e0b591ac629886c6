import Definitions
import Foundation
package import Storage

/// Where a site's database is (数据库位置).
package enum DatabasePlace: Sendable {
    /// A file of this machine: `sqlite:PATH`.
    case file(String)
    /// A server, and how libpq finds it: `postgresql:host=… dbname=…`.
    case server(PostgreSQLAddress)

    private static let credential = "credential:"

    /// Reads the key `database`. A file that the words of a server name (`passfile`,
    /// `sslrootcert` and their like) is relative to the site, or a systemd credential:
    /// `passfile=credential:NAME`.
    init(
        _ section: inout Section, file path: (String) -> String
    ) throws(DefinitionError) {
        let text = try section.text("database")
        if text.hasPrefix("sqlite:") {
            self = .file(path(String(text.dropFirst("sqlite:".count))))
            return
        }
        guard text.hasPrefix("postgresql:") else {
            throw section.error(
                at: "database", "应为 sqlite:路径 或 postgresql:连接参数。",
                "sqlite:PATH or postgresql:WORDS.")
        }
        do throws(StorageFailure) {
            let address = try PostgreSQLAddress(
                String(text.dropFirst("postgresql:".count))
            ) { name in
                guard name.hasPrefix(DatabasePlace.credential) else { return path(name) }
                let folder =
                    ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
                    ?? "/run/credentials"
                return folder + "/" + name.dropFirst(DatabasePlace.credential.count)
            }
            self = .server(address)
        } catch {
            guard error.reason == .server(.passwordInSight) else {
                throw section.error(
                    at: "database",
                    "连接参数有误，或出本机的连接没有 sslmode=verify-full。",
                    "Not words of libpq, or a way off this machine without sslmode=verify-full.")
            }
            throw section.error(
                at: "database", "口令不能写在这里，也不能放在 PGPASSWORD；用 passfile=。",
                "No password here nor in PGPASSWORD; name a passfile=.")
        }
    }

    /// As `doctor` shows it.
    package func shown(_ path: (String) -> String) -> String {
        switch self {
        case .file(let file): path(file)
        case .server(let address): "\(address)"
        }
    }
}
