import Foundation
import LibCrypto

/// One line of JSON a run: what was done, in what time, with how much of this machine.
struct Report {
    let stage: String
    let couples: Int
    let suite: CipherSuite
    var wallSeconds = 0.0
    var cpuSeconds = 0.0
    var peakMegabytes = 0.0
    var databaseBytes = 0.0

    init(stage: String, couples: Int, suite: CipherSuite) {
        self.stage = stage
        self.couples = couples
        self.suite = suite
    }

    init(stage: String, _ arguments: BenchmarkArguments) {
        self.init(stage: stage, couples: arguments.couples, suite: arguments.suite)
    }

    private struct Line: Encodable {
        let stage: String
        let couples: Int
        let suite: String
        let couplesPerSecond: Double
        let cpuMicrosecondsPerCouple: Double
        let wallSeconds: Double
        let cpuSeconds: Double
        let peakMegabytes: Double
        let databaseBytesPerCouple: Double
    }

    func print() {
        let line = Line(
            stage: stage, couples: couples, suite: suite.rawValue,
            couplesPerSecond: rounded(Double(couples) / wallSeconds),
            cpuMicrosecondsPerCouple: rounded(cpuSeconds / Double(couples) * 1e6),
            wallSeconds: rounded(wallSeconds), cpuSeconds: rounded(cpuSeconds),
            peakMegabytes: rounded(peakMegabytes),
            databaseBytesPerCouple: rounded(databaseBytes / Double(couples)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        if let text = try? encoder.encode(line) {
            Swift.print(String(decoding: text, as: UTF8.self))
        }
    }

}

private func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

/// One line of JSON for a delivery: what went, in what time, with how much of this machine.
struct DeliveryReport {
    let arguments: BenchmarkArguments
    var fdatasyncMicroseconds = 0.0
    var wallSeconds = 0.0
    var cpuSeconds = 0.0
    var receiverCPUSeconds = 0.0
    var peakMegabytes = 0.0
    /// What was resident at each tenth of the way.
    var residentMegabytes: [Double] = []
    var databaseBytes = 0.0

    init(_ arguments: BenchmarkArguments) { self.arguments = arguments }

    private struct Line: Encodable {
        let stage = "deliver"
        let records: Int
        let batch: Int
        let inFlight: Int
        let suite: String
        let synchronous = "FULL"
        let fdatasyncMicroseconds: Double
        let recordsPerSecond: Double
        let submissionsPerSecond: Double
        let cpuMicrosecondsPerRecord: Double
        let receiverMicrosecondsPerRecord: Double
        let wallSeconds: Double
        let cpuSeconds: Double
        let peakMegabytes: Double
        let residentMegabytes: [Int]
        let databaseBytesPerRecord: Double
    }

    func print() {
        let records = arguments.records / arguments.batch * arguments.batch
        let line = Line(
            records: records, batch: arguments.batch, inFlight: arguments.inFlight,
            suite: arguments.suite.rawValue,
            fdatasyncMicroseconds: rounded(fdatasyncMicroseconds),
            recordsPerSecond: rounded(Double(records) / wallSeconds),
            submissionsPerSecond: rounded(Double(records / arguments.batch) / wallSeconds),
            cpuMicrosecondsPerRecord: rounded(cpuSeconds / Double(records) * 1e6),
            receiverMicrosecondsPerRecord: rounded(receiverCPUSeconds / Double(records) * 1e6),
            wallSeconds: rounded(wallSeconds), cpuSeconds: rounded(cpuSeconds),
            peakMegabytes: rounded(peakMegabytes),
            residentMegabytes: residentMegabytes.map { Int($0.rounded()) },
            databaseBytesPerRecord: rounded(databaseBytes / Double(records)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        if let text = try? encoder.encode(line) {
            Swift.print(String(decoding: text, as: UTF8.self))
        }
    }
}

/// What of this process is in memory now.
func residentMegabytes() -> Double {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
}

/// Runs one stage in this process and prints its line.
func measure(
    _ stage: String, couples: Int, suite: CipherSuite, _ body: () async throws -> Double
) async rethrows {
    let before = usage()
    let clock = ContinuousClock()
    let start = clock.now
    var report = Report(stage: stage, couples: couples, suite: suite)
    report.databaseBytes = try await body()
    report.wallSeconds = (clock.now - start) / .seconds(1)
    let after = usage()
    report.cpuSeconds = after.cpu - before.cpu
    report.peakMegabytes = after.peak / 1e6
    report.print()
}

/// CPU seconds of this process, user and system, and its peak memory in bytes.
func usage() -> (cpu: Double, peak: Double) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return (seconds(usage.ru_utime) + seconds(usage.ru_stime), Double(usage.ru_maxrss) * 1024)
}
