import Foundation
import Testing

/// The national side loses what it had accepted; only that goes again, and nothing twice.
@Suite(.serialized) struct ResendTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func object(_ words: [String]) throws -> [String: Any] {
        let ended = try run(words + ["--json"])
        let found = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return (found as? [String: Any]) ?? ((found as? [[String: Any]])?.first ?? [:])
    }

    private func moveLedger(to other: String, from name: String) throws {
        for ending in ["", "-wal", "-shm"] {
            let (old, new) = (
                site.folder + "/national/\(name)\(ending)",
                site.folder + "/national/\(other)\(ending)"
            )
            guard FileManager.default.fileExists(atPath: old) else { continue }
            try FileManager.default.moveItem(atPath: old, toPath: new)
        }
    }

    @Test func `what they lost goes again by an agreed list, and comes back once`() throws {
        _ = try site.program.run([
            "sample", "--couples", "6", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        var national = try NationalProcess(site: site.folder)
        #expect(try run(["take", site.folder + "/couples-6-seed-7.csv"]).status == 0)
        #expect(try run(["deliver"]).status == 0)
        let list = site.folder + "/list.csv"
        // They hold it all: equal counts say so without a question for each.
        let nothing = try object(["resend", "plan", "--ask", "--out", list])
        #expect(nothing["records"] as? Int == 0 && nothing["heldByCounts"] as? Int == 6)
        #expect(!FileManager.default.fileExists(atPath: list))

        national.end()
        try moveLedger(to: "kept.db", from: "ledger.db")
        national = try NationalProcess(site: site.folder)
        let believed = try object(["resend", "plan", "--out", list])
        #expect(believed["records"] as? Int == 0 && believed["heldByReceipt"] as? Int == 6)
        let planned = try object([
            "resend", "plan", "--ask", "--filter", "programme=preconception", "--filter",
            "state=accepted", "--out", list,
        ])
        #expect(planned["records"] as? Int == 6, "\(planned)")
        let text = try String(contentsOfFile: list, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(try run(["resend", "plan", "--out", list]).err.contains("E-EXISTS"))

        try expectRefused(lines.dropLast().map { $0 + "\n" }.joined())

        // Before it begins they have put their backup back: what was there comes as a duplicate.
        national.end()
        try moveLedger(to: "lost.db", from: "ledger.db")
        try moveLedger(to: "ledger.db", from: "kept.db")
        national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let start = [
            "resend", "start", list, "--pace", "4 per 10 min", "--because", "their letter",
        ]
        #expect(try object(start)["isNew"] as? Bool == true)
        #expect(try object(start)["isNew"] as? Bool == false)
        #expect(try run(["collect"]).status == 0)
        #expect(try run(["deliver"]).status == 0)
        // The pace lets four go; a second round at once changes nothing.
        #expect(try run(["collect"]).status == 0)
        let standing = try object(["resend", "status"])
        #expect(standing["gone"] as? Int == 4 && standing["waiting"] as? Int == 2, "\(standing)")
        let plan = try #require(standing["plan"] as? String)
        #expect(
            try run(["resend", "cancel", String(plan.prefix(8)), "--because", "enough"]).status == 0
        )
        let status = try object(["status"])
        let cases = try #require(status["cases"] as? [String: Any])
        #expect(cases["accepted"] as? Int == 6 && cases["taken"] as? Int == 6, "\(cases)")
        let reconciled = try run(["reconcile", "--year", "2012"])
        #expect(reconciled.status == 0, "\(reconciled.out)\(reconciled.err)")
    }

    /// A list that somebody has shortened or made is none.
    private func expectRefused(_ text: String) throws {
        try site.write(text, to: "short.csv")
        let edited = try run([
            "resend", "start", site.folder + "/short.csv", "--because", "their letter",
        ])
        #expect(edited.status == 64 && edited.err.contains("Q-PLAN-OTHER"), "\(edited.err)")
        #expect(try object(["resend", "status"]).isEmpty)
    }

    @Test func `what is late at a resend is held until a person lets it go`() throws {
        try site.edit("shangbao.yaml") { $0 + "\ndeadlines:\n  monthly: { by: day 10 }\n" }
        _ = try site.program.run([
            "sample", "--couples", "4", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        var national = try NationalProcess(site: site.folder)
        #expect(try run(["take", site.folder + "/couples-4-seed-7.csv"]).status == 0)
        #expect(try run(["deliver"]).status == 0)
        national.end()
        try moveLedger(to: "lost.db", from: "ledger.db")
        national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let list = site.folder + "/list.csv"
        #expect(try object(["resend", "plan", "--ask", "--out", list])["records"] as? Int == 4)
        let started = try run(["resend", "start", list, "--because", "their letter"])
        #expect(started.status == 0 && started.out.contains("Q-DEADLINE"), "\(started.out)")
        #expect(try run(["collect"]).status == 0)
        #expect(try object(["deliver"])["sent"] as? Int == 0)
        let held = try object(["queue", "list", "--state", "held"])
        #expect(held["reason"] as? String == "Q-DEADLINE" && held["records"] as? Int == 4)
        // All of them go by one more list, on which both agree.
        let second = site.folder + "/late.csv"
        let planned = try object(["resend", "plan", "--filter", "state=open", "--out", second])
        #expect(planned["steps"] as? [String: Int] == ["release": 4], "\(planned)")
        #expect(try run(["resend", "start", second, "--because", "late is taken"]).status == 0)
        #expect(try run(["collect"]).status == 0)
        #expect(try object(["deliver"])["sent"] as? Int == 1)
        let status = try object(["status"])
        #expect((status["cases"] as? [String: Any])?["accepted"] as? Int == 4, "\(status)")
    }

    @Test func `what they took back by mistake is reported anew, counted once and paid once`()
        throws
    {
        _ = try site.program.run([
            "sample", "--couples", "4", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        try site.write("post 1: reversal\n", to: "faults.txt")
        let national = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { national.end() }
        let file = site.folder + "/couples-4-seed-7.csv"
        #expect(try run(["take", file]).status == 0)
        for step in ["deliver", "collect", "collect"] { _ = try run([step]) }
        let list = site.folder + "/list.csv"
        // Nobody asked for it: it waits for a person.
        let plain = try object(["resend", "plan", "--out", list])
        #expect(plain["records"] as? Int == 0 && plain["forAPerson"] as? Int == 1, "\(plain)")
        let planned = try object([
            "resend", "plan", "--filter", "state=reversed", "--out", list,
        ])
        #expect(planned["steps"] as? [String: Int] == ["renew": 1], "\(planned)")
        let cells = try #require(
            try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").last?
                .split(separator: ",").map(String.init))
        let record = cells[0]
        let way = try run(["explain", record])
        #expect(way.out.contains("--filter record=\(record)"), "\(way.out)")
        #expect(try run(["resend", "start", list, "--because", "their letter"]).status == 0)
        for step in ["collect", "deliver", "collect"] { #expect(try run([step]).status == 0) }
        let shown = try run(["explain", record])
        #expect(shown.out.contains("accepted version 2"), "\(shown.out)")
        let again = try object(
            ["resend", "plan", "--filter", "record=\(record)", "--out", list + "2"])
        #expect(again["records"] as? Int == 0 && again["heldByReceipt"] as? Int == 1, "\(again)")
        // The clinic's own row says nothing new, whatever its file is called and however it ends.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file)) + Data("\r\n".utf8)
        try bytes.write(to: URL(fileURLWithPath: site.folder + "/same.csv"))
        let same = try run(["take", site.folder + "/same.csv"])
        #expect(same.status == 0, "\(same.err)")
        let cases = try #require(try object(["status"])["cases"] as? [String: Any])
        // Five versions of four cases: the one that was taken back, and nothing in the queue.
        #expect(cases["accepted"] as? Int == 4 && cases["taken"] as? Int == 5, "\(cases)")
        let reconciled = try run(["reconcile", "--year", "2012"])
        #expect(reconciled.status == 0, "\(reconciled.out)\(reconciled.err)")
        // The clinic counts more: the statement says so, closes, and is proven all the same.
        let counted = try run([
            "counts", "set", "--institution", cells[3], "--month", cells[4], "--count", "99",
        ])
        #expect(counted.status == 0, "\(counted.err)")
        let settled = try run(["settle", "--year", "2012"])
        #expect(settled.status == 0 && settled.out.contains("960.00"), "\(settled.out)")
        let packs = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
        let pack = site.folder + "/out/" + (packs.first { $0.hasPrefix("evidence") } ?? "")
        let checked = try run(["verify", pack])
        #expect(checked.status == 0, "\(checked.out)\(checked.err)")
        #expect(try run(["doctor"]).status == 0)
    }

    @Test func `filters and lists that cannot be meant are refused`() throws {
        for word in ["month=2026-13", "state=gone", "colour=red", "month", "accepted=2026-02-30"] {
            let ended = try run([
                "resend", "plan", "--filter", word, "--out", site.folder + "/x.csv",
            ])
            #expect(ended.status == 64, "\(word)")
        }
        for word in ["abc", "zz000000000000000000000000000000", "00000000000000000000000000000000"]
        {
            let ended = try run([
                "resend", "plan", "--filter", "record=\(word)", "--out", site.folder + "/x.csv",
            ])
            #expect(ended.status == 64 && ended.err.contains("E-RECORD"), "\(word)")
        }
        let nowhere = try run([
            "resend", "plan", "--filter", "institution=nowhere", "--out", site.folder + "/x.csv",
        ])
        #expect(nowhere.out.contains("No record fits"), "\(nowhere.out)")
        try site.write("record,version\n", to: "bad.csv")
        let bad = try run(["resend", "start", site.folder + "/bad.csv", "--because", "x"])
        #expect(bad.status == 64 && bad.err.contains("Q-PLAN-FILE"))
        let pace = try run([
            "resend", "start", site.folder + "/bad.csv", "--pace", "many", "--because", "x",
        ])
        #expect(pace.status == 64)
        #expect(
            try run(["resend", "pause", "abcdef12", "--because", "x"]).err.contains("Q-PLAN-NONE"))
    }
}
