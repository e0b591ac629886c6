import LibXML
import Testing

struct SchemaTests {
    static let types = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"
            xmlns="urn:t" elementFormDefault="qualified">
          <xs:simpleType name="IDNumber"><xs:restriction base="xs:string">
            <xs:pattern value="[0-9]{17}[0-9X]"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="Sex"><xs:restriction base="xs:string">
            <xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType>
        </xs:schema>
        """
    static let main = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"
            xmlns="urn:t" elementFormDefault="qualified">
          <xs:include schemaLocation="types.xsd"/>
          <xs:element name="Submission">
            <xs:complexType><xs:sequence>
              <xs:element name="Record" maxOccurs="unbounded"><xs:complexType><xs:sequence>
                <xs:element name="idNumber" type="IDNumber"/>
                <xs:element name="sex" type="Sex"/>
                <xs:element name="name" minOccurs="0"><xs:simpleType>
                  <xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction>
                </xs:simpleType></xs:element>
                <xs:element name="haemoglobin" minOccurs="0"><xs:simpleType>
                  <xs:restriction base="xs:decimal"><xs:maxInclusive value="300"/>
                  <xs:fractionDigits value="1"/></xs:restriction></xs:simpleType></xs:element>
                <xs:element name="day" type="xs:date" minOccurs="0"/>
              </xs:sequence>
              <xs:attribute name="id" use="required" type="xs:NMTOKEN"/>
              <xs:attribute name="sex" type="Sex"/>
              </xs:complexType></xs:element>
            </xs:sequence></xs:complexType>
            <xs:unique name="ids"><xs:selector xpath="*"/><xs:field xpath="@id"/></xs:unique>
          </xs:element>
        </xs:schema>
        """

    static func schema() throws -> CompiledSchema {
        try CompiledSchema(main: Array(main.utf8), files: ["types.xsd": Array(types.utf8)])
    }

    static func document(_ record: String, head: String = "id='a'") -> String {
        """
        <Submission xmlns="urn:t">
        <Record id="first"><idNumber>990000190001010000</idNumber><sex>1</sex></Record>
        <Record \(head)>\(record)</Record>
        </Submission>
        """
    }

    static let good = "<idNumber>99000019000101000X</idNumber><sex>2</sex>"

    @Test func `A valid document is taken, again and again`() throws {
        let validator = try Self.schema().validator()
        let rest = "<name>赵&amp;钱孙李</name><haemoglobin>128.5</haemoglobin><day>2012-03-01</day>"
        for _ in 0..<3 {
            #expect(validationRefusal(Self.document(Self.good + rest), validator) == nil)
            #expect(violations(Self.document("<sex>1</sex>"), validator).count == 1)
        }
    }

    struct Case: Sendable {
        let record: String
        var head = "id='a'"
        let kind: SchemaViolation.Kind
        let place: String
        var attribute: String?
        var expected: [String] = []
    }

    static let cases: [Case] = [
        Case(
            record: "<idNumber>123CANARY</idNumber><sex>1</sex>", kind: .pattern, place: "idNumber"),
        Case(
            record: "<idNumber>990000190001010000</idNumber><sex>CANARY</sex>", kind: .enumeration,
            place: "sex"),
        Case(record: good + "<name>CANARY</name>", kind: .length, place: "name"),
        Case(record: good + "<haemoglobin>300.1</haemoglobin>", kind: .range, place: "haemoglobin"),
        Case(
            record: good + "<haemoglobin>99.99</haemoglobin>", kind: .digits, place: "haemoglobin"),
        Case(
            record: good + "<haemoglobin>CANARY</haemoglobin>", kind: .datatype,
            place: "haemoglobin"),
        Case(record: good + "<day>2012-02-30</day>", kind: .datatype, place: "day"),
        Case(
            record: "<sex>1</sex>", kind: .unexpectedElement, place: "sex", expected: ["idNumber"]),
        Case(
            record: "<idNumber>990000190001010000</idNumber>", kind: .missingElement, place: "",
            expected: ["sex"]),
        Case(record: good + "CANARY", kind: .unexpectedContent, place: ""),
        Case(
            record: good, head: "", kind: .missingAttribute, place: "", attribute: "id"),
        Case(
            record: good, head: "id='a' x='CANARY'", kind: .unexpectedAttribute, place: "",
            attribute: "x"),
        Case(
            record: good, head: "id='a' sex='CANARY'", kind: .enumeration, place: "",
            attribute: "sex"),
        Case(
            record: good, head: "id=\"', attribute 'CANARY'\"", kind: .datatype, place: "",
            attribute: "id"),
        Case(record: good, head: "id='first'", kind: .uniqueness, place: ""),
    ]

    @Test(arguments: cases.indices)
    func `A violation is told by place and kind, without its value`(index: Int) throws {
        let expected = Self.cases[index]
        let text = Self.document(expected.record, head: expected.head)
        let validator = try Self.schema().validator()
        let found = violations(text, validator)
        #expect(found.count == 1, "\(found)")
        let violation = try #require(found.first)
        #expect(violation.kind == expected.kind)
        let path = "Submission/Record" + (expected.place.isEmpty ? "" : "/\(expected.place)")
        #expect(violation.path == path)
        #expect(violation.attribute == expected.attribute)
        #expect(violation.expected == expected.expected)
        #expect(violation.rootChildIndex == 1)
        #expect(violation.line == 3)
        let reason = try #require(validationRefusal(text, validator))
        for secret in ["CANARY", "300.1", "99.99", "02-30"] {
            #expect(!"\(violation) \(reason)".contains(secret))
        }
    }

    @Test func `A root that the schema does not know is refused`() throws {
        let validator = try Self.schema().validator()
        let found = violations("<Other xmlns='urn:t'/>", validator)
        #expect(found.map(\.kind) == [.unexpectedElement])
        #expect(found.map(\.path) == ["Other"])
        #expect(found.map(\.rootChildIndex) == [nil])
    }

    @Test func `Only so many violations are told, and the validator is good for the next`() throws {
        let validator = try Self.schema().validator(violationLimit: 3)
        let many = String(repeating: "<Record id='CANARY 1'/>", count: 1_000)
        #expect(violations("<Submission xmlns='urn:t'>\(many)</Submission>", validator).count == 3)
        #expect(validationRefusal(Self.document(Self.good), validator) == nil)
    }

    @Test func `A document that is not well-formed is not valid either`() throws {
        let validator = try Self.schema().validator()
        let text = Self.document(Self.good)
        #expect(
            validationRefusal(String(text.dropLast(4)), validator) == .malformed(line: 4))
        #expect(validationRefusal("<!DOCTYPE a>" + text, validator) == .doctypeRefused)
        #expect(validationRefusal(text, validator) == nil)
    }

    @Test func `An ampersand in an attribute counts as one character`() throws {
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a">
            <xs:complexType><xs:attribute name="b"><xs:simpleType><xs:restriction base="xs:string">
            <xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:attribute>
            </xs:complexType></xs:element></xs:schema>
            """
        let validator = try CompiledSchema(main: Array(schema.utf8)).validator()
        #expect(validationRefusal("<a b='1&amp;2'/>", validator) == nil)
        #expect(violations("<a b='1&amp;23'/>", validator).map(\.kind) == [.length])
    }

    @Test(arguments: [
        "", "<a/>", "<xs:schema", "<!DOCTYPE a><a/>",
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="a" type="missing"/></xs:schema>
        """,
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="a">
        <xs:restriction base="xs:string"><xs:pattern value="[a"/></xs:restriction>
        </xs:simpleType></xs:schema>
        """,
    ])
    func `A broken schema is not compiled`(text: String) {
        #expect(throws: XMLFailure.self) { try CompiledSchema(main: Array(text.utf8)) }
    }

    @Test func `One schema serves several threads`() async throws {
        let schema = try Self.schema()
        let good = Self.document(Self.good)
        let bad = Self.document("<idNumber>1</idNumber><sex>3</sex>")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let validator = schema.validator()
                    return (0..<50).allSatisfy { _ in
                        validationRefusal(good, validator) == nil
                            && violations(bad, validator).map(\.kind) == [.pattern, .enumeration]
                    }
                }
            }
            for await allRight in group { #expect(allRight) }
        }
    }
}
