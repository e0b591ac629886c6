import Foundation
import Storage
import Synchronization
import Testing

/// When a log counts as moved into its file, and what a disk takes to confirm a little.
@Suite(.timeLimit(.minutes(10)))
struct CheckpointTests {
    private let folder: TemporaryFolder
    private let count = Count()

    private final class Count: Sendable {
        private let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
        var value: Int { count.withLock { $0 } }
    }

    init() throws { folder = try TemporaryFolder() }

    /// More than a thousand pages of sixteen kilobytes: enough for the log to be moved.
    private func fill(_ database: some Database, _ ids: Range<Int>) async throws {
        let body = [UInt8](repeating: 7, count: 40_000)
        try await database.write { transaction in
            for id in ids {
                try transaction.run("INSERT INTO block (id, body) VALUES (\(id), \(body))")
            }
        }
    }

    @Test func `a long log is moved whole, unless a reader still looks at what was before`()
        async throws
    {
        let count = count
        let database = try await SQLiteDatabase.open(
            folder.database, migrations: schema, checkpointed: { count.add() })
        try await fill(database, 0..<10)
        #expect(count.value == 0, "a short log stays")
        try await fill(database, 10..<400)
        #expect(count.value == 1)

        let view = try await SQLiteView.open(folder.database, migrations: schema)
        let (began, isReading) = AsyncStream.makeStream(of: Bool.self)
        let gate = DispatchSemaphore(value: 0)
        let reading = Task {
            try await view.read { transaction in
                let seen = try transaction.run("SELECT count(*) FROM block")[0].int(0)
                isReading.yield(true)
                gate.wait()
                return seen
            }
        }
        for await _ in began { break }
        try await fill(database, 400..<800)
        try await fill(database, 800..<1_200)
        #expect(count.value == 1, "what the reader looks at is not moved over")
        gate.signal()
        #expect(try await reading.value == 400)
        try await fill(database, 1_200..<1_210)
        #expect(count.value == 2)
        await view.close()
        await database.close()
        #expect(count.value == 3, "closing leaves no log")
    }

    @Test func `a trial of the disk takes its time by the clock that is passed in`() async throws {
        let readings = Mutex<[Int64]>([1_000, 4_500])
        let probe = DiskProbe(beside: folder.database) {
            readings.withLock { $0.removeFirst() }
        }
        #expect(await probe.measure() == 3_500)
        #expect(try folder.contents().isEmpty, "it leaves nothing behind")
    }

    @Test func `where nothing can be written there is no figure, and a link is not followed`()
        async throws
    {
        let gone = DiskProbe(beside: folder.path + "/none/test.sqlite", steady: { 0 })
        #expect(await gone.measure() == nil)
        let target = folder.path + "/precious"
        try Data("kept".utf8).write(to: URL(fileURLWithPath: target))
        try FileManager.default.createSymbolicLink(
            atPath: folder.database + ".probe", withDestinationPath: target)
        #expect(await DiskProbe(beside: folder.database, steady: { 0 }).measure() == nil)
        #expect(try folder.contents()["precious"] == Data("kept".utf8))
    }
}
