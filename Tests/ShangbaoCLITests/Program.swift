import Foundation
import Records
import Testing

/// The built `shangbao`, run as a person runs it.
struct Program {
    struct Ended {
        let status: Int32
        let out: String
        let err: String
    }

    /// What stands for paths that differ from run to run.
    var names: [String: String] = [:]

    /// Beside the test bundle, which the runner is told by name.
    static let path: String = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        var folder = URL(fileURLWithPath: bundle)
        while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("shangbao").path
    }()

    /// The repository, past any link.
    static let root: String = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appendingPathComponent("mappings/README.md").path
            if FileManager.default.fileExists(atPath: manifest) { break }
        }
        return folder.path
    }()

    /// Runs it with these words, in the repository, in a language.
    ///
    /// - Parameters:
    ///   - input: what descriptor 7 gives, for a passphrase.
    ///   - under: a program that runs it, such as strace with its options.
    ///   - setting: what its environment has beside ours.
    func run(
        _ words: [String], in language: String = "zh", input: String? = nil, under: [String] = [],
        setting: [String: String] = [:]
    ) throws -> Ended {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let opening = input.map { "printf %s '\($0)' | " } ?? ""
        let inner = input == nil ? "exec \"$@\"" : "\(opening){ \"$@\" 7<&0; }"
        process.arguments = ["-c", inner, "sh"] + under + [Program.path] + words
        process.currentDirectoryURL = URL(fileURLWithPath: Program.root)
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = language == "zh" ? "zh_CN.UTF-8" : "en_GB.UTF-8"
        environment["COLUMNS"] = "80"
        let watch = Watch(words)
        process.environment = environment.merging(setting) { $1 }.merging(watch.setting) { $1 }
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // What is said on standard error fits into a pipe; the longer one is read first.
        let said = try out.fileHandleForReading.readToEnd() ?? Data()
        let complained = try err.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        withExtendedLifetime(watch) {}
        return Ended(
            status: process.terminationStatus, out: plain(said), err: plain(complained))
    }

    /// It, not begun yet, and the watch over what it writes, to be kept until it has ended.
    static func waiting(
        _ words: [String], setting: [String: String] = [:]
    ) -> (process: Process, watch: Watch) {
        let (process, watch) = (Process(), Watch(words))
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.currentDirectoryURL = URL(fileURLWithPath: Program.root)
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        process.environment = ProcessInfo.processInfo.environment
            .merging(setting) { $1 }.merging(watch.setting) { "\($0):\($1)" }
        return (process, watch)
    }

    /// What ends the program at its n-th call of a kind, from 1; as `under` of `run`.
    static func killing(at number: Int, of call: String = "fdatasync") -> [String] {
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):signal=SIGKILL:when=\(number)",
        ]
    }

    /// What `doctor` finds broken of what is always true of a site's database.
    func brokenInvariants(of site: String) throws -> [String] {
        struct Line: Decodable {
            let what: String
            let holds: Bool
            let found: String
        }
        let ended = try run(["doctor", "--site", site, "--json"], in: "en")
        let lines = try JSONDecoder().decode([Line].self, from: Data(ended.out.utf8))
        return lines.filter { !$0.holds && $0.what.hasPrefix("invariant") }
            .map { "\($0.what): \($0.found)" }
    }

    private func plain(_ bytes: Data) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        for (path, name) in names.sorted(by: { $0.key.count > $1.key.count }) {
            text = text.replacing(path, with: name)
        }
        return text
    }
}

/// A rehearsal site in a folder of its own; gone with its last user.
final class TestSite: Sendable {
    let folder: String

    /// - Parameters:
    ///   - hasKeys: whether its key ring is made, which takes a second.
    ///   - binding: how it reaches the national side.
    ///   - suite: its algorithms.
    init(hasKeys: Bool = true, binding: String = "https", suite: String = "gm") throws {
        // Letters alone: digits between dashes may look like somebody's number and are masked.
        let name = String((0..<20).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a" })
        folder = NSTemporaryDirectory() + "shangbao-cli-" + name
        let made = try Program().run([
            "init", folder, "--rehearsal", "--binding", binding, "--suite", suite,
        ])
        guard made.status == 0 else { throw CocoaError(.fileWriteUnknown) }
        if hasKeys { _ = try Program().run(["keys", "init", "--site", folder]) }
    }

    /// Whatever a test did to it, what is always true is true when it is left.
    deinit {
        let broken = (try? Program().brokenInvariants(of: folder)) ?? []
        if !broken.isEmpty { Issue.record("\(broken)") }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A program that says SITE for the folder.
    var program: Program { Program(names: [folder: "SITE"]) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func edit(_ name: String, _ change: (String) -> String) throws {
        let file = URL(fileURLWithPath: folder + "/" + name)
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(change(text).utf8).write(to: file)
    }
}

/// What the clock on the wall says.
func systemNow() -> Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
}
