import Foundation
import Glibc
package import Storage

/// A real PostgreSQL server of this test process: its own cluster, a socket in its own folder, no
/// port. It ends with the process, however that ends.
package final class PostgreSQLServer: Sendable {
    package enum Stop: String, Sendable {
        /// Connections are ended in good order.
        case fast
        /// As if the machine had lost its power.
        case immediate
    }

    /// The newest that Debian's packages have put here.
    private static let programs: String = {
        let place = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return place + "/\(versions.compactMap { Int($0) }.max() ?? 15)/bin"
    }()
    /// The user who owns the tests' databases, and is no superuser.
    private static let user = "clerk"

    /// The folder of the socket; `data` and `log` are in it.
    package let folder: String
    private let settings: [String]
    private let lifeline: Lifeline

    /// Whether this machine has the server's programs.
    package static let isAvailable = FileManager.default.isExecutableFile(
        atPath: programs + "/initdb")

    /// One for all tests that do not stop it, started when the first of them asks.
    package static func shared() throws -> PostgreSQLServer { try sharedServer.get() }
    private static let sharedServer = Result {
        // Two connections for each of many tests at once.
        try PostgreSQLServer(settings: ["max_connections=500"])
    }

    /// Makes a cluster and starts its server.
    package init(settings: [String] = []) throws {
        folder = try PostgreSQLServer.makeFolder()
        self.settings = settings
        lifeline = try Lifeline(folder)
        try run(
            "initdb", "-D", folder + "/data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "-U", "owner", "--no-sync")
        try start()
        try query("CREATE ROLE \(PostgreSQLServer.user) LOGIN", in: "postgres")
    }

    /// Copies a running server: a standby that follows it.
    package init(following primary: PostgreSQLServer, settings: [String] = []) throws {
        folder = try PostgreSQLServer.makeFolder()
        self.settings = settings
        lifeline = try Lifeline(folder)
        try run(
            "pg_basebackup", "-h", primary.folder, "-U", "owner", "-D", folder + "/data", "-R",
            "--checkpoint=fast")
        try start()
    }

    package func start() throws {
        let words =
            (["-k \(folder)", "-c listen_addresses="] + settings.map { "-c \($0)" })
            .joined(separator: " ")
        try run(
            "pg_ctl", "-D", folder + "/data", "-l", folder + "/log", "-w", "-o", words, "start")
    }

    package func stop(_ kind: Stop) throws {
        try run("pg_ctl", "-D", folder + "/data", "-m", kind.rawValue, "-w", "stop")
    }

    /// Makes a standby a primary.
    package func promote() throws {
        try run("pg_ctl", "-D", folder + "/data", "-w", "promote")
    }

    /// Waits until this standby has what the primary has now.
    package func follow(_ database: String, _ primary: PostgreSQLServer) throws {
        let end = try primary.query("SELECT pg_current_wal_lsn()", in: database)
        for _ in 0..<500 {
            let has = try query(
                "SELECT pg_last_wal_replay_lsn() >= '\(end)'::pg_lsn", in: database)
            if has == "t" { return }
            usleep(20_000)
        }
        throw Command.Failure(description: "the standby does not follow")
    }

    /// A standby that hears nothing more of its primary, and goes on with what it has.
    package func disconnect() throws {
        try query("ALTER SYSTEM SET primary_conninfo = ''", in: "postgres")
        try stop(.fast)
        try start()
    }

    /// Runs a statement as the superuser; the answer's first cell.
    @discardableResult
    package func query(_ statement: String, in database: String) throws -> String {
        try run(
            "psql", "-h", folder, "-U", "owner", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1",
            "-c", statement)
    }

    /// A new empty database, its tables in a folder of their own if one is named.
    package func makeDatabase(in folder: String? = nil) throws -> String {
        let name = "t_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        var words = "CREATE DATABASE \(name) OWNER \(PostgreSQLServer.user) TEMPLATE template0"
        if let folder {
            try Command.run("/bin/mkdir", [folder])
            try query("CREATE TABLESPACE \(name)_place LOCATION '\(folder)'", in: "postgres")
            words += " TABLESPACE \(name)_place"
        }
        try query(words, in: "postgres")
        return name
    }

    /// The words by which a site would name one of its databases.
    package func words(_ database: String) -> String {
        "host=\(folder) dbname=\(database) user=\(PostgreSQLServer.user)"
    }

    package func address(_ database: String) throws -> PostgreSQLAddress {
        try PostgreSQLAddress(words(database))
    }

    @discardableResult
    package func run(_ program: String, _ arguments: String...) throws -> String {
        try Command.run(PostgreSQLServer.programs + "/" + program, arguments)
    }

    private static func makeFolder() throws -> String {
        // Short: a socket's path has at most 107 bytes.
        let folder = "/tmp/sb-" + UUID().uuidString.prefix(13).lowercased()
        try Command.run("/bin/mkdir", ["-m", "755", folder])
        return folder
    }
}

/// Ends the server and removes its folder when this process is gone: the end of a pipe tells.
private final class Lifeline: Sendable {
    private let pipe = Pipe()

    init(_ folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            trap '' INT TERM HUP
            cat >/dev/null
            test -f "$1/data/postmaster.pid" && kill -QUIT "$(head -1 "$1/data/postmaster.pid")"
            sleep 0.2
            rm -rf "$1"
            """, "sh", folder,
        ]
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { try? pipe.fileHandleForWriting.close() }
}

/// A program run to its end, by the user whom PostgreSQL takes: it refuses root.
package enum Command {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Goes on as the program, with nothing open but what was meant for it.
    private static let alone = """
        cd /tmp
        for open in /proc/self/fd/*; do
            number=${open##*/}
            [[ $number -gt 2 ]] && eval "exec $number>&-"
        done
        exec "$@"
        """

    /// Waits for the program alone: what it leaves running keeps none of our files open.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        // Into a file: a server that goes on running would keep a pipe open.
        let path = "/tmp/sb-said-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let isRoot = geteuid() == 0
        let words =
            ["/bin/bash", "-c", Command.alone, "bash"]
            + (isRoot ? ["/usr/sbin/runuser", "-u", "postgres", "--"] : []) + [program]
            + arguments
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var process = pid_t()
        guard
            posix_spawn(&process, words[0], &actions, nil, copies + [nil], environ) == 0
        else { throw Failure(description: "\(program) could not be started") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let said = String(decoding: data, as: UTF8.self)
        guard status == 0 else { throw Failure(description: "\(program): \(said)") }
        return said.trimmingCharacters(in: .newlines)
    }
}
