import Testing

/// What a reader can hold: files, functions and lines have an end.
struct SizeTests {
    private static let mostLines = 400
    private static let mostFunctionLines = 60
    private static let mostColumns = 100
    private let files = Repository.shared.swift

    @Test func `no file is longer than 400 lines`() {
        #expect(files.count > 100)
        expectNone(
            files.compactMap { file in
                let count = file.bytes.count { $0 == UInt8(ascii: "\n") }
                return count > SizeTests.mostLines
                    ? Violation(file.path, 0, "has \(count) lines") : nil
            })
    }

    /// Text that is itself a document, such as a schema or a page, may be as wide as that is; so
    /// may a line that a string makes wide, since a sentence cut in two is not found again.
    @Test func `no line of Swift is wider than 100 characters`() {
        expectNone(
            files.flatMap { file in
                file.lines.enumerated().compactMap { number, line in
                    guard line.utf8.count > SizeTests.mostColumns,
                        line.count > SizeTests.mostColumns,
                        !file.code.textLines.contains(number),
                        line.split(separator: "\"").count < 2 || line.count > 180
                    else { return nil }
                    return Violation(file.path, number + 1, "is \(line.count) wide")
                }
            })
    }

    @Test func `lines of a text are told from lines of code`() {
        let code = SwiftCode("let a = \"\"\"\n one\n \\(two)\n \"\"\"\nlet b = \"x\"\n".utf8)
        #expect(code.textLines == [1, 2, 3])
    }

    @Test func `no function is longer than 60 lines`() {
        expectNone(
            files.flatMap { file in
                file.code.functions.compactMap { function in
                    let count = function.last - function.first + 1
                    return count > SizeTests.mostFunctionLines
                        ? Violation(file.path, function.first, "is a function of \(count) lines")
                        : nil
                }
            })
    }

    @Test func `the scan sees the functions that are there`() {
        let code = SwiftCode(
            """
            protocol Asks { func one() -> Int
                init(of x: Int)
            }
            struct Asked: Asks {
                // func hidden() {
                func one() -> Int { 1 }
                func two(_ body: () -> Void = { print("}") }) throws(E) -> [Int] {
                    let text = "\\(one()) { \\"}\\" "
                    return []
                }
                init(of x: Int) {
                }
                let made = Asked.init(of: 1)
            }
            """.utf8)
        #expect(code.functions.map(\.name) == ["func", "func", "init"])
        #expect(code.functions.map(\.first) == [6, 7, 11])
        #expect(code.functions.map(\.last) == [6, 10, 12])
    }
}
