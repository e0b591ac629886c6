import Foundation
import Testing

/// Lists of codes, looked at from a terminal.
struct CodesTests {
    private func run(_ words: String, in language: String = "en") throws -> Program.Ended {
        try Program().run(
            ["codes"] + words.split(separator: " ").map(String.init), in: language)
    }

    private func json(_ words: String) throws -> Any {
        let ended = try run(words + " --json")
        #expect(ended.status == 0 && ended.err.isEmpty, "\(ended.err)")
        return try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
    }

    /// DOMAIN 0.2, fact 3: 1 is positive in one system and negative in the national table.
    @Test func `a number that means two things is said to do so`() throws {
        let zh = try run("diff rh --from G1CSV --to WS364", in: "zh")
        #expect(zh.status == 0 && zh.out.contains("同一数字，含义不同"))
        #expect(zh.out.contains("  1  G1CSV POS  WS364 NEG\n"))
        let told = try #require(try json("diff rh --from G1CSV --to WS364") as? [String: Any])
        let conflicts = try #require(told["conflicts"] as? [[String: Any]])
        #expect(conflicts.count == 1)
        #expect(conflicts[0]["number"] as? String == "1")
        #expect(conflicts[0]["codes"] as? [String] == ["POS", "NEG"])
        let same = try run("diff cleanliness")
        #expect(same.status == 0 && same.out.contains("no number means two things"))
    }

    @Test func `a list without other systems' numbers says so`() throws {
        let ended = try run("diff risk")
        #expect(ended.status == 0 && ended.out.contains("crosswalks/risk.csv"))
    }

    /// DOMAIN 2.4: the reuse of codes in October 2011.
    @Test func `what changed between two days is listed with who took over`() throws {
        let changes = try #require(
            try json("diff divisions --on 2011-10-21 --and 2011-10-22") as? [[String: Any]])
        let chongqing = changes.filter { ($0["code"] as? String)?.hasPrefix("50") == true }
        #expect(
            chongqing.map { "\($0["change"] ?? "") \($0["code"] ?? "") \($0["successor"] ?? "")" }
                == [
                    "renamed 500110 500110", "renamed 500111 500111", "closed 500222 500110",
                    "closed 500225 500111",
                ])
        let zh = try run("diff divisions --on 2011-10-21 --and 2011-10-22", in: "zh")
        #expect(zh.out.contains("万盛区 → 綦江区"))
        let none = try run("diff rh --on 2011-10-21 --and 2011-10-22")
        #expect(none.status == 0 && none.out.contains("nothing changed"))
    }

    @Test func `a list is shown as of a day, with the numbers of each system`() throws {
        let told = try #require(
            try json("show divisions --on 2012-01-01") as? [[String: Any]])
        let chongqing = told.compactMap { $0["code"] as? String }
            .filter { $0.hasPrefix("50") && $0.count == 6 }
        #expect(chongqing.count == 38 && !chongqing.contains("500222"))
        let abo = try #require(try json("show abo") as? [[String: Any]])
        let groupO = try #require(abo.first { $0["code"] as? String == "O" })
        let numbers = try #require(groupO["numbers"] as? [String: [String]])
        // O is 3 in both, A and B are not.
        #expect(numbers["G1CSV"] == ["3"] && numbers["WS364"] == ["3"])
    }

    @Test func `all lists and sets are listed, within 80 columns`() throws {
        let told = try #require(try json("list") as? [String: Any])
        let sets = try #require(told["sets"] as? [[String: Any]]).compactMap {
            $0["name"] as? String
        }
        #expect(sets.contains("G1CSV") && sets.contains("LOCAL:<org>:<version>"))
        let lists = try #require(told["lists"] as? [[String: Any]])
        let rh = try #require(lists.first { $0["list"] as? String == "rh" })
        #expect(rh["sets"] as? [String] == ["G1CSV", "G2", "WS364"])
        for line in try run("list").out.split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test(arguments: [
        ("show nothing", "no list nothing"), ("diff rh --from G9", "no numbers of G9"),
        ("diff rh --on 2012-01-01", "--on goes with --and"),
        ("diff rh --on 2012-01-01 --and 2013-01-01 --from G2", "--on goes with --and"),
        ("diff rh --on 2012-1-1 --and 2013-01-01", "2012-1-1"),
    ])
    func `a wrong question is answered with what there is`(_ words: String, _ says: String) throws {
        let ended = try run(words)
        #expect(ended.status == 64 && ended.out.isEmpty)
        #expect(ended.err.replacing(/\s+/, with: " ").contains(says), "\(ended.err)")
    }
}
