import Testing

/// Clear values are read in few places, and nobody in this repository lives.
struct PersonalValueTests {
    private let repository = Repository.shared

    /// Where `expose()` may be called: to decide by a value, to name by it, or to write it out.
    private static let readers: Set<String> = [
        "Sources/Definitions/ElementText.swift", "Sources/Flow/PreparedStretch.swift",
        "Sources/Flow/RowDecisions.swift", "Sources/Mappings/BoundMapping.swift",
        "Sources/Mappings/Computations/ComputationInputs.swift",
        "Sources/Mappings/RecordBatch.swift", "Sources/Mappings/RecordDraft.swift",
        "Sources/Privacy/Identification.swift",
        "Sources/Submissions/Layouts/RecordLayout.swift", "Sources/Validation/Rule.swift",
        "Sources/Validation/Rules/DateRules.swift",
    ]

    @Test func `clear values are read only where it is listed`() {
        var found: Set<String> = []
        var violations: [Violation] = []
        for file in repository.sources {
            for (number, line) in file.code.lines.enumerated()
            where line.contains(".expose()") {
                found.insert(file.path)
                if !PersonalValueTests.readers.contains(file.path) {
                    violations.append(Violation(file.path, number + 1, "calls expose()"))
                }
            }
        }
        violations += PersonalValueTests.readers.subtracting(found).sorted()
            .map { Violation($0, 0, "is listed and does not call expose()") }
        expectNone(violations)
    }

    /// GB 11643's own two examples, and the number of the golden vectors.
    private static let published: Set<String> = [
        "11010519491231002X", "440524188001010014", "11010119900307854X",
    ]

    @Test func `only invented people have ID numbers here`() {
        expectNone(
            repository.files.flatMap { file in
                ResidentNumber.all(in: file.bytes)
                    .filter { !PersonalValueTests.published.contains($0.text) }
                    .map { Violation(file.path, $0.line, "holds an ID number somebody may bear") }
            })
    }

    @Test func `a number is found by its province, its day and its check digit`() {
        func count(_ text: String) -> Int { ResidentNumber.all(in: Array(text.utf8)).count }
        for number in PersonalValueTests.published {
            #expect(count("x,\(number),y") == 1)
            #expect(count(number.lowercased()) == 1)
            #expect(count("\(number)1") == 0, "a longer number is another thing")
            #expect(count("99" + number.dropFirst(2)) == 0, "nobody lives in 99")
        }
        #expect(count("110105194912310021") == 0, "the check digit is wrong")
        #expect(count("110105194913310029") == 0, "there is no 13th month")
    }
}
