import Testing

/// Who imports what. The build refuses what is undeclared; these are the rules beyond it.
struct ImportTests {
    private let repository = Repository.shared
    private let manifest = Manifest(Repository.shared.file("Package.swift")?.text ?? "")

    private static let standard: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch",
        "Synchronization", "Testing",
    ]
    /// Each third-party package has one door.
    private static let doors: [(module: String, targets: Set<String>)] = [
        ("Yams", ["Definitions"]),
        ("ArgumentParser", ["ShangbaoCLI"]),
        ("Hummingbird", ["Operations", "Rehearsal"]),
        ("NIO", ["Operations", "Rehearsal"]),
        ("HTTPTypes", ["Operations", "Rehearsal"]),
        ("Logging", ["Operations", "Rehearsal"]),
        ("UnixSignals", ["Operations"]),
        ("ServiceLifecycle", ["Operations", "Rehearsal", "ShangbaoCLI"]),
    ]

    private struct Import {
        let file: Repository.File
        let line: Int
        let module: String
        /// Whose folder it stands in: a test target's, too.
        let target: String
        let isTestable: Bool
    }

    private var imports: [Import] {
        repository.swift.flatMap { file -> [Import] in
            let target = String(file.path.split(separator: "/")[1])
            return file.code.lines.enumerated().compactMap { number, line in
                guard line.contains("import ") else { return nil }
                let form =
                    /^\s*(@\w+ )*(package |internal |public |private )?import (struct |func )?(\w+)/
                guard let match = line.firstMatch(of: form) else { return nil }
                return Import(
                    file: file, line: number + 1, module: String(match.4), target: target,
                    isTestable: line.contains("@testable"))
            }
        }
    }

    @Test func `only doors import C libraries`() {
        let system = Set(manifest.targets.filter(\.isSystem).map(\.name))
        #expect(!system.isEmpty)
        expectNone(
            imports.filter { found in
                system.contains(found.module) && !found.target.hasPrefix("Lib")
                    && !["Storage", "Blocking"].contains(found.target)
            }.map { Violation($0.file.path, $0.line, "imports \($0.module)") })
    }

    @Test func `each third-party package has one door`() {
        let ours = Set(manifest.targets.map(\.name))
        expectNone(
            imports.compactMap { found in
                if ours.contains(found.module) || ImportTests.standard.contains(found.module) {
                    return nil
                }
                let door = ImportTests.doors.first { found.module.hasPrefix($0.module) }
                let isThroughDoor =
                    door?.targets.contains { found.target == $0 || found.target == $0 + "Tests" }
                return isThroughDoor == true
                    ? nil : Violation(found.file.path, found.line, "imports \(found.module)")
            })
    }

    @Test func `tests reach what is package and nothing deeper`() {
        expectNone(
            imports.filter(\.isTestable)
                .map { Violation($0.file.path, $0.line, "imports with @testable") })
    }

    @Test func `library modules never import the tests' module`() {
        expectNone(
            imports.filter { $0.module == "Testing" && $0.file.isIn("Sources") }
                .map { Violation($0.file.path, $0.line, "imports Testing") })
    }
}
