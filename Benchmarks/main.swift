import Definitions
import Delivery
import Flow
import Foundation
import Intake
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import Samples
import Storage
import Submissions
import Validation

/// One line of JSON a run: what was done, in what time, with how much of this machine.
struct Report: Codable {
    var couples = 0
    var suite = ""
    var stage = ""
    var wallSeconds = 0.0
    var cpuSeconds = 0.0
    var couplesPerSecond = 0.0
    var cpuMicrosecondsPerCouple = 0.0
    var peakMegabytes = 0.0
    var databaseBytesPerCouple = 0.0
    var note = ""
}

/// CPU seconds of this process, user and system, and its peak memory in bytes.
func usage() -> (cpu: Double, peak: Double) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return (seconds(usage.ru_utime) + seconds(usage.ru_stime), Double(usage.ru_maxrss) * 1024)
}

/// Runs one stage and prints its line.
func measure(
    _ stage: String, couples: Int, suite: CipherSuite, note: String = "",
    _ body: () async throws -> Double
) async rethrows {
    let before = usage()
    let clock = ContinuousClock()
    let start = clock.now
    let bytes = try await body()
    let wall =
        Double((clock.now - start).components.attoseconds) / 1e18
        + Double((clock.now - start).components.seconds)
    let after = usage()
    var report = Report()
    report.couples = couples
    report.suite = suite.rawValue
    report.stage = stage
    report.wallSeconds = wall
    report.cpuSeconds = after.cpu - before.cpu
    report.couplesPerSecond = Double(couples) / wall
    report.cpuMicrosecondsPerCouple = report.cpuSeconds / Double(couples) * 1e6
    report.peakMegabytes = after.peak / 1e6
    report.databaseBytesPerCouple = bytes / Double(couples)
    report.note = note
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    if let line = try? encoder.encode(report) { print(String(decoding: line, as: UTF8.self)) }
}

let clock: Records.Clock = { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }
let arguments = BenchmarkArguments(CommandLine.arguments)
let bench = try BenchmarkSite(arguments, clock: clock)
switch arguments.stage {
case "take": try await bench.take()
case "stages": try await bench.stages()

default:
    FileHandle.standardError.write(
        Data(
            "usage: Benchmarks take|stages [--couples N] [--suite gm|intl] [--work DIR]\n".utf8
        ))
    exit(64)
}
