import Testing

/// One word a thing, and no word that means nothing.
struct NameTests {
    private static let forbidden: Set<String> = [
        "Manager", "Helper", "Util", "Utils", "Common", "Core", "Base", "Impl", "Misc", "Data",
        "Info",
    ]

    private struct Declaration {
        let file: Repository.File
        let line: Int
        let name: String
    }

    private static let keywords = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    private var types: [Declaration] {
        Repository.shared.swift.flatMap { file in
            file.code.lines.enumerated().flatMap { number, line -> [Declaration] in
                guard NameTests.keywords.contains(where: { line.contains($0) }) else { return [] }
                return line.matches(of: /\b(struct|class|enum|actor|protocol|typealias) ([A-Z]\w*)/)
                    .map { Declaration(file: file, line: number + 1, name: String($0.2)) }
            }
        }
    }

    /// `KeyringFile` → `Keyring`, `File`; `HTTPSPaths` → `HTTPS`, `Paths`; digits end no word.
    static func words(of name: String) -> [String] {
        name.matches(of: /[A-Z]+(?![a-z])[0-9]*|[A-Z][a-z0-9]*|[a-z0-9]+/).map { String($0.0) }
    }

    @Test func `no type is named after nothing`() {
        #expect(types.count > 100)
        expectNone(
            types.compactMap { type in
                let found = NameTests.words(of: type.name).filter(NameTests.forbidden.contains)
                return found.isEmpty
                    ? nil : Violation(type.file.path, type.line, "\(type.name) says \(found[0])")
            })
    }

    @Test func `no module and no file is named after nothing`() {
        let repository = Repository.shared
        let modules = repository.folders(in: "Sources") + repository.folders(in: "Tests")
        let files = repository.swift.map { file in
            (name: String(file.path.split(separator: "/").last?.dropLast(6) ?? ""), file.path)
        }
        expectNone(
            (modules.map { (name: $0, $0) } + files).compactMap { name, path in
                let found = NameTests.words(of: name).filter(NameTests.forbidden.contains)
                return found.isEmpty ? nil : Violation(path, 0, "\(name) says \(found[0])")
            })
    }

    @Test func `no type bears its module's name`() {
        expectNone(
            types.filter { $0.name == $0.file.module }
                .map { Violation($0.file.path, $0.line, "\($0.name) is its module's name") })
    }

    @Test func `names fall into words where a reader sees them`() {
        #expect(NameTests.words(of: "MappingInfo") == ["Mapping", "Info"])
        #expect(NameTests.words(of: "Database") == ["Database"])
        #expect(NameTests.words(of: "HTTPSPaths") == ["HTTPS", "Paths"])
        #expect(NameTests.words(of: "Base64") == ["Base64"])
        #expect(NameTests.words(of: "CoreDump") == ["Core", "Dump"])
    }
}
