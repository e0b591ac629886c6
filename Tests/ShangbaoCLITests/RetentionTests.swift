import Evidence
import Flow
import Foundation
import LibCrypto
import Records
import Storage
import Testing

/// What was kept sealed is erased when its time is over, and nothing else.
@Suite(.serialized) struct RetentionTests {
    private let site: TestSite
    private static var now: Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    private static let clock: @Sendable () -> Timestamp = { RetentionTests.now }

    init() throws { site = try TestSite() }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func answered() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let sample = Program.root + "/samples/preconception-2012/county-hospital-2012.csv"
        _ = try run(["take", sample])
        for command in ["deliver", "collect"] { #expect(try run([command]).status == 0) }
    }

    /// Sealed texts as they stand in the database.
    private func sealed(
        _ query: SQL, at clock: @escaping @Sendable () -> Timestamp = { RetentionTests.now }
    ) async throws -> [String] {
        let database = try await Site(folder: site.folder, clock: clock).openDatabase()
        let texts = try await database.read { transaction in
            var texts: [String] = []
            for row in try transaction.run(query) { texts.append(try row.text(0)) }
            return texts
        }
        await database.close()
        return texts
    }

    private func files() throws -> Data {
        var bytes = Data()
        for name in try FileManager.default.contentsOfDirectory(atPath: site.folder + "/data")
        where name.contains(".db") {
            bytes += try Data(contentsOf: URL(fileURLWithPath: site.folder + "/data/" + name))
        }
        return bytes
    }

    @Test func `what is due is gone from every page, and the ledger names it`() async throws {
        try answered()
        #expect(try run(["retention", "show"]).out.contains("closed rows"))
        #expect(try run(["retention", "apply"]).out.contains("Nothing is due"))
        let closed = try await sealed(
            """
            SELECT sealed FROM kept_row
            WHERE fate IN ('excluded', 'superseded') OR record IS NULL
            """)
        let waiting = try await sealed(
            """
            SELECT sealed FROM kept_row
            WHERE fate IN ('quarantined', 'held') AND record IS NOT NULL
            """)
        let keys = try await sealed("SELECT own_key FROM submission")
        #expect(!closed.isEmpty && !waiting.isEmpty && keys.allSatisfy { !$0.isEmpty })
        #expect(try files().range(of: Data(closed[0].utf8)) != nil)

        // Four years later, by a clock that is passed in.
        let later: @Sendable () -> Timestamp = {
            RetentionTests.now.adding(seconds: 4 * 366 * 86_400)
        }
        let place = try Site(folder: site.folder, clock: later)
        let database = try await place.openDatabase()
        let desk = RetentionDesk(
            try RetentionRule(mappings: place.configuration.mappings), database: database,
            clock: later)
        let due = try await desk.standings().filter { $0.due > 0 }
        // Nobody has worked here for four years, or the clock was set forth: a person says which.
        let before = try await desk.standings()
        let failure = await #expect(throws: RetentionFailure.self) {
            _ = try await desk.erase(by: "lin")
        }
        #expect(failure?.detail?.contains(later().day.description) == true)
        #expect(try await desk.standings().map(\.kept) == before.map(\.kept))
        let erased = try await desk.erase(by: "lin", because: "the office was closed")
        #expect(erased.allSatisfy { $0.because == "the office was closed" })
        #expect(
            erased.map(\.count) == due.map(\.due) && erased.map(\.kind) == due.map(\.kind.rawValue))
        let second = try await desk.erase(by: "lin", because: "once more")
        #expect(second.isEmpty, "a second run changes nothing")
        await database.close()

        let bytes = try files()
        for text in closed + keys { #expect(bytes.range(of: Data(text.utf8)) == nil) }
        for text in waiting { #expect(bytes.range(of: Data(text.utf8)) != nil) }
        let names = try await sealed("SELECT id FROM submission ORDER BY id", at: later)
        let digest = Hex.encode(Hash.sha256.digest(Array(names.map { $0 + "\n" }.joined().utf8)))
        #expect(erased.first { $0.kind == "ownCopy" }?.digest == digest)
    }

    /// An answer by an unknown key, as it is kept, and one of a database of before.
    @Test func `answers that nobody could check go after thirty days, the nation's stay`()
        async throws
    {
        try answered()
        let words = "骉驫猋990101198808080021"
        let database = try await Site(folder: site.folder, clock: RetentionTests.clock)
            .openDatabase()
        let (signed, before) = try await database.write { transaction in
            let counted = "SELECT count(*) FROM receipt_body" as SQL
            let signed = try transaction.run(counted)[0].int(0)
            try transaction.run(
                """
                INSERT INTO receipt (digest, endpoint, signature, signing_key, head, received,
                    disposition)
                VALUES ('odd', 'reference-1', \([UInt8(1)]), 'a-key', \(words),
                    \(RetentionTests.now.microseconds), 'forged')
                """)
            try transaction.run(
                """
                INSERT INTO receipt_body (digest, bytes) VALUES ('odd', \(Array(words.utf8)))
                """)
            return (signed, try transaction.run(counted)[0].int(0))
        }
        #expect(signed > 0 && before == signed + 1)
        func desk(_ days: Int64) throws -> RetentionDesk {
            RetentionDesk(
                try RetentionRule(mappings: Program.root + "/mappings"), database: database,
                clock: { RetentionTests.now.adding(seconds: days * 86_400) })
        }
        #expect(try await desk(29).erase(by: "lin").isEmpty)
        let erased = try await desk(31).erase(by: "lin")
        #expect(erased.map(\.kind) == ["strangeAnswer"] && erased.map(\.count) == [1])
        let left = try await database.read { transaction in
            let row = try transaction.run(
                """
                SELECT (SELECT count(*) FROM receipt_body), (SELECT count(*) FROM receipt
                    WHERE digest = 'odd' AND head IS NULL)
                """)[0]
            return [try row.int(0), try row.int(1)]
        }
        #expect(left == [signed, 1])
        await database.close()
        #expect(try files().range(of: Data(words.utf8)) == nil)
    }
}
