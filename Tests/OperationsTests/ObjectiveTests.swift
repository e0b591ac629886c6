import Delivery
import Evidence
import Foundation
import Operations
import Records
import Schedules
import Storage
import Testing

/// What is counted of the objectives: each submission once, and only the time in which it could go.
struct ObjectiveTests {
    /// 2026-03-01 10:00 in Shanghai.
    private static let start = Timestamp(microseconds: 1_772_330_400_000_000)

    private static let migrations = [
        Migration(number: 1, statements: evidenceMigration),
        Migration(number: 2, statements: deliveryMigration),
        Migration(number: 3, statements: workersMigration),
        Migration(number: 4, statements: retryMigration),
        Migration(number: 5, statements: reversalMigration),
    ]

    private func at(_ seconds: Int64) -> Timestamp { ObjectiveTests.start.adding(seconds: seconds) }

    private func calendar(_ windows: [String] = []) throws -> UploadCalendar {
        UploadCalendar(
            schedules: [],
            openTimes: OpenTimes(
                windows: try windows.map { try DayWindow($0) }, blackout: nil,
                calendar: HolidayCalendar()), county: "county")
    }

    private func withDatabase(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("objectives-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("queue.db").path
        try await body(
            try await SQLiteDatabase.open(path, migrations: ObjectiveTests.migrations))
    }

    /// A submission of this age, with the beginning of its first attempt and the receipt's coming.
    private func put(
        _ id: String, created: Int64, began: Int64?, received: Int64? = nil,
        in transaction: any Transaction
    ) throws {
        let state = received == nil ? began == nil ? "due" : "awaiting" : "final"
        try transaction.run(
            """
            INSERT INTO submission (id, endpoint, programme, sender, region, suite, signing_key,
                created, record_count, byte_count, digest, wire_digest, signature, own_key, state,
                fence, attempts, failures, doubts, crash_count, next_step, deadline)
            VALUES (\(id), 'nation', 'p', 's', 'r', 'gm', 'k', \(at(created).microseconds), 1, 1,
                'd', \([UInt8](arrayLiteral: 1)), \([UInt8](arrayLiteral: 1)), 'o', \(state), 1, 1,
                0, 0, 0, 0, 0)
            """)
        if let began {
            try transaction.run(
                """
                INSERT INTO attempt (submission, fence, number, began, on_wire, wire_digest)
                VALUES (\(id), 1, 1, \(at(began).microseconds), 1, \([UInt8](arrayLiteral: 1)))
                """)
        }
        if let received {
            try transaction.run(
                """
                INSERT INTO receipt (digest, endpoint, received, submission, disposition)
                VALUES (\("r-" + id), 'nation', \(at(received).microseconds), \(id), 'applied')
                """)
        }
    }

    /// Looks once at this moment.
    private func look(
        _ watch: inout ObjectiveWatch, _ now: Int64, _ database: SQLiteDatabase,
        _ calendar: UploadCalendar
    ) async throws {
        let (before, moment) = (watch, at(now))
        let look = try await database.read {
            try before.look(at: "nation", now: moment, in: $0)
        }
        if let look { watch.add(look, by: calendar) }
    }

    @Test func `each first attempt counts once, by the time since it could go`() async throws {
        try await withDatabase { database in
            var watch = ObjectiveWatch(since: at(0))
            try await database.write { transaction in
                try put("soon", created: 10, began: 20, in: transaction)
                try put("slow", created: 10, began: 400, in: transaction)
                try put("unsent", created: 10, began: nil, in: transaction)
            }
            try await look(&watch, 100, database, try calendar())
            #expect(watch.first.met == 1 && watch.first.missed == 0, "what began at 400 is to come")
            try await look(&watch, 500, database, try calendar())
            try await look(&watch, 600, database, try calendar())
            #expect(watch.first.met == 1 && watch.first.missed == 1)
        }
    }

    @Test func `hours in which nothing may be sent are no delay`() async throws {
        try await withDatabase { database in
            // Made at ten in the morning, sent two minutes after the window opened at noon.
            try await database.write { transaction in
                try put("noon", created: 1, began: 7320, in: transaction)
            }
            var watch = ObjectiveWatch(since: at(0))
            try await look(&watch, 7500, database, try calendar(["12:00-14:00"]))
            #expect(watch.first.met == 1 && watch.first.missed == 0)
            var other = ObjectiveWatch(since: at(0))
            try await look(&other, 7500, database, try calendar())
            #expect(other.first.met == 0 && other.first.missed == 1)
        }
    }

    @Test func `a lane that a person stopped or that rests is no delay`() async throws {
        try await withDatabase { database in
            var watch = ObjectiveWatch(since: at(0))
            let until = at(1000).microseconds
            try await database.write { transaction in
                try transaction.run(
                    """
                    INSERT INTO lane (endpoint, open_from, failures, phase)
                    VALUES ('nation', \(until), 5, 'tripped')
                    """)
                try put("waited", created: 10, began: 1010, in: transaction)
            }
            try await look(&watch, 900, database, try calendar())
            try await database.write {
                try $0.run("UPDATE lane SET phase = 'working', failures = 0")
            }
            try await look(&watch, 1200, database, try calendar())
            #expect(watch.first.met == 1 && watch.first.missed == 0)
        }
    }

    @Test func `what is decided within a day is met, and what runs over it is missed once`()
        async throws
    {
        let day: Int64 = 86_400
        try await withDatabase { database in
            var watch = ObjectiveWatch(since: at(0))
            try await database.write { transaction in
                try put("quick", created: 1, began: 10, received: 600, in: transaction)
                try put("open", created: 1, began: 20, in: transaction)
            }
            try await look(&watch, 700, database, try calendar())
            #expect(watch.final.met == 1 && watch.final.missed == 0)
            try await look(&watch, day + 200, database, try calendar())
            #expect(watch.final.met == 1 && watch.final.missed == 1)
            // It is answered at last: it was counted.
            let late = at(day + 900).microseconds
            try await database.write { transaction in
                try transaction.run("UPDATE submission SET state = 'final' WHERE id = 'open'")
                try transaction.run(
                    """
                    INSERT INTO receipt (digest, endpoint, received, submission, disposition)
                    VALUES ('late', 'nation', \(late), 'open', 'applied')
                    """)
            }
            try await look(&watch, day + 2000, database, try calendar())
            #expect(watch.final.met == 1 && watch.final.missed == 1)
        }
    }

    @Test func `a clock that goes back counts nothing twice`() async throws {
        try await withDatabase { database in
            var watch = ObjectiveWatch(since: at(0))
            try await database.write { try put("soon", created: 10, began: 20, in: $0) }
            try await look(&watch, 500, database, try calendar())
            try await look(&watch, 90, database, try calendar())
            try await look(&watch, 600, database, try calendar())
            #expect(watch.first.met == 1)
        }
    }
}
