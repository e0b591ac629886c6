import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage
import Testing

/// Each damage to a site whose year was settled is found by its own invariant.
struct SiteInvariantTests {
    /// A damage, and all that find it: what rests on a lost thing is lost with it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let found: Set<String>
        let work: @Sendable (any Transaction) throws -> Void
        var testDescription: String { found.sorted().joined(separator: " ") }

        init(_ found: String..., work: @escaping @Sendable (any Transaction) throws -> Void) {
            self.found = Set(found)
            self.work = work
        }

        init(_ found: String..., by statements: SQL...) {
            self.found = Set(found)
            work = { transaction in
                for statement in statements { try transaction.run(statement) }
            }
        }
    }

    /// The demo, once: 300 couples, answered and settled.
    private static let demo = Task { () throws -> DemoFolder in
        let folder = try DemoFolder()
        let ended = try Program().run(["demo", "--site", folder.path])
        #expect(ended.status == 0, "\(ended.err)")
        return folder
    }

    private static let damages = [
        Damage("I01", by: "UPDATE intake SET rows = rows + 1"),
        Damage(
            "I02",
            by: """
                UPDATE kept_row SET intake = 'nowhere'
                WHERE row = (SELECT min(row) FROM kept_row)
                """),
        Damage("I03") { transaction in
            let arrived = try Ledger().entries(of: "taken", in: transaction).first
            guard case .taken(let taken) = arrived?.fact else { throw Missing() }
            try transaction.run("UPDATE intake SET rows = rows + 500")
            try append(
                .taken(
                    .init(
                        intake: taken.intake, nextRow: 9999, rows: 500, unchanged: 0, kept: [])),
                transaction)
        },
        Damage(
            "I04",
            by: """
                DELETE FROM case_version WHERE record = (SELECT record FROM item
                    WHERE state = 'accepted' AND NOT EXISTS (SELECT 1 FROM kept_row
                        WHERE kept_row.record = item.record) ORDER BY record LIMIT 1)
                """),
        Damage(
            "I06",
            by: """
                DELETE FROM kept_row WHERE row = (SELECT min(kept_row.row) FROM kept_row
                    JOIN case_version ON case_version.record = kept_row.record
                        AND case_version.version = kept_row.version
                    WHERE fate = 'quarantined')
                """),
        Damage(
            "I07",
            by: """
                INSERT INTO submission SELECT 'odd', endpoint, programme, sender, region, suite,
                    signing_key, created, 1, byte_count, digest, wire_digest, signature, own_key,
                    'due', 0, NULL, 0, 0, 0, 0, NULL, next_step, deadline, NULL, NULL, NULL
                FROM submission LIMIT 1
                """,
            """
            INSERT INTO item (submission, position, record, version, action, state, at)
            SELECT 'odd', 0, kept_row.record, kept_row.version, 'submit', 'open', 0 FROM kept_row
                JOIN case_version ON case_version.record = kept_row.record
                    AND case_version.version = kept_row.version
            WHERE fate = 'quarantined' ORDER BY row LIMIT 1
            """),
        Damage("I14", "I19", by: "UPDATE receipt SET disposition = 'malformed'"),
        Damage("I15", "I16", "I19", "I20") { transaction in
            let paid = try SiteInvariantTests.onePaid(transaction)
            try transaction.run(
                "UPDATE item SET state = 'disputed' WHERE record = \(paid.text)")
        },
        Damage("I23") { transaction in
            let queued = try Ledger().entries(of: "enqueued", in: transaction).first
            guard case .enqueued(let fact) = queued?.fact, let one = fact.records.first else {
                throw Missing()
            }
            let other = SubmittedRecord(
                record: RecordID(String(repeating: "0", count: 32)), version: 1, action: .submit,
                institution: one.institution, servedOn: one.servedOn, traits: one.traits,
                claimant: nil, childOrder: nil)
            try append(
                .enqueued(
                    .init(
                        submission: SubmissionID("late"), programme: fact.programme,
                        profile: fact.profile, suite: fact.suite, digest: fact.digest,
                        digestSM3: fact.digestSM3, signingKey: fact.signingKey, records: [other],
                        warnings: [:])), transaction)
        },
    ]

    /// An accepted case that is paid for certain: free, complete, and no other claim beside it.
    private static func onePaid(_ transaction: any Transaction) throws -> RecordID {
        var records: [SubmittedRecord] = []
        for entry in try Ledger().entries(of: "enqueued", in: transaction) {
            if case .enqueued(let fact) = entry.fact { records += fact.records }
        }
        let claims = Dictionary(grouping: records) { $0.claimant }
        for record in records
        where record.traits.isFree && record.traits.isComplete
            && record.traits.spouses == [true, true] && record.action == .submit
            && record.servedOn.parts.year == 2012 && record.claimant != nil
            && claims[record.claimant]?.count == 1
        {
            let accepted = try transaction.run(
                """
                SELECT 1 FROM item WHERE record = \(record.record.text) AND state = 'accepted'
                """)
            if accepted.count == 1 { return record.record }
        }
        throw Missing()
    }

    private static func append(_ fact: Fact, _ transaction: any Transaction) throws {
        let first = try Ledger().entries(of: "enqueued", in: transaction).first
        try Ledger().append(
            [fact], at: first?.at ?? Timestamp(microseconds: 0), in: transaction)
    }

    @Test(arguments: damages)
    func `a damage to a settled site is found`(_ damage: Damage) async throws {
        let copy = try DemoFolder()
        try copy.copy(try await SiteInvariantTests.demo.value)
        let site = try copy.site()
        let database = try await site.openDatabase()
        #expect(try await broken(site, database) == [])
        try await database.write { try damage.work($0) }
        #expect(try await broken(site, database) == damage.found)
        await database.close()
    }

    private func broken(_ site: Site, _ database: any Database) async throws -> Set<String> {
        let found = try await InvariantDesk(site: site, database: database).look()
        #expect(found.map(\.id) == InvariantDesk.ids)
        return Set(found.filter { !$0.places.isEmpty }.map(\.id))
    }

    @Test func `doctor names what is broken and the rows`() async throws {
        let copy = try DemoFolder()
        try copy.copy(try await SiteInvariantTests.demo.value)
        let database = try await copy.site().openDatabase()
        try await database.write { try $0.run("UPDATE intake SET rows = rows + 1") }
        await database.close()
        let broken = try Program().brokenInvariants(of: copy.path)
        #expect(broken.count == 1)
        #expect(broken.first?.hasPrefix("invariant I01") == true, "\(broken)")
    }

    @Test func `whoever is paid twice is found`() async throws {
        let site = try await SiteInvariantTests.demo.value.site()
        let settlement = try await site.withDemo { database in
            let exchange = try Exchange(site: site, database: database)
            return try await Closing(
                site: site, site.programmes[0], database: database, exchange: exchange
            ).settlement(SettlementRequest(year: 2012), national: nil)
        }
        #expect(settlement.paid.count > 200)
        #expect(BookInvariants.paidTwice(in: [settlement]) == [])
        let doubled = BookInvariants.paidTwice(in: [settlement, settlement])
        #expect(doubled.count == settlement.paid.count)
    }
}

private struct Missing: Error {}

/// A folder for a demo site; gone with its last user.
private final class DemoFolder: Sendable {
    let path = NSTemporaryDirectory() + "shangbao-demo-" + UUID().uuidString

    init() throws {}

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func copy(_ other: DemoFolder) throws {
        try FileManager.default.copyItem(atPath: other.path, toPath: path)
    }

    func site() throws -> Site {
        try Site(folder: path, clock: { Timestamp(microseconds: 1_770_000_000_000_000) })
    }
}

extension Site {
    fileprivate func withDemo<Outcome>(_ work: (any SteadyDatabase) async throws -> Outcome)
        async throws -> Outcome
    {
        let view = try await openView()
        do {
            let outcome = try await work(view)
            await view.close()
            return outcome
        } catch {
            await view.close()
            throw error
        }
    }
}
