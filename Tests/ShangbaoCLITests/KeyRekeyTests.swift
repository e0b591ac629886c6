import Evidence
import Flow
import Foundation
import Records
import Storage
import TestKit
import Testing

/// The link key leaked: names are made anew from the numbers, where two people sign for it.
@Suite(.serialized) struct KeyRekeyTests {
    private let site: TestSite
    private let header: [String]

    /// Three people of two departments, each with his own key.
    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
        for name in ["zheng", "qian", "sun"] {
            try PersonalKeys.make(name, in: site.folder)
        }
        try site.edit("shangbao.yaml") {
            $0 + """

                privacy:
                  officers:
                    郑隐私: { role: 隐私负责人, department: 法规科, key: people/zheng.pub.pem }
                    钱同科: { role: 审批人, department: 法规科, key: people/qian.pub.pem }
                    孙信息: { role: 审批人, department: 信息科, key: people/sun.pub.pem }

                """
        }
    }

    private func run(_ words: [String], in folder: String? = nil) throws -> Program.Ended {
        try site.program.run(words + ["--site", folder ?? site.folder], in: "en")
    }

    private func rekey(
        _ name: String? = nil, _ file: String = "", _ words: [String] = [],
        in folder: String? = nil, under: [String] = []
    ) throws -> Program.Ended {
        let place = folder ?? site.folder
        let hand = name.map { ["--by", $0, "--key", "\(place)/people/\(file).pem"] } ?? []
        return try site.program.run(
            ["keys", "rotate", "pid-link", "--rekey", "--site", place] + hand + words, in: "en",
            under: under)
    }

    private func take(_ couple: CleanCouple, as name: String, in folder: String? = nil) throws
        -> TakenFile
    {
        let rows = [header, header.map { couple.cells[$0] ?? "" }]
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
        let place = folder ?? site.folder
        try Data(text.utf8).write(to: URL(fileURLWithPath: place + "/" + name))
        let ended = try run(["take", place + "/" + name, "--json"], in: folder)
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private struct Key: Decodable {
        let id: String
        let use: String
        let suite: String
        let epoch: Int
        let state: String
    }

    private func links(in folder: String? = nil) throws -> [Key] {
        let listed = try run(["keys", "list", "--json"], in: folder)
        return try JSONDecoder().decode([Key].self, from: Data(listed.out.utf8))
            .filter { $0.use == "pid-link" && $0.suite == "gm" }
    }

    private func isProven(in folder: String? = nil) throws -> Bool {
        try run(["keys", "verify-rotation"], in: folder).status == 0
    }

    private func open() async throws -> any SteadyDatabase {
        try await Site(
            folder: site.folder, clock: { Timestamp(microseconds: 1_772_413_200_000_000) }
        ).openDatabase()
    }

    /// Stored free checks, with the root that they are made of.
    private func checks() async throws -> [String: Int] {
        let database = try await open()
        let rows = try await database.read {
            try $0.run("SELECT claim, root FROM entitlement").map {
                (try $0.text(0), try $0.int(1))
            }
        }
        await database.close()
        return Dictionary(rows) { one, _ in one }
    }

    @Test func `a request that a rotation overtook is asked for anew`() throws {
        #expect(try take(CleanCouple(file: "A"), as: "1.csv").fates == ["sent": 1])
        let asked = ["--because", "a backup was copied"]
        #expect(try rekey("郑隐私", "zheng", asked).status == 0)
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        let late = try rekey("孙信息", "sun")
        #expect(late.status != 0 && late.err.contains("E-REKEY-CHANGED"), "\(late.err)")
        #expect(try rekey("郑隐私", "zheng", asked).status == 0)
        let done = try rekey("孙信息", "sun")
        #expect(done.status == 0, "\(done.out)\(done.err)")
        #expect(try isProven())
    }

    @Test func `two of two departments sign, all names are new, and the couple is still known`()
        async throws
    {
        #expect(try take(CleanCouple(file: "A"), as: "1.csv").fates == ["sent": 1])
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        let before = try await checks()

        let unasked = try rekey()
        #expect(unasked.status == 64 && unasked.err.contains("E-REKEY-ASK"), "\(unasked.err)")
        let stranger = try rekey("孙信息", "zheng", ["--because", "a backup was copied"])
        #expect(stranger.status == 64 && stranger.err.contains("E-REKEY-HAND"))
        let first = try rekey("郑隐私", "zheng", ["--because", "a backup was copied"])
        #expect(first.status == 0, "\(first.out)\(first.err)")
        for (name, file) in [("郑隐私", "zheng"), ("钱同科", "qian")] {
            let refused = try rekey(name, file)
            #expect(refused.status == 64 && refused.err.contains("E-REKEY-TWICE"))
        }
        #expect(try links().count == 2, "nothing has been done yet")
        let second = try rekey("孙信息", "sun")
        #expect(second.status == 0, "\(second.out)\(second.err)")

        let after = try await checks()
        #expect(after.count == 1 && after.values.allSatisfy { $0 == 3 })
        #expect(Set(after.keys).isDisjoint(with: before.keys))
        #expect(try isProven())
        let another = try take(CleanCouple(file: "B"), as: "2.csv")
        #expect(another.findings["R-05"] == 1, "\(another)")
        #expect(try take(CleanCouple(file: "A"), as: "3.csv").fates == ["unchanged": 1])

        // The key between is needed by nothing; the first one is, by what others have.
        #expect(try links().map(\.state) == ["verify-only", "compromised", "active"])
        let (root, between) = (try links()[0].id, try links()[1].id)
        let kept = try run(["keys", "mark", root, "compromised"])
        #expect(kept.status == 78 && kept.err.contains("E-KEY-NEEDED"))
        #expect(try run(["keys", "mark", between, "destroyed"]).status == 0)
        #expect(try take(CleanCouple(file: "C"), as: "4.csv").findings["R-05"] == 1)

        // And what comes after goes on from the new one, in a chain.
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        #expect(try isProven())
        #expect(try take(CleanCouple(file: "D"), as: "5.csv").findings["R-05"] == 1)
        #expect(try rekey().err.contains("E-REKEY-ASK"), "one request is for once")
    }

    @Test func `a database of before it is refused with the ring of after it`() throws {
        #expect(try take(CleanCouple(file: "A"), as: "1.csv").fates == ["sent": 1])
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        let files = FileManager.default
        let (data, old) = (site.folder + "/data", site.folder + "/data-before")
        let (ring, before) = (site.folder + "/keys/keyring.json", site.folder + "/ring-before")
        try files.copyItem(atPath: data, toPath: old)
        try files.copyItem(atPath: ring, toPath: before)
        #expect(try rekey("郑隐私", "zheng", ["--because", "a leak"]).status == 0)
        #expect(try rekey("孙信息", "sun").status == 0)
        let between = try links()[1]
        #expect(between.state == "compromised")

        func put(_ copy: String, at place: String) throws {
            try files.removeItem(atPath: place)
            try files.copyItem(atPath: copy, toPath: place)
        }
        try files.copyItem(atPath: data, toPath: data + "-after")
        func expectRefused() throws {
            try put(old, at: data)
            for words in [
                ["take", site.folder + "/1.csv"], ["keys", "list"], ["doctor"],
                ["keys", "rotate", "pid-link"],
                ["keys", "adopt", "--because", "the disk was lost"],
            ] {
                let refused = try run(words)
                #expect(
                    refused.status != 0 && (refused.out + refused.err).contains("E-KEY-ROTATED"),
                    "\(words): \(refused.out)\(refused.err)")
            }
            #expect(try rekey().err.contains("E-KEY-ROTATED"))
        }
        try expectRefused()
        // The same once the key is gone.
        try put(data + "-after", at: data)
        #expect(try run(["keys", "mark", between.id, "destroyed"]).status == 0)
        try expectRefused()
        // The ring of the same day knows the couple.
        try put(before, at: ring)
        #expect(try take(CleanCouple(file: "B"), as: "2.csv").findings["R-05"] == 1)
    }

    @Test func `names without a source stop it until a person decides, and are still known`()
        async throws
    {
        #expect(try take(CleanCouple(file: "A"), as: "1.csv").fates == ["sent": 1])
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        let before = try await checks()
        // As at the end of its time of retention.
        let database = try await open()
        try await database.write { try $0.run("UPDATE submission SET own_key = ''") }
        await database.close()

        let reason = ["--because", "a backup was copied"]
        #expect(try rekey("郑隐私", "zheng", reason).status == 0)
        let stopped = try rekey("孙信息", "sun")
        #expect(stopped.status == 64 && stopped.err.contains("E-REKEY-LOST"), "\(stopped.err)")
        #expect(try await checks() == before && links().count == 2, "nothing is changed")

        let done = try rekey(nil, "", ["--because", "they are three years old"])
        #expect(done.status == 0, "\(done.out)\(done.err)")
        #expect(done.out.contains("0 made anew, 1 carried over"))
        let after = try await checks()
        #expect(after.values.allSatisfy { $0 == 1 } && after.keys != before.keys)
        #expect(try take(CleanCouple(file: "B"), as: "2.csv").findings["R-05"] == 1)
        let between = try links()[1]
        #expect(between.state == "verify-only")
        let needed = try run(["keys", "mark", between.id, "retired"])
        #expect(needed.status == 78 && needed.err.contains("E-KEY-NEEDED"))
        // The case comes again with something new: its name is made anew, and stands once.
        let amended = CleanCouple(file: "A").with(["女方体重": "58.5"])
        _ = try take(amended, as: "3.csv")
        #expect(try take(CleanCouple(file: "C"), as: "4.csv").findings["R-05"] == 1)
        #expect(try await checks().count == 1)
    }

    @Test func `killed at any durable step, the same again ends it, and nobody gets two checks`()
        throws
    {
        #expect(try take(CleanCouple(file: "A"), as: "1.csv").fates == ["sent": 1])
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        #expect(try rekey("郑隐私", "zheng", ["--because", "a leak"]).status == 0)
        let calls = "fdatasync,fsync,rename,renameat,renameat2"
        var (step, isThrough) = (1, false)
        while !isThrough, step < 40 {
            let folder = site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let killed = try rekey(
                "孙信息", "sun", in: folder, under: Program.killing(at: step, of: calls))
            isThrough = killed.status == 0
            let another = try take(CleanCouple(file: "B"), as: "2.csv", in: folder)
            #expect(another.findings["R-05"] == 1, "step \(step): \(another)")
            let again = try rekey("孙信息", "sun", in: folder)
            #expect(
                again.status == 0 || again.err.contains("E-REKEY-ASK"),
                "step \(step): \(again.out)\(again.err)")
            #expect(try isProven(in: folder), "step \(step)")
            #expect(
                try links(in: folder).map(\.state) == ["verify-only", "compromised", "active"],
                "step \(step)")
            step += 1
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 5)
    }
}
