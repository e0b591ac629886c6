import Definitions
import Foundation
import Mappings
import Records
import Samples
import Testing

@Suite struct SampleEncodingTests {
    /// As Foundation numbers them: the high bit and CoreFoundation's own number.
    private static let gb18030 = String.Encoding(rawValue: 0x8000_0632)

    @Test func `A GB18030 file decodes strictly to the UTF-8 one`() throws {
        let mapping = try SampleFixture.mapping()
        var request = SampleRequest(couples: 200, seed: 21, encoding: .gb18030)
        let local = try SampleFixture.write(request, mapping)
        request.encoding = .utf8
        let plain = try SampleFixture.write(request, mapping)
        let decoded = try #require(String(bytes: local.file, encoding: Self.gb18030))
        let isSame = decoded.utf8.elementsEqual(plain.file)
        #expect(isSame)
        #expect(local.truth == plain.truth)
        // Four-byte characters are there, or the sample would prove little.
        let hasFourBytes = decoded.contains("𠮷") || decoded.contains("㛃")
        #expect(hasFourBytes)
    }

    @Test func `A GBK file has one and two byte characters only`() throws {
        let request = SampleRequest(couples: 200, seed: 21, encoding: .gbk)
        let file = try SampleFixture.write(request, try SampleFixture.mapping()).file
        var index = 0
        while index < file.count {
            if file[index] < 0x80 {
                index += 1
                continue
            }
            let second = try #require(index + 1 < file.count ? file[index + 1] : nil)
            let isPair = (0x81...0xFE).contains(file[index]) && second >= 0x40 && second != 0x7F
            #expect(isPair)
            index += 2
        }
        let decoded = try #require(String(bytes: file, encoding: Self.gb18030))
        let lines = decoded.utf8.split(separator: 0x0A)
        #expect(lines.count == 201)
        // GBK has some of the unusual characters; the four-byte ones stay out.
        let hasSome = ["喆", "犇", "祎", "珺", "堃", "·"].contains { decoded.contains($0) }
        #expect(hasSome)
        let hasOthers = ["𠮷", "㛃", "䶮"].contains { decoded.contains($0) }
        #expect(!hasOthers)
    }

    @Test func `Text that the encoding lacks is refused, never replaced`() throws {
        var request = SampleRequest(couples: 3, seed: 1, encoding: .gbk)
        request.institutions = [
            SampleInstitution(code: "MA0000T1X99010111G1001", name: "示例𠮷院", division: "990101")
        ]
        let mapping = try SampleFixture.mapping()
        #expect(throws: SampleFailure.self) { try SampleFixture.write(request, mapping) }
        request.encoding = .gb18030
        #expect(try SampleFixture.write(request, mapping).summary.rows == 3)
    }

    @Test func `Exactly one row cannot be decoded where one such defect stands`() throws {
        let request = SampleRequest(
            couples: 300, seed: 2, defectFraction: 0.0001, encoding: .gb18030)
        let mapping = try SampleFixture.mapping(encoding: "gb18030")
        let sample = try SampleFixture.write(request, mapping)
        let lines = sample.file.split(separator: 0x0A)
        let broken = lines.filter { String(bytes: $0, encoding: Self.gb18030) == nil }
        #expect(broken.count == 1)
        #expect(sample.summary.codes["V-ENCODING"] == 1)
    }

    @Test func `Another clinic's headers and words need no code`() throws {
        var programme = try Section(text: SmallProgramme.programme, shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try CodeList(name: name, text: SmallProgramme.qual, shownAs: name)
        }
        var section = try Section(text: SmallProgramme.mapping, shownAs: "mapping.yaml")
        let mapping = try Mapping(&section, dictionary: dictionary) {
            name throws(DefinitionError) in
            try WordTable(name: name, text: SmallProgramme.words, shownAs: name)
        }
        var request = SampleRequest(
            couples: 60, seed: 4, encoding: .utf8, dateSpellings: ["yyyy.M.d"])
        request.institutions = Array(SampleInstitution.invented.prefix(1))
        let sample = try SampleFixture.write(request, mapping)
        #expect(try Set(sample.column("HBsAg")).isSubset(of: ["neg.", "pos."]))
        #expect(try sample.column("Day").allSatisfy { $0.hasPrefix("2012.") })
        #expect(try sample.column("Unheard-of").allSatisfy { $0 == "示例" })
        #expect(try Set(sample.column("Clinic")) == ["MA0000T1X99010111G1001"])
        #expect(sample.rows[0].count == 6)
        #expect(try sample.findings(mapping).allSatisfy { $0 == [] })
    }
}

/// A programme of a few fields, with a field that the generator has never heard of.
enum SmallProgramme {
    static let programme = """
        programme: small
        title: { zh: 小, en: Small }
        counts: { zh: 对, en: couples }
        pseudonyms: out/small
        subjects:
          - { role: wife, zh: 女方, en: Wife }
        forms:
          - { name: basic, zh: 基本, en: Basic }
        case: { key: [servingOrgCode], institution: servingOrgCode, servedOn: fileOpenedDate }
        fields:
          - { field: name, no: A, zh: 姓名, en: Name, who: wife, in: subject, kind: personName, class: DI, encrypt: national }
          - { field: idNumber, no: B, zh: 证件, en: Number, who: wife, in: subject, kind: idNumber, class: DI, encrypt: national }
          - { field: hbsAg, no: C, zh: 抗原, en: Antigen, who: wife, in: subject, kind: code, list: qual, class: SH, keep: test }
          - { field: servingOrgCode, no: D, zh: 机构, en: Clinic, who: family, in: basic, kind: institution, class: OP, keep: test }
          - { field: fileOpenedDate, no: E, zh: 日期, en: Day, who: family, in: basic, kind: date, class: OP, keep: test }
          - { field: somethingNew, no: F, zh: 新, en: New, who: family, in: basic, kind: text, required: true, class: OP, keep: test }
        """
    static let mapping = """
        mapping: small-csv@1
        programme: small
        title: { zh: 小, en: Small }
        purpose: { zh: 小, en: Small }
        legalBasis: 无
        retention: 无
        reads: csv
        codeSet: LOCAL:small:1
        dates: [yyyy.M.d]
        empty: []
        fields:
          - { field: servingOrgCode, from: Clinic }
          - { field: fileOpenedDate, from: Day }
          - { field: wife.name, from: Name }
          - { field: wife.idNumber, from: Number }
          - { field: wife.hbsAg, from: HBsAg, lookUp: words/any }
          - { field: somethingNew, from: Unheard-of }
        """
    static let words = "word,code\nneg.,NEG\npos.,POS\n"
    static let qual = "code,zh,en,valid_from,valid_to\nNEG,阴性,Negative,,\nPOS,阳性,Positive,,\n"
}
