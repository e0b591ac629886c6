import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Testing

/// What the county mends reaches the rows that stayed at home; what it must not change is refused.
struct MendingTests {
    private struct Taken: Decodable {
        let fates: [String: Int]
        let takenBefore: Bool
    }

    private func sample(in site: TestSite) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "20", "--seed", "3", "--defects", "0", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let names = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        let csv = names.first {
            $0.hasPrefix("couples-") && $0.hasSuffix(".csv") && !$0.contains("truth")
        }
        return site.folder + "/" + (try #require(csv))
    }

    private func take(_ file: String, _ site: TestSite) throws -> (Int32, [Taken]) {
        let ended = try Program().run(["take", file, "--site", site.folder, "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        let files = (object as? [String: Any])?["files"] ?? object
        let list = files as? [Any] ?? [files]
        let bytes = try JSONSerialization.data(withJSONObject: list)
        return (ended.status, try JSONDecoder().decode([Taken].self, from: bytes))
    }

    @Test func `a mended list of institutions frees the rows that it kept`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        var list = ""
        try site.edit("designated.csv") { text in
            list = text
            return text.split(separator: "\n").filter { !$0.hasPrefix("MA0000T1X") }
                .joined(separator: "\n") + "\n"
        }
        let (first, kept) = try take(file, site)
        let quarantined = kept.first?.fates["quarantined"] ?? 0
        #expect(first == 3 && quarantined > 0)
        try site.edit("designated.csv") { _ in list }
        let (second, freed) = try take(file, site)
        #expect(second == 0)
        #expect(freed.first?.fates["sent"] == quarantined)
        #expect(freed.first?.fates["unchanged"] == 20 - quarantined)
        let (third, again) = try take(file, site)
        #expect(third == 0 && again.first?.takenBefore == true)
    }

    @Test func `a database is not used under other keys`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        #expect(try take(file, site).0 == 0)
        try FileManager.default.removeItem(atPath: site.folder + "/keys/keyring.json")
        #expect(try site.program.run(["keys", "init", "--site", site.folder]).status == 0)
        try site.edit("designated.csv") { $0 + "\n" }
        let ended = try Program().run(["take", file, "--site", site.folder], in: "en")
        #expect(ended.status == 78)
        #expect(ended.err.contains("E-KEY-FORKED"), "its counter is the same: \(ended.err)")
        for _ in 0..<2 {
            var ring = try Site(folder: site.folder, clock: { Timestamp(microseconds: 0) })
                .openKeyring(nil)
            try ring.rotate(.sign, .gm, on: Timestamp(microseconds: 0))
        }
        let later = try Program().run(["take", file, "--site", site.folder], in: "en")
        #expect(later.status == 78)
        #expect(later.err.contains("E-KEY-FORKED"), "nor by a higher one: \(later.err)")
    }
}
