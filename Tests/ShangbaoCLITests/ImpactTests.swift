import Foundation
import Testing

/// What a new version of a mapping would change: seen before anybody signs it.
@Suite(.serialized) struct ImpactTests {
    private struct Impact: Decodable {
        struct Held: Decodable {
            let items: Int
            let files: Int
            let sealedOnly: Int
            let rows: Int
            let rowsRead: Int
            let repeats: Int
        }
        struct Side: Decodable {
            let fates: [String: Int]
            let fen: [String: Int64]
        }
        struct Payer: Decodable {
            struct Title: Decodable { let zh: String }
            let name: String
            let title: Title
        }
        struct Field: Decodable, Equatable {
            let name: String
            let technique: String
            let gained: Int
            let lost: Int
            let changed: Int
        }
        struct Group: Decodable {
            struct Item: Decodable {
                let name: String
                let source: String
            }
            let item: Item
            let before: String
            let after: String
            let fields: [String: String]
            let newCodes: [String]
            let goneCodes: [String]
            let rows: Int
            let examples: [Int]
        }
        let held: Held
        let before: Side
        let after: Side
        let payers: [Payer]
        let fields: [Field]
        let newlyFailing: Int
        let newlyPassing: Int
        let otherContent: Int
        let changed: Int
        let groups: [Group]
    }

    private static let mapping = Program.root + "/mappings/preconception/from-county-csv.yaml"
    private static let sample =
        Program.root + "/samples/preconception-2012/county-hospital-2012.csv"

    private func decoded(_ ended: Program.Ended) throws -> (impact: Impact, status: Int32) {
        #expect([0, 3].contains(ended.status), "\(ended.err)")
        return (try JSONDecoder().decode(Impact.self, from: Data(ended.out.utf8)), ended.status)
    }

    private func impact(_ county: AssistedCounty, _ change: (String) -> String) throws
        -> (impact: Impact, status: Int32)
    {
        let text = try String(contentsOfFile: ImpactTests.mapping, encoding: .utf8)
        let path = county.desk + "/new.yaml"
        try change(text).write(toFile: path, atomically: true, encoding: .utf8)
        return try decoded(
            county.run([
                "mapping", "impact", "county-hospital", "--since", "2012-01-01", "--mapping", path,
                "--json",
            ]))
    }

    /// The present mapping against what became of the rows then.
    private func impact(at site: TestSite) throws -> (impact: Impact, status: Int32) {
        try decoded(
            site.program.run(
                [
                    "mapping", "impact", "county-hospital", "--since", "2012-01-01", "--json",
                    "--site", site.folder,
                ], in: "en"))
    }

    private func take(_ path: String, at site: TestSite) throws {
        let ended = try site.program.run(["take", path, "--site", site.folder], in: "en")
        #expect([0, 3].contains(ended.status), "\(ended.err)")
    }

    private func total(_ side: Impact.Side) -> Int { side.fates.values.reduce(0, +) }

    @Test func `what was taken just now differs in nothing from what became of it`() throws {
        let site = try TestSite()
        try take(ImpactTests.sample, at: site)
        // Two rows of one couple are one; one row nobody can read.
        let once = try impact(at: site)
        #expect(once.impact.changed == 0 && once.status == 0)
        #expect(once.impact.before.fates == once.impact.after.fates)
        #expect(total(once.impact.before) == 299 && once.impact.held.repeats == 1)
        // What was queued then is worth what it is worth now: 267 couples at 240 yuan.
        #expect(once.impact.before.fen == once.impact.after.fen)
        #expect(once.impact.before.fen.values.reduce(0, +) == 267 * 24_000)
        #expect(once.impact.payers.map(\.title.zh) == ["中央", "市级", "区县"])

        // The same rows under another name: all of them are known.
        try FileManager.default.copyItem(
            atPath: ImpactTests.sample, toPath: site.folder + "/again.csv")
        try take(site.folder + "/again.csv", at: site)
        let twice = try impact(at: site)
        #expect(twice.impact.changed == 0 && twice.status == 0 && twice.impact.held.rowsRead == 600)
        #expect(twice.impact.before.fates == twice.impact.after.fates)
        // The unreadable row is nobody's record, and stands there twice.
        #expect(total(twice.impact.before) == 300 && twice.impact.held.repeats == 300)
    }

    @Test(arguments: [true, false])
    func `A file that is gone or altered leaves the kept rows, the unreadable one among them`(
        isGone: Bool
    ) throws {
        let site = try TestSite()
        let path = site.folder + "/county.csv"
        try FileManager.default.copyItem(atPath: ImpactTests.sample, toPath: path)
        try take(path, at: site)
        let whole = try impact(at: site).impact
        if isGone {
            try FileManager.default.removeItem(atPath: path)
        } else {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data("\n".utf8))
            try file.close()
        }
        let left = try impact(at: site)
        #expect(left.status == 0 && left.impact.changed == 0)
        #expect(left.impact.held.sealedOnly == 1 && left.impact.held.files == 0)
        #expect(left.impact.before.fates == left.impact.after.fates)
        for fate in ["quarantined", "held", "excluded"] {
            #expect(left.impact.after.fates[fate] == whole.after.fates[fate])
        }
        #expect(left.impact.held.rowsRead == 300 - (whole.after.fates["sent"] ?? 0))
    }

    @Test func `A mapping that was mended and whose file came again changes nothing any more`()
        throws
    {
        let site = try TestSite()
        let maps = site.folder + "-maps"
        try FileManager.default.copyItem(atPath: Program.root + "/mappings", toPath: maps)
        defer { try? FileManager.default.removeItem(atPath: maps) }
        try site.edit("shangbao.yaml") {
            $0.replacing(/(?m)^mappings: .*$/, with: "mappings: \(maps)")
        }
        let file = maps + "/preconception/from-county-csv.yaml"
        let good = try String(contentsOfFile: ImpactTests.mapping, encoding: .utf8)
        try good.replacing(/(?m)^dates: .*$/, with: "dates: [yyyy-M-d, yyyyMMdd]")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let path = site.folder + "/county.csv"
        try FileManager.default.copyItem(atPath: ImpactTests.sample, toPath: path)
        try take(path, at: site)
        try good.write(toFile: file, atomically: true, encoding: .utf8)

        // Mended, and not taken again: it says what taking it again would bring.
        let mended = try impact(at: site)
        #expect(mended.status == 0 && mended.impact.newlyFailing == 0)
        #expect(mended.impact.newlyPassing > 100)
        #expect(mended.impact.groups.contains { $0.goneCodes == ["V-DATE"] && $0.rows > 5 })
        #expect(mended.impact.groups.allSatisfy { $0.examples.count == min(5, $0.rows) })
        #expect(mended.impact.groups.reduce(0) { $0 + $1.rows } == mended.impact.changed)

        try take(path, at: site)
        let taken = try impact(at: site)
        #expect(taken.status == 0 && taken.impact.changed == 0)
        #expect(taken.impact.newlyFailing == 0 && taken.impact.newlyPassing == 0)
        #expect(taken.impact.before.fates == taken.impact.after.fates)
        #expect(taken.impact.before.fen == mended.impact.after.fen)

        // The file is gone: the rows that stayed here then have gone out since.
        try FileManager.default.removeItem(atPath: path)
        let gone = try impact(at: site)
        #expect(gone.status == 0 && gone.impact.changed == 0)
    }

    @Test func `the impact of a change is seen in rows, fields and money, and nothing is written`()
        throws
    {
        let county = try AssistedCounty()
        let books = try county.run(["status", "--json"]).out
        let same = try impact(county) { $0 }
        #expect(same.status == 0 && same.impact.changed == 0 && same.impact.held.rowsRead == 6)
        #expect(
            same.impact.before.fates == ["sent": 6]
                && same.impact.before.fen == same.impact.after.fen)
        // Six couples at 240 yuan.
        #expect(same.impact.before.fen.values.reduce(0, +) == 6 * 24_000)

        let fewer = try impact(county) {
            $0.replacing(
                "  - { field: wife.ethnicity, from: 女方民族, lookUp: words/ethnicity }\n", with: ""
            )
            .replacing("ignore: [", with: "ignore: [ 女方民族,")
        }
        // It says less of each couple, and nothing else moves.
        #expect(fewer.status == 0 && fewer.impact.changed == 6)
        #expect(
            fewer.impact.fields == [
                Impact.Field(
                    name: "wife.ethnicity", technique: "keep", gained: 0, lost: 6, changed: 0)
            ])
        #expect(fewer.impact.groups.map(\.fields) == [["wife.ethnicity": "lost"]])
        #expect(fewer.impact.groups.map(\.examples) == [[2, 3, 4, 5, 6]])
        #expect(fewer.impact.groups.map(\.item.source) == ["county-hospital"])
        #expect(fewer.impact.after.fen == same.impact.before.fen)
        #expect(try county.run(["status", "--json"]).out == books)
    }

    @Test func `Rows that fail newly are counted by what happens to them, in people's words`()
        throws
    {
        let county = try AssistedCounty()
        let undated = try impact(county) {
            $0.replacing(/(?m)^dates: .*$/, with: "dates: [yyyy.M.d]")
        }
        #expect(undated.status == 3 && undated.impact.newlyFailing == 6)
        #expect(undated.impact.after.fen.values.reduce(0, +) == 0)
        #expect(undated.impact.groups.reduce(0) { $0 + $1.rows } == 6)
        #expect(undated.impact.groups.allSatisfy { $0.before == "sent" && $0.after != "sent" })
        let shown = try county.run(
            [
                "mapping", "impact", "county-hospital", "--since", "2012-01-01", "--mapping",
                county.desk + "/new.yaml",
            ], in: "zh"
        ).out
        #expect(shown.contains("中央（元）") && shown.contains("区县（元）") && !shown.contains("central"))
        #expect(shown.contains("2 3 4 5 6 …") && !shown.contains("file-"))

        // Without another version the present one is held against what became of the rows then.
        let then = try impact(at: county.site)
        #expect(then.impact.before.fates == ["sent": 6] && then.impact.after.fates == ["sent": 6])
        #expect(then.impact.changed == 0 && then.impact.fields.isEmpty)
        #expect(then.impact.before.fen == then.impact.after.fen)
    }

    @Test func `what left and whose file is gone cannot be looked at, and that is said`() throws {
        let county = try AssistedCounty()
        for name in try FileManager.default.contentsOfDirectory(atPath: county.desk)
        where name.hasPrefix("couples-") {
            try FileManager.default.removeItem(atPath: county.desk + "/" + name)
        }
        let gone = try impact(county) { $0 }.impact
        #expect(gone.held.items == 1 && gone.held.files == 0 && gone.held.sealedOnly == 1)
        #expect(gone.held.rows == 6 && gone.held.rowsRead == 0)
    }
}
