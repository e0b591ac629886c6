import Testing

/// Words that have no place in what is finished.
struct WordTests {
    private let repository = Repository.shared

    /// Put together here, so that this file does not find itself.
    private static let unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "for" + " now"]

    @Test func `nothing is left for later`() {
        expectNone(
            repository.swift.flatMap { file in
                file.lines.enumerated().flatMap { number, line in
                    WordTests.unfinished.filter { line.contains($0) }
                        .map { Violation(file.path, number + 1, "says \($0)") }
                }
            })
    }

    @Test func `nothing ends the program instead of an error`() {
        expectNone(
            repository.swift.filter { !$0.isIn("Tests") }.flatMap { file in
                file.code.lines.enumerated().flatMap { number, line -> [Violation] in
                    guard line.contains("!") || line.contains("fatal") else { return [] }
                    return line.matches(of: #/\btry!|\bfatalError\(|\bas!/#)
                        .map { Violation(file.path, number + 1, "says \($0.0)") }
                }
            })
    }

    private static let printing = ["rint(", "dump(", "NSLog(", "fputs("]

    @Test func `library modules never print`() {
        expectNone(
            repository.sources.filter { $0.module != "ShangbaoCLI" }.flatMap { file in
                file.code.lines.enumerated().flatMap { number, line -> [Violation] in
                    guard WordTests.printing.contains(where: { line.contains($0) }) else {
                        return []
                    }
                    return line.matches(of: /(?:^|[^\w.])(print|debugPrint|dump|NSLog|fputs)\(/)
                        .map { Violation(file.path, number + 1, "says \($0.1)") }
                }
            })
    }

    @Test func `the project stands on its own`() {
        let elsewhere = ".." + "/shared"
        let pattern = Array(elsewhere.utf8)
        expectNone(
            repository.files.filter { $0.bytes.firstRange(of: pattern) != nil }
                .map { Violation($0.path, 0, "leads to a place outside") })
    }

    @Test func `comments and texts are no code`() {
        let source = """
            let a = "try! \\(b.map { "print(" + c }) fatalError(" // try! print(
            /* print( /* nested */ try! */ let d = #"raw \\(print("x")) "quoted" "# + e
            """
        let code = SwiftCode(source.utf8).text
        #expect(!code.contains("try!") && !code.contains("print") && !code.contains("fatalError"))
        #expect(code.contains("b.map {") && code.contains("+ c }"))
        #expect(code.contains("let d =") && code.hasSuffix("+ e"))
        #expect(code.utf8.count == source.utf8.count)
    }
}
