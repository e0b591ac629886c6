import Definitions
import LibXML
import Records
import Submissions
import Testing

/// Kinds that no shipped programme sends in the clear, in a programme that does: the compiled check
/// and the generated XSD take the same texts.
struct FacetAgreementTests {
    private let check: SchemaCheck
    private let validator: SchemaValidator

    private static let programme = """
        programme: small
        title: { zh: 小, en: Small }
        counts: { zh: 人, en: persons }
        pseudonyms: out/test
        subjects: [{ role: woman, zh: 女, en: Woman }]
        forms: [{ name: sample, subject: woman, zh: 样, en: Sample }]
        case: { key: [woman.name], institution: woman.lab, servedOn: woman.on }
        fields:
          - { field: name, no: X, zh: 名, en: Name, who: woman, in: subject, kind: text, class: DI, drop: test }
          - { field: idNumber, no: X, zh: 号, en: Number, who: woman, in: subject, kind: idNumber, class: DI, keep: test }
          - { field: on, no: X, zh: 日, en: On, who: woman, in: sample, kind: date, class: OP, keep: test }
          - { field: lab, no: X, zh: 机构, en: Lab, who: woman, in: sample, kind: institution, class: OP, keep: test }
          - { field: contact, no: X, zh: 电话, en: Contact, who: woman, in: sample, kind: phone, landline: true, class: DI, keep: test }
          - { field: mobile, no: X, zh: 手机, en: Mobile, who: woman, in: sample, kind: phone, class: DI, keep: test }
          - { field: karyotype, no: X, zh: 核型, en: Karyotype, who: woman, in: sample, kind: karyotype, max: 12, class: SH, keep: test }
        """

    init() throws {
        var section = try Section(
            text: FacetAgreementTests.programme, shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&section) { name throws(DefinitionError) in
            throw DefinitionError(file: name, problem: Wording(zh: "无", en: "none"))
        }
        check = SchemaCheck(dictionary: dictionary)
        let schema = SchemaText.xsd(for: dictionary, PackingDesk.names)
        validator = try CompiledSchema(main: Array(schema.utf8)).validator()
    }

    /// Whether both take a record with one element; they must not part.
    private func takes(
        _ element: String, _ text: String, institution: String = "MA0000T3699150211G1001",
        at place: SourceLocation = #_sourceLocation
    ) -> Bool {
        let value = "<\(element)>\(text)</\(element)>"
        let parts =
            element == "idNumber"
            ? "<Subject role=\"woman\" pseudonym=\"\(String(repeating: "a", count: 32))\">\(value)"
                + "</Subject>"
            : "<Form name=\"sample\">\(value)</Form>"
        let record =
            "<Record id=\"\(String(repeating: "0", count: 32))\" version=\"1\" action=\"submit\""
            + " institution=\"\(institution)\" serviceDate=\"2016-03-01\">\(parts)</Record>"
        let verdict = Array(record.utf8).withUnsafeBufferPointer { check.verdict(on: $0) }
        let frame =
            "<Submission xmlns=\"urn:shangbao:reference:1\""
            + " id=\"00000000-0000-7000-8000-000000000000\" profile=\"reference-1\""
            + " programme=\"small\" sender=\"12990101MA0000T1XF\" region=\"990101\""
            + " created=\"2012-01-01T00:00:00+08:00\" count=\"1\" pseudonymEpoch=\"1\">"
            + "<Key id=\"k7q2m9xa\" suite=\"gm\" recipient=\"n\" wrapped=\"AA==\"/>"
        let isTaken = isValid(Array((frame + record + "</Submission>").utf8), by: validator)
        #expect((verdict == .valid) == isTaken, "“\(text)”", sourceLocation: place)
        return isTaken
    }

    @Test(arguments: [
        ("idNumber", "990101198603150022", true), ("idNumber", "99150219880808024X", true),
        ("idNumber", "G12345678", true), ("idNumber", "军字第1234567号", true),
        ("idNumber", "1", true), ("idNumber", "\u{4E00}\u{9FFF}", true),
        ("idNumber", "\u{4DFF}", false), ("idNumber", "\u{A000}", false),
        ("idNumber", "g12345678", false), ("idNumber", "G1234-678", false), ("idNumber", "", false),
        ("idNumber", "9901011986031500221", false), ("idNumber", "\u{E9}1", false),
        ("contact", "06358212345", true), ("contact", "01065432109", true),
        ("contact", "0635821234", true), ("contact", "063582123456", true),
        ("contact", "13000000000", true), ("contact", "130000000001", false),
        ("contact", "1300000000", false), ("contact", "063582123", false),
        ("contact", "0635821234567", false), ("contact", "00358212345", false),
        ("contact", "0635-8212345", false), ("contact", "23000000000", false),
        ("mobile", "13000000000", true), ("mobile", "06358212345", true),
        ("mobile", "0635821234", false), ("karyotype", "46,XN", true),
        ("karyotype", "47,XN,+21", true), ("karyotype", "123456789012", true),
        ("karyotype", "1234567890123", false), ("karyotype", "", false),
        ("lab", "MA0000T3699150211G1001", true), ("lab", "MA0000T1X990101ZZZZZZZ", true),
        ("lab", "12990101MA0000T1XF", true), ("lab", "MA0000T36", true),
        ("lab", "990101000101", true), ("lab", "MA0000T3", false), ("lab", "MA0000T369", false),
        ("lab", "MA0000T36991502ZZ", false), ("lab", "ma0000t36", false),
    ])
    func `texts of each kind`(_ element: String, _ text: String, _ expected: Bool) {
        #expect(takes(element, text) == expected)
    }

    @Test(arguments: [
        ("MA0000T3699150211G1001", true), ("MA0000T1X990101ZZZZZZZ", true),
        ("12990101MA0000T1XF", true), ("MA0000T36", false), ("990101000101", false),
    ])
    func `the frame of a record takes national codes only`(_ code: String, _ expected: Bool) {
        #expect(takes("on", "2016-03-01", institution: code) == expected)
    }
}
