import Definitions
import Mappings
import Records
import Testing

/// A programme of three fields: risks, times and several answers at once.
private struct Screening {
    let mapping: Mapping

    init() throws {
        var programme = try Section(
            text: """
                programme: screening
                title: { zh: 筛查, en: Screening }
                counts: { zh: 人, en: persons }
                pseudonyms: out/test
                subjects: [{ role: wife, zh: 孕妇, en: Woman }]
                forms: [{ name: sample, subject: wife, zh: 采样, en: Sample }]
                case: { key: [wife.name], institution: wife.name, servedOn: wife.sampleTime }
                fields:
                  - { field: name, no: X-1, zh: 姓名, en: Name,
                      who: wife, in: subject, kind: text, class: DI, encrypt: national }
                  - { field: idNumber, no: X-2, zh: 证件, en: Number,
                      who: wife, in: subject, kind: text, class: DI, encrypt: national }
                  - { field: sampleTime, no: X-3, zh: 采血时间, en: Taken at,
                      who: wife, in: sample, kind: dateTime, class: OP, keep: test }
                  - { field: risk, no: X-4, zh: 风险, en: Risk,
                      who: wife, in: sample, kind: risk, class: SH, keep: test }
                  - { field: zScore, no: X-5, zh: Z值, en: Z,
                      who: wife, in: sample, kind: decimal, places: 3, min: "-50", max: "100", class: SH, keep: test }
                  - { field: history, no: X-6, zh: 史, en: History,
                      who: wife, in: sample, kind: set, list: history, class: SH, keep: test }
                """, shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&programme) { _ throws(DefinitionError) in
            try CodeList(
                name: "history",
                text: "code,zh,en,valid_from,valid_to\n0,无,None,,\n1,流产,Loss,,\nX2,畸形,Bad,,\n",
                shownAs: "history.csv")
        }
        var clinic = try Section(
            text: """
                mapping: screening@1
                programme: screening
                title: { zh: 筛查, en: Screening }
                purpose: { zh: 测试, en: test }
                legalBasis: 测试
                retention: 测试
                reads: csv
                codeSet: TEST
                dates: [yyyy-M-d, yyyy/M/d]
                empty: ["/"]
                fields:
                  - { field: wife.name, from: 姓名 }
                  - { field: wife.sampleTime, from: 时间 }
                  - { field: wife.risk, from: 风险, optional: true }
                  - { field: wife.zScore, from: Z, optional: true }
                  - { field: wife.history, from: 史, optional: true }
                """, shownAs: "from-test.yaml")
        mapping = try Mapping(&clinic, dictionary: dictionary) { name throws(DefinitionError) in
            throw DefinitionError(file: name, problem: Wording(zh: "无", en: "none"))
        }
    }

    /// What a cell of a column becomes: the wire's text, or the finding's code.
    func text(_ column: String, _ cell: String, field: String) throws -> String {
        let bound = try mapping.bound(to: ["姓名", "时间", column], acceptsInvented: true)
        let columns = ["甲", "2016-3-1", cell]
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        for text in columns {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: text.utf8)
            cells.append(start..<UInt32(bytes.count))
        }
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: cells, columnCount: 3,
                places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)], unreadable: []))
        if let finding = batch.findings.first { return finding.finding.code }
        let ordinal = try #require(mapping.dictionary.ordinal(of: field))
        var text: [UInt8] = []
        batch.withRow(0) { values, arena in
            mapping.dictionary.elements[ordinal].appendText(
                of: values[ordinal], arena: arena, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

@Suite struct ScreeningTextTests {
    @Test(arguments: [
        ("1:270", "270"), ("1/270", "270"), ("1：270", "270"), ("0.0037", "270"), ("270", "270"),
        ("<1/50000", "<50000"), ("＜1/50000", "<50000"), (">1/50", ">50"), ("1 / 270", "270"),
        ("< 1:50000", "<50000"), ("0.5", "2"), ("9999999", "9999999"), ("1/1", "1"),
        ("1/0", "V-RISK"), ("<270", "V-RISK"), ("10000000", "V-RISK"), ("0", "V-RISK"),
        ("0.0", "V-RISK"), ("1.5", "V-RISK"), ("低风险", "V-RISK"), ("1/27O", "V-RISK"), ("/", ""),
    ])
    func `a risk is read as a comparator and N`(_ cell: String, _ expected: String) throws {
        #expect(try Screening().text("风险", cell, field: "wife.risk") == expected)
    }

    @Test(arguments: [
        ("2.135", "2.135"), ("-2.1", "-2.100"), ("－0.5", "-0.500"), ("-50", "-50.000"),
        ("100", "100.000"), ("-50.001", "V-RANGE"), ("100.001", "V-RANGE"), ("--1", "V-NUMBER"),
        ("-", "V-NUMBER"),
    ])
    func `a Z-score may be negative`(_ cell: String, _ expected: String) throws {
        #expect(try Screening().text("Z", cell, field: "wife.zScore") == expected)
    }

    @Test(arguments: [
        ("1", "1"), ("1,X2", "1 X2"), ("X2、1", "1 X2"), ("1；X2", "1 X2"), ("1|1", "1"),
        ("0 1", "0 1"), ("3", "V-CODE"), ("1,,X2", "1 X2"), ("/", ""), ("", ""),
    ])
    func `several answers stand in one cell`(_ cell: String, _ expected: String) throws {
        #expect(try Screening().text("史", cell, field: "wife.history") == expected)
    }

    @Test(arguments: [
        ("2016-3-30 8:00", "2016-03-30T08:00:00+08:00"),
        ("2016/03/30 08:05:59", "2016-03-30T08:05:00+08:00"),
        ("2016-03-30T23:59", "2016-03-30T23:59:00+08:00"),
        ("2016-3-30", "2016-03-30T00:00:00+08:00"),
        ("2016-3-30 24:00", "V-DATE"), ("2016-3-30 8", "V-DATE"), ("2016-2-30 8:00", "V-DATE"),
    ])
    func `a sample's time is kept to the minute`(_ cell: String, _ expected: String) throws {
        let screening = try Screening()
        let bound = try screening.mapping.bound(to: ["姓名", "时间"], acceptsInvented: true)
        let bytes = Array("甲".utf8) + Array(cell.utf8)
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: [0..<3, 3..<UInt32(bytes.count)], columnCount: 2,
                places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)], unreadable: []))
        let ordinal = try #require(screening.mapping.dictionary.ordinal(of: "wife.sampleTime"))
        var text: [UInt8] = []
        batch.withRow(0) { values, arena in
            screening.mapping.dictionary.elements[ordinal].appendText(
                of: values[ordinal], arena: arena, to: &text)
        }
        #expect(
            batch.findings.first?.finding.code ?? String(decoding: text, as: UTF8.self)
                == expected)
    }

    @Test func `an optional column may be missing, and its field is then not mapped`() throws {
        let screening = try Screening()
        let risk = try #require(screening.mapping.dictionary.ordinal(of: "wife.risk"))
        let without = try screening.mapping.bound(to: ["姓名", "时间"], acceptsInvented: true)
        let with = try screening.mapping.bound(to: ["姓名", "时间", "风险"], acceptsInvented: true)
        #expect(!without.isMapped[risk])
        #expect(with.isMapped[risk])
        #expect(throws: HeaderFailure.self) {
            try screening.mapping.bound(to: ["姓名"], acceptsInvented: true)
        }
    }
}
