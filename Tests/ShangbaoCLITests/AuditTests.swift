import Foundation
import Testing

/// Who did and looked at what on a site, as the commands write it down.
@Suite(.serialized) struct AuditTests {
    private let site: TestSite

    init() throws { site = try TestSite(hasKeys: false) }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func rows() throws -> [String] {
        try String(contentsOfFile: site.folder + "/audit/trail.log", encoding: .utf8)
            .split(separator: "\n").map { String($0.dropFirst(65)) }
    }

    @Test func `what is done and looked at is there, and doctor leaves no row`() throws {
        let record = String(repeating: "0a", count: 16)
        #expect(try run(["status"]).status == 0)
        #expect(try run(["trace", record]).status != 0)
        _ = try run(["doctor"])
        let rows = try rows()
        #expect(rows.count == 4)
        #expect(rows[0].contains(#""action":"status""#) && rows[0].contains(#""result":"begun""#))
        #expect(rows[1].contains(#""ends":1,"result":"done""#))
        #expect(rows[2].contains(#""action":"trace""#) && rows[2].contains(record))
        #expect(rows[3].contains(#""result":"E-RECORD""#))
        let verified = try run(["audit", "verify"])
        #expect(verified.status == 0 && verified.out.contains("5 rows, the chain is whole"))
        let found = try run(["audit", "search", "--action", "trace"])
        #expect(found.out.contains("E-RECORD") && !found.out.contains("status"))
    }

    @Test func `what cannot be written down is not done`() throws {
        try FileManager.default.createDirectory(
            atPath: site.folder + "/audit/trail.log", withIntermediateDirectories: true)
        let refused = try run(["status"])
        #expect(refused.status == 74 && refused.err.contains("E-AUDIT-WRITE"), "\(refused.err)")
        #expect(refused.out.isEmpty)
    }

    @Test func `a changed row is found, and where`() throws {
        #expect(try run(["status"]).status == 0)
        let path = site.folder + "/audit/trail.log"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"status\"", with: "\"statut\"").write(
            toFile: path, atomically: false, encoding: .utf8)
        let verified = try run(["audit", "verify"])
        #expect(verified.status == 6 && verified.err.contains("E-AUDIT-BROKEN"))
        #expect(verified.out.contains("line 1 was changed"), "\(verified.out)")
    }

    @Test func `only auditors read it`() throws {
        let path = site.folder + "/shangbao.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "\naudit: { readers: [somebody-else] }\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        let refused = try run(["audit", "search"])
        #expect(refused.status == 78 && refused.err.contains("E-AUDIT-READER"), "\(refused.err)")
        #expect(refused.out.isEmpty)
        #expect(try rows().last?.contains("E-AUDIT-READER") == true)
    }
}
