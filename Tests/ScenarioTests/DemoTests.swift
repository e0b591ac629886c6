import Foundation
import Testing

/// The demo as a new user runs it: to a verified statement, and a second time to no change.
@Suite(.serialized) struct DemoTests {
    private func ledgerLines(_ site: String) throws -> String {
        let status = try Program.run(["status", "--site", site, "--json"])
        #expect(status.status == 0, "\(status.errors)")
        return status.output
    }

    @Test func `The demo ends balanced and verified, and a second run changes nothing`() throws {
        try Program.inNewFolder { folder in
            let site = folder + "/site"
            let first = try Program.run(["demo", "--site", site, "--language", "en"])
            #expect(first.status == 0, "\(first.output) \(first.errors)")
            let truth = try JSONSerialization.jsonObject(
                with: try Data(
                    contentsOf: URL(
                        fileURLWithPath: Program.repository
                            + "/samples/preconception-2012/county-hospital-2012.truth.json")))
            let packs = try FileManager.default.contentsOfDirectory(atPath: site + "/out")
                .filter { $0.hasPrefix("evidence-") }
            #expect(packs.count == 1)
            let pack = site + "/out/" + (packs.first ?? "")
            let statement = try JSONSerialization.jsonObject(
                with: try Data(contentsOf: URL(fileURLWithPath: pack + "/settlement.json")))
            let settled = (truth as? [String: Any])?["settled"] as? [[String: Any]] ?? []
            let expected = settled.reduce(0) { sum, line in
                sum + ((line["amounts"] as? [String: Int])?.values.reduce(0, +) ?? 0)
            }
            #expect(expected > 0)
            #expect((statement as? [String: Any])?["totalFen"] as? Int == expected)
            let verified = try Program.execute(["python3", pack + "/verify.py", pack])
            #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
            let before = try ledgerLines(site)
            let second = try Program.run(["demo", "--site", site, "--language", "en"])
            #expect(second.status == 0, "\(second.errors)")
            #expect(try ledgerLines(site) == before)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: site + "/out")
                    .filter { $0.hasPrefix("evidence-") } == packs)
        }
    }
}
