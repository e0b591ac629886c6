import Definitions
import Mappings
import Records
import TestKit
import Testing

struct MappingTests {
    private func failure(_ header: [String]) throws -> HeaderFailure? {
        let mapping = try Preconception.loaded().mapping
        do {
            _ = try mapping.bound(to: header, acceptsInvented: true)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a header without a column is refused, with the columns that are missing`() throws {
        let header = try Preconception.loaded().header
        #expect(try failure(header) == nil)
        let one = try #require(try failure(header.filter { $0 != "女方姓名" }))
        #expect(one.reason == .missingColumn && one.columns == ["女方姓名"])
        #expect(one.entry.code == "E-COLUMN" && one.detail == "女方姓名")
        let all = try #require(try failure([]))
        #expect(all.columns.count == header.count)
        #expect(all.detail?.hasSuffix("(+\(header.count - 8))") == true)
    }

    @Test func `a column that stands twice is refused only if it is read`() throws {
        let header = try Preconception.loaded().header
        let twice = try #require(try failure(header + ["女方姓名"]))
        #expect(twice.reason == .repeatedColumn && twice.columns == ["女方姓名"])
        #expect(twice.entry.code == "E-COLUMN-TWICE")
        #expect(try failure(header + ["备注", "备注", "", ""]) == nil)
    }

    @Test func `unknown columns are reported, ignored ones are not, and order does not matter`()
        throws
    {
        let preconception = try Preconception.loaded()
        let header = Array((preconception.header + ["备注", "第一次见", ""]).reversed())
        let bound = try preconception.mapping.bound(to: header, acceptsInvented: true)
        #expect(bound.unknownColumns == ["第一次见"])
        let batch = bound.apply(
            to: try SourceBatch(
                header: header, couples: [CleanCouple().with(["第一次见": "x", "备注": "y"])]))
        #expect(batch.findings.isEmpty)
        #expect(try batch.text("wife.name") == "样乙二" && batch.text("husband.name") == "测甲一")
    }

    @Test func `rows keep their order, their places and their own findings`() throws {
        let batch = try Preconception.loaded().read([
            CleanCouple(file: "A"), CleanCouple(file: "B").with(["女方年龄": "x", "结婚日期": "y"]),
            CleanCouple(file: "C").with(["男方年龄": "-"]),
        ])
        #expect(batch.count == 3 && batch.places.map(\.row) == [2, 3, 4])
        #expect(try (0..<3).map { try batch.text("localFileId", row: $0) } == ["A", "B", "C"])
        #expect(batch.findings(row: 0).isEmpty && batch.findings(row: 2).isEmpty)
        #expect(Set(batch.findings(row: 1).map(\.code)) == ["V-NUMBER", "V-DATE"])
    }

    @Test func `a clean couple is read whole, constants and months too`() throws {
        let batch = try Preconception.loaded().read([CleanCouple()])
        #expect(batch.findings.isEmpty)
        for (field, text) in [
            ("wife.sex", "2"), ("husband.sex", "1"), ("fileType", "1"),
            ("wife.birthMonth", "1986-03"),
            ("husband.birthMonth", "1984-11"), ("wife.ethnicity", "01"), ("wife.idType", "01"),
            ("wife.vaginalCleanliness", "II"), ("servingOrgCode", "MA0000T1X99010111G1001"),
        ] {
            #expect(try batch.text(field) == text, "\(field)")
        }
    }

    @Test func `a file of one spouse holds nothing of the other`() throws {
        let preconception = try Preconception.loaded()
        let batch = try preconception.read([CleanCouple().without(.husband)])
        #expect(batch.findings.isEmpty)
        #expect(batch.hasSubject(0, 0) && !batch.hasSubject(0, 1))
        for element in preconception.dictionary.elements
        where preconception.dictionary.subject(of: element) == 1 {
            #expect(batch.value(0, element.ordinal).isAbsent, "\(element.name)")
        }
    }

    @Test func `results of a person whom nobody names are a finding, once`() throws {
        let batch = try Preconception.loaded().read([
            CleanCouple().with(["男方姓名": "", "男方身份证号": ""])
        ])
        #expect(batch.findings().map(\.code) == ["V-SUBJECT"])
        #expect(batch.findings()[0].field == "husband.idNumber")
        #expect(batch.findings()[0].effect == .quarantined)
        #expect(try batch.text("husband.alt") == nil)
    }

    @Test func `a number that cannot be read still means that somebody is there`() throws {
        let batch = try Preconception.loaded().read([
            CleanCouple().with(["男方姓名": "", "男方身份证号": "9.90101E+17"])
        ])
        #expect(batch.findings().map(\.code) == ["E-ID-SCI"])
        #expect(try batch.text("husband.sex") == "1" && batch.text("husband.alt") == "16.0")
    }

    @Test func `the canonical form changes with every value and with nothing else`() throws {
        let preconception = try Preconception.loaded()
        func form(_ couple: CleanCouple) throws -> [UInt8] {
            var bytes: [UInt8] = []
            // Another row before it, so that its texts lie elsewhere in the arena.
            try preconception.read([CleanCouple().with(["女方姓名": "样丙三"]), couple])
                .appendCanonical(row: 1, to: &bytes)
            return bytes
        }
        let clean = try form(CleanCouple())
        var alone: [UInt8] = []
        try preconception.read([CleanCouple()]).appendCanonical(row: 0, to: &alone)
        #expect(clean == alone)
        #expect(try form(CleanCouple().with(["建档日期": "2012/3/1", "女方血糖": "5.120"])) == clean)
        var seen: Set<[UInt8]> = [clean]
        for change in [
            ["女方户口所在省": "示例", "女方户口所在市": "省样例市"], ["女方血糖": "5.13"],
            ["女方乙肝表面抗原HBsAg": "阳性"], ["女方促甲状腺激素TSH": "未查"],
            ["女方促甲状腺激素TSH": ""], ["女方吸烟": "是"], ["告知日期": "2012-03-06"],
            ["女方手机号码": "1"], ["女方手机号码": ""],
        ] {
            #expect(seen.insert(try form(CleanCouple().with(change))).inserted, "\(change)")
        }
    }
}

struct MappingDefinitionTests {
    private func mapping(_ fields: String, _ more: String = "") throws(DefinitionError) {
        let dictionary: ElementDictionary
        do {
            dictionary = try Preconception.loaded().dictionary
        } catch {
            throw DefinitionError(file: "", problem: Wording(zh: "", en: "\(error)"))
        }
        var section = try Section(
            text: """
                mapping: test@1
                programme: preconception-check
                title: { zh: 测试, en: Test }
                purpose: { zh: 测试, en: Test }
                legalBasis: 无
                retention: 无
                reads: csv
                codeSet: T
                dates: [yyyy-M-d]
                fields:
                  - { field: servingOrgCode, from: 机构 }
                  - { field: localFileId, from: 档案 }
                \(fields)
                \(more)
                """, shownAs: "from-test.yaml")
        _ = try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            try WordTable(
                name: name, text: "word,code\n阴性,NEG\n阳,YES\n", shownAs: name + ".csv")
        }
    }

    @Test(arguments: [
        ("  - { field: wife.hbsag, from: 乙肝 }", "no field wife.hbsag"),
        ("  - { field: wife.name, from: 姓名, value: 甲 }", "Exactly one of from and value"),
        ("  - { field: wife.name }", "Exactly one of from and value"),
        ("  - { field: localFileId, from: 编号 }", "twice"),
        ("  - { field: wife.hbsAg, from: 乙肝, lookUp: words/x }", "YES"),
        ("  - { field: wife.name, from: 姓名, lookUp: words/x }", "no code, no division and no flag"),
        ("  - { field: wife.name, frm: 姓名 }", "Exactly one"),
        ("  - { field: wife.name, from: 姓名, format: x }", "Unknown key format; known here: field"),
    ])
    func `a wrong line of a mapping is refused where it stands`(_ line: String, _ says: String)
        throws
    {
        let error = #expect(throws: DefinitionError.self) { try mapping(line) }
        #expect(error?.line == 13, "\(String(describing: error?.place))")
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `a mapping names its keys, its spellings and its programme rightly`() throws {
        try mapping("  - { field: wife.name, from: 姓名 }")
        let key = #expect(throws: DefinitionError.self) {
            var section = try Section(
                text: """
                    mapping: t@1
                    programme: preconception-check
                    title: { zh: a, en: b }
                    purpose: { zh: a, en: b }
                    legalBasis: x
                    retention: x
                    reads: csv
                    codeSet: T
                    dates: [yyyy-M-d]
                    fields: [ { field: localFileId, from: 档案 } ]
                    """, shownAs: "t.yaml")
            let dictionary = try Preconception.loaded().dictionary
            _ = try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
                try WordTable(name: name, text: "word,code\n", shownAs: name)
            }
        }
        #expect(key?.problem.en.contains("servingOrgCode") == true)
        for spelling in ["yyyy-MM-dd", "d.M.yyyy", "yyyy-d-M", "yy-M-d", "yyyyMd"] {
            let head = try Section(text: "dates: [\(spelling)]", shownAs: "t.yaml")
            let error = #expect(throws: DefinitionError.self, "\(spelling)") {
                _ = try DateForm(name: spelling, in: head)
            }
            #expect(error?.problem.en.contains(spelling) == true)
        }
    }

    @Test func `a word means one thing, in whatever width it is typed`() throws {
        let error = #expect(throws: DefinitionError.self) {
            try WordTable(
                name: "w", text: "word,code\n+,POS\n# 全角\n＋,NEG\n", shownAs: "w.csv")
        }
        #expect(error?.place == "w.csv:4:1")
        #expect(throws: Never.self) {
            try WordTable(name: "w", text: "word,code\n+,POS\n＋,POS\n", shownAs: "w.csv")
        }
    }
}
