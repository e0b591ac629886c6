import Definitions
import Foundation
import Programmes
import Records
import TestKit
import Testing

/// Every piece of a definition file on a page is one that `shangbao lint` takes: put where it
/// belongs in a copy of `mappings/`, nothing is wrong with it.
@Suite struct DocumentBlockTests {
    private struct Block {
        let page: String
        let line: Int
        let text: String

        var first: String { text.split(separator: "\n").first.map(String.init) ?? "" }
        var place: String { "\(page):\(line) \(first)" }
    }

    /// What stands between ```yaml and ``` in the pages for people.
    private static func blocks() throws -> [Block] {
        var blocks: [Block] = []
        let docs = FileManager.default.enumerator(atPath: Project.root + "/docs")
        let pages = (docs?.compactMap { $0 as? String } ?? []).map { "docs/" + $0 }
        for page in (pages + ["mappings/README.md", "README.md", "README.zh-CN.md"]).sorted()
        where page.hasSuffix(".md") {
            let text = try String(contentsOfFile: Project.root + "/" + page, encoding: .utf8)
            var open: (line: Int, lines: [Substring])?
            for (number, line) in text.split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() {
                if line == "```yaml" {
                    open = (number + 1, [])
                } else if line == "```", let found = open {
                    blocks.append(
                        Block(
                            page: page, line: found.line, text: found.lines.joined(separator: "\n"))
                    )
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            }
        }
        return blocks
    }

    /// Blocks that are no piece of a mapping, by page and first line.
    private enum Other {
        /// A site's own file: another test reads one.
        case site
        /// An entry of a programme's `rules`, in the place of the one of its kind.
        case rule(String)
        /// An entry of a programme's `fields`, in the place of the one of its name.
        case field(String)
    }

    private static let others: [String: Other] = [
        "docs/county-it/site-file.md environment: production": .site,
        "docs/development/adding.md - rule: designatedInstitution": .rule(
            "designatedInstitution"),
        "mappings/README.md - { field: hbsAg, no: FF-221,": .field("hbsAg"),
        "docs/county-it/schedule.md calendar:": .site,
        "docs/county-it/retry.md national:": .site,
        "docs/county-it/national-side.md national:": .site,
        "docs/county-it/assisted.md national:": .site,
        "docs/operations/notices.md notices:": .site,
        "docs/privacy/approve.md privacy:": .site,
        "docs/privacy/keys.md devices:": .site,
        "docs/operations/monitoring/README.md scrape_configs:": .site,
    ]

    private static func other(_ block: Block) -> Other? {
        others.first { "\(block.page) \(block.first)".hasPrefix($0.key) }?.value
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 + "\n" }
            .joined()
    }

    /// A whole mapping around a piece of one: what the piece does not say is the usual.
    private static func mapping(_ block: Block, _ programme: String, key: [String]) -> String {
        var text = block.text
        if text.hasPrefix("- ") { text = "fields:\n" + indented(text) }
        let said = Set(text.matches(of: /(?m)^(\w+):/).map { String($0.1) })
        let isPart = said.contains("part")
        if !said.contains("fields") { text += "\nfields:\n" }
        if !isPart {
            let missing = key.filter { !text.contains("field: \($0),") }
            let lines = missing.map { "  - { field: \($0), from: key \($0) }\n" }.joined()
            text = text.replacing(/(?m)^fields:.*\n/, with: "fields:\n\(lines)")
        }
        let usual = [
            ("mapping", "page-block@1"), ("programme", programme), ("title", "{ zh: 页, en: page }"),
            ("purpose", "{ zh: 页, en: page }"), ("legalBasis", "页"), ("retention", "页"),
            ("reads", "csv"), ("options", "{ encoding: auto, delimiter: \",\", headerRow: 1 }"),
            ("codeSet", "LOCAL:990101FY:2016"), ("dates", "[yyyy-M-d]"),
        ].filter { !said.contains($0.0) }
        return usual.map { "\($0.0): \($0.1)\n" }.joined() + text + "\n"
    }

    /// What lint says of a piece in one programme's folder.
    private func problems(_ block: Block, in folder: String) throws -> [String] {
        let bench = try Workbench()
        let programme = try bench.text(folder + "/programme.yaml")
        switch DocumentBlockTests.other(block) {
        case .site: return []
        case .rule(let kind):
            let start = try #require(programme.range(of: "\n  - rule: \(kind)\n"))
            let rest = programme[start.upperBound...]
            let end = rest.range(of: "\n  - ")?.lowerBound ?? rest.endIndex
            try bench.write(
                programme[..<start.lowerBound] + "\n" + DocumentBlockTests.indented(block.text)
                    + rest[end...], to: folder + "/programme.yaml")
        case .field(let name):
            let old = try #require(
                programme.split(separator: "\n").first { $0.contains("- { field: \(name), ") })
            try bench.change(
                folder + "/programme.yaml", String(old) + "\n",
                to: DocumentBlockTests.indented(block.text))
        case nil:
            let isChecks = folder == "preconception"
            try bench.write(
                DocumentBlockTests.mapping(
                    block, isChecks ? "preconception-check" : "prenatal-screening",
                    key: isChecks
                        ? ["servingOrgCode", "localFileId"] : ["screeningOrgCode", "psRecordId"]),
                to: folder + "/from-page-block.yaml")
        }
        return bench.problems.filter { !$0.file.contains("/to-reference-1/") }.map {
            "\(block.place): \($0.file) \($0.problem.en)"
        }
    }

    @Test func `what the pages show of mappings is what lint takes`() throws {
        let blocks = try DocumentBlockTests.blocks()
        #expect(blocks.count > 6)
        for block in blocks {
            let checks = try problems(block, in: "preconception")
            if checks.isEmpty { continue }
            let screening = try problems(block, in: "prenatal-screening")
            #expect(screening.isEmpty, "\(checks.prefix(2)) \(screening.prefix(2))")
        }
        for known in DocumentBlockTests.others.keys {
            #expect(blocks.contains { "\($0.page) \($0.first)".hasPrefix(known) }, "\(known)")
        }
    }

    @Test func `a word that no mapping knows is found in a piece`() throws {
        for text in [
            "fields:\n  - { field: wife.hbsAg, from: x, lookup: words/qual }",
            "part: { zh: 甲, en: a, by: b, no: c }\nfields:\n  - { field: person.tsh, from: x }",
            "dates: [yyyy-MM-dd]", "fields:\n  - { field: wife.noSuch, from: x }",
        ] {
            let block = Block(page: "docs/x.md", line: 1, text: text)
            #expect(try !problems(block, in: "preconception").isEmpty, "\(text)")
        }
    }
}
