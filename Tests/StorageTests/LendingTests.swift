import Storage
import Testing

/// A resident lends its file to guests, and at no time do two write.
@Suite(.timeLimit(.minutes(10)))
struct LendingTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func resident() async throws -> LendingDatabase {
        try await LendingDatabase.open(folder.database, migrations: schema)
    }

    private func guest(_ patience: Duration = .seconds(600)) async throws -> SQLiteDatabase {
        try await SQLiteDatabase.openInTurn(
            folder.database, migrations: schema, patience: patience)
    }

    @Test func `guests and their host write in turns, and every row is kept`() async throws {
        let host = try await resident()
        let view = try await SQLiteView.open(folder.database, migrations: schema)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for id in 0..<200 {
                    try await host.write { try $0.run("INSERT INTO block (id) VALUES (\(id))") }
                    _ = try await host.blockCount()
                }
            }
            for number in 1...4 {
                group.addTask {
                    let guest = try await guest()
                    for id in 0..<10 {
                        try await guest.write {
                            try $0.run("INSERT INTO block (id) VALUES (\(number * 1000 + id))")
                        }
                    }
                    await guest.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await host.blockCount() == 240)
        #expect(try await view.blockCount() == 240)
        await view.close()
        await host.close()
        let after = try await SQLiteDatabase.open(folder.database, migrations: schema)
        #expect(try await after.blockCount() == 240)
        await after.close()
    }

    @Test func `while a guest is in, the host waits and everybody else is refused`() async throws {
        let host = try await resident()
        let guest = try await guest()
        let writing = Task {
            try await host.write { _ = try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        for _ in 1...2 {
            await #expect(throws: StorageFailure(.lockedByAnotherProcess)) {
                _ = try await SQLiteDatabase.open(folder.database, migrations: schema)
            }
            await #expect(throws: StorageFailure(.lockedByAnotherProcess)) {
                _ = try await resident()
            }
        }
        await #expect(throws: StorageFailure(.lockedByAnotherProcess)) {
            _ = try await self.guest(.milliseconds(100))
        }
        #expect(try await guest.blockCount() == 0)
        await guest.close()
        try await writing.value
        #expect(try await host.blockCount() == 1)
        await host.close()
    }

    @Test func `whoever has the file for itself lends it to nobody`() async throws {
        let owner = try await SQLiteDatabase.open(folder.database, migrations: schema)
        await #expect(throws: StorageFailure(.lockedByAnotherProcess)) {
            _ = try await guest(.milliseconds(100))
        }
        await owner.close()
        let free = try await guest(.milliseconds(100))
        await free.close()
    }

    @Test func `a host that ends while it lends leaves the guest alone and its own work undone`()
        async throws
    {
        let host = try await resident()
        let guest = try await guest()
        let writing = Task {
            try await host.write { _ = try $0.run("INSERT INTO block (id) VALUES (1)") }
        }
        await host.close()
        await #expect(throws: StorageFailure(.closed)) { try await writing.value }
        try await guest.write { try $0.run("INSERT INTO block (id) VALUES (2)") }
        await guest.close()
        let after = try await SQLiteDatabase.open(folder.database, migrations: schema)
        #expect(try await after.blockCount() == 1)
        await after.close()
    }
}
