import Foundation
import TestKit
import Testing

/// One site, two programmes: tests of pregnant women go the whole way beside preconception checks.
@Suite(.serialized) struct TwoProgrammesTests {
    private let site: TestSite

    init() throws {
        site = try TestSite()
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                "profile: preconception/reference-1",
                with: "profile: [prenatal-screening/reference-1, preconception/reference-1]"
            ).replacing("  # fundingArea: LC-KFQ", with: "  fundingArea: LC-990229").replacing(
                "sources:\n",
                with: """
                    sources:
                      register: { folder: in/r, mapping: prenatal-screening/from-mch-register }

                    """)
        }
    }

    private struct Taken: Decodable {
        let fates: [String: Int]
    }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func take(_ pregnancies: [CleanPregnancy]) throws -> Taken {
        let header = try PrenatalScreening.loaded().header
        let rows = [header] + pregnancies.map { test in header.map { test.cells[$0] ?? "" } }
        let lines = rows.map { row in row.map { "\"\($0)\"" }.joined(separator: ",") }
        try site.write(lines.joined(separator: "\r\n") + "\r\n", to: "register.csv")
        let ended = try run([
            "take", site.folder + "/register.csv", "--source", "register", "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    @Test func `tests are accepted with their bounds, and paid by the funding area's parameters`()
        throws
    {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        // The serum test has a risk below its bound, `<1/50000`; all that may follow one is there.
        let taken = try take([
            CleanPregnancy(record: "A").with(["18三体风险": "<1/50000"]),
            CleanPregnancy(.nipt, record: "B").with(CleanPregnancy.followed)
                .with(["样本条形码": "DEMO-N-0002"]),
        ])
        #expect(taken.fates == ["sent": 2], "\(taken)")
        for command in ["deliver", "collect"] {
            let ended = try run([command])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
        let status = try run(["status", "--json"])
        #expect(status.out.contains("\"accepted\" : 2"), "\(status.out)")
        // A county that the province manages: who pays the city's part of NIPT is not stated.
        let draft = try run(["settle", "--year", "2016"])
        #expect(draft.status == 78 && draft.out.contains("E-PART-OPEN"), "\(draft.out)")
        try site.edit("shangbao.yaml") { $0.replacing("LC-990229", with: "LC-990101") }
        let settled = try run(["settle", "--year", "2016"])
        #expect(settled.status == 0, "\(settled.out)\(settled.err)")
        let pack = site.folder + "/out/evidence_990101_2016_1.asice"
        let unpacked = try UnpackedPack(pack, in: site.folder).folder
        let table = try String(contentsOfFile: unpacked + "/settlement.csv", encoding: .utf8)
        #expect(table.contains("total.city.serum,分担,应负担合计,,,市级（血清）,,,4000,40.00,R-32"))
        #expect(table.contains("total.city.nipt,分担,应负担合计,,,市级（无创）,,,100000,1000.00,R-34"))
        let verified = try run(["verify", pack])
        #expect(verified.status == 0, "\(verified.out)")
    }

    @Test func `R-06: a woman who consents no more is taken back, whatever else is wrong`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        #expect(try take([CleanPregnancy(record: "A")]).fates == ["sent": 1])
        for command in ["deliver", "collect"] { _ = try run([command]) }
        let gone = try take([
            CleanPregnancy(record: "A").with(["筛查知情同意": "否", "末次月经": "2016-13-45"])
        ])
        #expect(gone.fates == ["withdrawn": 1], "\(gone)")
        for command in ["deliver", "collect"] { _ = try run([command]) }
        let status = try run(["status", "--json"])
        #expect(status.out.contains("\"withdrawn\" : 2"), "\(status.out)")
    }
}
