import Foundation
import TestKit
import Testing

/// A hospital that keeps registration, questionnaire and laboratory apart: cases are put together
/// from files of three systems, and the laboratory's may come in either of two forms.
@Suite(.serialized) struct JoinedLayoutTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private struct Seen: Decodable {
        struct Row: Decodable {
            struct Finding: Decodable {
                let code: String
                let field: String?
            }
            struct Element: Decodable, Equatable {
                let path: String
                let text: String
            }
            let fate: String
            let findings: [Finding]
            let elements: [Element]
        }
        let fates: [String: Int]
        let rows: [Row]

        /// What would leave, by path.
        func texts(_ row: Int) -> [String: String] {
            Dictionary(
                rows[row].elements.map { ($0.path, $0.text) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    private let second = CleanCouple(file: "DEMO-0002").with([
        "女方身份证号": "990243199202290466", "女方出生日期": "1992-02-29", "女方年龄": "20",
        "男方身份证号": "990110197901010070", "男方出生日期": "1979-01-01", "男方年龄": "33",
        "结婚日期": "2012-03-01",
    ])

    private func seen(_ file: String, by mapping: String, _ parts: [String]) throws -> Seen {
        let ended = try Program().run(
            [
                "preview", "\(site.folder)/\(file)", "--source", "preconception/\(mapping)",
                "--rows", "5", "--site", site.folder, "--json",
            ] + parts.flatMap { ["--part", $0] })
        guard let seen = try? JSONDecoder().decode(Seen.self, from: Data(ended.out.utf8)) else {
            Issue.record("\(ended.out)\(ended.err)")
            throw CocoaError(.coderInvalidValue)
        }
        return seen
    }

    private func joined(_ laboratory: String) throws -> Seen {
        try seen(
            "registration.csv", by: "from-registration-csv",
            [
                "preconception/from-questionnaire-xlsx=\(site.folder)/questionnaire.xlsx",
                laboratory,
            ])
    }

    private var csv: String { "preconception/from-lis-csv=\(site.folder)/lis.csv" }
    private var hl7: String { "preconception/from-lis-hl7=\(site.folder)/lis.hl7" }

    @Test func `three systems' files make the same cases as one table, by CSV and by HL7`() throws {
        let couples = [CleanCouple(), second]
        _ = try JoinedFiles(of: couples, in: site.folder)
        let (byTable, byMessage) = (try joined(csv), try joined(hl7))
        let header = try Preconception.loaded().header(for: couples)
        let table = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        try site.write(
            table.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: "whole.csv")
        let county = try seen("whole.csv", by: "from-county-csv", [])
        #expect(county.fates == ["sent": 2] && byTable.fates == ["sent": 2], "\(byTable.rows)")
        #expect(byMessage.fates == ["sent": 2], "\(byMessage.rows)")
        for row in couples.indices {
            let (one, other) = (byTable.rows[row], byMessage.rows[row])
            #expect(one.elements == other.elements)
            #expect(one.findings.map(\.code) == other.findings.map(\.code))
            var (apart, together) = (byTable.texts(row), county.texts(row))
            // What the laboratory says beyond the table: not done.
            apart = apart.filter { together[$0.key] != nil }
            together = together.filter { apart[$0.key] != nil }
            #expect(apart == together && together.count > 150)
            #expect(together.count == county.texts(row).count)
        }
    }

    @Test func `a result counts by its time: corrected, preliminary, deleted, not done`() throws {
        _ = try JoinedFiles(of: [CleanCouple()], in: site.folder)
        for seen in [try joined(csv), try joined(hl7)] {
            let texts = seen.texts(0)
            let laboratory = texts.filter { $0.key.hasPrefix("wifeLaboratory/") }
            #expect(laboratory["wifeLaboratory/bloodGlucose"] == "5.12", "\(laboratory)")
            #expect(laboratory["wifeLaboratory/tsh"] == "2.135")
            #expect(laboratory["wifeLaboratory/hemoglobin"] == "128")
            #expect(laboratory["wifeLaboratory/creatinine"] == "58.0")
            #expect(laboratory["wifeLaboratory/trichomonas"] == "NEG")
            #expect(laboratory["wifeLaboratory/neutrophilPct"] == nil)
            #expect(laboratory["wifeLaboratory/labReportDate"] == "2012-03-03")
        }
    }

    @Test func `a sample of two persons gives results to neither`() throws {
        _ = try JoinedFiles(of: [CleanCouple(), second], in: site.folder, sharingSample: true)
        for seen in [try joined(csv), try joined(hl7)] {
            #expect(seen.fates == ["quarantined": 2])
            for row in seen.rows {
                let disputed = row.findings.filter { $0.code == "V-SAMPLE" }
                #expect(disputed.map(\.field) == ["wifeLaboratory"])
            }
        }
    }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let released: Int
    }

    private func take(_ file: String, _ mapping: String) throws -> Taken {
        let ended = try Program().run([
            "take", "\(site.folder)/\(file)", "--source", "preconception/\(mapping)", "--site",
            site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    @Test func `cases wait for their parts and go once both are there`() throws {
        _ = try JoinedFiles(of: [CleanCouple(), second], in: site.folder)
        #expect(try take("registration.csv", "from-registration-csv").fates == ["held": 2])
        #expect(try take("lis.hl7", "from-lis-hl7").released == 0)
        #expect(try take("questionnaire.xlsx", "from-questionnaire-xlsx").released == 2)
    }
}
