import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import TestKit
import Testing

/// Rings that went different ways from one, and databases of another day than their ring.
@Suite(.serialized) struct KeyForkTests {
    private let site: TestSite
    private let header: [String]

    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
    }

    private func run(_ words: [String], in folder: String) throws -> Program.Ended {
        try site.program.run(words + ["--site", folder], in: "en")
    }

    private func done(_ words: [String], in folder: String) throws {
        let ended = try run(words, in: folder)
        #expect(ended.status == 0, "\(words): \(ended.out)\(ended.err)")
    }

    private func write(_ couple: CleanCouple, as name: String, in folder: String) throws -> String {
        let rows = [header, header.map { couple.cells[$0] ?? "" }]
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
        let file = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    private func take(_ couple: CleanCouple, as name: String, in folder: String) throws
        -> TakenFile
    {
        let ended = try run(["take", write(couple, as: name, in: folder), "--json"], in: folder)
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    /// Another copy of the site, removed with the test's own.
    private func copy(_ name: String) throws -> String {
        let folder = site.folder + "/../" + (site.folder as NSString).lastPathComponent + name
        let place = (folder as NSString).standardizingPath
        try FileManager.default.copyItem(atPath: site.folder, toPath: place)
        return place
    }

    private func ring(_ folder: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder + "/keys/keyring.json"))
    }

    private func put(_ ring: Data, in folder: String) throws {
        let file = folder + "/keys/keyring.json"
        try ring.write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }

    private func expectRefused(
        _ words: [String], _ code: String, in folder: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let refused = try run(words, in: folder)
        #expect(
            refused.status != 0 && (refused.out + refused.err).contains(code),
            "\(words): \(refused.out)\(refused.err)", sourceLocation: location)
    }

    @Test func `a ring that went another way is refused, however high its counter`() throws {
        let first = try take(CleanCouple(file: "A"), as: "1.csv", in: site.folder)
        #expect(first.fates == ["sent": 1])
        let (one, two) = (try copy("-one"), try copy("-two"))
        defer { for folder in [one, two] { try? FileManager.default.removeItem(atPath: folder) } }
        try done(["keys", "rotate", "pid-link"], in: one)
        try done(["keys", "rotate", "pid-link"], in: two)
        try done(["keys", "rotate", "sign"], in: two)
        let own = try ring(one)
        try put(ring(two), in: one)
        let second = try write(CleanCouple(file: "B"), as: "2.csv", in: one)
        for words in [
            ["take", second], ["keys", "list"], ["doctor"], ["keys", "rotate", "pid-link"],
            ["keys", "rotate", "sign"],
        ] { try expectRefused(words, "E-KEY-FORKED", in: one) }
        try put(own, in: one)
        #expect(try take(CleanCouple(file: "C"), as: "3.csv", in: one).findings["R-05"] == 1)
    }

    @Test func `today's ring is refused once yesterday's went on by itself`() throws {
        let first = try take(CleanCouple(file: "A"), as: "1.csv", in: site.folder)
        #expect(first.fates == ["sent": 1])
        let yesterday = try copy("-yesterday")
        defer { try? FileManager.default.removeItem(atPath: yesterday) }
        for _ in 0..<2 { try done(["keys", "rotate", "field"], in: site.folder) }
        try done(["keys", "rotate", "field"], in: yesterday)
        let own = try ring(yesterday)
        try put(ring(site.folder), in: yesterday)
        for words in [
            ["keys", "list"], ["keys", "rotate", "field"], ["keys", "verify-rotation"],
        ] {
            try expectRefused(words, "E-KEY-FORKED", in: yesterday)
        }
        let because = ["--because", "the disk was lost"]
        try expectRefused(["keys", "adopt"] + because, "E-KEY-ROTATED", in: yesterday)
        try put(own, in: yesterday)
        try done(["keys", "verify-rotation"], in: yesterday)
    }

    /// By the numbers of epochs alone both rings would do.
    @Test(arguments: ["pid-link", "content"])
    func `a ring with another key for names is not adopted, one with another that signs is`(
        use: String
    ) throws {
        _ = try take(CleanCouple(file: "A"), as: "1.csv", in: site.folder)
        let (one, two) = (try copy("-one"), try copy("-two"))
        defer { for folder in [one, two] { try? FileManager.default.removeItem(atPath: folder) } }
        let because = ["--because", "the disk was lost"]
        for folder in [one, two] { try done(["keys", "rotate", "sign"], in: folder) }
        try put(ring(two), in: one)
        try expectRefused(["keys", "list"], "E-KEY-FORKED", in: one)
        try done(["keys", "adopt"] + because, in: one)
        for folder in [one, two] { try done(["keys", "rotate", use], in: folder) }
        let own = try ring(one)
        try put(ring(two), in: one)
        try expectRefused(["keys", "adopt"] + because, "E-KEY-ROTATED", in: one)
        try expectRefused(["keys", "list"], "E-KEY-FORKED", in: one)
        try put(own, in: one)
        try done(["keys", "list"], in: one)
    }

    @Test func `a ledger that noted no keys notes them at the next command that writes`()
        async throws
    {
        let place = try Site(
            folder: site.folder, clock: { Timestamp(microseconds: 1_330_920_000_000_000) })
        var opened = try place.openKeyring(nil)
        let old = Fact.KeyringSeen(
            counter: opened.counter, contents: opened.contents, keys: nil)
        let database = try await place.openDatabase()
        try await database.write {
            try Ledger().append([.keyringSeen(old)], at: place.clock(), in: $0)
        }
        await database.close()
        let first = try ring(site.folder)
        _ = try take(CleanCouple(file: "A"), as: "1.csv", in: site.folder)
        let view = try await place.openView()
        let noted = try await view.read { transaction in
            try Ledger().entries(of: "keyringSeen", in: transaction).map { entry -> Int? in
                if case .keyringSeen(let fact) = entry.fact { fact.keys?.count } else { nil }
            }
        }
        await view.close()
        #expect(noted == [nil, 12])
        // From one ring two ways.
        _ = try opened.rotate(.sign, .gm, on: place.clock())
        _ = try opened.rotate(.sign, .gm, on: place.clock())
        let other = try ring(site.folder)
        try put(first, in: site.folder)
        try done(["keys", "rotate", "pid-out"], in: site.folder)
        let own = try ring(site.folder)
        try put(other, in: site.folder)
        try expectRefused(["keys", "list"], "E-KEY-FORKED", in: site.folder)
        try put(own, in: site.folder)
    }
}
