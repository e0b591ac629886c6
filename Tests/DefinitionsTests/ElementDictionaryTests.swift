import Definitions
import Records
import TestKit
import Testing

struct ElementDictionaryTests {
    private static let head = """
        programme: test
        title: { zh: 测试, en: Test }
        counts: { zh: 人, en: people }
        pseudonyms: out/nat-test
        subjects: [ { role: wife, zh: 女方, en: Wife }, { role: husband, zh: 男方, en: Husband } ]
        forms: [ { name: basic, zh: 基本, en: Basic }, { name: lab, subject: wife, zh: 检, en: Lab } ]
        case: { key: [file], institution: org, servedOn: on }
        fields:
          - { field: name, no: T1, zh: 名, en: Name, who: both, in: subject, kind: personName, class: DI, encrypt: national }
          - { field: idNumber, no: T2, zh: 号, en: ID, who: both, in: subject, kind: idNumber, class: DI, encrypt: national }
          - { field: org, no: T3, zh: 机构, en: Org, who: family, in: basic, kind: institution, class: OP, keep: 业务 }
          - { field: file, no: T4, zh: 档, en: File, who: family, in: basic, kind: text, class: OP, drop: 留存 }
          - { field: on, no: T5, zh: 日, en: On, who: family, in: basic, kind: date, class: OP, keep: 业务 }

        """

    private func dictionary(_ more: String) throws(DefinitionError) -> ElementDictionary {
        var section = try Section(
            text: ElementDictionaryTests.head + more, shownAs: "programme.yaml")
        return try ElementDictionary(&section) { name throws(DefinitionError) in
            guard name == "qual" else {
                throw DefinitionError(file: name, problem: Wording(zh: "没有", en: "no such list"))
            }
            return try CodeList(
                name: name, text: "code,zh,en,valid_from,valid_to\nNEG,阴,Neg,,\n", shownAs: name)
        }
    }

    @Test func `sealed elements stand before open ones, twins share a place`() throws {
        let dictionary = try dictionary(
            """
              - { field: weight, no: T6, zh: 重, en: Weight, who: both, in: subject, kind: decimal, places: 1, min: "0.5", max: 99, unit: kg, class: SH, keep: 结果 }
              - { field: born, no: T7, zh: 生, en: Born, who: both, in: subject, kind: date, class: QI, month: bornMonth, encrypt: national }
            """)
        #expect(
            dictionary.elements(at: .subject(0)).map(\.name) == [
                "wife.name", "wife.idNumber", "wife.born", "wife.weight", "wife.bornMonth",
            ])
        #expect(dictionary.elements.map(\.ordinal) == Array(dictionary.elements.indices))
        let twins = ["wife.weight", "husband.weight"].compactMap { dictionary.ordinal(of: $0) }
            .map { dictionary.elements[$0] }
        #expect(twins.map(\.wireName) == ["weight", "weight"])
        #expect(twins[0].position == twins[1].position)
        guard case .decimal(1, min: 5, max: 990) = twins[0].kind else {
            Issue.record("bounds are scaled by the places")
            return
        }
        let born = try #require(dictionary.ordinal(of: "husband.born"))
        let month = try #require(dictionary.ordinal(of: "husband.bornMonth"))
        guard case .month(of: born) = dictionary.elements[month].kind else {
            Issue.record("a month is made of its own person's day")
            return
        }
        #expect(dictionary.elements[month].protection.word == "keep")
        #expect(dictionary.elements[born].protection.word == "encrypt")
        #expect(dictionary.caseFields.key == [try #require(dictionary.ordinal(of: "file"))])
    }

    private static let field = "zh: 某, en: Some, class: OP"

    @Test(arguments: [
        ("field: x, no: X, who: family, in: basic, kind: text, \(field)", "Exactly one of keep"),
        (
            "field: x, no: X, who: family, in: basic, kind: text, \(field), keep: 因, drop: 因",
            "Exactly one of keep"
        ),
        (
            "field: x, no: X, who: family, in: basic, kind: text, \(field), encrypt: county",
            "Exactly one of keep"
        ),
        (
            "field: x, no: X, who: family, in: basic, kind: number, \(field), keep: 因",
            "known: text, personName"
        ),
        ("field: on, no: X, who: family, in: basic, kind: date, \(field), keep: 因", "stands twice"),
        ("field: x, no: X, who: child, in: basic, kind: text, \(field), keep: 因", "subject"),
        (
            "field: x, no: X, who: wife, in: labs, kind: text, \(field), keep: 因",
            "known: subject, basic, lab"
        ),
        ("field: x, no: X, who: husband, in: lab, kind: text, \(field), keep: 因", "no such form"),
        ("field: x, no: X, who: family, in: basic, kind: text, zh: 某, en: S, keep: 因", "class"),
        ("field: x, no: X, who: family, in: basic, kind: text, \(field), keeep: 因", "Exactly one"),
        (
            "field: x, no: X, who: family, in: basic, kind: text, \(field), keep: 因, unti: kg",
            "Unknown key unti"
        ),
        (
            "field: x, no: X, who: family, in: basic, kind: code, \(field), keep: 因",
            "list is missing"
        ),
        (
            "field: x, no: X, who: family, in: basic, kind: decimal, places: 1, min: 0.55, max: 2, \(field), keep: 因",
            "up to 1 places"
        ),
        (
            "field: x, no: X, who: family, in: basic, kind: integer, min: 0.5, \(field), keep: 因",
            "whole number"
        ),
        (
            "field: x, no: X, who: wife, about: wife, in: lab, kind: flag, \(field), keep: 因",
            "another part"
        ),
        (
            "field: x, no: X, who: both, about: wife, in: subject, kind: flag, \(field), keep: 因",
            "another part"
        ),
        (
            "field: x, no: X, who: wife, about: both, in: lab, kind: flag, \(field), keep: 因",
            "both is for the family's part"
        ),
        (
            "field: x, no: X, who: wife, about: child, in: lab, kind: flag, \(field), keep: 因",
            "no such subject"
        ),
    ])
    func `a wrong field is refused at its line`(_ line: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try dictionary("  - { \(line) }\n") }
        #expect(error?.line == 14, "\(String(describing: error?.place))")
        #expect(
            error?.problem.en.contains(says) == true, "\(String(describing: error?.problem.en))")
    }

    @Test func `a field may name its national element, its source, and the spouse it speaks of`()
        throws
    {
        let dictionary = try dictionary(
            """
              - { field: abo, no: T6, zh: 型, en: Group, who: wife, in: lab, kind: flag, standard: DE04.50.001.00, source: WS 363, class: SH, keep: 结果 }
              - { field: his, no: T7, zh: 他, en: His, who: wife, about: husband, in: lab, kind: flag, class: SH, keep: 结果 }
              - { field: theirs, no: T8, zh: 双, en: Theirs, who: family, about: both, in: basic, kind: flag, class: SH, keep: 结果 }
            """)
        let abo = dictionary.elements[try #require(dictionary.ordinal(of: "wife.abo"))]
        #expect(abo.standard == "DE04.50.001.00" && abo.source == "WS 363" && abo.about == nil)
        let his = dictionary.elements[try #require(dictionary.ordinal(of: "wife.his"))]
        #expect(his.standard == nil && his.source == nil && his.about == 1)
        #expect(!his.isAboutBoth)
        let theirs = dictionary.elements[try #require(dictionary.ordinal(of: "theirs"))]
        #expect(theirs.isAboutBoth && theirs.about == nil)
    }

    private func dictionary(form: String) throws(DefinitionError) -> ElementDictionary {
        let head = ElementDictionaryTests.head.replacing(
            "{ name: lab,", with: "{ name: lab, \(form),")
        let fields = """
              - { field: done, no: T6, zh: 毕, en: Done, who: both, in: subject, kind: flag, class: OP, keep: 业务 }
              - { field: closed, no: T7, zh: 结, en: Closed, who: family, in: basic, kind: flag, class: OP, keep: 业务 }
              - { field: seen, no: T8, zh: 见, en: Seen, who: wife, in: lab, kind: date, class: OP, keep: 业务 }
            """
        var section = try Section(text: head + fields, shownAs: "programme.yaml")
        return try ElementDictionary(&section) { name throws(DefinitionError) in
            throw DefinitionError(file: name, problem: Wording(zh: "没有", en: "no such list"))
        }
    }

    @Test func `a form has its number, its elements and its person's tick, or else the family's`()
        throws
    {
        let own = try dictionary(form: "number: 8, complete: done")
        #expect(own.forms[1].formNumber == 8)
        #expect(own.forms[1].complete == own.ordinal(of: "wife.done"))
        #expect(own.forms[1].elements.map { own.elements[$0].name } == ["wife.seen"])
        #expect(own.forms[0].formNumber == nil && own.forms[0].complete == nil)
        let family = try dictionary(form: "complete: closed")
        #expect(family.forms[1].complete == family.ordinal(of: "closed"))
    }

    @Test(arguments: [
        ("complete: seen", "kind flag"), ("complete: husband.seen", "kind flag"),
        ("number: 0", "1 to 99"), ("number: 100", "1 to 99"), ("number: x", "whole number"),
        ("numbers: 8", "Unknown key numbers"),
    ])
    func `a wrong form is refused at its line`(_ form: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try dictionary(form: form) }
        #expect(error?.line == 6, "\(String(describing: error?.place))")
        #expect(
            error?.problem.en.contains(says) == true, "\(String(describing: error?.problem.en))")
    }

    @Test func `a programme needs its case's fields and its persons' names`() throws {
        func read(_ text: String) throws(DefinitionError) {
            var section = try Section(text: text, shownAs: "programme.yaml")
            _ = try ElementDictionary(&section) { name throws(DefinitionError) in
                throw DefinitionError(file: name, problem: Wording(zh: "", en: ""))
            }
        }
        let head = ElementDictionaryTests.head
        for (wrong, says) in [
            (head.replacing("key: [file]", with: "key: [fyle]"), "fyle"),
            (head.replacing("key: [file]", with: "key: []"), "at least one"),
            (head.replacing("servedOn: on", with: "servedOn: off"), "off"),
            (head.replacing("field: idNumber", with: "field: number"), "wife.idNumber"),
            (head.replacing("subject: wife, zh: 检", with: "subject: child, zh: 检"), "subject"),
        ] {
            let error = #expect(throws: DefinitionError.self) { try read(wrong) }
            #expect(error?.problem.en.contains(says) == true, "\(says)")
            #expect((error?.line ?? 0) > 0)
        }
    }

    /// EXCHANGE 1: names to 16 bytes, addresses (also hukouVillage, residenceVillage) to 64, no
    /// others.
    @Test func `padding belongs to the kind`() throws {
        let dictionary = try Preconception.loaded().dictionary
        for (name, pad) in [
            ("wife.name", 16), ("fileOpenedBy", 16), ("husband.labDoctor", 16),
            ("wife.hukouProvince", 64), ("wife.hukouVillage", 64), ("wife.residenceVillage", 64),
            ("wife.idNumber", 0), ("wife.birthDate", 0), ("wife.mobilePhone", 0), ("adviceText", 0),
        ] {
            let ordinal = try #require(dictionary.ordinal(of: name))
            #expect(dictionary.elements[ordinal].kind.pad == pad, "\(name)")
        }
    }
}

struct ElementTextTests {
    private func text(_ value: Value, _ field: String) throws -> String {
        let dictionary = try Preconception.loaded().dictionary
        let element = dictionary.elements[try #require(dictionary.ordinal(of: field))]
        var bytes: [UInt8] = []
        Array("甲乙丙".utf8).withUnsafeBufferPointer {
            element.appendText(of: value, arena: $0, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `values are written as the wire has them`() throws {
        #expect(try text(.decimal(1), "wife.tsh") == "0.001")
        #expect(try text(.decimal(2_135), "wife.tsh") == "2.135")
        #expect(try text(.decimal(0), "wife.bloodGlucose") == "0.00")
        #expect(try text(.decimal(-5), "wife.bloodGlucose") == "-0.05")
        #expect(try text(.decimal(1_605), "wife.heightCm") == "160.5")
        #expect(try text(.integer(128), "wife.hemoglobin") == "128")
        #expect(try text(.flag(true), "wife.smokes") == "true")
        #expect(try text(.flag(false), "wife.smokes") == "false")
        #expect(try text(.text(3..<6), "servingOrgName") == "乙")
        #expect(
            try text(.month(CalendarMonth(year: 1986, month: 3)), "wife.birthMonth") == "1986-03")
        let leap = try #require(CalendarDate(iso: "1992-02-29"))
        #expect(try text(.date(leap), "wife.birthDate") == "1992-02-29")
        #expect(try text(.absent, "wife.name") == "" && text(.notDone, "wife.tsh") == "")
    }
}
