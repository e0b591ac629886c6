import Foundation
import Testing

/// A person steps in: each step is taken once, only where it may be, and the ledger knows why.
struct QueueTests {
    @Test func `a submission is held, released and taken back, with who and why`() throws {
        let site = try TestSite()
        let place = ["--site", site.folder]
        _ = try site.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        _ = try site.program.run(["take", site.folder + "/couples-3-seed-7.csv"] + place)
        let listed = try site.program.run(["queue", "list", "--json"] + place)
        let lines = try #require(
            try JSONSerialization.jsonObject(with: Data(listed.out.utf8)) as? [[String: Any]])
        let id = try #require(lines.first?["id"] as? String)
        #expect(lines.count == 1 && lines[0]["state"] as? String == "due")

        func step(_ name: String, _ words: [String] = ["--because", "checked by phone"]) throws
            -> Int32
        {
            try site.program.run(["queue", name, String(id.prefix(12))] + words + place).status
        }
        #expect(try step("retry") == 64, "it is not held")
        #expect(try step("hold", []) == 64, "a reason is asked for")
        #expect(try step("hold", ["--because", " "]) == 64)
        #expect(try step("hold") == 0)
        #expect(try step("hold") == 64, "it is held already")
        #expect(try step("release") == 0)
        #expect(try step("repack") == 64, "it was not refused")
        #expect(try step("cancel") == 0)
        #expect(try step("release") == 64, "it is gone for good")

        let shown = try site.program.run(["queue", "show", id, "--json"] + place)
        #expect(shown.out.contains("\"state\" : \"cancelled\""))
        let record = try #require(shown.out.firstMatch(of: /"record" : "([0-9a-f]{32})"/))
        let trace = try site.program.run(["trace", String(record.1)] + place, in: "en")
        let told = trace.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(told.contains("held by") && told.contains("checked by phone"), "\(told)")
        #expect(told.contains("cancelled by"))

        let decide = ["queue", "decide", String(record.1), "--as", "accepted"] + place
        let receipt = ["--receipt", String(repeating: "a", count: 64), "--because", "a letter"]
        let decided = try site.program.run(decide + receipt, in: "en")
        #expect(decided.status == 64 && decided.err.contains("Q-NOT-DISPUTED"))
        #expect(try site.program.run(decide + receipt.dropLast(2)).status == 64)
    }

    @Test func `only an open alarm can be seen to, and it is said how`() throws {
        let site = try TestSite(hasKeys: false)
        let place = ["--site", site.folder]
        let none = try site.program.run(
            ["status", "--acknowledge", "7", "--because", "a call"] + place, in: "en")
        #expect(none.status == 64 && none.err.contains("A-NONE"))
        for half in [
            ["--acknowledge", "7"], ["--because", "x"], ["--acknowledge", "7", "--because", " "],
        ] {
            #expect(try site.program.run(["status"] + half + place).status == 64)
        }
    }
}
