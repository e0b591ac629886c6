import Foundation
import Testing

/// A file that was begun and not finished: taken again it ends like an undisturbed one, and where
/// it cannot go on, that is seen and can be closed.
@Suite(.serialized) struct HalfTakenTests {
    private static let sweepLimit = 30

    private struct Standing: Decodable {
        struct Half: Decodable {
            let item: String
            let rows: Int
            let lastRow: Int
            let standing: String
        }
        let items: Int
        let openItems: Int
        let abandonedItems: Int
        let balances: Bool
        let halfTaken: [Half]
    }

    private func standing(_ folder: String) throws -> Standing {
        let ended = try Program().run(["status", "--site", folder, "--json"])
        #expect(ended.status == 0, "\(ended.err)")
        return try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
    }

    private func sample(in site: TestSite, couples: Int = 30) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "\(couples)", "--seed", "7", "--defects", "0.2", "--out",
            site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        return site.folder + "/couples-\(couples)-seed-7.csv"
    }

    private func copy(of site: TestSite) throws -> String {
        let folder = site.folder + "-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
        return folder
    }

    /// Ends the program at its n-th durable step; whether it was ended.
    private func take(_ file: String, _ folder: String, killedAt step: Int) throws -> Bool {
        let ended = try Program().run(
            ["take", file, "--site", folder],
            under: Program.killing(at: step))
        return ended.status == SIGKILL || ended.status == 128 + SIGKILL
    }

    private func lists(in folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/out")
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, FileManager.default.contents(atPath: folder + "/out/" + name) ?? Data())
            })
    }

    @Test func `killed at any durable step, the list and the exit status end the same`() throws {
        let site = try TestSite()
        let file = try sample(in: site)
        let undisturbed = try copy(of: site)
        defer { try? FileManager.default.removeItem(atPath: undisturbed) }
        #expect(try Program().run(["take", file, "--site", undisturbed]).status == 3)
        let whole = try lists(in: undisturbed)
        let name = try #require(whole.keys.first)
        #expect(whole.count == 1 && name.hasPrefix("findings-couples-30-seed-7-"))
        var step = 1
        var isThrough = false
        while !isThrough, step < HalfTakenTests.sweepLimit {
            let folder = try copy(of: site)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            isThrough = try !take(file, folder, killedAt: step)
            #expect(try Program().run(["take", file, "--site", folder]).status == 3)
            #expect(try lists(in: folder) == whole, "killed at step \(step)")
            step += 1
        }
        #expect(isThrough && step > 4)
    }

    @Test func `a half-taken file that changed is seen, its rows stay, and it can be closed`()
        throws
    {
        let site = try TestSite()
        let file = try sample(in: site)
        let folder = try halfTaken(file, site)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try standing(folder).halfTaken.map(\.standing) == ["resumable"])
        // Without its last line break it is another file of the same rows.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        try bytes.dropLast(2).write(to: URL(fileURLWithPath: file))
        let half = try #require(try standing(folder).halfTaken.first)
        #expect(half.standing == "fileChanged" && half.rows == 30 && half.lastRow == 31)
        let told = try Program().run(["status", "--site", folder], in: "en")
        #expect(told.out.contains("was taken up to row 31"))
        #expect(told.out.contains("shangbao abandon \(half.item.prefix(8))"))

        // The changed file is an item of its own, and all its rows are known.
        #expect(try Program().run(["take", file, "--site", folder]).status != 74)
        #expect(try standing(folder).items == 1)
        try FileManager.default.removeItem(atPath: file)
        #expect(try standing(folder).halfTaken.map(\.standing) == ["fileGone"])
        let words = ["abandon", String(half.item.prefix(8)), "--site", folder, "--because"]
        #expect(try Program().run(words + [" "]).status == 64)
        #expect(try Program().run(words + ["exported anew"]).status == 0)
        let after = try standing(folder)
        #expect(after.openItems == 0 && after.abandonedItems == 1 && after.balances)
        let again = try Program().run(words + ["exported anew"], in: "en")
        #expect(again.status == 64 && again.err.contains("E-ITEM"))
    }

    /// A copy of the site in which all rows of the file are on disk, and the item is not closed.
    private func halfTaken(_ file: String, _ site: TestSite) throws -> String {
        for step in 1..<HalfTakenTests.sweepLimit {
            let folder = try copy(of: site)
            _ = try take(file, folder, killedAt: step)
            // Killed while its tables were made, it cannot be looked at yet.
            let ended = try Program().run(["status", "--site", folder, "--json"])
            if ended.status == 0,
                try standing(folder).halfTaken.first?.rows == 30
            {
                return folder
            }
            try FileManager.default.removeItem(atPath: folder)
        }
        throw CocoaError(.fileNoSuchFile)
    }

    @Test(arguments: ["blank", "header"])
    func `a file without rows is closed and says what it is`(kind: String) throws {
        let site = try TestSite()
        let sample = try Data(
            contentsOf: URL(fileURLWithPath: try sample(in: site, couples: 1)))
        let header = sample.prefix { $0 != 0x0A } + [0x0A]
        func write(_ ending: String) throws {
            let bytes = (kind == "blank" ? Data() : header) + Data(ending.utf8)
            try bytes.write(to: URL(fileURLWithPath: site.folder + "/in/none.csv"))
        }
        try write("\r\n\r\n")
        let take = ["take", site.folder + "/in/none.csv", "--site", site.folder]
        let code = kind == "blank" ? "V-BLANK" : "V-NOROWS"
        let words =
            kind == "blank"
            ? ["文件只有空行", "only blank lines"] : ["文件只有表头", "a header and no rows"]
        let said = try site.program.run(take)
        #expect(said.status == 0 && said.out.contains(code) && said.out.contains(words[0]))
        try write("\r\n\r\n\r\n")
        let english = try site.program.run(take, in: "en")
        #expect(english.status == 0 && english.out.contains(words[1]))
        let now = try standing(site.folder)
        #expect(now.items == 2 && now.openItems == 0)
    }
}
