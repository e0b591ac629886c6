import Foundation
import Testing

/// Whoever only looks is let in while `shangbao run` works; whoever writes is not.
struct LookingTests {
    /// A `shangbao run` that has made its first round and waits for the next, until `body` ends.
    private func whileRunning(_ site: TestSite, _ body: () throws -> Void) throws {
        let (process, watch) = Program.waiting([
            "run", "--every", "600", "--settle", "0", "--site", site.folder, "--language", "en",
        ])
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer {
            withExtendedLifetime(watch) {}
            process.terminate()
            process.waitUntilExit()
        }
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("Running") {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said += more
        }
        #expect(String(decoding: said, as: UTF8.self).contains("Running"))
        try body()
        #expect(process.isRunning, "it held the database all the time")
    }

    @Test func `status, queue, trace and reconcile answer while run holds the database`() throws {
        let site = try TestSite()
        let place = ["--site", site.folder]
        _ = try site.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        let file = site.folder + "/couples-3-seed-7.csv"
        #expect(try site.program.run(["take", file] + place).status == 0)
        try whileRunning(site) {
            let status = try site.program.run(["status", "--json"] + place)
            #expect(status.status == 0, "\(status.err)")
            #expect(status.out.contains("\"items\" : 1"))
            let listed = try site.program.run(["queue", "list", "--json"] + place)
            #expect(listed.status == 0, "\(listed.err)")
            let id = try #require(listed.out.firstMatch(of: /"id" : "([0-9a-f-]{36})"/)).1
            let shown = try site.program.run(["queue", "show", String(id), "--json"] + place)
            #expect(shown.status == 0, "\(shown.err)")
            let record = try #require(shown.out.firstMatch(of: /"record" : "([0-9a-f]{32})"/)).1
            #expect(try site.program.run(["trace", String(record)] + place).status == 0)
            // No national side answers: our books are shown, the comparison is missing.
            #expect(try site.program.run(["reconcile", "--year", "2012"] + place).status == 4)

            for writing in [["deliver"], ["collect"], ["take", file]] {
                let ended = try site.program.run(writing + place, in: "en")
                #expect(ended.status == 73, "\(writing) \(ended.out)")
                #expect(ended.err.contains("E-DB-LOCKED"))
            }
            // A person's step waits for its turn.
            let held = try site.program.run(
                ["queue", "hold", String(id), "--because", "a test"] + place)
            #expect(held.status == 0, "\(held.err)")
        }
    }

    @Test func `looking at a site that took nothing makes no database`() throws {
        let site = try TestSite(hasKeys: false)
        let status = try site.program.run(["status", "--site", site.folder])
        #expect(status.status == 0, "\(status.err)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: site.folder + "/data").isEmpty)
    }
}
