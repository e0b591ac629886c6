import Definitions
import Records
import Testing

struct SectionTests {
    private enum Colour: String, CaseIterable { case red, green }

    /// A reader of a made-up file with every kind of key.
    private func read(_ text: String) throws(DefinitionError) {
        var section = try Section(text: text, shownAs: "box.yaml")
        _ = try section.text("name")
        _ = try section.integer("count")
        _ = try section.flag("open")
        _ = try section.date("since")
        _ = try section.choice("colour", of: Colour.self)
        _ = try section.texts("words")
        if var inner = try section.optionalSection("inner") {
            _ = try inner.text("a")
            try inner.finish()
        }
        for var item in try section.sections("items") {
            _ = try item.text("b")
            try item.finish()
        }
        try section.finish()
    }

    private func failure(_ text: String) -> DefinitionError? {
        do {
            try read(text)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a right file is read`() throws {
        try read(
            """
            name: 盒
            count: 3
            open: true
            since: 2012-03-01
            colour: green
            words: [ 一, 二 ]
            inner: { a: x }
            items:
              - { b: y }
              - { b: z }
            """)
        try read("name: x\ncount:\nwords: single\n")
    }

    @Test func `an unknown key is refused with its line, its column and the known names`() throws {
        let error = try #require(failure("name: x\ncoutn: 3\n"))
        #expect(error.file == "box.yaml")
        #expect((error.line, error.column) == (2, 1))
        #expect(error.place == "box.yaml:2:1")
        for word in ["coutn", "name", "count", "open", "since", "colour", "words"] {
            #expect(error.problem.en.contains(word))
            #expect(error.problem.zh.contains(word))
        }
        let nested = try #require(failure("name: x\ninner: { a: y, c: z }\n"))
        #expect((nested.line, nested.column) == (2, 16))
        #expect(nested.problem.en.contains("c") && nested.problem.en.contains("a"))
        let listed = try #require(failure("name: x\nitems:\n  - { b: y }\n  - { b: z, d: 1 }\n"))
        #expect((listed.line, listed.column) == (4, 13))
    }

    @Test func `a missing key is named at the head of its section`() throws {
        let top = try #require(failure("count: 3\n"))
        #expect(top.line == 1 && top.problem.en.contains("name"))
        let inner = try #require(failure("name: x\ninner: { }\n"))
        #expect(inner.line == 2 && inner.problem.en.contains("a "))
        let item = try #require(failure("name: x\nitems:\n  - { b: y }\n  - { }\n"))
        #expect(item.line == 4)
    }

    @Test(arguments: [
        ("count: many", 8, "count"), ("open: yes", 7, "true or false"),
        ("since: 2011-02-29", 8, "yyyy-MM-dd"), ("since: 2012-3-1", 8, "yyyy-MM-dd"),
        ("colour: blue", 9, "red, green"), ("words: { a: 1 }", 8, "list"),
        ("inner: flat", 8, "{key: value}"), ("items: flat", 8, "list"),
        ("items: [ flat ]", 8, "{key: value}"), ("count: [1]", 8, "one value"),
    ])
    func `a value of the wrong kind is refused where it stands`(
        _ line: String, _ column: Int, _ says: String
    ) throws {
        let error = try #require(failure("name: x\n\(line)\n"))
        #expect((error.line, error.column) == (2, column))
        #expect(error.problem.en.contains(says), "\(error.problem.en)")
    }

    @Test func `a key that stands twice is refused with its line`() throws {
        let error = try #require(failure("name: x\ncount: 1\nname: y\n"))
        #expect([1, 3].contains(error.line))
        #expect(error.problem.en.contains("name"))
        let inner = try #require(failure("name: x\ninner: { a: 1, a: 2 }\n"))
        #expect(inner.line == 2)
    }

    @Test(arguments: ["name: [x\n", "name: x\n  count: 1\n", "- a\n- b\n", "", "just text\n"])
    func `what is no mapping is refused with file and line`(_ text: String) throws {
        let error = try #require(failure(text))
        #expect(error.file == "box.yaml" && error.line >= 1)
        #expect(error.entry.code == "E-DEFINITION")
    }

    @Test func `a file that is not there is named`() throws {
        let error = #expect(throws: DefinitionError.self) {
            _ = try Section(path: "/nowhere/x.yaml", shownAs: "x.yaml")
        }
        #expect(error?.place == "x.yaml")
    }
}
