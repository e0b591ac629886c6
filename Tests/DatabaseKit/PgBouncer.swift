import Foundation

/// A real pool in front of a server.
package final class PgBouncer: Sendable {
    package let folder: String

    package init(to server: PostgreSQLServer, mode: String) throws {
        folder = "/tmp/sb-pool-" + UUID().uuidString.prefix(8)
        try Command.run("/bin/mkdir", ["-m", "755", folder])
        let settings = """
            [databases]
            * = host=\(server.folder)
            [pgbouncer]
            listen_addr =
            listen_port = 6432
            unix_socket_dir = \(folder)
            auth_type = trust
            auth_file = \(folder)/users
            pool_mode = \(mode)
            pidfile = \(folder)/pid
            logfile = \(folder)/log
            """
        let path = "/tmp/sb-pool-" + UUID().uuidString + ".ini"
        try settings.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Command.run("/bin/cp", [path, folder + "/pool.ini"])
        try Command.run("/bin/sh", ["-c", "echo '\"clerk\" \"\"' > \(folder)/users"])
        try Command.run("/usr/sbin/pgbouncer", ["-d", folder + "/pool.ini"])
    }

    package static let isAvailable = FileManager.default.isExecutableFile(
        atPath: "/usr/sbin/pgbouncer")

    package func stop() {
        let number = FileManager.default.contents(atPath: folder + "/pid")
            .map { String(decoding: $0, as: UTF8.self) }?.trimmingCharacters(in: .newlines)
        // Started from a thread that blocks signals, it would not hear of another one.
        if let number { _ = try? Command.run("/bin/kill", ["-KILL", number]) }
        _ = try? Command.run("/bin/rm", ["-rf", folder])
    }
}
