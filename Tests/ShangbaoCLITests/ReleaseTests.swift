import Foundation
import Testing

/// A table that leaves outside the statutory channel, as an officer looks at it.
struct ReleaseTests {
    private static let plain = (0..<24).map { "1986,\($0 % 2)" }

    private func check(
        _ header: String, _ rows: [String], _ more: [String] = ["--sensitive", "结果"],
        gb18030: Bool = false
    ) throws -> Program.Ended {
        let path = NSTemporaryDirectory() + "shangbao-release-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = ([header] + rows).joined(separator: "\n")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        if gb18030 { try recode(path) }
        return try Program().run(
            ["release", "check", path, "--quasi", "出生年"] + more, in: "en")
    }

    @Test func `a column of names or numbers that nobody declared does not pass`() throws {
        let good = try check("出生年,结果", Self.plain)
        #expect(good.status == 0 && good.out.contains("It may leave"), "\(good.out)")
        let named = try check("出生年,结果,称呼", Self.plain.enumerated().map { "\($1),测甲\($0)" })
        #expect(named.status == 3 && named.out.contains("✗ 称呼"), "\(named.out)")
        #expect(named.out.contains("counted as quasi-identifiers too: 称呼"))
        let numbered = try check(
            "出生年,结果,号",
            Self.plain.enumerated().map { "\($1),9901011986031500\($0 + 10)" })
        #expect(numbered.status == 3 && numbered.out.contains("drop the column"))
        #expect(!numbered.out.contains("990101"))
        let kept = try check("出生年,结果,姓名", Self.plain.map { "\($0),测甲" })
        #expect(kept.status == 3 && kept.out.contains("✗ 姓名"), "\(kept.out)")
        let head = try check("出生年,结果,张三990101198603150023", Self.plain.map { "\($0),1" })
        #expect(head.status == 3 && head.out.contains("✗ …") && !head.out.contains("990101"))
    }

    @Test func `a line that begins with a hash leaves too, and is a row`() throws {
        let remark = try check(
            "出生年,结果", Self.plain + ["#7,梅毒阳性 张三 990101198603150022"])
        #expect(remark.status == 3 && remark.out.contains("hold an ID"), "\(remark.out)")
        let longer = try check("出生年,结果", Self.plain + ["#7,1986,梅毒阳性"])
        #expect(longer.status != 0 && longer.err.contains("is a row too"), "\(longer.err)")
        let ahead = try check("# 张三 990101198603150022\n出生年,结果", Self.plain)
        #expect(ahead.status != 0 && ahead.err.contains("begins with #"), "\(ahead.err)")
        #expect(!(longer.out + longer.err + ahead.out + ahead.err).contains("张三"))
    }

    @Test func `rows that are suppressed in part are judged, and names among them`() throws {
        let part = try check("出生年,结果", Self.plain + ["*,HIV"])
        #expect(part.status == 3 && part.out.contains("1 rows below"), "\(part.out)")
        let all = try check("出生年,结果", (0..<3).map { "*,测甲\($0)" })
        #expect(all.status == 3, "\(all.out)")
        let none = try check("出生年,结果", ["*,*"])
        #expect(none.status == 0 && none.out.contains("no rows") && none.out.contains("1 are"))
    }

    @Test func `it says by which figures, and what it did not look at`() throws {
        // The result counts as a quasi-identifier then: two groups.
        let good = try check("出生年,结果", Self.plain + Self.plain, [])
        #expect(good.out.contains("k ≥ 11") && good.out.contains("l ≥ 2"), "\(good.out)")
        #expect(good.out.contains("mean risk ≤ 1/20") && good.out.contains("cells of counts ≥ 11"))
        #expect(good.out.contains("l was not checked"), "\(good.out)")
        let json = try check("出生年,结果", Self.plain + Self.plain, ["--json"])
        let page = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
        #expect(page?["k"] as? Int == 11 && page?["isDiversityChecked"] as? Bool == false)
        #expect(page?["encoding"] as? String == "utf-8" && page?["passes"] as? Bool == true)
    }

    /// As Excel saves it here.
    private func recode(_ path: String) throws {
        let iconv = Process()
        iconv.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
        iconv.arguments = ["-f", "UTF-8", "-t", "GB18030", "-o", path, path]
        try iconv.run()
        iconv.waitUntilExit()
        try #require(iconv.terminationStatus == 0)
    }

    @Test func `Excel's own encoding is read and said`() throws {
        let good = try check("出生年,结果", Self.plain, gb18030: true)
        #expect(good.status == 0 && good.out.contains("gb18030"), "\(good.out)\(good.err)")
        let named = try check("出生年,结果,姓名", Self.plain.map { "\($0),测甲" }, gb18030: true)
        #expect(named.status == 3 && named.out.contains("✗ 姓名"), "\(named.out)")
    }

    @Test func `the rule is that of the site`() throws {
        let site = try TestSite(hasKeys: false)
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("shangbao.yaml") {
            $0.replacing(/mappings: .*/, with: "mappings: mappings")
        }
        try site.edit("mappings/privacy/release.yaml") {
            $0.replacing("smallest: 11", with: "smallest: 30")
        }
        let own = try check("出生年,结果", Self.plain, ["--sensitive", "结果", "--site", site.folder])
        #expect(own.status == 3 && own.out.contains("k ≥ 30"), "\(own.out)")
        let named = try check(
            "出生年,结果", Self.plain,
            [
                "--sensitive", "结果", "--site", site.folder, "--mappings",
                Program.root + "/mappings",
            ])
        #expect(named.status == 0 && named.out.contains("k ≥ 11"), "\(named.out)")
    }
}
