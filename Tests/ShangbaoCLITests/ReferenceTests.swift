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

    @Test func `no chapter of the book has a code twice, and no two lines say the same`() throws {
        let text = try String(
            contentsOfFile: Program.root + "/docs/reference/codes.md", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(lines.count > 150)
        #expect(Set(lines).count == lines.count)
        for chapter in text.split(separator: "\n## ") {
            let codes = chapter.matches(of: /(?m)^\| `([^`]+)` \|/).map { String($0.1) }
            #expect(Set(codes).count == codes.count, "\(chapter.prefix(40))")
        }
    }
}
