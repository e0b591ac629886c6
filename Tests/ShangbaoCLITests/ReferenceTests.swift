import Foundation
import Testing

/// The reference pages are what the code says.
struct ReferenceTests {
    @Test func `the reference equals what the code generates`() throws {
        let folder = NSTemporaryDirectory() + "reference-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ended = try Program().run(["reference", "--out", folder])
        #expect(ended.status == 0, "\(ended.err)")
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(
            pages == ["codes.md", "commands.md", "exit-codes.md", "mapping-format.md", "rules.md"])
        for page in pages {
            let made = FileManager.default.contents(atPath: folder + "/" + page)
            let kept = FileManager.default.contents(
                atPath: Program.root + "/docs/reference/" + page)
            #expect(made == kept, "docs/reference/\(page) differs: run shangbao reference")
        }
    }

    @Test func `no two codes of the book are the same`() throws {
        let text = try String(
            contentsOfFile: Program.root + "/docs/reference/codes.md", encoding: .utf8)
        let codes = text.matches(of: /(?m)^\| `([^`]+)` \|/).map { String($0.1) }
        #expect(codes.count > 150)
        #expect(Set(codes).count == codes.count)
    }
}
