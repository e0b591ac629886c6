import Storage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct MigrationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let second = Migration(
        number: 2,
        statements: """
            ALTER TABLE person ADD COLUMN county text;
            INSERT INTO person (id, name, county) VALUES (1, 'invented', '500101');
            """)

    private func open(_ migrations: [Migration]) async throws -> SQLiteDatabase {
        try await SQLiteDatabase.open(folder.database, migrations: migrations)
    }

    private func number(_ database: SQLiteDatabase) async throws -> Int {
        try await database.read { try $0.run("PRAGMA user_version")[0].int(0) }
    }

    @Test func `each step is applied once, and later ones follow`() async throws {
        for (migrations, expected) in [
            (schema, 1), (schema, 1), (schema + [MigrationTests.second], 2),
            (schema + [MigrationTests.second], 2),
        ] {
            let database = try await open(migrations)
            #expect(try await number(database) == expected)
            await database.close()
        }
        let database = try await open(schema + [MigrationTests.second])
        let counties = try await database.read { transaction in
            try transaction.run("SELECT county FROM person").map { try $0.text("county") }
        }
        #expect(counties == ["500101"])
    }

    @Test func `a step that fails leaves no trace, and the steps before it stay`() async throws {
        let broken = Migration(
            number: 2,
            statements: """
                CREATE TABLE half (id bigint);
                INSERT INTO person (id, name) VALUES (1, NULL);
                """)
        let failure = try await failure { _ = try await open(schema + [broken]) }
        #expect(failure?.reason == .constraint("person.name"))

        let database = try await open(schema)
        #expect(try await number(database) == 1)
        let tables = try await database.read { transaction in
            try transaction.run("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
                .map { try $0.text(0) }
        }
        #expect(tables == ["block", "person"])
    }

    @Test func `a file of a newer version is refused and not changed`() async throws {
        await (try open(schema + [MigrationTests.second])).close()
        let before = try folder.contents()
        let failure = try await failure { _ = try await open(schema) }
        #expect(failure?.reason == .schemaTooNew(found: 2, known: 1))
        #expect(try folder.contents()["test.sqlite"] == before["test.sqlite"])
        await (try open(schema + [MigrationTests.second])).close()
    }
}
