import Records
import ShangbaoCLI
import Testing

/// Tables stand straight whatever the mix of scripts.
struct ColumnsTests {
    @Test func `a Chinese character takes two columns and a mark none`() {
        #expect(DisplayWidth.of("abc") == 3)
        #expect(DisplayWidth.of("待更正") == 6)
        #expect(DisplayWidth.of("（元）") == 6)
        #expect(DisplayWidth.of("ｶ") == 1, "half-width kana")
        #expect(DisplayWidth.of("𠮷") == 2, "beyond the basic plane")
        #expect(DisplayWidth.of("e\u{301}") == 1)
        #expect(DisplayWidth.of("✓ ·") == 3)
    }

    @Test func `cells of one column begin and end at the same place`() {
        var table = Columns([("机构", .left), ("n", .right), ("说明", .left)])
        table.add(["示例区人民医院", "1", "甲"])
        table.add(["abc", "1000", "b"])
        let lines = table.lines(width: 80)
        #expect(
            lines == [
                "机构               n  说明", "示例区人民医院     1  甲", "abc             1000  b",
            ])
    }

    @Test func `a long last column is broken under itself`() {
        var table = Columns(sides: [.left, .left])
        table.add(["R-05", "该女方本孩次已有一次免费检查；流产后再查仍属同一孩次。"])
        let lines = table.lines(width: 30)
        #expect(lines.count > 1)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 30 + 2 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("      ") })
        #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("；") })
    }

    @Test func `English breaks at spaces only and nothing is lost`() {
        let text = "The same as another row of this file; it is reported once."
        let lines = DisplayWidth.lines(text, width: 20)
        #expect(lines.allSatisfy { $0.count <= 20 })
        #expect(lines.joined(separator: " ") == text)
    }

    @Test func `the language is the option's, else the locale's, else Chinese`() {
        func language(_ arguments: [String], _ environment: [String: String]) -> Language {
            Speech.language(arguments: arguments, environment: environment)
        }
        #expect(language(["--language", "en"], ["LC_ALL": "zh_CN.UTF-8"]) == .english)
        #expect(language(["--language=zh"], ["LANG": "en_GB.UTF-8"]) == .chinese)
        #expect(language([], ["LANG": "en_GB.UTF-8"]) == .english)
        #expect(language([], ["LC_ALL": "zh_CN", "LANG": "en_GB"]) == .chinese)
        #expect(language([], ["LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "zh_CN"]) == .english)
        #expect(language([], ["LANG": "C.UTF-8"]) == .chinese)
        #expect(language([], [:]) == .chinese)
    }

    @Test func `exit codes are the ones that scripts rely on`() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 3, 4, 5, 6, 64, 73, 74, 78])
    }
}
