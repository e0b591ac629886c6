import Foundation
import Glibc
import Storage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct DurabilityTests {
    @Test(
        .enabled(if: SmallDisk.isAvailable, "needs the right to mount a small disk"))
    func `a full disk is said to be full, nothing is half kept, and work goes on after`()
        async throws
    {
        let disk = try #require(try SmallDisk(bytes: 4 << 20))
        let ballast = disk.folder.path + "/ballast"
        #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 2 << 20)))
        let database = try await SQLiteDatabase.open(disk.folder.database, migrations: schema)

        var kept = 0
        var full: StorageFailure?
        while full == nil, kept < 1_000 {
            let first = kept
            full = try await failure { try await DurabilityTests.insertTen(first, in: database) }
            if full == nil { kept += 10 }
        }
        #expect(full?.reason == .full)
        #expect(kept > 0)
        #expect(try await database.blockCount() == kept)

        try FileManager.default.removeItem(atPath: ballast)
        try await DurabilityTests.insertTen(kept, in: database)
        #expect(try await database.blockCount() == kept + 10)
        #expect(try await DurabilityTests.isSound(database))
        await database.close()
    }

    @Test func `a file at its size limit fails whole as well`() async throws {
        let folder = try TemporaryFolder()
        let database = try await SQLiteDatabase.open(folder.database, migrations: schema)
        try await DurabilityTests.insertTen(0, in: database)
        try await database.write { try $0.run("PRAGMA max_page_count = 1") }
        let failure = try await failure {
            try await database.write { transaction in
                // Even work that shuts its eyes to the failure cannot write outside a transaction.
                for id in 10..<40 {
                    _ = try? transaction.run(
                        "INSERT INTO block (id, body) VALUES (\(id), \(DurabilityTests.body))")
                }
                _ = try? transaction.run("INSERT INTO person (id, name) VALUES (1, 'invented')")
            }
        }
        #expect(failure?.reason == .full)
        #expect(try await database.blockCount() == 10)
        let people = try await database.read { try $0.run("SELECT * FROM person").count }
        #expect(people == 0)
    }

    @Test(arguments: [1, 7, 25])
    func `a process killed while it writes leaves whole transactions only`(
        kept: Int
    ) async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, kept = kept as Int] in
            let database = try await SQLiteDatabase.open(path, migrations: schema)
            for round in 0..<kept {
                try await DurabilityTests.insertTen(round * 10, in: database)
            }
            try await database.write { transaction in
                // More than the cache holds, so that the log has pages of this transaction.
                for id in 0..<400 {
                    let number = kept * 10 + id
                    try transaction.run(
                        "INSERT INTO block (id, body) VALUES (\(number), \(DurabilityTests.body))")
                }
                kill(getpid(), SIGKILL)
            }
        }
        let log = try folder.contents()["test.sqlite-wal"]
        #expect((log?.count ?? 0) > 1 << 20)  // there was something to be undone
        let database = try await SQLiteDatabase.open(path, migrations: schema)
        #expect(try await database.blockCount() == kept * 10)
        #expect(try await DurabilityTests.isSound(database))
        await database.close()
    }

    private static let body = [UInt8](repeating: 0xA5, count: 60_000)

    private static func insertTen(_ first: Int, in database: SQLiteDatabase) async throws {
        try await database.write { transaction in
            for id in first..<first + 10 {
                try transaction.run(
                    "INSERT INTO block (id, body) VALUES (\(id), \(body.prefix(6_000) + []))")
            }
        }
    }

    private static func isSound(_ database: SQLiteDatabase) async throws -> Bool {
        try await database.read { transaction in
            try transaction.run("PRAGMA integrity_check").map { try $0.text(0) } == ["ok"]
                && transaction.run("PRAGMA foreign_key_check").isEmpty
        }
    }
}
