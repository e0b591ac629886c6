import Foundation
import Testing

/// What is written for people leads where it says, and says what there is to call.
struct DocumentTests {
    private let repository = Repository.shared

    @Test func `links in documents resolve`() {
        #expect(repository.documents.count > 10)
        var violations: [Violation] = []
        for document in repository.documents {
            for (line, target) in DocumentTests.links(in: document.text) {
                let path = target.split(separator: "#", omittingEmptySubsequences: false)[0]
                guard !path.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") else {
                    continue
                }
                let from = URL(fileURLWithPath: "/" + document.path).deletingLastPathComponent()
                let place = from.appendingPathComponent(String(path)).standardizedFileURL.path
                if !repository.exists(String(place.dropFirst())) {
                    violations.append(Violation(document.path, line, "leads to \(target)"))
                }
            }
        }
        expectNone(violations)
    }

    /// Targets of `[text](target)` outside of code, with their lines.
    static func links(in text: String) -> [(line: Int, target: String)] {
        var links: [(Int, String)] = []
        var isCode = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
                continue
            }
            guard !isCode else { continue }
            let prose = line.replacing(/`[^`]*`/, with: "x")
            links += prose.matches(of: /\]\(([^)\s]+)\)/).map { (number + 1, String($0.1)) }
        }
        return links
    }

    @Test(arguments: [("faults", 80), ("threats", 40)])
    func `the tests that a page names are there`(name: String, least: Int) throws {
        let page = try #require(repository.file("docs/development/\(name).md"))
        let named = page.text.matches(of: /`(\w+Tests)(?:: ([^`]+))?`/)
        #expect(named.count > least)
        var violations: [Violation] = []
        for match in named {
            let suite = repository.files.first { $0.path.hasSuffix("/\(match.1).swift") }
            let test = match.2.map(String.init) ?? ""
            let ways = ["func `\(test)`", "\"\(test)\""]
            if let suite, test.isEmpty || ways.contains(where: suite.text.contains) { continue }
            violations.append(Violation(page.path, 0, "names \(match.1): \(test)"))
        }
        expectNone(violations)
    }

    @Test func `only what is outside of code is a link`() {
        let text = "[a](b.md) `[c](d)`\n```\n[e](f)\n```\n[`g`](h/i.md#j)"
        let links = DocumentTests.links(in: text)
        #expect(links.map(\.target) == ["b.md", "h/i.md#j"])
        #expect(links.map(\.line) == [1, 5])
    }

    @Test func `folders of documents begin with a page that lists them`() {
        var violations: [Violation] = []
        for folder in repository.folders(in: "docs") {
            guard let first = repository.file("docs/\(folder)/README.md") else {
                violations.append(Violation("docs/\(folder)", 0, "has no README.md"))
                continue
            }
            let listed = Set(DocumentTests.links(in: first.text).map(\.target))
            for page in repository.documents
            where page.isIn("docs/\(folder)") && page.path != first.path {
                let name = String(page.path.dropFirst("docs/\(folder)/".count))
                if !listed.contains(name) {
                    violations.append(Violation(first.path, 0, "does not list \(name)"))
                }
            }
        }
        expectNone(violations)
    }

    /// What the language or a library asks for by this name needs no words of ours.
    private static let askedFor: Set<String> = [
        "encode", "hash", "next", "makeAsyncIterator", "appendLiteral", "appendInterpolation",
    ]

    /// Functions that a protocol of ours asks for: the words stand there.
    private var requirements: Set<String> {
        var names: Set<String> = []
        for body in repository.sources.flatMap(\.code.protocolBodies) {
            names.formUnion(body.matches(of: /func (\w+)/).map { String($0.1) })
        }
        return names
    }

    @Test func `package types and functions say what they are`() {
        let known = requirements.union(DocumentTests.askedFor)
        #expect(known.contains("check"), "a rule's requirement is seen")
        let form =
            #/
            ^ (\s*) package \ (?: (?: static | final | mutating | nonisolated | indirect ) \ )*
            (func | protocol | struct | class | enum | actor) \ (\w+)
            /#
        var violations: [Violation] = []
        for file in repository.sources {
            let lines = file.lines
            for (number, line) in lines.enumerated() where line.contains("package ") {
                guard let match = line.firstMatch(of: form), !known.contains(String(match.3)),
                    // A type inside another one is named by where it stands.
                    match.1.isEmpty || match.2 == "func" || match.2 == "protocol"
                else { continue }
                let before = lines[..<number].last { line in
                    let text = line.drop { $0 == " " }
                    return !text.hasPrefix("@")
                }
                if before?.drop(while: { $0 == " " }).hasPrefix("///") != true {
                    violations.append(
                        Violation(file.path, number + 1, "\(match.2) \(match.3) has no words"))
                }
            }
        }
        expectNone(violations)
    }
}
