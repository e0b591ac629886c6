import Foundation
import Testing

/// A table that leaves outside the statutory channel, as an officer looks at it.
struct ReleaseTests {
    private func check(_ header: String, _ rows: [String]) throws -> Program.Ended {
        let path = NSTemporaryDirectory() + "shangbao-release-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ([header] + rows).joined(separator: "\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        return try Program().run(
            ["release", "check", path, "--quasi", "出生年", "--sensitive", "结果"], in: "en")
    }

    @Test func `a column of names or numbers that nobody declared does not pass`() throws {
        let plain = (0..<24).map { "1986,\($0 % 2)" }
        let good = try check("出生年,结果", plain)
        #expect(good.status == 0 && good.out.contains("It may leave"), "\(good.out)")
        let named = try check("出生年,结果,姓名", plain.enumerated().map { "\($1),测甲\($0)" })
        #expect(named.status == 3 && named.out.contains("✗ 姓名"), "\(named.out)")
        let numbered = try check(
            "出生年,结果,号",
            plain.enumerated().map { "\($1),9901011986031500\($0 + 10)" })
        #expect(numbered.status == 3 && numbered.out.contains("drop the column"))
        #expect(!numbered.out.contains("990101"))
    }
}
