import Foundation
import Testing

/// The lane's commands: what they say, and that a stop holds until a person ends it.
struct LaneCommandTests {
    @Test func `the retry rules are said in plain words, within eighty columns`() throws {
        let site = try TestSite(hasKeys: false)
        let place = ["--site", site.folder]
        var text = ""
        for language in ["zh", "en"] {
            let ended = try site.program.run(["lane", "policy"] + place, in: language)
            #expect(ended.status == 0, "\(ended.err)")
            text += ended.out
        }
        Snapshot.expect(text, as: "lane-policy")
        // The sentences follow the numbers, the site's own pace among them.
        try site.edit("shangbao.yaml") {
            $0.replacing("  inFlight: 2", with: "  inFlight: 2\n  pace: 400 per 10 min")
        }
        let paced = try site.program.run(["lane", "policy"] + place, in: "en")
        #expect(paced.out.contains("400 sends at most in any 10 min"))
        try site.edit("shangbao.yaml") { $0.replacing("400 per 10 min", with: "400 a day") }
        let wrong = try site.program.run(["lane", "policy"] + place, in: "en")
        #expect(wrong.status != 0 && wrong.err.contains("shangbao.yaml:"))
    }

    @Test func `a stop is kept, shown and ended by a person`() throws {
        let site = try TestSite()
        let place = ["--site", site.folder]
        _ = try site.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        _ = try site.program.run(["take", site.folder + "/couples-3-seed-7.csv"] + place)
        func lane(_ words: [String]) throws -> Program.Ended {
            try site.program.run(["lane"] + words + place, in: "en")
        }
        #expect(try lane(["show"]).out.contains("works"))
        #expect(try lane(["stop"]).status == 64, "a reason is asked for")
        #expect(try lane(["stop", "--sends", "--because", "maintenance"]).status == 0)
        let shown = try lane(["show"])
        #expect(shown.status == 4)
        #expect(shown.out.contains("sending is stopped by") && shown.out.contains("maintenance"))
        let delivered = try site.program.run(["deliver"] + place, in: "en")
        #expect(delivered.status == 4 && delivered.out.contains("sending is stopped"))
        let status = try site.program.run(["status"] + place, in: "en")
        #expect(status.out.contains("maintenance"))
        #expect(try lane(["start", "--because", "over"]).status == 0)
        #expect(try lane(["start", "--because", "over"]).out.contains("not stopped"))
        #expect(try lane(["show", "--json"]).out.contains("\"phase\" : \"working\""))
    }

    /// A site with a queue of so many submissions of a couple each.
    private func queued(_ count: Int, pace: String? = nil) throws -> TestSite {
        let site = try TestSite()
        if let pace {
            try site.edit("shangbao.yaml") {
                $0.replacing("  inFlight: 2", with: "  inFlight: 2\n  pace: \(pace)")
            }
        }
        for number in 1...count {
            _ = try site.program.run([
                "sample", "--couples", "1", "--seed", "\(number)", "--defects", "0", "--out",
                site.folder,
            ])
            let file = site.folder + "/couples-1-seed-\(number).csv"
            let taken = try site.program.run(["take", file, "--site", site.folder])
            #expect(taken.status == 0, "\(taken.out)\(taken.err)")
        }
        return site
    }

    private func object(_ words: [String], _ site: TestSite, status: Int32 = 0) throws
        -> [String: Any]
    {
        let ended = try site.program.run(words + ["--json", "--site", site.folder], in: "en")
        #expect(ended.status == status, "\(words) \(ended.out)\(ended.err)")
        let found = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return (found as? [String: Any]) ?? ((found as? [[String: Any]])?.first ?? [:])
    }

    @Test func `within a pace's gap nothing is wrong, and it is said when the next one goes`()
        throws
    {
        let site = try queued(2, pace: "1 per 10 min")
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        #expect(try object(["deliver"], site)["sent"] as? Int == 1)
        let second = try object(["deliver"], site)
        #expect(second["sent"] as? Int == 0)
        let opens = try #require(second["paceOpensAt"] as? String)
        let told = try site.program.run(["deliver", "--site", site.folder], in: "en")
        #expect(told.status == 0 && told.out.contains("the pace lets the next go \(opens)"))
        #expect(!told.out.contains("Nothing to send"))
        let due = try object(["queue", "list", "--state", "due"], site)
        let id = try #require(due["id"] as? String)
        let why = try site.program.run(["explain", id, "--site", site.folder], in: "en")
        let words = why.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("the pace lets the next go"), "\(words)")
        // A stop is a stop, whatever the pace says.
        let reason = ["--because", "maintenance", "--site", site.folder]
        #expect(try site.program.run(["lane", "stop", "--sends"] + reason).status == 0)
        _ = try object(["deliver"], site, status: 4)
        let stopped = try site.program.run(["explain", id, "--site", site.folder], in: "en")
        #expect(stopped.out.contains("lane start"), "\(stopped.out)")
    }

    @Test func `while reconciling, deliver says that nothing is sent, and what ends it`() throws {
        let site = try queued(1)
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let reason = ["--because", "a backup", "--site", site.folder]
        #expect(try site.program.run(["queue", "reconcile"] + reason).status == 0)
        let delivered = try object(["deliver"], site, status: 4)
        #expect((delivered["reconciling"] as? [String: Any])?["cause"] as? String == "person")
        let told = try site.program.run(["deliver", "--site", site.folder], in: "en")
        let words = told.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("Reconciling: nothing is sent"), "\(words)")
        #expect(words.contains("shangbao queue open"))
    }

    @Test func `what was refused as a whole does not look done, and its code names the way out`()
        throws
    {
        let site = try queued(1)
        try site.write("post 1: refuse E1002\n", to: "faults.txt")
        let nation = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { nation.end() }
        _ = try object(["deliver"], site, status: 5)
        let line = try object(["queue", "list"], site)
        #expect(line["isRefused"] as? Bool == true && line["state"] as? String == "final")
        let listed = try site.program.run(["queue", "list", "--site", site.folder], in: "en")
        #expect(listed.out.contains("✗ refused") && listed.out.contains("queue repack"))
        let code = try site.program.run(["explain", "E1002", "--site", site.folder], in: "en")
        #expect(code.out.contains("queue repack"), "\(code.out)")
        let id = try #require(line["id"] as? String)
        let reason = ["--because", "mended", "--site", site.folder]
        #expect(try site.program.run(["queue", "repack", id] + reason).status == 0)
        #expect(try object(["queue", "list"], site)["isRefused"] as? Bool == false)
    }
}
