import DatabaseKit
import Evidence
import Flow
import Foundation
import Records
import Storage
import Testing

/// A clock that was set forth is told from one that is right by the ledger's lines.
struct LedgerPauseTests {
    private static let day: Int64 = 86_400
    private static let start = Timestamp(microseconds: 1_330_000_000_000_000)

    private static func day(_ number: Int) -> Timestamp {
        start.adding(seconds: Int64(number) * day)
    }

    /// The pause that is found at a day by a ledger with lines on these days.
    private func pause(_ days: [Int], at now: Int) async throws -> [Int]? {
        let folder = NSTemporaryDirectory() + "pause-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await TestDatabase.chosen.open(
            in: folder, migrations: [Migration(number: 1, statements: evidenceMigration)])
        for day in days {
            try await database.write {
                try Ledger().append(
                    [.audited(.init(row: Int64(day), hash: "\(day)"))],
                    at: LedgerPauseTests.day(day), in: $0)
            }
        }
        let found = try await database.read {
            try LedgerPause.find(longerThan: 45, before: LedgerPauseTests.day(now), in: $0)
        }
        await database.close()
        return found.map {
            [$0.from, $0.to].map {
                Int(
                    ($0.microseconds - LedgerPauseTests.start.microseconds)
                        / (LedgerPauseTests.day * 1_000_000))
            }
        }
    }

    @Test func `a site at work has none, and neither has a new one`() async throws {
        #expect(try await pause([], at: 0) == nil)
        #expect(try await pause([0], at: 0) == nil)
        #expect(try await pause([0, 40, 80, 125], at: 170) == nil)
    }

    @Test func `a clock that is far ahead of the last line is doubted`() async throws {
        #expect(try await pause([0, 40], at: 86) == [40, 86])
        #expect(try await pause([0, 40], at: 4000) == [40, 4000])
    }

    /// The wrong clock may itself have written lines before anybody erases by it.
    @Test func `lines that a wrong clock wrote do not make it right`() async throws {
        #expect(try await pause([0, 40, 4000, 4000, 4001], at: 4002) == [40, 4000])
        #expect(try await pause([0, 40, 4000], at: 4040) == [40, 4000])
    }

    @Test func `a ledger that went on for as long again is believed`() async throws {
        #expect(try await pause([0, 100, 130, 146], at: 147) == nil)
        #expect(try await pause([0, 100, 130], at: 144) == [0, 100])
    }

    @Test func `lines of a clock that was set right since say nothing`() async throws {
        #expect(try await pause([0, 40, 4000, 41, 42], at: 43) == nil)
    }
}
