import Foundation
import TestKit
import Testing

/// What the clinic takes back before it has left does not leave, and what went with it does.
@Suite(.serialized) struct RecallTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
    }

    /// Cases by where they are; whether the books balance is asked too.
    private func standing() throws -> [String: Int] {
        let ended = try Program().run(["status", "--site", site.folder, "--json"])
        let standing = try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
        #expect(standing.balances, "\(ended.out)")
        return standing.cases.filter { $0.value > 0 && !["superseded", "taken"].contains($0.key) }
    }

    private func take(_ couples: [CleanCouple], as name: String) throws {
        let header = try Preconception.loaded().header(for: couples)
        let rows = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        try site.write(
            rows.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: name + ".csv")
        let ended = try Program().run([
            "take", "\(site.folder)/\(name).csv", "--source", "preconception/from-county-csv",
            "--site", site.folder, "--json",
        ])
        #expect(ended.status == 0 || ended.status == 3, "\(ended.err)")
    }

    /// A second couple, beside the clean one.
    private let other = CleanCouple(file: "DEMO-0002").with([
        "女方姓名": "样丙三", "女方身份证号": "99010119880417002X", "女方出生日期": "1988-04-17",
        "女方年龄": "23", "男方姓名": "测戊五", "男方身份证号": "990101198605040011",
        "男方出生日期": "1986-05-04", "男方年龄": "25",
    ])

    private func exchange() throws {
        for command in ["deliver", "collect", "deliver", "collect"] {
            _ = try Program().run([command, "--site", site.folder])
        }
    }

    @Test(arguments: [
        ["撤回同意时间": "2012-03-09T08:00:00"], ["知情同意书签署情况": "均未签署"], ["资格确认结果": "不符合"],
    ])
    func `a case that may not leave any more does not, and its neighbour does`(
        change: [String: String]
    ) throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try take([CleanCouple(), other], as: "one")
        try #require(try standing() == ["queued": 2])
        try take([CleanCouple().with(change), other], as: "two")
        #expect(try standing()["queued"] == 1)
        try exchange()
        #expect(try standing()["accepted"] == 1)
        #expect(try standing()["withdrawn"] == nil)
        // Once the clinic says again that it may, it goes.
        try take([CleanCouple().with(["建档医师": "题医九"]), other], as: "three")
        try exchange()
        #expect(try standing() == ["accepted": 2])
    }

    @Test func `what a person has packed anew does not leave once its consent is withdrawn`() throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try take([CleanCouple(), other], as: "one")
        let first = try #require(try lines().first?["id"] as? String)
        let reason = ["--because", "their letter", "--site", site.folder]
        #expect(try Program().run(["queue", "cancel", first] + reason).status == 0)
        #expect(try Program().run(["queue", "repack", first] + reason).status == 0)
        try take([CleanCouple().with(["撤回同意时间": "2012-03-09T08:00:00"]), other], as: "two")
        // And again: what was taken back is not a person's to bring back.
        #expect(try Program().run(["queue", "repack", first] + reason).status == 0)
        try exchange()
        // Its neighbour waits for its time to be packed.
        let standing = try standing()
        #expect(standing["queued"] == 1 && standing["held"] == 1, "\(standing)")
        #expect(standing["accepted"] == nil && standing["withdrawn"] == nil)
    }

    private func lines() throws -> [[String: Any]] {
        let listed = try Program().run(["queue", "list", "--site", site.folder, "--json"])
        let rows = try JSONSerialization.jsonObject(with: Data(listed.out.utf8))
        return rows as? [[String: Any]] ?? []
    }

    @Test func `what a person held stays held when a case is taken out of it`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try take([CleanCouple(), other], as: "one")
        let first = try #require(try lines().first?["id"] as? String)
        let reason = ["--because", "their letter", "--site", site.folder]
        #expect(try Program().run(["queue", "hold", first] + reason).status == 0)
        try take([CleanCouple().with(["资格确认结果": "不符合"]), other], as: "two")
        try exchange()
        let held = try #require(try lines().first { $0["state"] as? String == "held" })
        #expect(try lines().count == 2 && held["id"] as? String != first)
        #expect(held["reason"] as? String == "Q-PERSON" && held["attempts"] as? Int == 0)
        let id = try #require(held["id"] as? String)
        #expect(try Program().run(["queue", "release", id] + reason).status == 0)
        try exchange()
        #expect(try standing()["accepted"] == 1)
    }

    @Test func `of a case that one spouse took back only the other's part leaves`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try take([CleanCouple(), other], as: "one")
        try take([CleanCouple().with(["知情同意书签署情况": "女方签署"]), other], as: "two")
        #expect(try standing() == ["queued": 2])
        try exchange()
        #expect(try standing() == ["accepted": 2])
        let listed = try Program().run(["queue", "list", "--site", site.folder, "--json"])
        let rows = try JSONSerialization.jsonObject(with: Data(listed.out.utf8))
        let states = (rows as? [[String: Any]] ?? []).compactMap { $0["state"] as? String }
        // The first submission never left; the neighbour and the narrowed case went apart.
        #expect(states.sorted() == ["cancelled", "final", "final"], "\(listed.out)")
    }
}
