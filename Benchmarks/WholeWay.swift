import Foundation
import LibCrypto

/// The whole way of the real program: a file is taken, sent over mutual TLS on loopback to the
/// pretend national side, answered, reconciled and settled. Each step is one command, as a county
/// runs it; the national side works on the same machine meanwhile.
struct WholeWay {
    let arguments: BenchmarkArguments
    let csv: String
    private let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("shangbao").path
    private var site: String { arguments.work + "/whole-site" }

    func run() throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchmarkFailure("\(program): build --product shangbao in release first")
        }
        try? FileManager.default.removeItem(atPath: site)
        try prepare(["init", site, "--rehearsal", "--suite", arguments.suite.rawValue])
        try prepare(["keys", "init", "--site", site])
        let national = try startNationalSide()
        defer {
            national.terminate()
            national.waitUntilExit()
        }
        var whole = Report(stage: "whole: file to settled", arguments)
        let steps = [
            ["take", csv], ["deliver"], ["reconcile", "--year", "2012"],
            ["settle", "--year", "2012"],
        ]
        for words in steps {
            let report = try timed(words)
            report.print()
            whole.wallSeconds += report.wallSeconds
            whole.cpuSeconds += report.cpuSeconds
            whole.peakMegabytes = max(whole.peakMegabytes, report.peakMegabytes)
        }
        whole.print()
    }

    /// Runs a command that is not measured.
    private func prepare(_ words: [String]) throws {
        let (status, _) = try spawned(words)
        guard status == 0 else { throw BenchmarkFailure("shangbao \(words[0]): status \(status)") }
    }

    private func timed(_ words: [String]) throws -> Report {
        let clock = ContinuousClock()
        let start = clock.now
        let (status, usage) = try spawned(words + ["--site", site])
        let wall = (clock.now - start) / .seconds(1)
        // 3 says that rows were quarantined, which the generated file has on purpose.
        guard status == 0 || status == 3 else {
            throw BenchmarkFailure("shangbao \(words[0]): status \(status)")
        }
        var report = Report(stage: "whole: " + words[0], arguments)
        report.wallSeconds = wall
        report.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        report.peakMegabytes = Double(usage.ru_maxrss) * 1024 / 1e6
        return report
    }

    /// Runs the program to its end; what it says goes nowhere.
    private func spawned(_ words: [String]) throws -> (status: Int32, usage: rusage) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var words = ([program] + words).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child = pid_t()
        guard posix_spawn(&child, program, &actions, nil, &words, environ) == 0 else {
            throw BenchmarkFailure("\(program) does not start")
        }
        var (status, usage) = (Int32(), rusage())
        wait4(child, &status, 0, &usage)
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, usage)
    }

    private func startNationalSide() throws -> Process {
        let national = Process()
        national.executableURL = URL(fileURLWithPath: program)
        national.arguments = ["rehearse", "--site", site, "--language", "en"]
        let pipe = Pipe()
        national.standardOutput = pipe
        try national.run()
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("https://") {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw BenchmarkFailure("the pretend national side does not start")
            }
            said += more
        }
        return national
    }

    private func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

/// Why a benchmark could not run, for the person at the terminal.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
