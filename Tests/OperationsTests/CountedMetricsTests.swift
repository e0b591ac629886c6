import DatabaseKit
import Delivery
import Evidence
import Flow
import Foundation
import Glibc
import Operations
import Records
import Storage
import Synchronization
import Testing

/// What the process counts stands on the page, moved by what happened.
struct CountedMetricsTests {
    /// A folder of one test.
    private final class Folder: Sendable {
        let path: String
        init() throws {
            path = NSTemporaryDirectory() + "shangbao-counted-" + UUID().uuidString
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let now = Timestamp(microseconds: 1_772_330_400_000_000)

    private func lines(_ state: ServiceState) -> [Substring] {
        var page = MetricsPage()
        page.addKnown(state.now, CountedMetricsTests.now)
        page.addDelivery(state.now.delivery, to: "nation")
        page.addClock(state.now)
        page.addDisk(state.now)
        return page.text.split(separator: "\n")
    }

    private func value(_ name: String, _ state: ServiceState) -> Double? {
        lines(state).first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.count + 1)) }
    }

    @Test func `each counter stands there with nought before anything happened`() {
        let state = ServiceState()
        for name in [
            "shangbao_lease_reclaims_total{from_state=\"leased\"}",
            "shangbao_lease_reclaims_total{from_state=\"onWire\"}",
            "shangbao_retries_suppressed_total{endpoint=\"nation\",reason=\"budget\"}",
            "shangbao_retries_suppressed_total{endpoint=\"nation\",reason=\"breaker\"}",
            "shangbao_stale_fence_writes_total",
            "shangbao_log_dropped_total{reason=\"full\"}", "shangbao_clock_jumps_total",
        ] { #expect(value(name, state) == 0, "\(name)") }
        let unknown = lines(state).filter {
            $0.hasPrefix("shangbao_clock_offset") || $0.hasPrefix("shangbao_db_fsync")
                || $0.hasPrefix("shangbao_sqlite_last")
        }
        #expect(unknown.isEmpty, "what is not known is not told")
    }

    @Test func `the other side's clock is told as soon as it says its time`() {
        let state = ServiceState()
        let told = Timestamp(microseconds: 784_111_777_000_000)
        state.delivery.note(
            date: "Sun, 06 Nov 1994 08:49:37 GMT", sent: told.adding(seconds: -100),
            received: told.adding(seconds: -90))
        #expect(value("shangbao_clock_offset_seconds{against=\"nation\"}", state) == 90)
    }

    @Test func `a line that a full disk does not take is dropped and counted, and work goes on`() {
        let state = ServiceState()
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let outlet = LogOutlet(descriptor: full) { state.note(dropped: $0) }
        let log = ServiceLog(
            clock: { CountedMetricsTests.now }, write: { outlet.write($0) })
        log.info(.started)
        log.info(.stopped)
        #expect(value("shangbao_log_dropped_total{reason=\"full\"}", state) == 2)
        // A descriptor that cannot be written: nobody takes it.
        let closed = open("/dev/null", O_RDONLY)
        defer { close(closed) }
        LogOutlet(descriptor: closed) { state.note(dropped: $0) }.write("x\n")
        #expect(value("shangbao_log_dropped_total{reason=\"closed\"}", state) == 1)
        #expect(value("shangbao_log_dropped_total{reason=\"failed\"}", state) == 0)
    }

    @Test func `what is written is written whole, and a torn line stays alone`() throws {
        let folder = try Folder()
        let path = folder.path + "/log"
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        let dropped = Mutex<[LogOutlet.Reason]>([])
        let outlet = LogOutlet(descriptor: file) { reason in
            dropped.withLock { $0.append(reason) }
        }
        outlet.write("{\"a\":1}\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\":1}\n")
        #expect(dropped.withLock { $0 }.isEmpty)

        // A pipe that nobody empties at first.
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        for end in ends { try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        let narrow = LogOutlet(descriptor: ends[1]) { reason in
            dropped.withLock { $0.append(reason) }
        }
        narrow.write(String(repeating: "x", count: 1 << 20) + "\n")
        #expect(dropped.withLock { $0 } == [.full])
        let torn = everything(from: ends[0])
        #expect(!torn.isEmpty && torn.utf8.allSatisfy { $0 == UInt8(ascii: "x") })
        narrow.write("{\"b\":2}\n")
        #expect(everything(from: ends[0]) == "\n{\"b\":2}\n")
    }

    /// What stands in a pipe that does not block.
    private func everything(from descriptor: Int32) -> String {
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `trials of the disk fill the buckets, and a checkpoint tells its time`()
        async throws
    {
        let state = ServiceState()
        let folder = try Folder()
        let readings = Mutex<[Int64]>([0, 3_000, 10_000, 2_010_000])
        let probe = DiskProbe(beside: folder.path + "/data.db") {
            readings.withLock { $0.removeFirst() }
        }
        await state.tryDisk(by: probe)
        await state.tryDisk(by: probe)
        let name = "shangbao_db_fsync_probe_seconds"
        #expect(value(name + "_count", state) == 2)
        #expect(value(name + "_sum", state) == 2.003)
        #expect(value(name + "_bucket{le=\"0.001\"}", state) == 0)
        #expect(value(name + "_bucket{le=\"0.005\"}", state) == 1)
        #expect(value(name + "_bucket{le=\"1\"}", state) == 1)
        #expect(value(name + "_bucket{le=\"5\"}", state) == 2)
        await state.tryDisk(by: DiskProbe(beside: folder.path + "/none/x", steady: { 0 }))
        #expect(value(name + "_count", state) == 2, "what was not written took no time")
        state.note(checkpointAt: CountedMetricsTests.now)
        #expect(
            value("shangbao_sqlite_last_complete_checkpoint_timestamp_seconds", state)
                == 1_772_330_400)
    }

    @Test func `a clock behind the ledger makes the service not ready, and one set back is seen`()
        async throws
    {
        let folder = try Folder()
        let database = try await SQLiteDatabase.open(
            folder.path + "/data.db", migrations: Site.migrations)
        let wall = Mutex(CountedMetricsTests.now)
        let clock: Clock = { wall.withLock { $0 } }
        let state = ServiceState()
        state.start()
        let health = Health(state: state, clock: clock)
        var clocks = ClockComparison(wall: clock(), steady: 0)
        func look(_ steady: Int64) async throws {
            let before = clocks
            clocks = try await database.read {
                try before.looked(clock, steady: { steady }, in: $0)
            }
            state.note(clocks)
        }
        try await look(0)
        #expect(value("shangbao_clock_behind_ledger_seconds", state) == 0)
        #expect(value("shangbao_clock_offset_seconds{against=\"steady\"}", state) == 0)
        #expect(!lines(state).contains { $0.contains("against=\"database\"") })
        try await database.write {
            try Ledger().append(
                [.received(.init(intake: IntakeID("a"), rows: 0))],
                at: CountedMetricsTests.now, in: $0)
        }
        // A minute went by, and somebody set it back by an hour.
        wall.withLock { $0 = CountedMetricsTests.now.adding(seconds: 60 - 3_600) }
        try await look(60_000_000)
        #expect(value("shangbao_clock_behind_ledger_seconds", state) == 3_540)
        #expect(value("shangbao_clock_offset_seconds{against=\"steady\"}", state) == 3_600)
        #expect(await health.reasons(database) == [.clockBehind])
        wall.withLock { $0 = CountedMetricsTests.now.adding(seconds: 120) }
        try await look(120_000_000)
        #expect(value("shangbao_clock_behind_ledger_seconds", state) == 0)
        #expect(await health.reasons(database).isEmpty)
        await database.close()
    }

    @Test(
        .enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"),
        arguments: [0, -3_600, 3_600] as [Int64])
    func `a server's clock is held against ours`(shift: Int64) async throws {
        let server = try PostgreSQLServer.shared()
        let database = try await PostgreSQLDatabase.open(
            try server.address(try server.makeDatabase()), migrations: Site.migrations)
        let clock: Clock = {
            Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
                .adding(seconds: shift)
        }
        let start = ClockComparison(wall: clock(), steady: 0)
        let looked = try await database.read {
            try start.looked(clock, steady: { 0 }, in: $0)
        }
        let state = ServiceState()
        state.note(looked)
        let name = "shangbao_clock_offset_seconds{against=\"database\"}"
        let ahead = try #require(value(name, state))
        #expect(abs(ahead + Double(shift)) < 10, "\(ahead)")
        await database.close()
    }
}
