import Definitions
import Mappings
import Programmes
import TestKit
import Testing

/// Which field a column's name means; and where nobody can tell.
struct FieldMatcherTests {
    private let programme: Programme
    private let matcher: FieldMatcher

    init() throws {
        programme = try #require(
            try Catalogue(root: Project.mappings).programmes.first {
                $0.folderName == "preconception"
            })
        matcher = FieldMatcher(of: programme)
    }

    private func found(_ header: String) -> (fields: [String], likeness: FieldMatcher.Likeness)? {
        matcher.find(header).map { finding in
            (finding.fields.map { programme.dictionary.elements[$0].name }, finding.likeness)
        }
    }

    @Test(arguments: [
        ("妻子血糖(mmol/L)", "wife.bloodGlucose"), ("女方血糖", "wife.bloodGlucose"),
        ("女 空腹血糖（mmol／L）", "wife.bloodGlucose"), ("GLU", "wife.bloodGlucose"),
        ("丈夫姓名", "husband.name"), ("姓名（男）", "husband.name"), ("夫_姓名", "husband.name"),
        ("女方身份证号", "wife.idNumber"), ("妻身份证号码", "wife.idNumber"),
        ("男方表面抗原", "husband.hbsAg"), ("女ＨＢｓＡｇ", "wife.hbsAg"),
        ("女方乙型肝炎病毒表面抗原HBsAg", "wife.hbsAg"), ("女方HBsAg(乙肝表面抗原)", "wife.hbsAg"),
        ("女方GPT(U/L)", "wife.alt"), ("男方肌酐Cr", "husband.creatinine"), ("女方TSH", "wife.tsh"),
        ("男方身高cm", "husband.heightCm"), ("女方体重 (kg)", "wife.weightKg"),
        ("女方户口所在地（省）", "wife.hukouProvince"), ("女方户口所在地（市）", "wife.hukouCity"),
        ("女方本地户籍", "localHukouWife"), ("建档日期", "fileOpenedDate"),
        ("Blood group ABO (wife)", "wife.aboType"), ("FF-012", "divisionCode"),
        ("wife.hbsAg", "wife.hbsAg"),
    ])
    func `a name is the field's whatever its spelling, unit and person`(
        header: String, field: String
    ) throws {
        let match = try #require(found(header), "\(header)")
        #expect(match.fields == [field])
        #expect(match.likeness == .same)
    }

    @Test(arguments: [
        ("血型", ["wife.aboType", "husband.aboType"]), ("姓名", ["wife.name", "husband.name"]),
        ("女方随访人员", ["wife.epfStaff", "wife.pofStaff"]),
    ])
    func `a name of several fields is not given to one`(header: String, fields: [String]) throws {
        let match = try #require(found(header))
        #expect(Set(match.fields) == Set(fields))
    }

    @Test func `one half of a name is enough to ask a person`() throws {
        let half = try #require(found("女方血小板XYZ"))
        #expect(half.fields == ["wife.platelets"] && half.likeness == .half)
        let torn = try #require(found("女方肌酐TSH"))
        #expect(torn.fields == ["wife.creatinine", "wife.tsh"], "each half says another field")
    }

    @Test(arguments: [
        ("女方血清葡萄糖测定", "wife.bloodGlucose"), ("女方甲状腺的触诊", "wife.thyroidExam"),
        ("男方肝脾触诊情况", "husband.liverSpleenExam"),
    ])
    func `one or two characters more are near, and a person looks`(header: String, field: String)
        throws
    {
        let match = try #require(found(header), "\(header)")
        #expect(match.fields == [field] && match.likeness == .near)
    }

    @Test(arguments: [
        "女方乙肝核心抗原",  // the antigen is not the antibody
        "女方风疹病毒IgM",  // nor IgM IgG
        "女方不吸烟史吗", "女方无被动吸烟", "男方血小板计数量比值", "打印时间", "操作员", "备用字段1",
        "女方", "", "（）",
    ])
    func `what only looks alike is no field`(header: String) {
        #expect(found(header) == nil, "\(found(header)?.fields ?? [])")
    }
}
