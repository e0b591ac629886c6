import Foundation
import Glibc
import Storage
import Testing

/// Looking at a file that another process works on.
@Suite(.timeLimit(.minutes(10)))
struct ViewTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func look(_ migrations: [Migration] = schema) async throws -> SQLiteView {
        try await SQLiteView.open(folder.database, migrations: migrations)
    }

    @Test func `another process sees what is committed while this one holds the file`()
        async throws
    {
        let database = try await SQLiteDatabase.open(folder.database, migrations: schema)
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        let before = try folder.contents()
        let path = folder.database
        await #expect(processExitsWith: .success) { [path = path as String] in
            let view = try await SQLiteView.open(path, migrations: schema)
            #expect(try await view.blockCount() == 1)
            let refusal = try await failure {
                _ = try await SQLiteDatabase.open(path, migrations: schema)
            }
            #expect(refusal?.reason == .lockedByAnotherProcess)
            await view.close()
        }
        let after = try folder.contents()
        for name in ["test.sqlite", "test.sqlite-wal", "test.sqlite.lock"] {
            #expect(after[name] == before[name], "\(name) was changed by a look")
        }
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (2)") }
        #expect(try await database.blockCount() == 2)
        await database.close()
    }

    @Test func `a view neither changes anything nor runs work that would`() async throws {
        await (try SQLiteDatabase.open(folder.database, migrations: schema)).close()
        let before = try folder.contents()
        let view = try await look()
        let writing = try await failure {
            try await view.write { _ = try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        let sly = try await failure {
            try await view.read { _ = try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        #expect(writing?.reason == .readOnly)
        #expect(sly?.reason == .readOnly)
        await view.close()
        await view.close()
        #expect(try folder.contents()["test.sqlite"] == before["test.sqlite"])
        let late = try await failure { _ = try await view.blockCount() }
        #expect(late?.reason == .closed)
    }

    @Test func `a view keeps its snapshot's file usable when the writer goes first`() async throws {
        let database = try await SQLiteDatabase.open(folder.database, migrations: schema)
        let view = try await look()
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        #expect(try await view.blockCount() == 1)
        await database.close()
        #expect(try await view.blockCount() == 1)
        await view.close()
        let again = try await SQLiteDatabase.open(folder.database, migrations: schema)
        #expect(try await again.blockCount() == 1)
        await again.close()
        #expect(
            try folder.contents().keys.sorted() == [
                "test.sqlite", "test.sqlite.lock", "test.sqlite.turn",
            ])
    }

    @Test func `what a killed writer committed is seen, and its log stays`() async throws {
        let path = folder.database
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let database = try await SQLiteDatabase.open(path, migrations: schema)
            try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
            kill(getpid(), SIGKILL)
        }
        let log = try folder.contents()["test.sqlite-wal"]
        #expect(log?.isEmpty == false)
        let view = try await look()
        #expect(try await view.blockCount() == 1)
        await view.close()
        #expect(try folder.contents()["test.sqlite-wal"] == log)
    }

    @Test func `where there is no file it sees empty tables and makes none`() async throws {
        let view = try await look()
        #expect(try await view.blockCount() == 0)
        let writing = try await failure {
            try await view.read { _ = try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        #expect(writing?.reason == .readOnly)
        await view.close()
        #expect(try folder.contents().isEmpty)
    }

    @Test func `other tables than this version's are refused and not changed`() async throws {
        let second = Migration(number: 2, statements: "CREATE TABLE more (id bigint);")
        await (try SQLiteDatabase.open(folder.database, migrations: schema)).close()
        let before = try folder.contents()["test.sqlite"]
        let older = try await failure { _ = try await look(schema + [second]) }
        #expect(older?.reason == .schemaTooOld(found: 1, known: 2))
        #expect(try folder.contents()["test.sqlite"] == before)

        await (try SQLiteDatabase.open(folder.database, migrations: schema + [second])).close()
        let newer = try await failure { _ = try await look() }
        #expect(newer?.reason == .schemaTooNew(found: 2, known: 1))
    }
}
