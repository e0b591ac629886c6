import Foundation

/// Another program on this machine, such as `python3` or `openssl`: never given anything personal.
enum ExternalTool {
    struct Ended {
        let status: Int32
        /// Standard output and standard error together.
        let text: String
    }

    static func isHere(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains {
            access("\($0)/\(name)", X_OK) == 0
        }
    }

    /// Runs it to its end; status 127 where it cannot be started.
    static func run(_ words: [String], in folder: String? = nil) -> Ended {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return Ended(status: 127, text: "") }
        let bytes = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus, text: String(decoding: bytes, as: UTF8.self))
    }
}
