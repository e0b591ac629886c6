import Foundation

/// A real OpenSSH server on this machine that shows one folder by SFTP, with keys of its own; it
/// runs as whoever runs the tests and lets nobody else in.
package final class DropServer: Sendable {
    /// Keys, settings and the server's log.
    package let folder: String
    /// What a login leads to: `outbox`, `inbox` and `inbox/done`.
    package let drop: String
    package let port: Int
    /// As `ssh-keygen -l` prints it.
    package let hostKey: String
    private let server: Child

    package var user: String { NSUserName() }
    package var keyFile: String { folder + "/county" }
    /// A key that the server does not know.
    package var strangerKeyFile: String { folder + "/stranger" }

    package struct Unusable: Error {
        package let what: String
    }

    /// - Parameters:
    ///   - isReadOnly: whether every change is refused.
    ///   - drop: the folder to show, if it is not to be made anew.
    package init(isReadOnly: Bool = false, drop: String? = nil) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sshd-\(UUID().uuidString)").path
        self.folder = folder
        self.drop = drop ?? folder + "/drop"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for name in ["outbox", "inbox/done"] {
            try FileManager.default.createDirectory(
                atPath: "\(self.drop)/\(name)", withIntermediateDirectories: true)
        }
        // Where sshd drops its rights, if it has any.
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        for name in ["host", "county", "stranger"] {
            try Self.run(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "\(folder)/\(name)"])
        }
        let line = try Self.run(["-l", "-f", folder + "/host.pub"])
        hostKey = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        port = try Self.freePort()
        try FileManager.default.copyItem(
            atPath: folder + "/county.pub", toPath: folder + "/authorized")
        let settings = Self.settings(folder, port, self.drop + (isReadOnly ? " -R" : ""))
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/sshd_config"))
        server = try Child(
            ["/usr/sbin/sshd", "-D", "-e", "-f", folder + "/sshd_config"], output: folder + "/log")
        var looks = 0
        while !Self.answers(port), looks < 400 {
            looks += 1
            usleep(25_000)
        }
        guard looks < 400 else {
            end()
            throw Unusable(what: "sshd: " + text("log"))
        }
    }

    private static func settings(_ folder: String, _ port: Int, _ drop: String) -> String {
        """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder)/host
        PidFile none
        AuthorizedKeysFile \(folder)/authorized
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        MaxStartups 100
        LogLevel VERBOSE
        Subsystem sftp internal-sftp
        ForceCommand internal-sftp -d \(drop)

        """
    }

    deinit {
        end()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The text of one of its files.
    package func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
    }

    /// Ends the server and every session of it.
    private func end() {
        let sessions = Self.children(of: server.number)
        server.end()
        for session in sessions.reversed() { kill(session, SIGKILL) }
    }

    /// Ends the sessions that are open, as a crash of the server's machine would; the server goes
    /// on.
    package func endSessions() {
        for session in Self.children(of: server.number).reversed() { kill(session, SIGKILL) }
    }

    /// A process's descendants, parents first.
    private static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var parents: [Int32: Int32] = [:]
        for number in names.compactMap({ Int32($0) }) {
            let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
            // The name of the program, in brackets, may hold blanks.
            let fields = status?.split(separator: ")").last?.split(separator: " ") ?? []
            if fields.count > 1, let above = Int32(fields[1]) { parents[number] = above }
        }
        var found: [Int32] = []
        var open = [parent]
        while let next = open.popLast() {
            for (child, above) in parents where above == next {
                found.append(child)
                open.append(child)
            }
        }
        return found
    }

    @discardableResult
    private static func run(_ arguments: [String]) throws -> String {
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("ssh-keygen-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let child = try Child(["/usr/bin/ssh-keygen"] + arguments, output: output.path)
        guard child.wait() == 0 else { throw Unusable(what: "ssh-keygen") }
        return try String(contentsOf: output, encoding: .utf8)
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func freePort() throws -> Int {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        guard isBound else { throw Unusable(what: "port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func answers(_ port: Int) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = address(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
