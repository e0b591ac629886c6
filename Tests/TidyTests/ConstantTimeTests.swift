import Testing

/// What proves something by a secret is not compared byte by byte until one differs.
struct ConstantTimeTests {
    private let repository = Repository.shared

    @Test func `what proves something is compared in constant time`() {
        let proof = /\b(?:tag|mac|hmac|passphrase|secret)\b\)? *(?:==|!=) *(?! *nil\b)/
        let other = /(?:==|!=) *\(?(?:\w+\.)*(?:tag|mac|hmac|passphrase|secret)\b(?!\()/
        var compared = 0
        var violations: [Violation] = []
        for file in repository.sources {
            for (number, line) in file.code.lines.enumerated() {
                if line.contains("constantTimeEquals(") { compared += 1 }
                if line.contains(proof.ignoresCase()) || line.contains(other.ignoresCase()) {
                    violations.append(Violation(file.path, number + 1, "compares a proof by =="))
                }
            }
        }
        #expect(compared > 3)
        expectNone(violations)
    }
}
