import Testing

/// Adding a part is a file and a line; this finds the forgotten line.
struct PartTests {
    private let repository = Repository.shared

    @Test func `every kind of rule is in the list`() {
        let form = /(?m)^(?:package )?(?:struct|final class|enum) (\w+): Rule\b/
        var declared: Set<String> = []
        for file in repository.sources where file.isIn("Sources/Validation/Rules") {
            declared.formUnion(file.code.text.matches(of: form).map { String($0.1) })
        }
        let listed = Set(PartTests.list("ruleKinds", in: repository.sources))
        #expect(declared.count >= 15)
        #expect(declared == listed)
    }

    @Test func `every reader of files is in the list`() {
        let form = /(?m)^(?:package )?(?:struct|final class|enum) (\w+): RecordReader\b/
        var declared: Set<String> = []
        for file in repository.sources where file.isIn("Sources/Intake") {
            declared.formUnion(file.code.text.matches(of: form).map { String($0.1) })
        }
        #expect(declared.count >= 3)
        #expect(declared == Set(PartTests.list("recordReaders", in: repository.sources)))
    }

    /// The names before `.self` in `let NAME: … = [ … ]`.
    static func list(_ name: String, in files: [Repository.File]) -> [String] {
        for file in files {
            let code = file.code.text
            guard let start = code.firstRange(of: "let \(name):"),
                let open = code[start.upperBound...].firstRange(of: "= ["),
                let close = code[open.upperBound...].firstIndex(of: "]")
            else { continue }
            return code[open.upperBound..<close].matches(of: /(\w+)\.self/).map { String($0.1) }
        }
        return []
    }

    @Test func `every script stops at the first failure`() throws {
        // What the others read in has no life of its own.
        let scripts = repository.files.filter {
            ($0.isIn("scripts") || $0.isIn(".ci")) && $0.path != "scripts/messages.sh"
                && !$0.path.hasPrefix("scripts/trials/")
        }
        #expect(scripts.count >= 4)
        expectNone(
            scripts.filter {
                !$0.text.hasPrefix("#!/usr/bin/env bash\n")
                    || !$0.text.contains("\nset -euo pipefail\n")
            }.map { Violation($0.path, 0, "must be bash with set -euo pipefail") })
    }
}
