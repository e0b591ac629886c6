import Foundation
import TestKit
import Testing

/// A follow-up is a record of its own: it goes after its check, is counted, and is never paid.
@Suite(.serialized) struct FollowUpTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func take(check couple: CleanCouple, as file: String) throws -> TakenFile {
        let header = try Preconception.loaded().header(for: [couple])
        let cells = header.map { ($0, couple.cells[$0] ?? "") }
        return try site.take(
            Dictionary(uniqueKeysWithValues: cells), as: file, by: "from-county-csv")
    }

    /// Sends what is queued and fetches the answers.
    private func exchange() throws {
        for command in ["deliver", "collect"] {
            let ended = try Program().run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
    }

    private struct Settled: Decodable {
        struct Line: Decodable, Equatable {
            let cases: Int
            let persons: Int
        }
        struct Statement: Decodable {
            let lines: [Line]
            let unpaid: [Line]
        }
        let statement: Statement
    }

    private func settled() throws -> Settled.Statement {
        let ended = try Program().run([
            "settle", "--year", "2012", "--site", site.folder, "--json",
        ])
        return try JSONDecoder().decode(Settled.self, from: Data(ended.out.utf8)).statement
    }

    private func accepted() throws -> Int {
        let ended = try Program().run(["status", "--site", site.folder, "--json"])
        #expect(ended.out.contains("\"balances\" : true"), "\(ended.out)")
        let found = ended.out.firstMatch(of: /"accepted" : (\d+)/)
        return try #require(found.flatMap { Int($0.1) }, "\(ended.out)")
    }

    private let early = CleanFollowUp(of: "earlyFollowUp")

    @Test func `follow-ups go after their check, are accepted, and cost nothing`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let check = try take(check: CleanCouple(), as: "check")
        #expect(check.fates == ["sent": 1], "\(check)")
        try exchange()
        let before = try settled()
        #expect(before.lines == [Settled.Line(cases: 1, persons: 2)] && before.unpaid == [])
        #expect(try accepted() == 1)
        let first = try site.take(early.cells, as: "early", by: "from-early-follow-up")
        #expect(first.fates == ["sent": 1], "\(first)")
        let outcome = CleanFollowUp(of: "outcomeFollowUp")
            .with(["妊娠结局随访日期": "2012-12-20"])
        let last = try site.take(outcome.cells, as: "outcome", by: "from-outcome-follow-up")
        #expect(last.fates == ["sent": 1], "\(last)")
        try exchange()
        #expect(try accepted() == 3)
        let after = try settled()
        #expect(after.lines == before.lines && after.unpaid == before.unpaid)
        // A correction amends the follow-up alone.
        let mended = try site.take(
            early.with(["早孕随访日期": "2012-06-16"]).cells, as: "early-2",
            by: "from-early-follow-up")
        #expect(mended.fates == ["sent": 1], "\(mended)")
        try exchange()
        #expect(try accepted() == 3)
    }

    @Test func `a follow-up before its check waits, and goes by itself once the check has gone`()
        throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let first = try site.take(early.cells, as: "early", by: "from-early-follow-up")
        #expect(first.fates == ["held": 1] && first.findings == ["H-CASE": 1], "\(first)")
        // Another file's check is not its own.
        let other = CleanCouple(file: "DEMO-0002").with(["付费方式": "自费"])
        _ = try take(check: other, as: "other")
        try exchange()
        #expect(try accepted() == 1)
        _ = try take(check: CleanCouple(), as: "check")
        try exchange()
        try exchange()
        #expect(try accepted() == 3)
        let again = try site.take(early.cells, as: "early-2", by: "from-early-follow-up")
        #expect(again.fates == ["unchanged": 1], "\(again)")
    }

    @Test func `a follow-up whose consent was withdrawn is taken back`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        _ = try take(check: CleanCouple(), as: "check")
        _ = try site.take(early.cells, as: "early", by: "from-early-follow-up")
        try exchange()
        #expect(try accepted() == 2)
        let none = try site.take(
            early.with(["知情同意书签署情况": "均未签署"]).cells, as: "early-2",
            by: "from-early-follow-up")
        #expect(none.fates == ["withdrawn": 1], "\(none)")
        try exchange()
        #expect(try accepted() == 1)
    }
}
