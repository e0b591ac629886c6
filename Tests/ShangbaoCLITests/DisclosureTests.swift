import Evidence
import Flow
import Foundation
import Records
import Storage
import TestKit
import Testing

/// What left is told by what was decided and sent then, and only what may have left counts.
@Suite(.serialized) struct DisclosureTests {
    private struct Report: Decodable {
        struct Line: Decodable {
            let mapping: String
            let recipient: String
            let approval: String
            let approver: String
            let submissions: Int
            let records: Int
            let unknownFields: Int
        }
        struct Field: Decodable {
            let name: String
            let technique: String
            let privacyClass: String
            let records: Int
        }
        let lines: [Line]
        let fields: [Field]

        func techniques(of name: String) -> [String] {
            fields.filter { $0.name == name }.map(\.technique)
        }
    }

    private static let words = ["disclosures", "--from", "2012-01-01", "--to", "2099-12-31"]
    private static let programme = "mappings/preconception/programme.yaml"
    private static let sealed = "source: G1, class: OP, encrypt: national }"
    private static let clear = "source: G1, class: OP, keep: \"试 (trial)\" }"

    private func report(_ site: TestSite) throws -> Report {
        let ended = try site.program.run(
            Self.words + ["--json", "--site", site.folder], in: "en")
        #expect(ended.status == 0, "\(ended.err)")
        return try JSONDecoder().decode(Report.self, from: Data(ended.out.utf8))
    }

    private func handOut(_ run: ([String]) throws -> Program.Ended) throws {
        let list = NSTemporaryDirectory() + "list-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: list) }
        let handed = try run(["worklist", "--out", list])
        #expect(handed.status == 0, "\(handed.err)")
    }

    /// The line of the field `name`, which both spouses have.
    private func naming(_ text: String, _ from: String, _ to: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.contains("no: FF-021") ? String(line.replacing(from, with: to)) : String(line)
        }.joined(separator: "\n")
    }

    /// A rehearsal county with definitions of its own.
    private func ownDefinitions() throws -> TestSite {
        let site = try TestSite(binding: "assisted")
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("shangbao.yaml") {
            $0.replacing(/mappings: .*/, with: "mappings: mappings")
        }
        return site
    }

    private func take(_ site: TestSite) throws {
        let couple = CleanCouple(file: "DEMO-0001")
        let header = try Preconception.loaded().header
        let rows = [header, header.map { couple.cells[$0] ?? "" }]
        try site.write(rows.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: "a.csv")
        let taken = try site.program.run(["take", site.folder + "/a.csv", "--site", site.folder])
        #expect(taken.status == 0, "\(taken.out)\(taken.err)")
    }

    @Test func `doctors' names that left in clear are said to have, whatever is said today`() throws
    {
        let site = try ownDefinitions()
        try site.edit(Self.programme) { naming($0, Self.sealed, Self.clear) }
        try take(site)
        try handOut { try site.program.run($0 + ["--site", site.folder]) }
        let then = try report(site)
        #expect(then.techniques(of: "fileOpenedBy") == ["keep"])
        #expect(then.lines.map(\.mapping) == ["county-csv@2"])
        #expect(then.lines.first?.unknownFields == 0)
        #expect(then.lines.first?.recipient != "", "the submission names him")

        // The definitions are what they were before: nobody knows any more what those fields were.
        try site.edit(Self.programme) { naming($0, Self.clear, Self.sealed) }
        let now = try report(site)
        #expect(now.techniques(of: "fileOpenedBy") == [] && now.fields.isEmpty)
        #expect(now.lines.map(\.records) == [1] && now.lines.map(\.unknownFields) == [1])
        let shown = try site.program.run(Self.words + ["--site", site.folder], in: "zh")
        #expect(shown.out.contains("字段无从得知：当时的内容已不在"), "\(shown.out)")
        #expect(shown.out.contains("DI 直接标识") && shown.out.contains("reference-1"))
        for ending in ["csv", "html", "pdf"] {
            let out = site.folder + "/d." + ending
            let ended = try site.program.run(
                Self.words + ["--out", out, "--site", site.folder])
            #expect(ended.status == 0, "\(ended.err)")
            if ending == "pdf" { continue }
            let text = try String(contentsOfFile: out, encoding: .utf8)
            #expect(text.contains("字段无从得知：当时的内容已不在"), "\(text)")
        }
    }

    @Test func `in production the decision of then says it, also of a programme that is gone`()
        throws
    {
        let county = try ProductionSite()
        #expect(try county.approve().status == 0)
        #expect(try county.take("DEMO-0001").status == 0)
        try handOut(county.run)
        let then = try report(county.site)
        #expect(then.lines.map(\.approver) == ["周审核"])
        #expect(then.techniques(of: "fileOpenedBy") == ["encrypt"])

        // Another class and another protection today, and nobody there who decided then.
        try county.site.edit(Self.programme) {
            naming($0, Self.sealed, "source: G1, class: QI, drop: \"试 (trial)\" }")
        }
        try county.site.edit("shangbao.yaml") {
            $0.replacing("preconception/reference-1", with: "prenatal-screening/reference-1")
                .replacing(
                    "mapping: preconception/from-county-csv",
                    with: "mapping: prenatal-screening/from-mch-register"
                )
                .replacing(/周审核: .*/, with: "")
                .replacing("privacy:\n  officers:\n", with: "")
        }
        let now = try report(county.site)
        #expect(now.lines.map(\.approver) == ["周审核"] && now.lines.map(\.records) == [1])
        #expect(now.lines.map(\.mapping) == ["county-csv@2"])
        #expect(now.lines.map(\.recipient) == ["nat-2026"])
        #expect(now.techniques(of: "fileOpenedBy") == ["encrypt"])
        #expect(now.fields.first { $0.name == "fileOpenedBy" }?.privacyClass == "OP")
        #expect(now.fields.map(\.records).reduce(0, +) == then.fields.map(\.records).reduce(0, +))
    }

    /// How the attempts ended, by the ledger.
    private func outcomes(of site: TestSite) async throws -> [String] {
        let wired = try Site(folder: site.folder, clock: { Timestamp(microseconds: 0) })
        let view = try await wired.openView()
        let outcomes = try await view.read { transaction in
            try Ledger().entries(of: "attempted", in: transaction).compactMap { entry in
                if case .attempted(let fact) = entry.fact { fact.outcome } else { nil }
            }
        }
        await view.close()
        return outcomes
    }

    @Test func `what nobody could be reached for did not leave`() async throws {
        let site = try TestSite()
        try site.edit("shangbao.yaml") {
            // Nobody listens there.
            $0.replacing(/address: https:\/\/localhost:\d+/, with: "address: https://localhost:9")
        }
        try take(site)
        // A send that began, and ended before its first byte.
        _ = try site.program.run(["deliver", "--site", site.folder], in: "en")
        #expect(try await outcomes(of: site) == ["T-UNREACHABLE"])
        #expect(try report(site).lines.isEmpty)
        let annex = try #require(try site.sheetSeen().annex.records)
        #expect(annex.sent == 0 && annex.waiting == 1)
    }
}
