import Foundation
import Testing

/// A process that is killed at any durable step, and started again, ends where an undisturbed one
/// does.
///
/// strace ends the program at the n-th fdatasync, for every n until a run gets through.
@Suite(.serialized) struct KillTests {
    private static let sweepLimit = 40

    /// A copy of a site with a national side that answers in the background while `body` runs.
    private func withCopy<Outcome>(
        of site: TestSite, answers: [String] = [], _ body: (String) throws -> Outcome
    ) throws -> Outcome {
        let folder = site.folder + "-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let national = try NationalProcess(site: folder, answers: answers)
        defer { national.end() }
        return try body(folder)
    }

    private func sample(in site: TestSite) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "30", "--seed", "7", "--defects", "0.2", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let files = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        let csv = try #require(
            files.first {
                $0.hasPrefix("couples-") && $0.hasSuffix(".csv") && !$0.contains("truth")
            })
        return site.folder + "/" + csv
    }

    /// What the books and the national counts say: counts only, since times and hashes differ.
    private func ends(_ site: String) throws -> [String] {
        let reconciled = try Program().run(
            ["reconcile", "--year", "2012", "--site", site, "--json"])
        #expect(reconciled.status == 0, "\(reconciled.out) \(reconciled.err)")
        #expect(try Program().brokenInvariants(of: site) == [])
        let object = try JSONSerialization.jsonObject(with: Data(reconciled.out.utf8))
        let fields = (object as? [String: Any]) ?? [:]
        let ends = try ["lines", "national", "balances", "discrepancies"].compactMap { key in
            try fields[key].map { part in
                key
                    + String(
                        decoding: try JSONSerialization.data(
                            withJSONObject: [part], options: [.sortedKeys]), as: UTF8.self)
            }
        }
        #expect(ends.count >= 3, "\(reconciled.out)")
        return ends
    }

    private func wasKilled(_ ended: Program.Ended) -> Bool {
        ended.status == SIGKILL || ended.status == 128 + SIGKILL
    }

    @Test func `killed at every durable step of taking and delivering, it ends the same`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        let undisturbed = try withCopy(of: site) { folder in
            _ = try Program().run(["take", file, "--site", folder])
            let delivered = try Program().run(["deliver", "--site", folder])
            #expect(delivered.status == 0, "\(delivered.err)")
            return try ends(folder)
        }
        var step = 1
        var isThrough = false
        while !isThrough, step < KillTests.sweepLimit {
            isThrough = try withCopy(of: site) { folder in
                let take = ["take", file, "--site", folder]
                let deliver = ["deliver", "--site", folder]
                let killed = try Program().run(take, under: Program.killing(at: step))
                _ = try Program().run(take)
                let cut = try Program().run(deliver, under: Program.killing(at: step))
                let again = try Program().run(deliver)
                #expect(again.status == 0, "step \(step): \(again.out) \(again.err)")
                #expect(try ends(folder) == undisturbed, "killed at step \(step)")
                return !wasKilled(killed) && !wasKilled(cut)
            }
            step += 1
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 5)
    }

    @Test func `killed at every durable step of collecting, it ends the same`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        let take = ["take", file, "--site"]
        let undisturbed = try withCopy(of: site) { folder in
            _ = try Program().run(take + [folder])
            _ = try Program().run(["deliver", "--site", folder])
            return try ends(folder)
        }
        var step = 1
        var isThrough = false
        while !isThrough, step < KillTests.sweepLimit {
            isThrough = try withCopy(of: site, answers: ["--later"]) { folder in
                let collect = ["collect", "--site", folder]
                _ = try Program().run(take + [folder])
                _ = try Program().run(["deliver", "--site", folder])
                // The first round brings that it was received, the second the verdicts.
                _ = try Program().run(collect)
                let killed = try Program().run(collect, under: Program.killing(at: step))
                for _ in 0..<2 { _ = try Program().run(collect) }
                #expect(try ends(folder) == undisturbed, "killed at step \(step)")
                return !wasKilled(killed)
            }
            step += 1
        }
        #expect(isThrough && step > 2)
    }

    @Test func `killed at every durable step of settling, there is one whole pack`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        let calls = "fdatasync,fsync,rename,renameat,renameat2"
        try withCopy(of: site) { delivered in
            _ = try Program().run(["take", file, "--site", delivered])
            #expect(try Program().run(["deliver", "--site", delivered]).status == 0)
            var step = 1
            var isThrough = false
            while !isThrough, step < KillTests.sweepLimit {
                let folder = delivered + "-\(step)"
                try FileManager.default.copyItem(atPath: delivered, toPath: folder)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let settle = ["settle", "--year", "2012", "--site", folder]
                isThrough = !wasKilled(
                    try Program().run(settle, under: Program.killing(at: step, of: calls)))
                #expect(try Program().run(settle).status == 0, "killed at step \(step)")
                let packs = try FileManager.default.contentsOfDirectory(atPath: folder + "/out")
                    .filter { $0.hasPrefix("evidence") }
                #expect(packs == ["evidence_990101_2012_1.asice"], "killed at step \(step)")
                let verified = try Program().run(["verify", folder + "/out/" + packs[0]])
                #expect(verified.status == 0, "killed at step \(step): \(verified.out)")
                step += 1
            }
            #expect(isThrough && step > 10)
        }
    }
}
