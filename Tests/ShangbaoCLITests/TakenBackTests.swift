import Foundation
import TestKit
import Testing

/// A check that is taken back takes its follow-ups with it, and they come back with it.
@Suite(.serialized) struct TakenBackTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func take(check changes: [String: String], as file: String) throws -> TakenFile {
        let couple = CleanCouple().with(changes)
        let header = try Preconception.loaded().header(for: [couple])
        let cells = header.map { ($0, couple.cells[$0] ?? "") }
        return try site.take(
            Dictionary(uniqueKeysWithValues: cells), as: file, by: "from-county-csv")
    }

    private func take(early changes: [String: String], as file: String) throws -> TakenFile {
        try site.take(
            CleanFollowUp(of: "earlyFollowUp").with(changes).cells, as: file,
            by: "from-early-follow-up")
    }

    /// Sends what is queued and fetches the answers, which may set more going.
    private func exchange() throws {
        for command in ["deliver", "collect"] {
            let ended = try Program().run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
    }

    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
    }

    /// What the nation has, and what it gave back.
    private func standing() throws -> [String: Int] {
        let ended = try Program().run(["status", "--site", site.folder, "--json"])
        let standing = try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
        #expect(standing.balances, "\(ended.out)")
        return standing.cases.filter { $0.value > 0 && ["accepted", "withdrawn"].contains($0.key) }
    }

    private let nobody = ["知情同意书签署情况": "均未签署"]

    @Test func `follow-ups in force are withdrawn after their check, and come back after it`()
        throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        #expect(try take(check: [:], as: "check").fates == ["sent": 1])
        #expect(try take(early: [:], as: "early").fates == ["sent": 1])
        try exchange()
        #expect(try standing() == ["accepted": 2])
        #expect(try take(check: nobody, as: "check-2").fates == ["withdrawn": 1])
        // While nobody knows whether the check leaves, a changed follow-up waits for it.
        let waiting = try take(early: ["早孕随访日期": "2012-06-16"], as: "early-2")
        #expect(waiting.fates == ["held": 1] && waiting.findings == ["H-CASE": 1], "\(waiting)")
        try exchange()
        try exchange()
        let gone = try standing()
        #expect(gone["accepted"] == nil, "\(gone)")
        // Nothing more is told of what is gone already.
        try exchange()
        #expect(try standing() == gone)
        // Without its check the same follow-up waits, and goes by itself once the check is back.
        let again = try take(early: [:], as: "early-3")
        #expect(again.fates == ["held": 1] && again.findings == ["H-CASE": 1], "\(again)")
        try exchange()
        #expect(try standing() == gone)
        #expect(try take(check: ["建档医师": "题医九"], as: "check-3").fates == ["sent": 1])
        try exchange()
        try exchange()
        #expect(try standing()["accepted"] == 2)
        let reconciled = try Program().run(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled.status == 0, "\(reconciled.out)")
    }

    @Test func `a follow-up that is unanswered when its check leaves is taken back later`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        #expect(try take(check: [:], as: "check").fates == ["sent": 1])
        try exchange()
        #expect(try take(early: [:], as: "early").fates == ["sent": 1])
        #expect(try take(check: nobody, as: "check-2").fates == ["withdrawn": 1])
        try exchange()
        try exchange()
        #expect(try standing()["accepted"] == nil)
    }
}
