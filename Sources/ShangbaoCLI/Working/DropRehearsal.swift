import Foundation
import Records
import Rehearsal

/// The SFTP server of a rehearsal: the system's own OpenSSH on this machine, with keys of its own
/// below `national/sftp`, which shows the county one folder and nothing else.
///
/// It runs as whoever runs the rehearsal, and only that user is let in.
struct DropRehearsal {
    /// `national/sftp` of the site.
    let folder: String

    /// What the county's login leads to.
    var drop: String { folder + "/drop" }
    static let server = "/usr/sbin/sshd"
    private static let hostKey = "host"
    /// The county's login key, and beside it what the server knows of it.
    static let countyKey = "county"

    /// Makes both keys if they are missing. Throws `CommandFailure` where OpenSSH is missing.
    ///
    /// - Returns: the server's fingerprint as the site's file names it.
    func make() throws -> String {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        for name in [DropRehearsal.hostKey, DropRehearsal.countyKey]
        where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            let words = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "\(folder)/\(name)"]
            let made = ExternalTool.run(["ssh-keygen"] + words)
            guard made.status == 0 else { throw CommandFailure(.noOpenSSH, place: "ssh-keygen") }
        }
        let shown = ExternalTool.run(
            ["ssh-keygen", "-l", "-f", "\(folder)/\(DropRehearsal.hostKey).pub"])
        let words = shown.text.split(separator: " ")
        guard shown.status == 0, words.count > 1 else {
            throw CommandFailure(.noOpenSSH, place: "ssh-keygen")
        }
        return String(words[1])
    }

    /// Starts the server. What it says goes to `national/sftp/log`.
    func start(port: Int) throws -> Process {
        // Where sshd drops its rights, if it has any; a system that has started it has the folder.
        if getuid() == 0 {
            try FileManager.default.createDirectory(
                atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        try Places.write(settings(port: port), to: folder + "/sshd_config", mode: 0o600)
        let log = URL(fileURLWithPath: folder + "/log")
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: DropRehearsal.server)
        process.arguments = ["-D", "-e", "-f", folder + "/sshd_config"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        do { try process.run() } catch {
            throw CommandFailure(.noOpenSSH, place: DropRehearsal.server)
        }
        return process
    }

    private func settings(port: Int) -> String {
        """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder)/\(DropRehearsal.hostKey)
        PidFile none
        AuthorizedKeysFile \(folder)/\(DropRehearsal.countyKey).pub
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        AllowTcpForwarding no
        Subsystem sftp internal-sftp
        ForceCommand internal-sftp -d \(drop)

        """
    }
}
