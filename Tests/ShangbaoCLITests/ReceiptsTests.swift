import Foundation
import Testing

/// Receipts and explanations as a person sees them, with a national side that contradicts itself.
@Suite(.serialized) struct ReceiptsTests {
    private let site: TestSite
    private var place: [String] { ["--site", site.folder] }

    init() throws { site = try TestSite() }

    private func run(_ words: [String], in language: String = "en") throws -> Program.Ended {
        try site.program.run(words + place, in: language)
    }

    private func objects(_ words: [String]) throws -> [[String: Any]] {
        let ended = try run(words + ["--json"])
        let found = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return (found as? [[String: Any]]) ?? [(found as? [String: Any]) ?? [:]]
    }

    /// What was said, whatever the breaks of its lines.
    private func words(_ ended: Program.Ended) -> String {
        ended.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func sample() throws {
        _ = try site.program.run([
            "sample", "--couples", "4", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        #expect(try run(["take", site.folder + "/couples-4-seed-7.csv"]).status == 0)
    }

    @Test func `a conflict freezes its case from receipt to explanation, until it is decided`()
        throws
    {
        try sample()
        try site.write("post 1: conflict\npost 1: wrong-sender-receipt\n", to: "faults.txt")
        let national = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { national.end() }
        _ = try run(["deliver"])
        _ = try run(["collect"])
        let kept = try objects(["receipts", "list"])
        #expect(
            Set(kept.compactMap { $0["disposition"] as? String })
                == ["applied", "conflict", "misaddressed"])
        let unmatched = try objects(["receipts", "list", "--unmatched"])
        #expect(unmatched.count == 1)
        #expect(try run(["receipts", "list", "--unmatched"]).status == 5)
        let conflict = try #require(
            kept.first { $0["disposition"] as? String == "conflict" }?["sha256"] as? String)
        let shown = try objects(["receipts", "show", String(conflict.prefix(8))])
        let entry = try #require((shown[0]["entries"] as? [[String: Any]])?.first)
        #expect(entry["says"] as? String == "rejected" && entry["state"] as? String == "disputed")
        let record = try #require(entry["record"] as? String)

        let history = try objects(["receipts", "record", record])
        let version = try #require((history[0]["versions"] as? [[String: Any]])?.first)
        #expect(version["derived"] as? String == "disputed")
        // The one to another sender says it too, and counts for nothing.
        #expect((version["answers"] as? [Any])?.count == 3)

        let frozen = try run(["explain", record])
        #expect(words(frozen).contains("frozen, not paid and not sent"), "\(frozen.err)")
        #expect(words(frozen).contains("queue decide \(record)"))
        let decided = try run([
            "queue", "decide", record, "--as", "rejected", "--receipt", conflict, "--because",
            "their letter",
        ])
        #expect(decided.status == 0, "\(decided.err)")
        #expect(words(try run(["explain", record])).contains("rejected version 1"))
    }

    @Test func `an acceptance taken back is an alarm, and both books agree on what is left`()
        throws
    {
        try sample()
        try site.write("post 1: reversal\n", to: "faults.txt")
        let national = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { national.end() }
        _ = try run(["deliver"])
        _ = try run(["collect"])
        _ = try run(["collect"])
        let status = try objects(["status"])[0]
        let alarms = try #require(status["alarms"] as? [[String: Any]])
        #expect(alarms.map { $0["kind"] as? String } == ["reversed"])
        let cases = try #require(status["cases"] as? [String: Any])
        #expect(cases["accepted"] as? Int == 3 && cases["rejected"] as? Int == 1)
        #expect(words(try run(["status"])).contains("A-REVERSED"))
        let reconciled = try run(["reconcile", "--year", "2012"])
        #expect(reconciled.status == 0, "\(reconciled.out)\(reconciled.err)")
        let receipt = try #require(alarms[0]["receipt"] as? String)
        let shown = try objects(["receipts", "show", receipt])[0]
        let record = try #require(
            (shown["entries"] as? [[String: Any]])?.first?["record"] as? String)
        #expect(words(try run(["explain", record])).contains("took that back (E3301)"))
        #expect(words(try run(["trace", record])).contains("took its acceptance"))
    }

    /// As a terminal of 80 columns shows it.
    private func fits(_ ended: Program.Ended) -> Bool {
        ended.out.split(separator: "\n").allSatisfy { line in
            line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) } <= 80
        }
    }

    @Test func `what was delivered and what was decided stand beside each other everywhere`()
        throws
    {
        try sample()
        let id = try #require(try objects(["queue", "list"]).first?["id"] as? String)
        let first = try objects(["queue", "list"])[0]
        #expect(first["transport"] as? String == "notSent")
        #expect(first["business"] as? [String: Int] == ["open": 4])
        try site.write("post 1: refuse E1001\n", to: "faults.txt")
        let national = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { national.end() }
        _ = try run(["deliver"])
        _ = try run(["collect"])

        // They have it, and none of it was accepted.
        let shown = try objects(["queue", "show", id])[0]
        #expect(shown["state"] as? String == "final")
        #expect(shown["transport"] as? String == "delivered")
        #expect(shown["business"] as? [String: Int] == ["rejected": 4])
        let item = try #require((shown["items"] as? [[String: Any]])?.first)
        #expect(item["transport"] as? String == "delivered")
        #expect(item["business"] as? String == "rejected")
        let record = try #require(item["record"] as? String)
        let trace = try objects(["trace", record])[0]
        let told = try objects(["explain", record])[0]
        let history = try objects(["receipts", "record", record])[0]
        let version = try #require((history["versions"] as? [[String: Any]])?.first)
        for page in [trace, told, version] {
            #expect(page["transport"] as? String == "delivered", "\(page)")
            #expect(page["business"] as? String == "rejected", "\(page)")
        }
        let sides = Set((trace["lines"] as? [[String: Any]] ?? []).map { $0["about"] as? String })
        #expect(sides == ["transport", "business"])
        let whole = try objects(["explain", id])[0]
        #expect(whole["business"] as? [String: Int] == ["rejected": 4])
        for page in [
            ["queue", "list"], ["queue", "show", id], ["trace", record], ["explain", record],
            ["explain", id], ["receipts", "record", record], ["status"],
        ] {
            let english = try run(page)
            #expect(fits(english), "\(english.out)")
            let chinese = try run(page, in: "zh")
            #expect(fits(chinese), "\(chinese.out)")
            guard page != ["status"] else { continue }
            #expect(words(english).contains("delivered") && words(english).contains("rejected"))
            #expect(chinese.out.contains("已送达") && chinese.out.contains("被退回"))
        }
    }

    @Test func `explain says what a submission and a record wait for, in both languages`() throws {
        try sample()
        let id = try #require(try objects(["queue", "list"]).first?["id"] as? String)
        let told = try run(["explain", String(id.prefix(13))])
        #expect(told.status == 0, "\(told.err)")
        #expect(
            words(told).contains("was never sent") && words(told).contains("$ shangbao deliver"))
        #expect(try run(["explain", id], in: "zh").out.contains("还没有发过"))
        let shown = try run(["queue", "show", id, "--json"])
        let record = String(try #require(shown.out.firstMatch(of: /"record" : "([0-9a-f]{32})"/)).1)
        let page = try objects(["explain", record])[0]
        #expect(page["kind"] as? String == "record")
        #expect((page["why"] as? [String: String])?["en"]?.contains("in submission \(id)") == true)
        #expect(page["at"] as? String != nil)
        let unknown = try run(["explain", String(repeating: "a", count: 32)])
        #expect(unknown.status == 64 && unknown.err.contains("E-RECORD"))
        #expect(try run(["explain", "R-99999"]).err.contains("E-CODE"))
        #expect(try run(["receipts", "list", "--overdue"]).status == 0)
        #expect(try run(["receipts", "show", "0123456789"]).err.contains("E-RECEIPT"))
        #expect(try run(["receipts", "record", record]).status == 0)
    }
}
