import DatabaseKit
import Foundation
import Storage
import Testing

/// A PostgreSQL database for itself: set-up, refusals and the words of its failures. What both
/// databases have in common is in `TransactionTests`.
@Suite(.timeLimit(.minutes(10)), .enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
struct PostgreSQLDatabaseTests {
    private func open(
        _ migrations: [Migration] = schema, name: String? = nil
    ) async throws -> PostgreSQLDatabase {
        let server = try PostgreSQLServer.shared()
        let name = try name ?? server.makeDatabase()
        return try await PostgreSQLDatabase.open(
            try server.address(name), migrations: migrations)
    }

    @Test(
        arguments: [
            ("SELECT current_setting('synchronous_commit')", "on"),
            ("SELECT current_setting('transaction_isolation')", "read committed"),
            ("SELECT current_setting('idle_in_transaction_session_timeout')", "10s"),
            ("SELECT current_setting('lock_timeout')", "1min"),
            ("SELECT current_setting('client_encoding')", "UTF8"),
        ] as [(SQL, String)])
    func `the writer is set up to lose nothing`(setting: SQL, expected: String) async throws {
        let database = try await open()
        #expect(try await database.write { try $0.run(setting)[0].text(0) } == expected)
    }

    @Test func `a site that had commits go unforced gets them forced all the same`() async throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        try server.query("ALTER DATABASE \(name) SET synchronous_commit = off", in: name)
        let database = try await open(name: name)
        let setting: SQL = "SELECT current_setting('synchronous_commit')"
        #expect(try await database.write { try $0.run(setting)[0].text(0) } == "on")
    }

    @Test(
        arguments: [
            ("INSERT INTO block (id, note) VALUES (1, \("canary"))", "block_note_key"),
            ("INSERT INTO block (id, state) VALUES (1, \("canary"))", "known_state"),
            ("INSERT INTO person (id, name) VALUES (1, \(nil as String?))", "person.name"),
            (
                "INSERT INTO block (id, person_id) VALUES (1, \(404_404))",
                "block_person_id_fkey"
            ),
        ] as [(SQL, String)])
    func `a constraint that says no is named, and no value is`(
        statement: SQL, name: String
    ) async throws {
        let database = try await open()
        try await database.write { transaction in
            try transaction.run("INSERT INTO block (id, note) VALUES (0, \("canary"))")
        }
        let failure = try await failure {
            try await database.write { _ = try $0.run(statement) }
        }
        #expect(failure?.reason == .constraint(name))
        var shown = "\(String(describing: failure)) "
        dump(failure, to: &shown)
        #expect(!shown.contains("canary") && !shown.contains("404"))
        #expect(try await database.blockCount() == 1)
    }

    @Test func `a nul in a text, which PostgreSQL cannot keep, is refused and never cut off`()
        async throws
    {
        let database = try await open()
        let failure = try await failure {
            _ = try await database.write {
                try $0.run("INSERT INTO block (id, note) VALUES (1, \("nul \0 inside"))")
            }
        }
        #expect(failure == StorageFailure(.other, code: Int32("22021", radix: 36) ?? 0))
        #expect(try await database.blockCount() == 0)
    }

    @Test(arguments: [("10", 10), ("12345678901234", 12_345_678_901_234), ("-40000", -40_000)])
    func `a sum is a whole number`(text: String, expected: Int64) async throws {
        let database = try await open()
        let sum = try await database.read {
            try $0.run("SELECT sum(n) FROM (VALUES (\(expected)), (\(0))) AS t (n)")[0].int64(0)
        }
        #expect(sum == expected)
    }

    @Test func `a number with a fraction is not taken for a whole one`() async throws {
        let database = try await open()
        let row = try await failure {
            _ = try await database.read { try $0.run("SELECT 2.5 AS half")[0].int64(0) }
        }
        #expect(row?.reason == .unexpectedColumn("half"))
    }

    @Test func `what is closed says so`() async throws {
        let database = try await open()
        await database.close()
        await database.close()
        let writing = try await failure { _ = try await database.write { try $0.run("SELECT 1") } }
        let reading = try await failure { _ = try await database.read { try $0.run("SELECT 1") } }
        #expect(writing?.reason == .closed)
        #expect(reading?.reason == .closed)
    }

    // MARK: - The schema

    @Test func `each step is applied once, and a step that fails leaves no trace`() async throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        await (try open(name: name)).close()
        let broken = Migration(
            number: 2,
            statements: """
                CREATE TABLE half (id bigint);
                INSERT INTO person (id, name) VALUES (1, NULL);
                """)
        let failure = try await failure { _ = try await open(schema + [broken], name: name) }
        #expect(failure?.reason == .constraint("person.name"))
        #expect(try server.query("SELECT to_regclass('half') IS NULL", in: name) == "t")
        await (try open(name: name)).close()
        #expect(try server.query("SELECT max(number) FROM schema_step", in: name) == "1")
    }

    @Test func `a program older than the schema refuses to start (F-063)`() async throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let second = Migration(number: 2, statements: "CREATE TABLE more (id bigint);")
        await (try open(schema + [second], name: name)).close()
        let older = try await failure { _ = try await open(name: name) }
        #expect(older?.reason == .schemaTooNew(found: 2, known: 1))
        let view = try await failure {
            _ = try await PostgreSQLView.open(try server.address(name), migrations: schema)
        }
        #expect(view?.reason == .schemaTooNew(found: 2, known: 1))
    }

    @Test func `a view reads, writes nothing, and does not make the tables`() async throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let empty = try await failure {
            _ = try await PostgreSQLView.open(try server.address(name), migrations: schema)
        }
        #expect(empty?.reason == .schemaTooOld(found: 0, known: 1))
        let database = try await open(name: name)
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        let view = try await PostgreSQLView.open(try server.address(name), migrations: schema)
        #expect(try await view.blockCount() == 1)
        let failure = try await failure { _ = try await view.write { try $0.run("SELECT 1") } }
        #expect(failure?.reason == .readOnly)
        await view.close()
    }

    @Test func `what may only be added to cannot be changed, removed or emptied`() async throws {
        let guarded = Migration(
            number: 2,
            statements: """
                CREATE TABLE line (id bigint PRIMARY KEY);
                CREATE TRIGGER line_stays BEFORE UPDATE ON line
                BEGIN SELECT RAISE(ABORT, 'lines stay'); END;
                CREATE TRIGGER line_is_kept BEFORE DELETE ON line
                BEGIN SELECT RAISE(ABORT, 'lines stay'); END;
                INSERT INTO line (id) VALUES (1);
                """)
        let database = try await open(schema + [guarded])
        for statement in [
            "UPDATE line SET id = 2", "DELETE FROM line", "TRUNCATE line",
        ] as [SQL] {
            let failure = try await failure {
                try await database.write { _ = try $0.run(statement) }
            }
            #expect(failure?.reason == .constraint(""))
        }
        let left = try await database.read {
            try $0.run("SELECT id FROM line").map { try $0.int(0) }
        }
        #expect(left == [1])
    }

    // MARK: - What is refused

    @Test(
        arguments: [
            ("host=db.example dbname=x password=secret", ServerTrouble.passwordInSight),
            ("host=db.example dbname=x sslmode=require", .address),
            ("host=/run/postgresql,db.example dbname=x sslmode=prefer", .address),
            ("hostaddr=192.0.2.7 dbname=x", .address), ("dbname=x", .address),
            ("host=db.example nonsense=1", .address), ("host='", .address),
        ])
    func `words that are unsafe or wrong are refused before anything is called`(
        words: String, trouble: ServerTrouble
    ) {
        #expect(throws: StorageFailure(.server(trouble))) { try PostgreSQLAddress(words) }
    }

    @Test func `a way that leaves the machine is verified, and words tell no more than where`()
        throws
    {
        let address = try PostgreSQLAddress(
            "host=db.example dbname=x user=clerk passfile=pass", file: { "/site/" + $0 })
        #expect("\(address)" == "host=db.example dbname=x")
        var shown = ""
        dump(address, to: &shown)
        #expect(!shown.contains("clerk"))
    }

    @Test func `a database that sorts by a language is refused`() async throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        try server.query(
            "UPDATE pg_database SET datcollate = 'en_US.UTF-8' WHERE datname = '\(name)'",
            in: "postgres")
        let failure = try await failure { _ = try await open(name: name) }
        // Older servers look at the name before we do, and do not let anybody in.
        let isRefused = [.server(.collation), .server(.unreachable)].contains(failure?.reason)
        #expect(isRefused)
    }

    @Test func `a server that does not force its writes is refused`() async throws {
        let server = try PostgreSQLServer(settings: ["fsync=off"])
        let name = try server.makeDatabase()
        let failure = try await failure {
            _ = try await PostgreSQLDatabase.open(try server.address(name), migrations: schema)
        }
        #expect(failure?.reason == .server(.notDurable))
        try server.stop(.immediate)
    }
}
