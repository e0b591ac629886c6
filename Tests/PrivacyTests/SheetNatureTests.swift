import Definitions
import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import TestKit
import Testing
import Validation

/// What a field is by its kind and where it comes from counts, not what its class says (M01, M03,
/// M04, M11).
struct SheetNatureTests {
    private func codes(_ mapping: Mapping, on ground: SheetGround? = nil) throws -> [String] {
        try makeSheet(mapping, on: ground).findings.map { "\($0.code) \($0.field)" }
    }

    @Test func `M01, a direct identifier of another class leaves in the clear`() throws {
        #expect(try codes(makeMapping(doctor: "keep: 业务信息")) == ["M01 doctor"])
        let programmes: [(String, [String])] = [
            ("kind: phone, class: OP, keep: 业务信息", ["M01 wife.x"]),
            ("kind: personName, class: QI, keep: 业务信息", ["M01 wife.x"]),
            ("kind: address, class: OP, keep: 业务信息", ["M01 wife.x"]),
            ("kind: idNumber, class: OP, keep: 业务信息", ["M01 wife.x"]),
            ("kind: text, class: OP, keep: 业务信息", ["M04 wife.x"]),
            ("kind: text, class: OP, drop: 业务信息", []),
            ("kind: integer, class: OP, keep: 业务信息", []),
        ]
        for (kind, expected) in programmes {
            #expect(try codes(mapping(kind)) == expected, "\(kind)")
        }
    }

    /// A field of its own beside those of the tests.
    private func mapping(
        _ kind: String, from column: String = "某列", called name: String = "x",
        fills: Bool = true
    ) throws -> Mapping {
        var programme = try Section(
            text: """
                programme: test-programme
                title: { zh: 测试项目, en: Test programme }
                counts: { zh: 人, en: people }
                pseudonyms: out/nat-test
                subjects:
                  - { role: wife, zh: 女方, en: Wife }
                forms:
                  - { name: basic, zh: 基本信息, en: Basic }
                case: { key: [orgCode], institution: orgCode, servedOn: openedOn }
                fields:
                  - { field: name, no: T-01, zh: 姓名, en: Name, who: wife, in: subject,
                      kind: personName, class: DI, required: true, encrypt: national }
                  - { field: idNumber, no: T-02, zh: 证件号码, en: ID number, who: wife, in: subject,
                      kind: idNumber, class: DI, required: true, encrypt: national }
                  - { field: birthDate, no: T-03, zh: 出生日期, en: Born, who: wife, in: subject,
                      kind: date, class: QI, required: true, encrypt: national }
                  - { field: \(name), no: T-04, zh: 某项, en: X, who: wife, in: subject, \(kind) }
                  - { field: orgCode, no: T-06, zh: 机构, en: Institution, who: family, in: basic,
                      kind: institution, class: OP, keep: 业务信息 }
                  - { field: openedOn, no: T-07, zh: 建档日期, en: Opened, who: family, in: basic,
                      kind: date, class: OP, keep: 业务信息 }
                """, shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try CodeList(
                name: name, text: "code,zh,en,valid_from,valid_to\nNEG,阴性,Negative,,\n",
                shownAs: "qual.csv")
        }
        var section = try Section(
            text: """
                mapping: test-csv@1
                programme: test-programme
                title: { zh: 测试映射, en: Test mapping }
                purpose: { zh: 上报, en: To report }
                legalBasis: 测试文件
                retention: 30 天
                reads: csv
                codeSet: LOCAL:T
                dates: [yyyy-M-d]
                fields:
                  - { field: wife.name, from: 甲 }
                  - { field: wife.idNumber, from: 乙 }
                  - { field: wife.birthDate, from: 丙 }
                  \(fills ? "- { field: wife.\(name), from: \(column) }" : "")
                  - { field: orgCode, from: 机构 }
                  - { field: openedOn, from: 日期 }
                """, shownAs: "mapping.yaml")
        return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            try WordTable(name: name, text: "word,code\n", shownAs: "x.csv")
        }
    }

    private static let openText = "kind: text, class: OP, keep: 业务信息"

    /// `wife.x` is an institution's name here.
    private func open(_ identifying: Set<String> = []) throws -> SheetGround {
        var texts = privacyTexts
        texts.openTexts = "programme,number,zh,en\ntest-programme,T-04,机构名称,an institution\n"
        var ground = try makeGround(texts)
        ground.identifyingColumns = identifying
        return ground
    }

    @Test func `M01, a kept field reads the column of a name, a number or a birthday`() throws {
        for column in ["甲", "乙", "丙"] {
            let found = try codes(mapping(Self.openText, from: column), on: open())
            #expect(found == ["M01 wife.x"], "\(column)")
        }
        #expect(try codes(mapping(Self.openText, from: "丁"), on: open()) == [])
        // Another mapping of the programme says whose the column is.
        #expect(try codes(mapping(Self.openText, from: "丁"), on: open(["丁"])) == ["M01 wife.x"])
        let day = "kind: date, class: OP, keep: 业务信息"
        #expect(try codes(mapping(day, from: "丙"), on: open()) == ["M01 wife.x"])
        // A code cannot carry what is written there.
        let flag = "kind: flag, class: OP, keep: 业务信息"
        #expect(try codes(mapping(flag, from: "甲"), on: open()) == [])
    }

    @Test func `A field that is computed leaves too, and stands on the sheet`() throws {
        let days = "kind: integer, class: SH+, required: true, keep: 业务信息, computed: "
        let made = try mapping(days + "{ age: { born: birthDate, on: openedOn } }", fills: false)
        let sheet = try makeSheet(made)
        let field = try #require(sheet.sent.first { $0.name == "wife.x" })
        #expect(field.source == "由 wife.birthDate、openedOn 计算" && !field.isConstant)
        #expect(sheet.unfilled.isEmpty && sheet.highestLevel == 5)
        #expect(sheet.findings.map { "\($0.code) \($0.field)" } == ["M11 wife.x"])
    }

    @Test(arguments: [
        "女方姓名", "女方身份证号", "女方手机号码", "联系电话", "现住址", "家庭地址", "Mobile", "PID-5.1", "机构身份证号",
    ])
    func `M01, a kept field reads a column whose header says whom it names`(_ column: String)
        throws
    {
        #expect(try codes(mapping(Self.openText, from: column), on: open()) == ["M01 wife.x"])
    }

    @Test(arguments: ["服务机构名称", "机构电话", "医院地址", "检验机构代码", "采血单位"])
    func `The column of an institution is none`(_ column: String) throws {
        #expect(try codes(mapping(Self.openText, from: column), on: open()) == [])
    }

    @Test func `M03, a birthday leaves as it is`() throws {
        let day = "kind: date, class: OP, keep: 业务信息"
        #expect(try codes(mapping(day)) == [])
        #expect(
            try codes(mapping(day, called: "birthDateOfCard")) == ["M03 wife.birthDateOfCard"])
    }

    @Test func `M01, a kept field is counted from a birthday`() throws {
        let days = "kind: integer, class: OP, keep: 业务信息, computed: "
        let since = days + "{ daysBetween: { from: birthDate, to: openedOn } }"
        let age = days + "{ age: { born: birthDate, on: openedOn } }"
        #expect(try codes(mapping(since)) == ["M01 wife.x"])
        #expect(try codes(mapping(age)) == [])
    }

    @Test func `M11, an element below the class of the list, and one that is gone`() throws {
        var texts = privacyTexts
        texts.sensitive = "programme,number,class,zh\ntest-programme,T-09,SH+,结果\nother,Z-1,DI,x\n"
        texts.fields += "result,,免费项目,x\n"
        #expect(try codes(makeMapping(resultClass: "SH+"), on: makeGround(texts)) == [])
        #expect(
            try codes(makeMapping(resultClass: "SH"), on: makeGround(texts)) == ["M11 wife.result"])
        // The level is the list's, and so is the officer that it takes.
        let lowered = try makeSheet(makeMapping(resultClass: "SH"), on: makeGround(texts))
        #expect(lowered.highestLevel == 5)
        texts.sensitive += "test-programme,T-99,DI,没有了\n"
        #expect(
            try codes(makeMapping(resultClass: "SH+"), on: makeGround(texts))
                == ["M11 privacy/sensitive.csv T-99"])
    }

    @Test func `A kept field without a reason is refused`() {
        #expect(throws: DefinitionError.self) { try makeMapping(phone: "keep: \" \"") }
        #expect(throws: DefinitionError.self) { try makeMapping(phone: "drop: \"…\"") }
    }

    @Test func `Without its words the lint says that it cannot see`() throws {
        var texts = privacyTexts
        texts.signs = ""
        #expect(try codes(makeMapping(), on: makeGround(texts)) == ["M01 privacy/signs.csv"])
    }

    @Test(arguments: [
        "# 联系人 13" + "800001234", "张工,021-6" + "2345678", "1" + "38.0000.1234",
        "(010) 6" + "2345678",
    ])
    func `M14, a line of a file holds somebody's number`(_ line: String) throws {
        var ground = try makeGround()
        ground.files = [("test/words/x.csv", Array("word,code\n\(line)\n".utf8))]
        #expect(try codes(makeMapping(), on: ground) == ["M14 test/words/x.csv:2"])
        ground.files = [
            ("test/words/x.csv", Array("word,code\n阴性,2012-03-05\n0000-1234567,x\n".utf8))
        ]
        #expect(try codes(makeMapping(), on: ground) == [])
    }
}

/// The mappings that come with the program: nothing in them has to be mended.
struct ShippedSheetTests {
    @Test func `Every shipped mapping is clean but for what is to be weighed`() throws {
        for programme in try Catalogue(root: Project.mappings).programmes {
            let columns = programme.mappings.reduce(into: Set<String>()) { columns, file in
                columns.formUnion(SheetLint.identifyingColumns(of: file.mapping))
            }
            for file in programme.mappings {
                let rules = programme.rules(for: file.mapping.dictionary)
                let ground = SheetGround(
                    tables: programme.privacy, asksConsent: rules.asksConsent,
                    identifyingColumns: columns, files: file.content)
                let sheet = try makeSheet(
                    file.mapping, on: ground, content: MappingContent.digest(of: file.content))
                let mend = sheet.findings.filter(\.isToMend).map { "\($0.code) \($0.field)" }
                #expect(mend == [], "\(file.path)")
                #expect(sheet.grounding?.terms.first { $0.name == "ownCopy" }?.text == "1095")
                #expect(file.content.contains { $0.path == "privacy/release.yaml" })
                for term in sheet.grounding?.terms ?? [] {
                    #expect(!term.text.isEmpty, "\(term.name) says nothing")
                    #expect(term.title.zh != term.name, "\(term.name) has no title")
                }
            }
        }
    }
}
