import DatabaseKit
import Dispatch
import Storage
import Testing

private struct Interruption: Error, Equatable { let number: Int }

@Suite(.timeLimit(.minutes(10)))
struct TransactionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ kind: TestDatabase) async throws -> any SteadyDatabase {
        try await kind.open(in: folder.path, migrations: schema)
    }

    @Test(arguments: TestDatabase.all)
    func `values of every kind come back as they were, large and empty ones too`(
        _ kind: TestDatabase
    )
        async throws
    {
        let database = try await open(kind)
        let bodies: [[UInt8]] = [
            [], [0], Array(0...255), (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 * 7) },
        ]
        let notes = ["", "婚前检查 ✓", "tab \t inside", String(repeating: "长", count: 10_000)]
        try await database.write { transaction in
            for (id, (body, note)) in zip(bodies, notes).enumerated() {
                try transaction.run(
                    "INSERT INTO block (id, body, note) VALUES (\(id), \(body), \(note))")
            }
        }
        let rows = try await database.read { transaction in
            try transaction.run("SELECT id, body, note, state FROM block ORDER BY id")
        }
        #expect(try rows.map { try $0.bytes("body") } == bodies)
        #expect(try rows.map { try $0.text(2) } == notes)
        #expect(try rows.map { try $0.int64("id") } == [0, 1, 2, 3])
        #expect(try rows[0].optionalText("state") == nil)
        #expect(try rows[0].optionalBytes("body") == [])
        #expect(!"\(rows) \(String(reflecting: rows))".contains("inside"))
    }

    @Test(arguments: TestDatabase.all)
    func `a member of JSON is found by a name that a column holds, whatever it begins with`(
        _ kind: TestDatabase
    ) async throws {
        let database = try await open(kind)
        for name in ["a1", "1a", "12", "0f9e"] {
            let found = try await database.read { transaction in
                let dialect = transaction.dialect
                return try transaction.run(
                    """
                    SELECT CAST(body\(raw: dialect.asJSON)
                        ->> \(raw: dialect.memberBegins)name\(raw: dialect.memberEnds) AS bigint)
                    FROM (SELECT CAST(\("{\"\(name)\":7}") AS text) AS body,
                        CAST(\(name) AS text) AS name) AS one
                    """)[0].int64(0)
            }
            #expect(found == 7, "\(name)")
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a column that is absent or of another kind is said by name`(_ kind: TestDatabase)
        async throws
    {
        let database = try await open(kind)
        let row = try await database.read { transaction in
            try transaction.run("SELECT 'canary' AS word, 2 AS two, NULL AS absent")[0]
        }
        #expect(throws: StorageFailure(.unexpectedColumn("word"))) { try row.int64("word") }
        #expect(throws: StorageFailure(.unexpectedColumn("two"))) { try row.flag("two") }
        #expect(throws: StorageFailure(.unexpectedColumn("absent"))) { try row.text("absent") }
        #expect(throws: StorageFailure(.unexpectedColumn("none"))) { try row.text("none") }
        #expect(throws: StorageFailure(.unexpectedColumn("9"))) { try row.text(9) }
    }

    @Test(arguments: TestDatabase.all)
    func `an error of the work undoes everything and is rethrown unchanged`(_ kind: TestDatabase)
        async throws
    {
        let database = try await open(kind)
        await #expect(throws: Interruption(number: 7)) {
            try await database.write { transaction in
                try transaction.run("INSERT INTO block (id) VALUES (1)")
                throw Interruption(number: 7)
            }
        }
        #expect(try await database.blockCount() == 0)
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        #expect(try await database.blockCount() == 1)
    }

    @Test(arguments: TestDatabase.all)
    func `after a failed statement nothing is kept, even if the work goes on`(_ kind: TestDatabase)
        async throws
    {
        let database = try await open(kind)
        let failure = try await failure {
            try await database.write { transaction in
                try transaction.run("INSERT INTO block (id) VALUES (1)")
                _ = try? transaction.run("INSERT INTO block (id) VALUES (1)")
                _ = try? transaction.run("INSERT INTO block (id) VALUES (2)")
            }
        }
        let isNamed = [.constraint("block.id"), .constraint("block_pkey")].contains(failure?.reason)
        #expect(isNamed)
        #expect(try await database.blockCount() == 0)
    }

    @Test(
        arguments: [
            ("INSERT INTO block (id, note) VALUES (1, \("canary"))", "block.note", 2067),
            ("INSERT INTO block (id, state) VALUES (1, \("canary"))", "known_state", 275),
            ("INSERT INTO person (id, name) VALUES (1, \(nil as String?))", "person.name", 1299),
            ("INSERT INTO block (id, person_id) VALUES (1, \(404_404))", "", 787),
        ] as [(SQL, String, Int32)])
    func `a constraint that says no is named, and no value is`(
        statement: SQL, name: String, code: Int32
    ) async throws {
        let database = try await open(.sqlite)
        try await database.write { transaction in
            try transaction.run("INSERT INTO block (id, note) VALUES (0, \("canary"))")
        }
        let failure = try await failure {
            try await database.write { _ = try $0.run(statement) }
        }
        #expect(failure == StorageFailure(.constraint(name), code: code))
        var shown = "\(String(describing: failure)) "
        dump(failure, to: &shown)
        #expect(!shown.contains("canary") && !shown.contains("404"))
        #expect(try await database.blockCount() == 1)
    }

    @Test(arguments: TestDatabase.all)
    func `many rows go through one statement, and the changed ones are counted`(
        _ kind: TestDatabase
    )
        async throws
    {
        let database = try await open(kind)
        let changed = try await database.write { transaction in
            let inserted = try transaction.runEach(
                "INSERT INTO block (id, body, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                [1, 2, 3, 3, 2, 4]
            ) { id, parameters in
                parameters.bind(id)
                parameters.bind([UInt8(id)])
                parameters.bind(id == 4 ? nil : "note \(id)")
            }
            let marked = try transaction.runEach(
                "UPDATE block SET state = 'due' WHERE id = $1 AND note IS NOT NULL", 0..<10
            ) { $1.bind($0) }
            return [inserted, marked]
        }
        #expect(changed == [4, 3])
    }

    @Test(arguments: TestDatabase.all)
    func `one bad row of many undoes all of them`(_ kind: TestDatabase) async throws {
        let database = try await open(kind)
        let failure = try await failure {
            try await database.write { transaction in
                _ = try transaction.runEach(
                    "INSERT INTO block (id, note) VALUES ($1, $2)", 0..<500
                ) { id, parameters in
                    parameters.bind(id)
                    parameters.bind(id == 499 ? "note 0" : "note \(id)")
                }
            }
        }
        let isNamed = [.constraint("block.note"), .constraint("block_note_key")]
            .contains(failure?.reason)
        #expect(isNamed)
        #expect(try await database.blockCount() == 0)
    }

    @Test(
        arguments: [
            "SELEKT 1", "SELECT 1; SELECT 2", "", "SELECT * FROM nowhere", "SELECT $2, $1",
            "SELECT ?1",
        ] as [StaticString], TestDatabase.all)
    func `a statement that is wrong is said to be wrong`(
        text: StaticString, _ kind: TestDatabase
    ) async throws {
        let database = try await open(kind)
        let failure = try await failure {
            try await database.write { transaction in
                _ = try transaction.runEach(text, [1]) { _, _ in }
            }
        }
        guard case .invalidStatement = failure?.reason else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a forgotten value is refused instead of stored as null`(_ kind: TestDatabase) async throws
    {
        let database = try await open(kind)
        let failure = try await failure {
            try await database.write { transaction in
                _ = try transaction.runEach(
                    "INSERT INTO block (id, note) VALUES ($1, $2)", [1]
                ) { $1.bind($0) }
            }
        }
        #expect(failure?.reason == .invalidStatement("1 values for 2 placeholders"))
    }

    @Test(arguments: TestDatabase.all)
    func `a reader cannot write`(_ kind: TestDatabase) async throws {
        let database = try await open(kind)
        for statement in [
            "INSERT INTO block (id) VALUES (1)", "CREATE TABLE more (id bigint)",
        ] as [SQL] {
            let failure = try await failure {
                try await database.read { _ = try $0.run(statement) }
            }
            #expect(failure?.reason == .readOnly)
        }
        #expect(try await database.blockCount() == 0)
    }

    @Test(arguments: TestDatabase.all)
    func `a reader keeps its snapshot while the writer commits`(_ kind: TestDatabase) async throws {
        let database = try await open(kind)
        let count: SQL = "SELECT count(*) FROM block"
        let (started, announce) = AsyncStream.makeStream(of: Void.self)
        let committed = DispatchSemaphore(value: 0)
        async let counts = database.read { transaction in
            let before = try transaction.run(count)[0].int(0)
            announce.finish()
            committed.wait()
            return [before, try transaction.run(count)[0].int(0)]
        }
        for await _ in started {}
        try await database.write { try $0.run("INSERT INTO block (id) VALUES (1)") }
        committed.signal()
        #expect(try await counts == [0, 0])
        #expect(try await database.blockCount() == 1)
    }

    @Test(arguments: TestDatabase.all)
    func `writers that come at once take turns`(_ kind: TestDatabase) async throws {
        let database = try await open(kind)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<100 {
                group.addTask {
                    try await database.write { transaction in
                        let count = try transaction.run("SELECT count(*) FROM block")[0].int(0)
                        try transaction.run(
                            "INSERT INTO block (id, note) VALUES (\(count), \("by \(id)"))")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.blockCount() == 100)
    }
}
