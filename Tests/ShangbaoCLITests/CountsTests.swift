import Foundation
import Testing

/// What the clinics count themselves is the left side of the tie-out.
@Suite(.serialized) struct CountsTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func run(_ words: [String], in language: String = "en") throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: language)
    }

    private struct Books: Decodable {
        struct Line: Decodable {
            let institution: String?
            let month: String?
            let taken: Int
        }
        struct Discrepancy: Decodable {
            let kind: String
            let source: Int?
        }
        let lines: [Line]
        let discrepancies: [Discrepancy]
    }

    private func books() throws -> Books {
        let ended = try run(["reconcile", "--year", "2012", "--json"])
        return try JSONDecoder().decode(Books.self, from: Data(ended.out.utf8))
    }

    @Test func `a missing extract shows as a gap, and a corrected count closes it`() throws {
        _ = try site.program.run([
            "sample", "--couples", "6", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        #expect(try run(["take", site.folder + "/couples-6-seed-7.csv"]).status == 0)
        let empty = try run(["counts", "list", "--year", "2012"])
        #expect(empty.status == 0 && empty.out.contains("counts set"), "\(empty.out)")
        let lines = try books().lines
        let rows = lines.map { "\($0.institution ?? ""),\($0.month ?? ""),\($0.taken)\n" }
        try site.write(
            "institution,month,count\n" + rows.joined() + "nowhere,2012-01,1\n", to: "counts.csv")
        let imported = try run(["counts", "import", site.folder + "/counts.csv"])
        #expect(imported.status == 3 && imported.out.contains("\(rows.count) counts noted"))
        #expect(imported.out.contains("K-INSTITUTION") && !imported.out.contains("nowhere"))
        let agreed = try run(["counts", "list", "--year", "2012"], in: "zh")
        #expect(agreed.status == 0 && agreed.out.contains("✓ 与自报数一致"), "\(agreed.out)")
        #expect(try books().discrepancies.isEmpty)

        // The clinic says that it did 40 more in the first of these months.
        let first = try #require(lines.first)
        let words = [
            "counts", "set", "--institution", first.institution ?? "", "--month", first.month ?? "",
        ]
        #expect(try run(words + ["--count", "\(first.taken + 40)"]).status == 0)
        let gap = try run(["counts", "list", "--year", "2012"])
        #expect(gap.status == 6 && gap.out.contains("-40"), "\(gap.out)")
        #expect(try books().discrepancies.map(\.kind) == ["D-SOURCE-MORE"])
        #expect(try run(words + ["--count", "\(first.taken)"]).status == 0)
        #expect(try books().discrepancies.isEmpty)
        #expect(try run(["explain", "D-SOURCE-MORE"]).status == 0)
    }

    @Test func `a list of the national counts is held against the books, and changes nothing`()
        throws
    {
        _ = try site.program.run([
            "sample", "--couples", "4", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        let national = try NationalProcess(site: site.folder)
        #expect(try run(["take", site.folder + "/couples-4-seed-7.csv"]).status == 0)
        for step in ["deliver", "collect"] { #expect(try run([step]).status == 0) }
        let lines = try books().lines
        national.end()
        let rows = lines.map { "\($0.institution ?? ""),\($0.month ?? ""),\($0.taken)\n" }
        try site.write("机构,月份,接收\n" + rows.joined(), to: "nation.csv")
        let words = ["reconcile", "--year", "2012", "--counts", site.folder + "/nation.csv"]
        let equal = try run(words)
        #expect(equal.status == 0 && equal.out.contains("nobody signed"), "\(equal.out)")
        try site.write("机构,月份,接收\n" + rows.dropFirst().joined() + "x,y,z\n", to: "nation.csv")
        let gap = try run(words)
        #expect(gap.status == 6 && gap.out.contains("D-LOCAL-ONLY"), "\(gap.out)")
        #expect(gap.out.contains("K-INSTITUTION"))
        let none = try run(["reconcile", "--year", "2012"])
        #expect(none.status == 4, "the nation itself cannot be reached: \(none.out)")
    }

    @Test func `what is no count is refused, and nothing is written`() throws {
        let good = [
            "--institution", "MA0000T1X99010111G1001", "--month", "2012-03", "--count", "1",
        ]
        for (place, wrong, code) in [
            (1, "县医院", "K-INSTITUTION"), (3, "March", "K-MONTH"), (5, "many", "K-COUNT"),
        ] {
            var words = good
            words[place] = wrong
            let ended = try run(["counts", "set"] + words)
            #expect(ended.status == 64 && ended.err.contains(code), "\(ended.err)")
        }
        let service = try run(["counts", "set"] + good + ["--service", "xray"])
        #expect(service.status == 64 && service.err.contains("K-SERVICE"), "\(service.err)")
        let listed = try run(["counts", "list", "--year", "2012", "--json"])
        #expect(listed.out.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("["))
        #expect(!listed.out.contains("MA0000T1X99010111G1001"))
    }
}
