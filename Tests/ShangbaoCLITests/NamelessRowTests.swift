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

    private func broken(after damage: SQL? = nil) async throws -> [String] {
        let place = try Site(folder: site.folder, clock: systemNow)
        let database = try await place.openDatabase()
        if let damage {
            let gone = try await database.write { try $0.run(damage).count }
            #expect(gone == 1)
        }
        let found = try await InvariantDesk(site: place, database: database).look()
        await database.close()
        return found.filter { !$0.places.isEmpty }.map(\.id)
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
        let found = try await broken(
            after: """
                DELETE FROM kept_row WHERE row = (SELECT max(row) FROM kept_row) RETURNING row
                """)
        #expect(found.contains("I06"))
    }
}
