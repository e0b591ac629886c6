import Definitions
import Mappings
import Testing

/// What a column's first rows tell, and what they never tell.
struct ColumnEvidenceTests {
    private func evidence(_ cells: [String], most: Int = 200) -> ColumnEvidence {
        var evidence = ColumnEvidence(mostTexts: most)
        for cell in cells { Array(cell.utf8).withUnsafeBufferPointer { evidence.add($0) } }
        return evidence
    }

    private func table(_ name: String, _ lines: String...) throws -> WordTable {
        try WordTable(
            name: name, text: (["word,code"] + lines).joined(separator: "\n"), shownAs: name)
    }

    @Test func `cells are counted, and texts once whatever their width`() {
        let seen = evidence(["是", " 是 ", "", "　", "１", "1", "否"])
        #expect(seen.rows == 7 && seen.filled == 5 && seen.count == 3)
        #expect(!seen.hasMore)
    }

    @Test func `more texts than are kept are said and not kept`() {
        let seen = evidence(["甲", "乙", "丙", "甲"], most: 2)
        #expect(seen.count == 2 && seen.filled == 4 && seen.hasMore)
        let full = evidence(["甲", "乙", "甲"], most: 2)
        #expect(full.count == 2 && !full.hasMore)
    }

    @Test func `a table knows so many of the texts, of a set only whole cells`() throws {
        let words = try table("words/x", "贫血,A", "结核,B")
        #expect(evidence(["贫血", "结核", "肿瘤"]).count(knownTo: words, isSet: false) == 2)
        let several = evidence(["贫血、结核", "贫血、肿瘤", "结核"])
        #expect(several.count(knownTo: words, isSet: true) == 2)
        #expect(several.count(knownTo: words, isSet: false) == 1)
    }

    @Test func `two tables differ only where they read what is written differently`() throws {
        let one = try table("words/a", "1,true", "0,false", "是,true")
        let zero = try table("words/b", "1,false", "0,true", "是,true")
        #expect(evidence(["0", "是"]).isReadOtherwise(by: one, than: zero))
        #expect(!evidence(["是", "未知"]).isReadOtherwise(by: one, than: zero))
    }

    @Test func `each spelling of days reads its own`() throws {
        let seen = evidence(["2012-3-1", "20120301", "2012年3月1日", "2012-02-30", "/"])
        let counts = DateForm.usual.map { "\($0.name) \(seen.count(readBy: $0))" }
        #expect(
            counts == [
                "yyyy-M-d 1", "yyyy/M/d 0", "yyyyMMdd 1", "yyyy.M.d 0", "yyyy年M月d日 1",
            ])
        #expect(seen.count(readByAny: DateForm.usual, orAmong: ["/"]) == 4)
        #expect(seen.words(among: ["-", "/", "无"]) == ["/"])
    }

    @Test func `nothing prints or mirrors a text`() {
        let seen = evidence(["样乙二", "测甲一"])
        for text in ["\(seen)", String(reflecting: seen)] {
            #expect(!text.contains("样乙二") && !text.contains("测甲一"))
        }
        var dumped = ""
        dump(seen, to: &dumped)
        #expect(!dumped.contains("样") && !dumped.contains("\(Array("样".utf8)[0])"))
    }
}
