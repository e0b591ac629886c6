import Definitions
import Mappings
import Privacy
import Records
import Testing

/// Each rule of data minimisation: a mapping that trips it, beside the sound one that trips none.
struct SheetLintTests {
    private func codes(_ mapping: Mapping, on ground: SheetGround? = nil) throws -> [String] {
        try makeSheet(mapping, on: ground).findings.map { "\($0.code) \($0.field)" }
    }

    /// The surroundings of the tests with something changed.
    private func ground(_ change: (inout SheetGround) -> Void) throws -> SheetGround {
        var ground = try makeGround()
        change(&ground)
        return ground
    }

    private func ground(fields: String) throws -> SheetGround {
        var texts = privacyTexts
        texts.fields = "field,level,zh,en\n" + fields
        return try makeGround(texts)
    }

    @Test func `The sound mapping trips no rule`() throws {
        #expect(try codes(makeMapping()) == [])
    }

    @Test func `M02, an optional personal field leaves and nobody says why`() throws {
        let without = try ground(fields: "advice,,咨询,for counselling\n")
        #expect(try codes(makeMapping(), on: without) == ["M02 wife.phone"])
        // A level alone is no ground.
        let level = try ground(fields: "phone,4,,\nadvice,,咨询,for counselling\n")
        #expect(try codes(makeMapping(), on: level) == ["M02 wife.phone"])
        #expect(try codes(makeMapping(phone: "drop: x"), on: without) == [])
    }

    @Test func `M03, a whole date leaves where its month would do`() throws {
        let texts = "phone,,随访,x\nadvice,,咨询,x\nbirthDate,,核对,x\n"
        #expect(
            try codes(makeMapping(birthDate: ""), on: ground(fields: texts))
                == ["M03 wife.birthDate"])
        #expect(try codes(makeMapping(birthDate: "required: true, ")) == [])
    }

    @Test func `M05, a statement holds a phone`() throws {
        let phone = SheetGround.ProductField(name: "SE-099", isContact: true)
        let code = SheetGround.ProductField(name: "SE-001", isContact: false)
        #expect(
            try codes(makeMapping(), on: ground { $0.products = [code, phone] }) == ["M05 SE-099"])
        #expect(try codes(makeMapping(), on: ground { $0.products = [code] }) == [])
    }

    @Test func `M06, one domain of pseudonyms for two recipients or purposes`() throws {
        func use(_ domain: String, _ programme: String, _ recipient: String) throws -> [String] {
            let use = SheetGround.DomainUse(
                domain: domain, programme: programme, recipient: recipient)
            return try codes(makeMapping(), on: ground { $0.domains = [use] })
        }
        #expect(try use("out/nat-test", "test-programme", "reference-1") == [])
        #expect(try use("out/nat-test", "test-programme", "other-1") == ["M06 out/nat-test"])
        #expect(try use("out/nat-test", "other", "reference-1") == ["M06 out/nat-test"])
        #expect(try use("out/other", "other", "other-1") == [])
    }

    @Test func `M07, the clear ID number beside its pseudonym`() throws {
        #expect(
            try codes(makeMapping(idNumber: "keep: x"))
                == ["M01 wife.idNumber", "M07 wife.idNumber"])
    }

    @Test(arguments: [
        "md5_身份证", "SHA256(生日)", "生日SM3", "出生日期摘要", "女方手机号码SHA512", "脱敏值", "生日（散列）",
        "birthday_token",
    ])
    func `M08, a digest without a key instead of the column`(_ column: String) throws {
        #expect(try codes(makeMapping(birthColumn: column)) == ["M08 wife.birthDate"])
    }

    @Test func `M08, an example shows a digest`() throws {
        let digest = String(repeating: "0a", count: 32)
        #expect(try codes(makeMapping(example: digest)) == ["M08 wife.idNumber"])
        #expect(try codes(makeMapping(example: String(repeating: "12", count: 16))) == [])
    }

    @Test func `M09, columns that nobody reads`() throws {
        #expect(
            try codes(makeMapping(ignored: "备注, 录入员")) == ["M09 备注", "M09 录入员"])
    }

    @Test func `M10, nothing selects by consent`() throws {
        #expect(try codes(makeMapping(), on: ground { $0.asksConsent = false }) == ["M10 rules"])
    }

    @Test func `M11, a stigmatising field that is on no list`() throws {
        #expect(try codes(makeMapping(resultClass: "SH+")) == ["M11 wife.result"])
        let listed = "phone,,随访,x\nadvice,,咨询,x\nresult,,免费项目,x\n"
        #expect(try codes(makeMapping(resultClass: "SH+"), on: ground(fields: listed)) == [])
        // A line for one spouse covers that spouse.
        let one = listed.replacing("result,", with: "wife.result,")
        #expect(try codes(makeMapping(resultClass: "SH+"), on: ground(fields: one)) == [])
        let genetic = "phone,,随访,x\nadvice,,咨询,x\nresult,5,,\n"
        #expect(try codes(makeMapping(), on: ground(fields: genetic)) == ["M11 wife.result"])
    }

    @Test(arguments: [
        "按需", "视情况而定", "待定", "一日也不删", "永久", "永久保存", "保存 30 天后也不删除", "长期保存，至少 10 年", "kept forever",
        "原始文件 30 天内删除；密文永久保存", "只留密文",
    ])
    func `M13, no term of retention`(_ text: String) throws {
        #expect(try codes(makeMapping(retention: text)) == ["M13 retention"])
    }

    @Test(arguments: [
        "一年", "30 days", "按会计档案保存", "原始文件 30 天内删除；凭证按会计档案永久保存", "六个月", "入库后立即删除",
    ])
    func `A term of retention is a number with its unit, or the rules of archives`(_ text: String)
        throws
    {
        #expect(try codes(makeMapping(retention: text)) == [])
    }

    @Test func `M16, a constant that stands for one person`() throws {
        #expect(try codes(makeMapping(name: "value: 测试甲")) == ["M16 wife.name"])
    }

    @Test(arguments: ["张三之妻王村3组", "王村3组", "张三", "12000000001", "李四女士诊所"])
    func `M16, a constant of a text stands for a person or a village`(_ text: String) throws {
        #expect(try codes(makeMapping(orgName: "value: \(text)")) == ["M16 orgName"])
    }

    @Test(arguments: ["示例区妇幼保健院", "王村卫生室", "示例软件 4.0", "Example Clinic"])
    func `A constant that names an institution is none`(_ text: String) throws {
        #expect(try codes(makeMapping(orgName: "value: \(text)")) == [])
    }

    @Test func `M17, nobody here may approve so high a level`() throws {
        #expect(
            try codes(makeMapping(), on: ground { $0.approvableLevel = 3 })
                == ["M17 wife.idNumber", "M17 wife.name", "M17 wife.phone"])
        #expect(try codes(makeMapping(), on: ground { $0.approvableLevel = 4 }) == [])
    }

    @Test func `Every rule has its words, and those of data are not found without data`() throws {
        let codes = SheetLint.entries.map(\.code)
        let wanted = (1...18).map { $0 < 10 ? "M0\($0)" : "M\($0)" }
        #expect(codes == wanted)
        #expect(SheetLint.ofData == ["M12", "M18"])
        let weighed = wanted.filter { !SheetFinding.isToMend(code: $0) }
        #expect(weighed == ["M02", "M03", "M09", "M12", "M18"])
    }
}

/// Levels and grades from their files.
struct PrivacyTablesTests {
    private func problem(_ change: (inout PrivacyTables.Texts) -> Void) -> (String, Int?)? {
        var texts = privacyTexts
        change(&texts)
        do throws(DefinitionError) {
            _ = try PrivacyTables(texts, shownAs: "test") { $0 != "nobody" }
            return nil
        } catch { return (error.file, error.line) }
    }

    @Test func `A field has the level of its class unless its line says otherwise`() throws {
        let mapping = try makeMapping()
        var texts = privacyTexts
        texts.fields = "field,level,zh,en\nadvice,5,,\n"
        let tables = try PrivacyTables(texts) { _ in true }
        func element(_ name: String) throws -> Element {
            try #require(mapping.dictionary.elements.first { $0.name == name })
        }
        #expect(try tables.level(of: element("advice")) == 5)
        #expect(try tables.level(of: element("wife.weight")) == 3)
        #expect(try tables.grade(of: element("wife.name"), after: "encrypt") == 2)
        #expect(try tables.grade(of: element("wife.name"), after: "drop") == nil)
        #expect(try tables.ground(of: element("advice")) == nil)
    }

    @Test func `A wrong line is refused with its file and line`() {
        func expect(
            _ file: String, _ line: Int, _ change: (inout PrivacyTables.Texts) -> Void
        ) {
            let found = problem(change)
            #expect(found?.0 == file && found?.1 == line)
        }
        #expect(problem { _ in } == nil)
        expect("privacy/levels.csv", 2) { $0.levels = "class,level,zh,en\nXX,1,x,x\n" }
        expect("privacy/levels.csv", 2) { $0.levels = "class,level,zh,en\nDI,6,x,x\n" }
        expect("privacy/grades.csv", 3) {
            $0.grades = "class,technique,grade\nDI,keep,1\nDI,keep,2\n"
        }
        expect("privacy/grades.csv", 2) { $0.grades = "class,technique,grade\nDI,drop,1\n" }
        expect("test/privacy.csv", 2) { $0.fields = "field,level,zh,en\nnobody,,x,x\n" }
        expect("test/privacy.csv", 2) { $0.fields = "field,level,zh,en\nphone,,x,\n" }
        expect("test/privacy.csv", 1) { $0.fields = "field,level\nphone,1\n" }
    }
}
