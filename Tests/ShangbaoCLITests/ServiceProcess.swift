import Foundation
import Testing

/// `shangbao serve` in the background, with what it said; it writes into a file, so that nobody has
/// to read it.
final class ServiceProcess {
    struct Answer {
        let status: Int
        let text: String
    }

    private let process: Process
    private let watch: Watch
    private let file: String
    /// Where it answers: `127.0.0.1:PORT`.
    private(set) var address = ""

    /// Returns once it listens and has begun its rounds.
    ///
    /// - Parameters:
    ///   - setting: what its environment has beside ours.
    ///   - isReady: whether it is waited for until it is ready; else until it lives.
    init(
        site folder: String, file name: String = "serve.log", setting: [String: String] = [:],
        isReady: Bool = true
    ) throws {
        file = folder + "/" + name
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        (process, watch) = Program.waiting(
            ["serve", "--site", folder, "--every", "1", "--settle", "0", "--language", "en"],
            setting: setting)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try process.run()
        try wait { events("service.listening").count == 1 }
        address = events("service.listening").first?["address"] as? String ?? ""
        let path = isReady ? "/health/ready" : "/health/live"
        try wait { (try? get(path).status) == 200 }
    }

    /// One whose words nobody reads: its log is a pipe that is closed on the other end. Returns
    /// once it is ready.
    ///
    /// - Parameter address: where it listens by its site's file.
    init(site folder: String, unheardAt address: String) throws {
        file = folder + "/none.log"
        self.address = address
        (process, watch) = Program.waiting(
            ["serve", "--site", folder, "--every", "1", "--settle", "0"])
        let pipe = Pipe()
        process.standardOutput = pipe
        try pipe.fileHandleForReading.close()
        try process.run()
        try wait { (try? get("/health/ready").status) == 200 }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The process's number.
    var number: Int32 { process.processIdentifier }

    /// Everything that it said.
    var said: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

    /// Its lines about one event.
    func events(_ name: String) -> [[String: Any]] {
        said.split(separator: "\n").compactMap { line in
            try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }.filter { $0["event"] as? String == name }
    }

    /// Waits until something is so, for a minute at most.
    func wait(_ isSo: () throws -> Bool) throws {
        for _ in 0..<600 {
            if try isSo() { return }
            guard process.isRunning else { break }
            usleep(100_000)
        }
        Issue.record("it did not come about: \(said)")
        throw CocoaError(.executableLoad)
    }

    func get(_ path: String, _ options: [String] = []) throws -> Answer {
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        curl.arguments =
            ["-s", "-m", "20", "-w", "\n%{http_code}", "http://\(address)\(path)"] + options
        let pipe = Pipe()
        curl.standardOutput = pipe
        try curl.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        curl.waitUntilExit()
        var lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let status = Int(lines.removeLast()) ?? 0
        return Answer(status: status, text: lines.joined(separator: "\n"))
    }

    /// What the system allows it, a line a limit.
    func limits() throws -> [String] {
        try String(contentsOfFile: "/proc/\(process.processIdentifier)/limits", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// Whether a part of it waits for a disk and cannot even be killed.
    var waitsForDisk: Bool {
        let tasks = "/proc/\(process.processIdentifier)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return names.contains { name in
            let text = try? String(contentsOfFile: "\(tasks)/\(name)/stat", encoding: .utf8)
            // The program's name, in brackets, may hold blanks; the state follows it.
            return text?.split(separator: ")").last?.hasPrefix(" D") == true
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Ends it; its exit status.
    func end(_ number: Int32 = SIGTERM) -> Int32 {
        signal(number)
        process.waitUntilExit()
        return process.terminationStatus
    }
}
