import Flow
import Foundation
import Records
import Storage
import Testing

/// A trail that lost its end, was taken away or is another site's: whoever looks at it is told.
@Suite(.serialized) struct AuditCutTests {
    private let site: TestSite
    private var trail: String { site.folder + "/audit/trail.log" }

    init() throws {
        site = try TestSite()
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: 127.0.0.1:0 }\n" }
    }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func lines() throws -> [Substring] {
        try String(contentsOfFile: trail, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Some rows, of which the ledger knows the last.
    private func anchored() async throws {
        for _ in 0..<3 { #expect(try run(["status"]).status == 0) }
        let place = try Site(folder: site.folder) {
            Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        }
        let database = try await place.openDatabase()
        try await place.anchorAudit(in: database)
        await database.close()
    }

    /// What somebody does to a trail.
    enum Damage: CaseIterable { case cut, removed, another }

    private func damage(_ kind: Damage) throws {
        switch kind {
        case .cut:
            try (lines().prefix(2).joined(separator: "\n") + "\n")
                .write(toFile: trail, atomically: false, encoding: .utf8)
        case .removed: try FileManager.default.removeItem(atPath: trail)
        case .another:
            let other = try TestSite(hasKeys: false)
            for _ in 0..<8 { _ = try other.program.run(["status", "--site", other.folder]) }
            try Data(contentsOf: URL(fileURLWithPath: other.folder + "/audit/trail.log"))
                .write(to: URL(fileURLWithPath: trail))
        }
    }

    @Test(arguments: Damage.allCases)
    func `it is said by whatever looks at it`(kind: Damage) async throws {
        try await anchored()
        for words in [["audit", "search"], ["audit", "export", "--out", site.folder + "/a.log"]] {
            let whole = try run(words)
            #expect(whole.status == 0 && whole.out.contains("all 1 heads"), "\(whole.out)")
        }
        #expect(try run(["doctor"]).out.contains("✓ audit trail"))
        let calm = try run(["status"])
        #expect(!calm.out.contains("N-AUDIT-CUT"))
        try damage(kind)
        let out = site.folder + "/out.log"
        for words in [
            ["audit", "search"], ["audit", "search", "--object", "none"],
            ["audit", "export", "--out", out], ["audit", "verify"],
        ] {
            let ended = try run(words)
            #expect(ended.status == 6 && ended.err.contains("E-AUDIT-BROKEN"), "\(ended.err)")
            #expect(ended.out.contains("the ledger knows row"), "\(ended.out)")
        }
        #expect(try run(["doctor"]).out.contains("✗ audit trail  N-AUDIT-CUT"))
        #expect(try run(["status"]).out.contains("✗ N-AUDIT-CUT"))
        // Who has Python alone sees it, too.
        let seen = try python(out)
        #expect(seen.status != 0 && seen.text.contains("cut off"), "\(seen.text)")
        #expect(try python(site.folder + "/a.log").status == 0)

        let service = try ServiceProcess(site: site.folder, isReady: false)
        try service.wait {
            service.events("incident.began").contains { $0["code"] as? String == "N-AUDIT-CUT" }
        }
        kill(service.number, SIGKILL)
    }

    @Test func `a loss that was seen to is told and no more missed`() async throws {
        try await anchored()
        try damage(.cut)
        let none = try run(["status", "--acknowledge", "N-DISK", "--because", "x"])
        #expect(none.status == 64)
        let done = try run(["status", "--acknowledge", "N-AUDIT-CUT", "--because", "disk 2026-11"])
        #expect(done.status == 0, "\(done.err)")
        let verified = try run(["audit", "verify"])
        #expect(verified.status == 0, "\(verified.err)")
        #expect(verified.out.contains("that the ledger knew is gone; seen to by"))
        #expect(verified.out.contains("disk 2026-11"))
        #expect(try !run(["status"]).out.contains("N-AUDIT-CUT"))
        let again = try run(["status", "--acknowledge", "N-AUDIT-CUT", "--because", "x"])
        #expect(again.status == 64)
        // The next cut shows again.
        try damage(.removed)
        #expect(try run(["status"]).out.contains("N-AUDIT-CUT"))
    }

    @Test func `a ledger that cannot be read is said, and the rows are shown`() throws {
        #expect(try run(["status"]).status == 0)
        try site.write("no database", to: "data/shangbao.db")
        let found = try run(["audit", "search"])
        #expect(found.status == 0 && found.out.contains("status"), "\(found.err)")
        #expect(found.err.contains("not held to its heads"), "\(found.err)")
        try FileManager.default.removeItem(atPath: site.folder + "/data")
    }

    /// The program of the page, on a copy that was handed out.
    private func python(_ copy: String) throws -> (status: Int32, text: String) {
        let page = try String(
            contentsOfFile: Program.root + "/docs/privacy/audit.md", encoding: .utf8)
        let script = try #require(
            page.components(separatedBy: "```python\n").last?
                .components(separatedBy: "\n```").first)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, copy, copy + ".anchors"]
        let said = Pipe()
        process.standardOutput = said
        process.standardError = said
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try said.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}
