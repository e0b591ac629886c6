import Testing

/// A descriptor is closed once: what an initializer throws after all is set runs `deinit`.
struct DescriptorTests {
    private let repository = Repository.shared

    @Test func `what deinit closes, no initializer closes before it throws`() {
        var looked = 0
        var violations: [Violation] = []
        for file in repository.sources {
            let lines = file.code.lines
            let name = lines.filter { $0.contains("deinit") }
                .compactMap { $0.firstMatch(of: /close\((\w+)\)/)?.1 }.first
            guard let name else { continue }
            looked += 1
            var isInit = false
            for (number, line) in lines.enumerated() {
                if line.contains(/^    \S*.*\binit\(/) { isInit = true }
                if line.hasPrefix("    }") { isInit = false }
                if isInit, line.contains("close(\(name))"), !line.contains("deinit") {
                    violations.append(Violation(file.path, number + 1, "closes \(name) twice"))
                }
            }
        }
        #expect(looked > 0)
        expectNone(violations)
    }
}
