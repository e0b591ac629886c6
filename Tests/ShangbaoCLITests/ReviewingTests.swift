import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Testing

/// What the privacy officer does beside the sheet: assessment, disclosures, and the gate that each
/// submission passes.
@Suite(.serialized) struct ReviewingTests {
    private static let officers = """

        privacy:
          officers:
            周审核: { role: 隐私负责人, department: 信息科, key: people/zhou.pub.pem }

        """

    @Test func `disclosures count what left, field by field, and nothing else`() throws {
        struct Report: Decodable {
            struct Line: Decodable {
                let submissions: Int
                let records: Int
                let handedOut: Int
                let approval: String
            }
            struct Field: Decodable {
                let name: String
                let technique: String
                let records: Int
            }
            let lines: [Line]
            let fields: [Field]
        }
        let county = try AssistedCounty()
        let words = ["disclosures", "--from", "2012-01-01", "--to", "2099-12-31"]
        func report() throws -> Report {
            let ended = try county.run(words + ["--json"])
            return try JSONDecoder().decode(Report.self, from: Data(ended.out.utf8))
        }
        // Queued is not gone.
        #expect(try report().lines.isEmpty)
        _ = try county.handOut(as: "list.xlsx")
        let left = try report()
        #expect(left.lines.count == 1 && left.lines[0].records == 6 && left.lines[0].handedOut == 1)
        #expect(left.lines[0].approval == "", "a rehearsal needs no approval")
        let fields = Dictionary(left.fields.map { ($0.name, $0) }) { $1 }
        #expect(fields["wife.name"]?.records == 6 && fields["wife.name"]?.technique == "encrypt")
        #expect(fields["wife.birthMonth"]?.technique == "month")
        #expect(fields["localFileId"] == nil, "what is dropped does not leave")
        let earlier = try county.run([
            "disclosures", "--from", "2011-01-01", "--to", "2011-12-31", "--json",
        ])
        #expect(try JSONDecoder().decode(Report.self, from: Data(earlier.out.utf8)).lines.isEmpty)
        for ending in ["csv", "html", "pdf"] {
            let out = county.desk + "/disclosures." + ending
            #expect(try county.run(words + ["--out", out]).status == 0)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: out))
            #expect(bytes.starts(with: ending == "pdf" ? Data("%PDF".utf8) : bytes.prefix(3)))
            if ending == "csv" {
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(text.contains(",wife.name,FF-024,姓名,DI,encrypt,,,6,,,,\r\n"), "\(text)")
            }
        }
    }

    @Test
    func `sheet and assessment are written as a page and on paper, with room for the officer`()
        throws
    {
        let site = try TestSite(hasKeys: false)
        func write(_ words: [String], _ name: String) throws -> Data {
            let out = site.folder + "/" + name
            let ended = try site.program.run(
                ["mapping"] + words + ["county-hospital", "--out", out, "--site", site.folder])
            #expect(ended.status == 0, "\(ended.err)")
            return try Data(contentsOf: URL(fileURLWithPath: out))
        }
        let page = String(decoding: try write(["assessment"], "a.html"), as: UTF8.self)
        #expect(page.components(separatedBy: "【负责人填写】").count == 4)
        #expect(page.contains("数据库或备份被偷") && page.contains("没有给数据（--data）"))
        #expect(page.contains("易受歧视的检验结果泄露") && !page.contains("<script"))
        #expect(page.contains("没有数过，按高计") && page.contains("ownCopy 现在留 1095 天"))
        #expect(page.contains("<td class=\"w\">FF-024</td>"))
        let sample = Program.root + "/samples/preconception-2012/county-hospital-2012.csv"
        let counted = String(
            decoding: try write(["assessment", "--data", sample], "c.html"), as: UTF8.self)
        #expect(counted.contains("100% 的行组合不足 11 行") && !counted.contains("没有数过"))
        let sheet = String(decoding: try write(["sheet"], "s.html"), as: UTF8.self)
        #expect(sheet.contains("0 → true（“0”表示“是”）") && sheet.contains("每项分女方、男方"))
        #expect(try write(["assessment"], "a.pdf").starts(with: Data("%PDF".utf8)))
        #expect(try write(["sheet"], "s.pdf").starts(with: Data("%PDF".utf8)))
        let wrong = try site.program.run([
            "mapping", "sheet", "county-hospital", "--out", "s.doc", "--site", site.folder,
        ])
        #expect(wrong.status == 64)
    }

    @Test func `each submission asks anew whether it is approved`() throws {
        let site = try TestSite(hasKeys: false)
        try PersonalKeys.make("zhou", in: site.folder)
        try site.edit("shangbao.yaml") {
            $0.replacing("environment: rehearsal", with: "environment: production")
                .replacing("passphrase: { file: keys/passphrase.txt }", with: "")
                + ReviewingTests.officers
        }
        let day = ClockBox(Timestamp(microseconds: 1_800_000_000_000_000))
        let wired = try Site(folder: site.folder) { day.now }
        let file = try wired.mapping(for: "county-hospital").file
        let gate = try ApprovalGate(wired)
        #expect(throws: ApprovalFailure.self) { try gate.pass(file) }
        let binding = try wired.binding(of: file)
        let officer = try #require(try wired.officers().first)
        let approval = try Approval(
            of: binding, decision: .approved, by: officer, author: "李编写", decidedAt: day.now,
            validUntil: day.now.day.adding(days: 30), reason: "必要；M09：机构另有用途")
        var pem = Array(
            try Data(contentsOf: URL(fileURLWithPath: site.folder + "/people/zhou.pem")))
        try wired.approvals().record(
            approval, sheet: binding.sheet,
            signedBy: SigningKey(pem: SecretBytes(consuming: &pem)))
        #expect(try gate.pass(file) == approval.digest)
        // That it ends is said thirty days before, and when it has.
        let said = [-1, 0, 31].map { Int64($0) }.map { days in
            (try? wired.approvalsEnding(by: day.now.adding(seconds: days * 86_400)))?
                .map(\.mapping)
        }
        #expect(said == [[], [approval.mapping], [approval.mapping]])

        // The same gate, and the file of the decision altered between two submissions.
        let name = "approvals/\(approval.mapping)@\(approval.content.prefix).json"
        let text = try String(contentsOfFile: site.folder + "/" + name, encoding: .utf8)
        try site.write(text.replacing("必要", with: "不必要"), to: name)
        #expect(throws: ApprovalFailure.self) { try gate.pass(file) }
        try site.write(text, to: name)
        #expect(try gate.pass(file) == approval.digest)
        day.now = day.now.adding(seconds: 31 * 86_400)
        let late = #expect(throws: ApprovalFailure.self) { try gate.pass(file) }
        #expect(late?.reason == .expired)
    }
}

/// A clock that a test moves.
private final class ClockBox: @unchecked Sendable {
    var now: Timestamp

    init(_ now: Timestamp) { self.now = now }
}
