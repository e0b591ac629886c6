import Evidence
import Flow
import Foundation
import Storage
import TestKit
import Testing

/// Rows whose case cannot be named, since a part of its key cannot be read: they wait at home, and
/// the site is as sound as before.
@Suite(.serialized) struct NamelessRowTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func take(_ couples: [CleanCouple]) throws {
        let header = try Preconception.loaded().header
        let rows = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        try site.write(
            rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n",
            to: "1.csv")
        let ended = try Program().run(
            ["take", site.folder + "/1.csv", "--site", site.folder, "--json"])
        #expect(ended.out.contains("\"quarantined\" : \(couples.count)"), "\(ended)")
    }

    private func withDatabase<Outcome>(
        _ work: (any Database) async throws -> Outcome
    ) async throws -> Outcome {
        let database = try await Site(folder: site.folder, clock: systemNow).openDatabase()
        let outcome = try await work(database)
        await database.close()
        return outcome
    }

    private func broken() async throws -> [String] {
        let place = try Site(folder: site.folder, clock: systemNow)
        return try await withDatabase { database in
            try await InvariantDesk(site: place, database: database).look()
                .filter { !$0.places.isEmpty }.map(\.id)
        }
    }

    /// What a damage leads to, which is then undone.
    private struct Undone: Error {
        let found: [String]
    }

    @Test(arguments: [
        ["服务机构代码": "X1"], ["服务机构代码": ""],
        ["档案编号": String(repeating: "7", count: 200)],
    ])
    func `a row without a name breaks nothing`(_ change: [String: String]) async throws {
        try take([CleanCouple().with(change)])
        #expect(try await broken() == [])
    }

    @Test func `one that is gone is found all the same`() async throws {
        try take([
            CleanCouple(file: "A").with(["服务机构代码": "X1"]),
            CleanCouple(file: "B").with(["服务机构代码": "X1"]),
        ])
        #expect(try await broken() == [])
        let undone = await #expect(throws: Undone.self) {
            try await withDatabase { database in
                try await database.write { transaction in
                    try transaction.run(
                        """
                        DELETE FROM kept_row WHERE row = (SELECT max(row) FROM kept_row)
                        """)
                    let broken = try InvariantDesk.queries.filter {
                        try !$0.violations(in: transaction, now: systemNow()).isEmpty
                    }
                    throw Undone(found: broken.map(\.id))
                }
            }
        }
        #expect(undone?.found.contains("I06") == true)
    }
}
