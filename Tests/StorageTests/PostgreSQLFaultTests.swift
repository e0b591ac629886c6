import DatabaseKit
import Dispatch
import Foundation
import Storage
import Synchronization
import Testing

/// What a server and the way to it can do to us, with real servers (RELIABILITY 5.2, F-049 to
/// F-062).
@Suite(
    .timeLimit(.minutes(10)), .serialized,
    .enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
struct PostgreSQLFaultTests {
    private func database(
        _ server: PostgreSQLServer, words: String? = nil
    ) async throws -> (PostgreSQLDatabase, String) {
        let name = try server.makeDatabase()
        let address = try PostgreSQLAddress(
            (words ?? server.words(name)).replacing("NAME", with: name))
        return (try await PostgreSQLDatabase.open(address, migrations: schema), name)
    }

    @Test(arguments: [PostgreSQLServer.Stop.fast, .immediate])
    func `a server that is restarted under load loses and doubles nothing (F-049, F-050)`(
        stop: PostgreSQLServer.Stop
    ) async throws {
        let server = try PostgreSQLServer()
        let (database, name) = try await database(server)
        let answered = Mutex(0)
        async let load: Void = {
            for id in 0..<400 {
                try await database.write { try $0.run("INSERT INTO block (id) VALUES (\(id))") }
                answered.withLock { $0 += 1 }
            }
        }()
        while answered.withLock({ $0 }) < 40 { try await Task.sleep(for: .milliseconds(5)) }
        let before = answered.withLock { $0 }
        let began = ContinuousClock.now
        try server.stop(stop)
        try server.start()
        try await load
        #expect(before < 400, "the restart came too late to say anything")
        #expect(ContinuousClock.now - began < .seconds(20))
        #expect(try await database.blockCount() == 400)
        #expect(try server.query("SELECT count(DISTINCT id) FROM block", in: name) == "400")
        await database.close()
        try server.stop(.immediate)
    }

    @Test func `a server that stays away is said to be, after some tries (F-049)`() async throws {
        let server = try PostgreSQLServer()
        let (database, _) = try await database(server)
        try server.stop(.fast)
        let failure = try await failure {
            try await database.write { _ = try $0.run("SELECT 1") }
        }
        #expect(failure?.reason == .server(.unreachable))
    }

    @Test(arguments: [(SocketRelay.Cut.afterCommit, 1), (.beforeCommit, 2)])
    func `a commit whose answer is lost is looked up, and done once (F-054)`(
        cut: SocketRelay.Cut, tries: Int
    ) async throws {
        let server = try PostgreSQLServer.shared()
        let relay = try SocketRelay(to: server)
        defer { relay.close() }
        let (database, _) = try await database(
            server, words: "host=\(relay.folder) dbname=NAME user=clerk")
        let worked = Mutex(0)
        relay.arm(cut)
        let kept = try await database.write { transaction in
            worked.withLock { $0 += 1 }
            let count = try transaction.run("SELECT count(*) FROM block")[0].int(0)
            try transaction.run("INSERT INTO block (id) VALUES (\(count))")
            return "kept"
        }
        #expect(kept == "kept" && !relay.isArmed)
        #expect(worked.withLock { $0 } == tries)
        #expect(try await database.blockCount() == 1)
    }

    @Test func `a number that a crash gave to another transaction is not taken for ours (F-050)`()
        async throws
    {
        let server = try PostgreSQLServer()
        let (database, name) = try await database(server)
        let worked = Mutex(0)
        try await database.write { transaction in
            try transaction.run("INSERT INTO block (id) VALUES (1)")
            worked.withLock { $0 += 1 }
            guard worked.withLock({ $0 }) == 1 else { return }
            // Nothing of the insert is on disk yet: the server forgets that it ever began.
            try server.stop(.immediate)
            try server.start()
            try server.query("INSERT INTO block (id) VALUES (2)", in: name)
        }
        #expect(worked.withLock { $0 } == 2)
        let kept = "SELECT string_agg(id::text, ' ' ORDER BY id) FROM block"
        #expect(try server.query(kept, in: name) == "1 2")
        await database.close()
        try server.stop(.immediate)
    }

    @Test func `a commit that was told not to wait for its standby is no rollback (F-055)`()
        async throws
    {
        let server = try PostgreSQLServer()
        let (database, name) = try await database(server)
        try server.query(
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", in: "postgres")
        try server.query("SELECT pg_reload_conf()", in: "postgres")
        let worked = Mutex(0)
        async let write: Void = database.write { transaction in
            worked.withLock { $0 += 1 }
            try transaction.run("INSERT INTO block (id) VALUES (1)")
        }
        var cancelled = ""
        for _ in 0..<200 where cancelled != "t" {
            try await Task.sleep(for: .milliseconds(20))
            cancelled = try server.query(
                """
                SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(name)' AND wait_event = 'SyncRep'
                """, in: "postgres")
        }
        try await write
        #expect(cancelled == "t")
        #expect(worked.withLock { $0 } == 1)
        #expect(try await database.blockCount() == 1)
        try server.stop(.immediate)
    }

    @Test func `two transactions that wait for each other both pass in the end (F-056)`()
        async throws
    {
        let server = try PostgreSQLServer.shared()
        let (database, name) = try await database(server)
        let other = try await PostgreSQLDatabase.openOutOfTurn(
            try server.address(name), on: database.stand)
        try await database.write { transaction in
            try transaction.runEach("INSERT INTO block (id, note) VALUES ($1, $2)", [1, 2]) {
                $1.bind($0)
                $1.bind("0 \($0)")
            }
        }
        let meet = Meeting()
        func add(_ first: Int, _ second: Int, to database: PostgreSQLDatabase) async throws {
            try await database.write { transaction in
                for (place, id) in [first, second].enumerated() {
                    try transaction.run(
                        "UPDATE block SET note = note || \("+\(first)") WHERE id = \(id)")
                    if place == 0 { meet.arrive() }
                }
            }
        }
        async let one: Void = add(1, 2, to: database)
        async let two: Void = add(2, 1, to: other)
        _ = try await (one, two)
        let notes = try await database.read {
            try $0.run("SELECT note FROM block ORDER BY id").map { try $0.text(0) }
        }
        // Each was added to by both, whoever had to begin again.
        for note in notes {
            #expect(note.contains("+1") && note.contains("+2") && note.count == 7, "\(note)")
        }
        await other.close()
    }

    /// Two parties wait for each other, once.
    private final class Meeting: Sendable {
        private let arrived = Mutex(0)
        private let both = DispatchSemaphore(value: 0)

        func arrive() {
            let count = arrived.withLock { count in
                count += 1
                return count
            }
            if count == 1 { both.wait() }
            if count == 2 { both.signal() }
        }
    }

    @Test(arguments: [(5, true), (6, false)])
    func `a collision is tried again five times, and then said (R-11)`(
        collisions: Int, passes: Bool
    ) async throws {
        let (database, _) = try await database(try PostgreSQLServer.shared())
        try await database.write { transaction in
            try transaction.run(
                """
                CREATE FUNCTION collide() RETURNS bigint LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION SQLSTATE ''40001''; END'
                """)
        }
        let tries = Mutex(0)
        let failure = try await failure {
            try await database.write { transaction in
                let count = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                try transaction.run("INSERT INTO block (id) VALUES (1)")
                if count <= collisions { try transaction.run("SELECT collide()") }
            }
        }
        #expect((failure == nil) == passes)
        #expect(tries.withLock { $0 } == min(collisions, 5) + 1)
        #expect(try await database.blockCount() == (passes ? 1 : 0))
        if !passes { #expect(failure?.reason == .busy) }
    }

    @Test func `a server without a free place is waited for (F-057)`() async throws {
        let server = try PostgreSQLServer(
            settings: ["max_connections=6", "superuser_reserved_connections=3"])
        let name = try server.makeDatabase()
        let address = try server.address(name)
        await (try PostgreSQLDatabase.open(address, migrations: schema)).close()
        var guests: [PostgreSQLView] = []
        for _ in 0..<3 {
            guests.append(try await PostgreSQLView.open(address, migrations: schema))
        }
        async let opened = PostgreSQLDatabase.open(address, migrations: schema)
        try await Task.sleep(for: .milliseconds(700))
        for guest in guests { await guest.close() }
        #expect(try await opened.blockCount() == 0)
        try server.stop(.immediate)
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a small disk"))
    func `a server's full disk is said to be full, and work goes on after (F-058)`()
        async throws
    {
        let disk = try #require(try SmallDisk(bytes: 32 << 20))
        let ballast = disk.folder.path + "/ballast"
        #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 8 << 20)))
        let server = try PostgreSQLServer()
        let name = try server.makeDatabase(in: disk.folder.path + "/tables")
        let database = try await PostgreSQLDatabase.open(
            try server.address(name), migrations: schema)
        var generator = SystemRandomNumberGenerator()
        // Not to be compressed.
        let body = (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        func insertTen(_ first: Int) async throws {
            try await database.write { transaction in
                try transaction.runEach(
                    "INSERT INTO block (id, body) VALUES ($1, $2)", first..<first + 10
                ) {
                    $1.bind($0)
                    $1.bind(body)
                }
            }
        }
        var kept = 0
        var full: StorageFailure?
        while full == nil, kept < 1_000 {
            let first = kept
            full = try await failure { try await insertTen(first) }
            if full == nil { kept += 10 }
        }
        #expect(full?.reason == .full)
        #expect(kept > 0)
        #expect(try await database.blockCount() == kept)
        try FileManager.default.removeItem(atPath: ballast)
        try await insertTen(kept)
        #expect(try await database.blockCount() == kept + 10)
        await database.close()
        try server.stop(.immediate)
    }

    @Test func `a listener that is killed comes back, and hints arrive again (F-051)`()
        async throws
    {
        let server = try PostgreSQLServer.shared()
        let (database, name) = try await database(server)
        let hints = PostgreSQLHints(try server.address(name))
        func announced() async throws -> Bool {
            async let hint = hints.wait(seconds: 10)
            try await Task.sleep(for: .milliseconds(300))
            try await database.write { try $0.announce() }
            return await hint
        }
        #expect(try await announced())
        #expect(await hints.wait(seconds: 0) == false)
        try server.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '\(name)' AND query LIKE 'LISTEN%'
            """, in: "postgres")
        // Whoever waits looks anyway; the listener is there again the next time.
        for _ in 0..<2 { _ = await hints.wait(seconds: 1) }
        #expect(try await announced())
        await hints.close()
    }

    @Test(arguments: ["transaction", "session"])
    func `a pool in front is found out at the start (F-062)`(mode: String) async throws {
        let server = try PostgreSQLServer.shared()
        let pool = try PgBouncer(to: server, mode: mode)
        defer { pool.stop() }
        let name = try server.makeDatabase()
        let failure = try await failure {
            _ = try await PostgreSQLDatabase.open(
                try PostgreSQLAddress("host=\(pool.folder) port=6432 dbname=\(name) user=clerk"),
                migrations: schema)
        }
        #expect(failure?.reason == .server(.pooled))
    }

    @Test func `a standby is not worked on, and one that takes over is found out`() async throws {
        let primary = try PostgreSQLServer()
        let (database, name) = try await database(primary)
        let standby = try PostgreSQLServer(following: primary)
        let refused = try await failure {
            _ = try await PostgreSQLDatabase.open(
                try standby.address(name), migrations: schema)
        }
        #expect(refused?.reason == .server(.standby))

        let both = try PostgreSQLAddress(
            "host=\(primary.folder),\(standby.folder) dbname=\(name) user=clerk")
        let following = try await PostgreSQLDatabase.open(both, migrations: schema)
        #expect(following.stand == database.stand)
        try primary.stop(.immediate)
        try standby.promote()
        for _ in 0..<2 {
            let failure = try await failure {
                try await following.write { _ = try $0.run("SELECT 1") }
            }
            #expect(failure?.reason == .server(.failedOver))
        }
        let anew = try await PostgreSQLDatabase.open(both, migrations: schema)
        #expect(anew.stand.system == database.stand.system)
        #expect(anew.stand.timeline != database.stand.timeline)
        try standby.stop(.immediate)
    }
}
