import Foundation
import Glibc
import Storage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SQLiteDatabaseTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ migrations: [Migration] = schema) async throws -> SQLiteDatabase {
        try await SQLiteDatabase.open(folder.database, migrations: migrations)
    }

    @Test(
        arguments: [
            ("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1), ("PRAGMA page_size", 16_384),
            ("PRAGMA temp_store", 2), ("PRAGMA trusted_schema", 0), ("PRAGMA secure_delete", 1),
            ("PRAGMA journal_size_limit", 64 << 20), ("PRAGMA query_only", 0),
            ("PRAGMA wal_autocheckpoint", 0),
        ] as [(SQL, Int)])
    func `the writer is set up to lose nothing`(setting: SQL, expected: Int) async throws {
        let database = try await open()
        #expect(try await database.write { try $0.run(setting)[0].int(0) } == expected)
    }

    @Test(
        arguments: [
            ("PRAGMA query_only", 1), ("PRAGMA wal_autocheckpoint", 0),
            ("PRAGMA trusted_schema", 0), ("PRAGMA temp_store", 2),
        ] as [(SQL, Int)])
    func `the reader is set up to change nothing`(setting: SQL, expected: Int) async throws {
        let database = try await open()
        #expect(try await database.read { try $0.run(setting)[0].int(0) } == expected)
    }

    @Test func `a long log is moved into the file while work goes on`() async throws {
        let database = try await open()
        let body = [UInt8](repeating: 1, count: 200_000)
        for id in 0..<200 {
            try await database.write {
                try $0.run("INSERT INTO block (id, body) VALUES (\(id), \(body))")
            }
        }
        // Forty megabytes went through it: it was begun anew after each thousand pages.
        let log = try folder.contents()["test.sqlite-wal"]
        #expect((log?.count ?? .max) < 20 << 20)
        #expect(try await database.blockCount() == 200)
    }

    @Test func `both connections use the write-ahead log`() async throws {
        let database = try await open()
        let mode: SQL = "PRAGMA journal_mode"
        #expect(try await database.write { try $0.run(mode)[0].text(0) } == "wal")
        #expect(try await database.read { try $0.run(mode)[0].text(0) } == "wal")
    }

    @Test func `all its files are for their owner alone, also one that was there before`()
        async throws
    {
        chmod(folder.path, 0o755)
        _ = FileManager.default.createFile(
            atPath: folder.database, contents: nil, attributes: [.posixPermissions: 0o644])
        let database = try await open()
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        let names = try folder.contents().keys.sorted()
        #expect(
            names == [
                "test.sqlite", "test.sqlite-shm", "test.sqlite-wal", "test.sqlite.lock",
                "test.sqlite.turn",
            ])
        for name in names { #expect(try folder.mode(of: name) == 0o600, "\(name)") }
        await database.close()
    }

    @Test func `closing leaves everything in the one file and gives it back`() async throws {
        let database = try await open()
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        await database.close()
        await database.close()
        #expect(
            try folder.contents().keys.sorted() == [
                "test.sqlite", "test.sqlite.lock", "test.sqlite.turn",
            ])
        let writing = try await failure { _ = try await database.write { try $0.run("SELECT 1") } }
        let reading = try await failure { _ = try await database.read { try $0.run("SELECT 1") } }
        #expect(writing?.reason == .closed)
        #expect(reading?.reason == .closed)
        let again = try await open()
        #expect(try await again.blockCount() == 1)
    }

    @Test func `dropping it without closing gives the file back too`() async throws {
        do {
            let database = try await open()
            try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        #expect(try await open().blockCount() == 1)
    }

    @Test func `a second opener in this process is refused, by another name too`() async throws {
        let database = try await open()
        let link = folder.path + "/link.sqlite"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: folder.database)
        for path in [folder.database, link] {
            let failure = try await failure {
                _ = try await SQLiteDatabase.open(path, migrations: schema)
            }
            #expect(failure?.reason == .lockedByAnotherProcess)
        }
        await database.close()
    }

    @Test func `another process is refused at once and has written nothing`() async throws {
        let database = try await open()
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        let before = try folder.contents()
        let path = folder.database
        await #expect(processExitsWith: .success) { [path = path as String] in
            let failure = try await failure {
                _ = try await SQLiteDatabase.open(path, migrations: schema)
            }
            #expect(failure?.reason == .lockedByAnotherProcess)
        }
        #expect(try folder.contents() == before)
        await database.close()
    }

    @Test func `a place that does not exist or is no file cannot be opened`() async throws {
        let inner = folder.path + "/inner"
        try FileManager.default.createDirectory(
            atPath: inner, withIntermediateDirectories: false)
        for path in [folder.path + "/none/test.sqlite", inner, ""] {
            let failure = try await failure {
                _ = try await SQLiteDatabase.open(path, migrations: schema)
            }
            #expect(failure?.reason == .cannotOpen, "\(path)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["inner"])
    }

    @Test func `a file that is no database is refused and left alone`() async throws {
        let words = Data(repeating: 0x41, count: 40_000)
        try words.write(to: URL(fileURLWithPath: folder.database))
        let failure = try await failure { _ = try await open() }
        #expect(failure?.reason == .corrupt)
        #expect(try folder.contents()["test.sqlite"] == words)
    }

    @Test func `the library's version can be told`() {
        let numbers = SQLiteDatabase.sqliteVersion().split(separator: ".").compactMap { Int($0) }
        #expect(numbers.count == 3 && numbers[0] == 3)
    }

    @Test func `a reader cannot change a setting, and a text may hold a nul`() async throws {
        let database = try await open()
        let failure = try await failure {
            try await database.read { _ = try $0.run("PRAGMA user_version = 9") }
        }
        #expect(failure?.reason == .readOnly)
        try await database.write {
            try $0.run("INSERT INTO block (id, note) VALUES (1, \("nul \0 inside"))")
        }
        let note = try await database.read { try $0.run("SELECT note FROM block")[0].text(0) }
        #expect(note == "nul \0 inside")
    }
}
