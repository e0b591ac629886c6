import Foundation
import Testing

/// A process that is killed at any durable step, and started again, ends where an undisturbed one does.
///
/// strace ends the program at the n-th fdatasync, for every n until a run gets through.
@Suite(.serialized) struct KillTests {
    private static let sweepLimit = 60

    /// What the two sides hold at the end.
    private struct Ends: Equatable {
        var ours = ""
        var theirs: [String] = []
    }

    /// A site with a national side that answers in the background while `body` runs.
    private func withSite(_ body: (TestSite) throws -> Void) throws {
        let site = try TestSite()
        let national = Process()
        national.executableURL = URL(fileURLWithPath: Program.path)
        national.arguments = ["rehearse", "--site", site.folder, "--language", "en"]
        let pipe = Pipe()
        national.standardOutput = pipe
        national.standardError = FileHandle.nullDevice
        try national.run()
        defer {
            national.terminate()
            national.waitUntilExit()
        }
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("https://") {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said += more
        }
        try body(site)
    }

    private func sample(in site: TestSite) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "30", "--seed", "7", "--defects", "0.2", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let files = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        let csv = try #require(
            files.first { $0.hasSuffix(".csv") && !$0.contains("truth") && $0 != "designated.csv" })
        return site.folder + "/" + csv
    }

    private func ends(_ site: TestSite) throws -> Ends {
        let reconciled = try site.program.run(
            ["reconcile", "--year", "2012", "--site", site.folder, "--json"])
        #expect(reconciled.status == 0, "\(reconciled.out) \(reconciled.err)")
        let object = try JSONSerialization.jsonObject(with: Data(reconciled.out.utf8))
        let fields = (object as? [String: Any]) ?? [:]
        var ends = Ends()
        // Counts only: times and hashes of the ledger differ from run to run.
        for key in ["lines", "national", "balances", "discrepancies"] {
            guard let part = fields[key] else { continue }
            let bytes = try JSONSerialization.data(
                withJSONObject: [part], options: [.sortedKeys])
            ends.theirs.append(key + String(decoding: bytes, as: UTF8.self))
        }
        #expect(!ends.theirs.isEmpty, "\(reconciled.out)")
        return ends
    }

    private func strace(_ number: Int) -> [String] {
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e",
            "inject=fdatasync:signal=SIGKILL:when=\(number)",
        ]
    }

    @Test func `killed at every durable step of taking and delivering, it ends the same`() throws {
        var undisturbed = Ends()
        try withSite { site in
            let file = try sample(in: site)
            _ = try site.program.run(["take", file, "--site", site.folder])
            let delivered = try site.program.run(["deliver", "--site", site.folder])
            #expect(delivered.status == 0, "\(delivered.err)")
            undisturbed = try ends(site)
        }
        var step = 1
        var isThrough = false
        while !isThrough, step < KillTests.sweepLimit {
            try withSite { site in
                let file = try sample(in: site)
                let take = ["take", file, "--site", site.folder]
                let killed = try site.program.run(take, under: strace(step))
                _ = try site.program.run(take)
                let deliver = ["deliver", "--site", site.folder]
                let cut = try site.program.run(deliver, under: strace(step))
                let again = try site.program.run(deliver)
                #expect(again.status == 0, "step \(step): \(again.out) \(again.err)")
                #expect(try ends(site) == undisturbed, "killed at step \(step)")
                isThrough = killed.status != 137 && cut.status != 137
            }
            step += 2
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 5)
    }
}
