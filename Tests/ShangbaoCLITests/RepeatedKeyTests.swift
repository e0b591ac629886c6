import Foundation
import TestKit
import Testing

/// What stood in an earlier file counts in a later one: a husband's other wife (L-085), a sample's
/// barcode (L-086). What the nation does not have holds nothing.
@Suite(.serialized) struct RepeatedKeyTests {
    private let site: TestSite

    init() throws {
        site = try TestSite()
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                "profile: preconception/reference-1",
                with: "profile: [preconception/reference-1, prenatal-screening/reference-1]"
            ).replacing(
                "sources:\n",
                with: """
                    sources:
                      register: { folder: in/r, mapping: prenatal-screening/from-mch-register }

                    """)
        }
    }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let findings: [String: Int]
    }

    private func take(_ header: [String], _ rows: [[String: String]], as name: String, _ by: String)
        throws -> Taken
    {
        let lines = ([header] + rows.map { row in header.map { row[$0] ?? "" } })
            .map { row in row.map { "\"\($0)\"" }.joined(separator: ",") }
        try site.write(lines.joined(separator: "\r\n") + "\r\n", to: name + ".csv")
        let ended = try Program().run([
            "take", "\(site.folder)/\(name).csv", "--source", by, "--site", site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func take(_ pregnancies: [CleanPregnancy], as name: String) throws -> Taken {
        try take(
            try PrenatalScreening.loaded().header, pregnancies.map(\.cells), as: name, "register")
    }

    private func take(_ couples: [CleanCouple], as name: String) throws -> Taken {
        try take(
            try Preconception.loaded().header(for: couples), couples.map(\.cells), as: name,
            "preconception/from-county-csv")
    }

    private func exchange() throws {
        for command in ["deliver", "collect"] {
            let ended = try Program().run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
    }

    private func test(_ record: String, _ changes: [String: String] = [:]) -> CleanPregnancy {
        CleanPregnancy(record: record).with(changes)
    }

    @Test func `L-086: a barcode of an earlier file is found in a later one`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        #expect(try take([test("A")], as: "1").fates == ["sent": 1])
        let reused = try take([test("B")], as: "2")
        #expect(reused.fates == ["quarantined": 1] && reused.findings == ["L-086": 1], "\(reused)")
        // The same export again says nothing new, and is no new version.
        #expect(try take([test("B"), test("A")], as: "3").fates == ["unchanged": 2])
        let other = test("B", ["样本条形码": "DEMO-B-0002"])
        #expect(try take([other], as: "4").fates == ["sent": 1])
        try exchange()
        // A takes another barcode: its old one is free.
        #expect(
            try take([test("A", ["样本条形码": "DEMO-B-0003"])], as: "5").fates == ["sent": 1])
        #expect(try take([test("C")], as: "6").fates == ["sent": 1])
    }

    @Test func `L-086: two rows of one record are a correction, and the later one wins`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let both = try take([test("A"), test("A", ["身高cm": "158.5"])], as: "1")
        #expect(both.fates == ["sent": 1, "held": 1], "\(both)")
        #expect(both.findings == ["H-WAITING": 1])
        try exchange()
        try exchange()
        let status = try Program().run(["status", "--site", site.folder, "--json"])
        #expect(status.out.contains("\"accepted\" : 1"), "\(status.out)")
        let again = try take([test("A", ["身高cm": "158.5"])], as: "2")
        #expect(again.fates == ["unchanged": 1], "\(again)")
    }

    @Test func `L-086: what was kept at home holds nothing`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        // A record that was kept at home never held anything.
        let kept = try take([test("A", ["身高cm": "x"])], as: "1")
        #expect(kept.fates == ["quarantined": 1])
        #expect(try take([test("B")], as: "2").fates == ["sent": 1])
    }

    @Test(arguments: [("2013-03-01", true), ("2013-03-02", false)])
    func `L-085: a husband of an earlier file has no other wife within a year`(
        day: String, isFound: Bool
    ) throws {
        #expect(try take([CleanCouple(file: "A")], as: "1").fates == ["sent": 1])
        let second = CleanCouple(file: "B").with([
            "女方身份证号": "990101198705050022", "女方出生日期": "1987-05-05", "女方年龄": "",
            "建档日期": day,
        ])
        let taken = try take([second], as: "2")
        #expect((taken.findings["L-085"] == 1) == isFound, "\(taken)")
        // The first couple once more, in another file: her husband is hers.
        let again = try take([CleanCouple(file: "C").with(["付费方式": "自费"])], as: "3")
        #expect(again.findings["L-085"] == nil, "\(again)")
    }
}
