import DatabaseKit
import Delivery
import Flow
import Foundation
import Privacy
import Records
import Storage
import Testing

/// Two workers on one database that take the same file at the same time: one of them does.
struct AnotherWorkerTests {
    private let register = Register()
    private let intake = IntakeID("0f0f")

    private func open(_ kind: TestDatabase) async throws -> any SteadyDatabase {
        let folder = NSTemporaryDirectory() + "shangbao-worker-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try await kind.open(in: folder, migrations: Site.migrations)
    }

    private func arrive(_ database: any SteadyDatabase) async throws {
        try await database.writeDecided { transaction in
            try register.open(
                ArrivedItem(
                    intake: intake, source: "s", path: "/in/a.csv", name: "a.csv", digest: "d",
                    mapping: "m", header: "[]"), at: at("2026-03-01 08:00"), in: transaction)
        }
    }

    private func advance(_ database: any SteadyDatabase, to position: String, after rows: Int)
        async throws
    {
        try await database.writeDecided { transaction in
            try register.advance(
                intake, to: position, rows: 10, after: rows, in: transaction)
        }
    }

    private func progress(_ database: any SteadyDatabase) async throws -> Register.Progress? {
        try await database.read { try register.progress(of: intake, in: $0) }
    }

    @Test(arguments: TestDatabase.all)
    func `a file is opened once, and each stretch of it is written once`(kind: TestDatabase)
        async throws
    {
        let database = try await open(kind)
        try await arrive(database)
        await #expect(throws: AnotherWorker.self) { try await arrive(database) }
        try await advance(database, to: "10", after: 0)
        // The other one had decided the same stretch.
        await #expect(throws: AnotherWorker.self) {
            try await advance(database, to: "20", after: 0)
        }
        #expect(try await progress(database)?.position == "10")
        try await advance(database, to: "20", after: 10)
        for isFirst in [true, false] {
            let isOurs = try await database.write { try register.close(intake, in: $0) }
            #expect(isOurs == isFirst)
        }
        await #expect(throws: AnotherWorker.self) {
            try await advance(database, to: "30", after: 20)
        }
        #expect(try await progress(database)?.rows == 20)
        await database.close()
    }

    @Test(arguments: TestDatabase.all)
    func `a case gets a version from one item, and a row that waited goes once`(
        kind: TestDatabase
    ) async throws {
        let database = try await open(kind)
        func write(_ version: Int, by intake: String) async throws {
            var stretch = Register.Stretch(
                intake: IntakeID(intake), epochs: NamingEpochs(link: 1, content: 1))
            stretch.cases = [
                Register.Stretch.Case(
                    record: "r", version: version, content: [1], epoch: 1)
            ]
            let changes = stretch
            try await database.writeDecided { try register.write(changes, in: $0) }
        }
        try await write(1, by: "one")
        await #expect(throws: AnotherWorker.self) { try await write(1, by: "two") }
        try await write(2, by: "two")
        await #expect(throws: AnotherWorker.self) { try await write(1, by: "one") }
        let latest = try await database.read { try register.latest(of: "r", in: $0) }
        #expect(latest?.version == 2 && latest?.intake == "two")

        try await database.write { transaction in
            try register.open(
                ArrivedItem(
                    intake: IntakeID("two"), source: "s", path: "", name: "", digest: "",
                    mapping: "m", header: "[]"), at: at("2026-03-01 08:00"), in: transaction)
            try transaction.run(
                """
                INSERT INTO kept_row (intake, row, record, version, fate, codes, sealed, parent)
                VALUES ('two', 7, 'r', 2, 'held', 'H-WAITING', '', '')
                """)
        }
        let row = try #require(
            try await database.read { try register.waiting(in: $0) }.first)
        try await database.writeDecided { try register.release(row, in: $0) }
        await #expect(throws: AnotherWorker.self) {
            try await database.writeDecided { try register.release(row, in: $0) }
        }
        await database.close()
    }

    /// Queues a record as it is decided by two workers who saw it free.
    @Test(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
    func `a record that another worker has just queued is no fault of the database`()
        async throws
    {
        let database = try await open(.postgreSQL)
        func queue(_ id: String) async throws {
            try await database.writeDecided { transaction in
                try transaction.run(
                    """
                    INSERT INTO submission (id, endpoint, programme, sender, region, suite,
                        signing_key, created, record_count, byte_count, digest, wire_digest,
                        signature, own_key, state, fence, attempts, failures, doubts, crash_count,
                        next_step, deadline)
                    VALUES (\(id), 'e', 'p', 's', '990101', 'intl', 'k', 0, 1, 1, 'd', \([0]), \
                        \([0]), 'k', 'due', 0, 0, 0, 0, 0, 0, 0)
                    """)
                try transaction.run(
                    """
                    INSERT INTO item (submission, position, record, version, action, state, at)
                    VALUES (\(id), 0, 'r', 1, 'submit', 'open', 0)
                    """)
            }
        }
        try await queue("s-1")
        await #expect(throws: AnotherWorker.self) { try await queue("s-2") }
        // What is wrong in another way stays what it is.
        await #expect(throws: StorageFailure.self) {
            try await database.writeDecided {
                try $0.run("INSERT INTO process (one, epoch, started) VALUES (2, 'e', 0)")
            }
        }
        await database.close()
    }
}
