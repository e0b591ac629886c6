import Foundation
import TestKit
import Testing

/// What a later export changes about a case that the nation has: who pays, and whether anybody
/// consents.
@Suite(.serialized) struct AmendingTests {
    private let site: TestSite
    private let header: [String]

    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
    }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let findings: [String: Int]
    }

    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
        let submissions: [String: Int]
    }

    private struct Listed: Decodable { let id: String }

    private struct Shown: Decodable {
        struct Item: Decodable {
            let version: Int
            let action: String
        }
        let items: [Item]
    }

    /// Takes a file of these couples; what became of their rows.
    private func take(_ couples: [CleanCouple], as name: String) throws -> Taken {
        let header =
            header
            + ["撤回同意时间"].filter { name in couples.contains { $0.cells[name] != nil } }
        let rows = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        try site.write(
            rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n", to: name)
        let ended = try Program().run([
            "take", site.folder + "/" + name, "--site", site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func standing() throws -> Standing {
        let ended = try Program().run(["status", "--site", site.folder, "--json"])
        return try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
    }

    /// Sends what is queued and gets the answers.
    private func deliver() throws {
        for command in ["deliver", "collect"] {
            let ended = try Program().run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
    }

    /// Version and action of the records of the newest submission.
    private func newest() throws -> [String] {
        let listed = try Program().run(["queue", "list", "--site", site.folder, "--json"])
        let ids = try JSONDecoder().decode([Listed].self, from: Data(listed.out.utf8)).map(\.id)
        let shown = try Program().run(
            ["queue", "show", try #require(ids.max()), "--site", site.folder, "--json"])
        return try JSONDecoder().decode(Shown.self, from: Data(shown.out.utf8)).items.map {
            "\($0.version) \($0.action)"
        }
    }

    @Test func `R-05: a case amended to self-paid lets go of its free check once that is accepted`()
        throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let (first, second) = (CleanCouple(file: "A"), CleanCouple(file: "B"))
        let another = second.with(["建档医师": "题医九"])
        #expect(try take([first], as: "1.csv").fates == ["sent": 1])
        try deliver()
        #expect(try take([first.with(["付费方式": "自费"])], as: "2.csv").fates == ["sent": 1])
        // While the amendment is unanswered the free check stays taken.
        let early = try take([second], as: "3.csv")
        #expect(early.fates == ["quarantined": 1] && early.findings["R-05"] == 1)
        try deliver()
        #expect(try take([another], as: "4.csv").fates == ["sent": 1])
        try deliver()
        // Back to free: now the other case has it.
        #expect(try take([first], as: "5.csv").findings["R-05"] == 1)
        let now = try standing()
        #expect(now.balances && now.cases["accepted"] == 2 && now.cases["rejected"] == 0)
    }

    @Test func `R-06: a time of withdrawal takes a case back, whatever was signed`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let couple = CleanCouple(file: "A")
        let withdrawn = couple.with(["撤回同意时间": "2012-04-01 09:30"])
        // What the nation does not have is held.
        #expect(try take([withdrawn], as: "0.csv").fates == ["held": 1])
        #expect(try take([couple], as: "1.csv").fates == ["sent": 1])
        try deliver()
        #expect(try take([withdrawn], as: "2.csv").fates == ["withdrawn": 1])
        #expect(try newest() == ["3 withdraw"])
        try deliver()
        let now = try standing()
        #expect(now.balances && now.cases["accepted"] == 0 && now.cases["withdrawn"] == 2)
    }

    @Test func `R-06: a consent withdrawn after acceptance is told to the nation, and comes back`()
        throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let couple = CleanCouple(file: "A")
        let nobody = couple.with(["知情同意书签署情况": "均未签署"])
        // What the nation does not have is held, as ever.
        #expect(try take([nobody], as: "0.csv").fates == ["held": 1])
        #expect(try take([couple], as: "1.csv").fates == ["sent": 1])
        try deliver()
        #expect(try take([nobody], as: "2.csv").fates == ["withdrawn": 1])
        #expect(try newest() == ["3 withdraw"])
        try deliver()
        var now = try standing()
        #expect(now.balances && now.cases["withdrawn"] == 2 && now.cases["accepted"] == 0)
        let reconciled = try Program().run(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled.status == 0, "\(reconciled.out)")

        // The free check is free again, for this case too: it comes back as a submission.
        #expect(try take([couple], as: "3.csv").fates == ["sent": 1])
        #expect(try newest() == ["4 submit"])
        try deliver()
        now = try standing()
        #expect(now.balances && now.cases["accepted"] == 1, "\(now)")
        // And once more, straight from a file; with other faults in the row, which do not matter.
        let faulty = nobody.with(["女方民族": "", "女方年龄": "不详"])
        #expect(try take([faulty], as: "4.csv").fates == ["withdrawn": 1])
        #expect(try newest() == ["5 withdraw"])
        try deliver()
        // The next whole export still has the row that was taken back: it holds nothing.
        let export = try take([faulty, CleanCouple(file: "B")], as: "5.csv")
        #expect(export.fates == ["sent": 1, "unchanged": 1])
        try deliver()
        now = try standing()
        #expect(now.balances && now.cases["accepted"] == 1 && now.cases["rejected"] == 0)
        let after = try Program().run(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(after.status == 0, "\(after.out)")
    }
}
