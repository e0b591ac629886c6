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
}
