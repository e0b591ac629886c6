import Privacy
import Records
import Testing

/// What the list of changes says of the files behind a sheet.
struct SheetChangeTests {
    private static let programme = """
        programme: test-programme
        title: { zh: 测试项目, en: Test programme }
        pseudonyms: out/nat-test
        subjects:
          - { role: wife, zh: 女方, en: Wife }
        fields:
          - { field: weight, no: T-10, zh: 体重, en: Weight, who: wife, kind: decimal, places: 1, max: "99.9", class: SH, keep: x }
          - { field: advice, no: T-08, zh: 建议, en: Advice, who: family, about: both, kind: text, max: 100, masked: true, class: SH, encrypt: national }
          - { field: result, no: T-09, zh: 结果, en: Result, who: wife, kind: code, list: qual, class: SH, keep: x }
          - { field: height, no: T-13, zh: 身高, en: Height, who: wife, kind: integer, max: 250, class: SH, keep: x }
        rules:
          - { rule: fetalSexMasked, code: L-098, texts: [advice, orgName], words: words/sex, says: { zh: 甲, en: A } }
          - { rule: range, code: L-001, field: wife.weight, min: 1 }
          - { rule: range, code: L-001, field: wife.weight, max: 9 }
        """
    private static let mapping = """
        mapping: test-csv@1
        programme: test-programme
        notDone: [未查]
        fields:
          - { field: advice, from: 建议, lookUp: words/qual }
        """
    private static let base = [
        "test/programme.yaml": programme, "test/from-csv.yaml": mapping,
        "test/words/sex.csv": "word,code\n男,sex\n女,sex\n妇女,innocent\n",
        "test/words/qual.csv": "# x\nword,code\n阴性,NEG\n",
        "test/codes/qual.csv": "code,zh,en\nNEG,阴性,Negative\n",
        "privacy/open-texts.csv": "programme,number,zh,en\n",
        "privacy/sensitive.csv": "programme,number,class,zh\nx,T-1,DI,x\n",
        "privacy/retention.yaml": "ownCopy: 1095\nwarnBefore: 30\n",
        "privacy/release.yaml": "smallest: 11\nmeanRisk: 1/20\nsuppressed: \"*\"\n",
    ]

    private func sheet(_ texts: [String: String]) throws -> ReviewSheet {
        let files = texts.map { (path: $0.key, bytes: Array($0.value.utf8)) }
            .sorted { $0.path < $1.path }
        var ground = try makeGround()
        ground.files = files
        return try makeSheet(
            makeMapping(), on: ground, content: MappingContent.digest(of: files))
    }

    /// The changes when some text of a file is written otherwise.
    private func changes(_ file: String, _ old: String, _ new: String) throws -> [String] {
        var texts = Self.base
        let text = try #require(texts[file])
        try #require(text.contains(old))
        texts[file] = text.replacing(old, with: new)
        return try sheet(texts).changes(since: sheet(Self.base)).map(shown)
    }

    private func shown(_ change: SheetChange) -> String {
        let mark = change.direction == .worse ? "+" : change.direction == .better ? "-" : "."
        return "\(mark) \(change.what.en)"
    }

    @Test func `The same files are no change, nor are words that only people read`() throws {
        #expect(try sheet(Self.base).changes(since: sheet(Self.base)).isEmpty)
        #expect(
            try changes("test/programme.yaml", "zh: 甲", "zh: 乙") == [
                ". Only examples, comments or spellings changed; see the files' diff"
            ])
    }

    @Test func `A rule that is gone or says something else`() throws {
        let file = "test/programme.yaml"
        let rule =
            "\n  - { rule: fetalSexMasked, code: L-098, texts: [advice, orgName], "
            + "words: words/sex, says: { zh: 甲, en: A } }"
        #expect(
            try changes(file, rule, "").first == "+ Rule L-098 fetalSexMasked: 1 entries taken out")
        #expect(
            try changes(file, "[advice, orgName]", "[advice]")
                == ["+ Rule L-098 fetalSexMasked: 1 entries changed"])
        #expect(
            try changes(file, "max: 9 }", "max: 99 }")
                == ["+ Rule L-001 range: 1 entries changed"])
        #expect(
            try changes(file, "\n  - { rule: range, code: L-001, field: wife.weight, min: 1 }", "")
                == ["+ Rule L-001 range: 1 entries taken out"])
    }

    @Test func `A word list that keeps things at home`() throws {
        let file = "test/words/sex.csv"
        #expect(try changes(file, "女,sex\n", "") == ["+ Table \(file): 0 lines more, 1 lines gone"])
        #expect(
            try changes(file, "妇女,", "女的,innocent\n妇女,")
                == ["+ Table \(file): 1 lines more, 0 lines gone"])
        #expect(
            try changes(file, "妇女,", "姑娘,sex\n妇女,")
                == ["- Table \(file): 1 lines more, 0 lines gone"])
    }

    @Test func `Other tables say how many lines came and went`() throws {
        let codes = "test/codes/qual.csv"
        #expect(
            try changes(codes, "NEG,", "POS,阳性,Positive\nNEG,")
                == ["+ Table \(codes): 1 lines more, 0 lines gone"])
        let words = "test/words/qual.csv"
        #expect(
            try changes(words, "阴性,NEG\n", "") == [". Table \(words): 0 lines more, 1 lines gone"])
        #expect(
            try changes(words, "阴性,NEG", "阴性,POS")
                == ["+ Table \(words): 1 lines more, 1 lines gone"])
        let open = "privacy/open-texts.csv"
        #expect(
            try changes(open, "en\n", "en\nx,T-08,x,x\n")
                == ["+ Table \(open): 1 lines more, 0 lines gone"])
        let sensitive = "privacy/sensitive.csv"
        #expect(
            try changes(sensitive, "x,T-1,DI,x\n", "")
                == ["+ Table \(sensitive): 0 lines more, 1 lines gone"])
    }

    @Test func `A field's limits, of whom it speaks, and how a column is read`() throws {
        let file = "test/programme.yaml"
        #expect(try changes(file, "max: 100", "max: 1000") == ["+ advice: max 100 → 1000"])
        #expect(try changes(file, "max: 100", "max: 10") == ["- advice: max 100 → 10"])
        #expect(try changes(file, "about: both, ", "") == ["+ advice: about both → none"])
        #expect(try changes(file, "masked: true, ", "") == ["+ advice: masked true → none"])
        #expect(try changes(file, "list: qual", "list: all") == ["+ result: list qual → all"])
        // What this source does not fill is not its matter.
        #expect(
            try changes(file, "max: 250", "max: 2500") == [
                ". Only examples, comments or spellings changed; see the files' diff"
            ])
        let mapping = "test/from-csv.yaml"
        #expect(
            try changes(mapping, "words/qual", "words/other")
                == ["+ advice: lookUp words/qual → words/other"])
        #expect(
            try changes(mapping, "[未查]", "[未查, 拒查]").first?.hasPrefix("+ test/from-csv") == true)
    }

    @Test func `Terms are shown and compared`() throws {
        let file = "privacy/retention.yaml"
        #expect(
            try changes(file, "1095", "36500")
                == ["+ our copies of keys kept, days: 1095 → 36500"])
        #expect(
            try changes(file, "1095", "365") == ["- our copies of keys kept, days: 1095 → 365"])
        #expect(
            try changes(file, "ownCopy: 1095\n", "")
                == ["+ our copies of keys kept, days: 1095 → no limit"])
        let release = "privacy/release.yaml"
        #expect(
            try changes(release, "smallest: 11", "smallest: 2")
                == ["+ people in a released group, at least: 11 → 2"])
        #expect(
            try changes(release, "1/20", "1/5")
                == ["+ mean risk of a release, at most: 1/20 → 1/5"])
        let page = try sheet(Self.base).plainText()
        #expect(page.contains("本地留的报文密钥保留（日） 1095"))
        let html = String(decoding: try sheet(Self.base).html(), as: UTF8.self)
        #expect(html.contains("1095"))
    }

    @Test func `Each difference of a field stands there, and none hides another`() throws {
        let before = try makeSheet(makeMapping(resultClass: "SH+"))
        let after = try makeSheet(makeMapping(resultColumn: "另一列", resultClass: "SH"))
        let changes = after.changes(since: before).map(shown)
        #expect(
            changes.prefix(3) == [
                "+ wife.result: level 5 → 3", "+ wife.result: class SH+ → SH",
                "+ wife.result: from 检查结果 → 另一列",
            ])
        // That the hold is gone is no gain.
        #expect(changes.contains(". Finding M11 is no longer listed: wife.result, by what changed"))
        #expect(!changes.contains { $0.hasPrefix("-") })
    }

    @Test func `A constant in place of a column is said so`() throws {
        let before = try makeSheet(makeMapping())
        let after = try makeSheet(makeMapping(orgName: "value: 示例区妇幼保健院"))
        #expect(
            after.changes(since: before).map(shown) == [
                "+ orgName: from 机构名称 → the constant 示例区妇幼保健院 (no column any more)"
            ])
    }

    @Test func `A column that was ignored and is now sent is no gain`() throws {
        let before = try makeSheet(makeMapping(ignored: "备注, 旧列"))
        let after = try makeSheet(makeMapping(ignored: "旧列", orgName: "from: 备注"))
        #expect(
            after.changes(since: before).map(shown) == [
                "+ orgName: from 机构名称 → 备注",
                ". Finding M09 is no longer listed: 备注, by what changed",
            ])
        let gone = try makeSheet(makeMapping(ignored: "旧列"))
        #expect(gone.changes(since: before).map(shown) == ["- Finding M09 is gone: 备注"])
    }

    @Test func `A sheet of an earlier release cannot be compared in full, and it says so`() throws {
        let before = try makeSheet(makeMapping())
        let changes = try sheet(Self.base).changes(since: before)
        #expect(changes.first?.direction == .worse && changes.count == 1)
    }
}
