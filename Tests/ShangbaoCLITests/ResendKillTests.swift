import Foundation
import Testing

/// A list that is resent by a process that is killed at any durable step: each record goes once
/// more, and none twice.
@Suite(.serialized) struct ResendKillTests {
    private static let couples = 6

    private func object(_ words: [String], _ folder: String) throws -> [String: Any] {
        let ended = try Program().run(words + ["--json", "--site", folder], in: "en")
        let found = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return (found as? [String: Any]) ?? ((found as? [[String: Any]])?.first ?? [:])
    }

    /// A site whose six accepted records the nation has lost, and the list of them.
    private func lost(_ site: TestSite) throws -> String {
        let place = ["--site", site.folder]
        _ = try site.program.run([
            "sample", "--couples", "\(ResendKillTests.couples)", "--seed", "7", "--defects", "0",
            "--out", site.folder,
        ])
        var national = try NationalProcess(site: site.folder)
        let file = site.folder + "/couples-\(ResendKillTests.couples)-seed-7.csv"
        #expect(try site.program.run(["take", file] + place).status == 0)
        #expect(try site.program.run(["deliver"] + place).status == 0)
        national.end()
        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(
                atPath: site.folder + "/national/ledger.db" + ending)
        }
        national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let list = site.folder + "/list.csv"
        let planned = try object(["resend", "plan", "--ask", "--out", list], site.folder)
        #expect(planned["records"] as? Int == ResendKillTests.couples, "\(planned)")
        return list
    }

    @Test func `killed at every durable step of a resend, each record goes once`() throws {
        let site = try TestSite()
        let list = try lost(site)
        var (step, isThrough) = (1, false)
        while !isThrough, step < 40 {
            let folder = site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let national = try NationalProcess(site: folder)
            defer { national.end() }
            isThrough = true
            let start = [
                "resend", "start", list, "--pace", "100 per 10 min", "--because", "their letter",
            ]
            for words in [start, ["collect"], ["deliver"], ["collect"]] {
                let command = words + ["--site", folder]
                let killed = try Program().run(command, under: Program.killing(at: step))
                isThrough = isThrough && killed.status == 0
                let again = try Program().run(command, in: "en")
                #expect(again.status == 0, "step \(step), \(words[0]): \(again.out)\(again.err)")
            }
            let standing = try object(["resend", "status"], folder)
            #expect(
                standing["gone"] as? Int == ResendKillTests.couples
                    && standing["waiting"] as? Int == 0, "step \(step): \(standing)")
            try expectOnceMore(folder, step)
            step += 1
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 3)
    }

    /// Each record stands in two submissions and no more, and both books have it once.
    private func expectOnceMore(_ folder: String, _ step: Int) throws {
        let listed = try Program().run(["queue", "list", "--json", "--site", folder])
        let lines = try JSONSerialization.jsonObject(with: Data(listed.out.utf8))
        let records = (lines as? [[String: Any]] ?? []).compactMap { $0["records"] as? Int }
        #expect(records.reduce(0, +) == 2 * ResendKillTests.couples, "step \(step): \(records)")
        let reconciled = try Program().run(["reconcile", "--year", "2012", "--site", folder])
        #expect(reconciled.status == 0, "step \(step): \(reconciled.out)")
        #expect(try Program().brokenInvariants(of: folder) == [], "step \(step)")
    }
}
