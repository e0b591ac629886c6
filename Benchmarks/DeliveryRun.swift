import Delivery
import Flow
import Foundation
import LibCrypto
import LibCurl
import Programmes
import Records
import Rehearsal
import Storage

/// Delivery over mutual TLS on loopback, with kept connections, to a `QuickReceiver` in a process of
/// its own. This process does nothing else, so that its memory is the delivery's.
struct DeliveryRun {
    /// How often the resident memory is looked at while the queue is worked off.
    private static let looks = 10

    let arguments: BenchmarkArguments
    private var database: String { arguments.work + "/deliver.db" }
    private var journal: String { arguments.work + "/deliver-journal" }

    func run() async throws {
        for ending in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: database + ending)
        }
        try? FileManager.default.removeItem(atPath: journal)
        try FileManager.default.createDirectory(
            atPath: arguments.work, withIntermediateDirectories: true)
        let queuing = try Program(arguments, stage: "queue")
        guard queuing.end() == 0 else { throw BenchmarkFailure("the queue was not made") }
        let identity = try BenchmarkSite.nation(arguments)
        let receiver = try Program(arguments, stage: "receive")
        guard let port = receiver.line().flatMap({ Int($0) }) else {
            throw BenchmarkFailure("the receiver did not start")
        }
        var report = DeliveryReport(arguments)
        report.fdatasyncMicroseconds = try probe()
        try await deliver(to: port, identity, &report)
        receiver.endInput()
        let words = receiver.line() ?? ""
        let tally = try JSONDecoder().decode(QuickReceiver.Tally.self, from: Data(words.utf8))
        _ = receiver.end()
        report.receiverCPUSeconds = tally.cpuSeconds
        let count = arguments.records / arguments.batch
        guard tally.submissions == count, tally.effects == count * arguments.batch,
            tally.doubled == 0
        else { throw BenchmarkFailure("not each record once: \(words)") }
        report.print()
    }

    private func deliver(
        to port: Int, _ identity: NationalIdentity, _ report: inout DeliveryReport
    ) async throws {
        let catalogue = try Catalogue(root: arguments.mappings)
        let profile = catalogue.programmes[0].profiles[0]
        let database = try await SQLiteDatabase.open(database, migrations: Site.migrations)
        let outbox = Outbox(epoch: "bench-delivery", policy: profile.retry)
        let courier = try courier(to: port, identity, profile, database, outbox)
        let before = usage()
        let start = ContinuousClock.now
        try await courier.start()
        var (sent, next) = (0, 0)
        while true {
            let round = try await courier.round(limit: 50)
            sent += round.sent
            if sent >= next {
                report.residentMegabytes.append(residentMegabytes())
                next += arguments.records / arguments.batch / Self.looks
            }
            if round.sent == 0, round.asked == 0 { break }
        }
        report.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
        report.cpuSeconds = usage().cpu - before.cpu
        report.peakMegabytes = usage().peak / 1e6
        let counts = try await database.read { try outbox.counts(in: $0) }
        guard counts.allSatisfy({ $0.key == .final || $0.value == 0 }) else {
            throw BenchmarkFailure("not all are final: \(counts)")
        }
        await database.close()
        let size = try FileManager.default.attributesOfItem(atPath: self.database)[.size] as? Int
        report.databaseBytes = Double(size ?? 0)
    }

    private func courier(
        to port: Int, _ identity: NationalIdentity, _ profile: NationalProfile,
        _ database: SQLiteDatabase, _ outbox: Outbox
    ) throws -> Courier {
        let folder = identity.exportFolder
        let key = try VerifyingKey(
            pem: String(
                contentsOfFile: folder + "/receipts-\(arguments.suite.rawValue).pub.pem",
                encoding: .utf8))
        let endpoint = Endpoint(
            name: profile.name, sender: identity.sender, namespace: profile.namespace,
            keys: [identity.receiptsID(arguments.suite): key], codes: AcknowledgementCodes([]))
        let transport = HTTPSTransport(
            base: "https://localhost:\(port)",
            settings: HTTPSSettings(
                identity: TLSIdentity(
                    certificateFile: folder + "/client.crt.pem",
                    keyFile: folder + "/client.key.pem", authorityFile: folder + "/ca.pem"),
                allowedHosts: ["localhost"], allowsLocalAddresses: true),
            namespace: profile.namespace, inFlight: arguments.inFlight, clock: clock)
        return Courier(
            database: database, outbox: outbox, transport: transport, endpoint: endpoint,
            inFlight: arguments.inFlight, clock: clock, jitter: { Double.random(in: 0..<1) },
            wire: WireGuard(
                journal: WireJournal(folder: journal, clock: clock), database: database,
                outbox: outbox, stand: database.stand, worker: "bench", clock: clock))
    }

    /// What a forced write of a page costs on this disk now: the mean of 200, in microseconds.
    private func probe() throws -> Double {
        let path = arguments.work + "/probe"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw BenchmarkFailure("\(path) cannot be written") }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 1, count: 4096)
        let start = ContinuousClock.now
        for _ in 0..<200 {
            guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
                throw BenchmarkFailure("\(path) cannot be written")
            }
        }
        return (ContinuousClock.now - start) / .microseconds(1) / 200
    }
}

/// This program once more, for another stage of the same run.
struct Program {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ arguments: BenchmarkArguments, stage: String) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [stage] + CommandLine.arguments.dropFirst(2)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// The next line that it says; `nil` at its end.
    func line() -> String? {
        var bytes: [UInt8] = []
        while let next = try? output.fileHandleForReading.read(upToCount: 1), let byte = next.first
        {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    func endInput() { try? input.fileHandleForWriting.close() }

    /// Waits for its end: its status.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
