import Definitions
import Foundation
import LibCrypto
import Mappings
import Privacy
import Records
import TestKit

/// A programme of one person and some fields, small enough to be read here.
private let programmeText = """
    programme: test-programme
    title: { zh: 测试项目, en: Test programme }
    counts: { zh: 人, en: people }
    pseudonyms: out/nat-test
    subjects:
      - { role: wife, zh: 女方, en: Wife }
    forms:
      - { name: basic, zh: 基本信息, en: Basic }
    case: { key: [orgCode, localFileId], institution: orgCode, servedOn: openedOn }
    fields:
      - { field: name, no: T-01, zh: 姓名, en: Name, who: wife, in: subject,
          kind: personName, class: DI, required: true, encrypt: national }
      - { field: idNumber, no: T-02, zh: 证件号码, en: ID number, who: wife, in: subject,
          kind: idNumber, class: DI, required: true, IDNUMBER }
      - { field: birthDate, no: T-03, zh: 出生日期, en: Birthday, who: wife, in: subject,
          kind: date, class: QI, BIRTHmonth: birthMonth, encrypt: national }
      - { field: phone, no: T-04, zh: 手机, en: Phone, who: wife, in: subject, kind: phone,
          class: DI, PHONE }
      - { field: orgCode, no: T-05, zh: 机构, en: Institution, who: family, in: basic,
          kind: institution, class: OP, keep: 业务信息 }
      - { field: orgName, no: T-11, zh: 机构名称, en: Its name, who: family, in: basic,
          kind: text, class: OP, keep: 业务信息 }
      - { field: doctor, no: T-12, zh: 医师, en: Doctor, who: family, in: basic,
          kind: personName, class: OP, DOCTOR }
      - { field: localFileId, no: T-06, zh: 档案号, en: File number, who: family, in: basic,
          kind: text, class: OP, FILE }
      - { field: openedOn, no: T-07, zh: 建档日期, en: Opened on, who: family, in: basic,
          kind: date, class: OP, keep: 业务信息 }
      - { field: advice, no: T-08, zh: 建议, en: Advice, who: family, in: basic,
          kind: text, class: SH, ADVICE }
      - { field: result, no: T-09, zh: 结果, en: Result, who: wife, in: subject,
          kind: code, list: qual, class: CLASS, keep: 检查结果 }
      - { field: weight, no: T-10, zh: 体重, en: Weight, who: wife, in: subject,
          kind: decimal, places: 1, min: "0.5", max: "99.9", unit: kg,
          required: true, class: SH, keep: 检查结果 }
    """

private let mappingText = """
    mapping: test-csv@1
    programme: test-programme
    title: { zh: 测试映射, en: Test mapping }
    purpose: { zh: 上报, en: To report }
    legalBasis: BASIS
    retention: RETENTION
    reads: csv
    codeSet: LOCAL:T
    dates: [yyyy-M-d, yyyy/M/d]
    fields:
      - { field: wife.name, NAME }
      - { field: wife.idNumber, from: 女方身份证号 }
      - { field: wife.birthDate, from: BIRTHCOLUMN }
      - { field: wife.phone, from: 女方手机 }
      - { field: orgCode, value: ORGCODE }
      - { field: orgName, ORGNAME }
      - { field: doctor, from: 医师 }
      - { field: localFileId, from: 档案编号 }
      - { field: openedOn, from: 建档日期 }
      - { field: advice, from: 建议 }
      - { field: wife.result, from: RESULT, lookUp: words/qual }
    ignore: [IGNORED]
    examples:
      - { in: { BIRTHCOLUMN: 1986/3/15 }, out: { wife.birthDate: 1986-03-15 } }
      - { in: { 女方身份证号: "EXAMPLE" }, out: { wife.idNumber: "EXAMPLE" } }
    """

/// The mapping of these tests, with some of its words replaced.
func makeMapping(
    phone: String = "encrypt: national", file: String = "drop: 由记录标识代替",
    advice: String = "encrypt: national", legalBasis: String = "测试文件",
    resultColumn: String = "检查结果", example: String = "990101198603150022",
    ignored: String = "", retention: String = "30 天", birthDate: String = "required: true, ",
    orgCode: String = "12990101MA0000T1XF", birthColumn: String = "女方生日",
    resultClass: String = "SH", idNumber: String = "encrypt: national",
    name: String = "from: 女方姓名", orgName: String = "from: 机构名称",
    doctor: String = "encrypt: national"
) throws -> Mapping {
    let list = try CodeList(
        name: "qual", text: "code,zh,en,valid_from,valid_to\nNEG,阴性,Negative,,\n",
        shownAs: "qual.csv")
    var programme = try Section(
        text: programmeText.replacing("PHONE", with: phone).replacing("FILE", with: file)
            .replacing("ADVICE", with: advice).replacing("BIRTH", with: birthDate)
            .replacing("IDNUMBER", with: idNumber).replacing("CLASS", with: resultClass)
            .replacing("DOCTOR", with: doctor),
        shownAs: "programme.yaml")
    let dictionary = try ElementDictionary(&programme) { _ in list }
    var section = try Section(
        text: mappingText.replacing("BASIS", with: legalBasis)
            .replacing("RESULT", with: resultColumn).replacing("EXAMPLE", with: example)
            .replacing("IGNORED", with: ignored).replacing("RETENTION", with: retention)
            .replacing("ORGCODE", with: orgCode).replacing("BIRTHCOLUMN", with: birthColumn)
            .replacing("ORGNAME", with: orgName).replacing("NAME", with: name),
        shownAs: "mapping.yaml")
    return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
        try WordTable(name: name, text: "word,code\n阴性(-),NEG\n", shownAs: "qual.csv")
    }
}

let recipient = ReviewSheet.Recipient(
    profile: "reference-1", channel: "HTTPS", name: "nat-2026",
    key: String(repeating: "ab", count: 32))

/// The files of the mapping of these tests, as a content is made of.
let files: [(path: String, bytes: [UInt8])] = [
    ("test/from-csv.yaml", Array("mapping: test-csv@1\n".utf8)),
    ("test/words/qual.csv", Array("word,code\n阴性,NEG\n".utf8)),
    ("test/codes/qual.csv", Array("code,zh,en\nNEG,阴性,Negative\n".utf8)),
    ("test/programme.yaml", Array("programme: test\n".utf8)),
]

/// Levels and grades as in `mappings/privacy/`, and a ground for what is optional here.
let privacyTexts = PrivacyTables.Texts(
    levels: "class,level,zh,en\nDI,4,x,x\nQI,3,x,x\nSH,3,x,x\nSH+,5,x,x\nOP,2,x,x\n",
    grades: "class,technique,grade\nDI,keep,1\nDI,encrypt,2\nQI,month,2\nQI,encrypt,3\n"
        + "SH,keep,2\nSH,encrypt,3\nOP,keep,3\n",
    fields: "field,level,zh,en\nphone,,随访,to follow up\nadvice,,咨询,for counselling\n",
    openTexts: "programme,number,zh,en\ntest-programme,T-11,机构名称,an institution\n",
    signs: shippedSigns)

/// The words that the repository's own mappings come with.
private let shippedSigns =
    String(
        decoding: FileManager.default.contents(atPath: Project.mappings + "/privacy/signs.csv")
            ?? Data(), as: UTF8.self)

/// The surroundings of the mapping of these tests.
func makeGround(_ texts: PrivacyTables.Texts = privacyTexts) throws -> SheetGround {
    SheetGround(
        tables: try PrivacyTables(texts, programme: "test-programme") { _ in true },
        asksConsent: true)
}

func makeSheet(
    _ mapping: Mapping, on ground: SheetGround? = nil,
    content: MappingContent = MappingContent.digest(of: files),
    recipient: ReviewSheet.Recipient = recipient
) throws -> ReviewSheet {
    ReviewSheet(
        mapping: mapping, on: try ground ?? makeGround(), recipient: recipient, content: content)
}
