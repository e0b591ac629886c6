package import Definitions
import Records

/// Writes the profile's XSD from the programme's dictionary (报文结构定义), with Chinese annotations.
///
/// The same dictionary makes `SchemaCheck`; a test holds the two together by libxml2's verdict.
package struct SchemaText {
    private let dictionary: ElementDictionary
    private let names: WireNames
    private var text = ""
    /// Types of elements with a unit: an extension needs a named base.
    private var measured: [(name: String, facet: SchemaFacet)] = []

    /// The whole XSD, UTF-8.
    package static func xsd(for dictionary: ElementDictionary, _ names: WireNames) -> String {
        var writer = SchemaText(dictionary: dictionary, names: names)
        writer.write()
        return writer.text
    }

    private init(dictionary: ElementDictionary, names: WireNames) {
        self.dictionary = dictionary
        self.names = names
    }

    private mutating func write() {
        text += """
            <?xml version="1.0" encoding="UTF-8"?>
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="\(names.namespace)"
                xmlns:r="\(names.namespace)"
                targetNamespace="\(names.namespace)" elementFormDefault="qualified">
            <xs:annotation><xs:documentation xml:lang="zh">\(dictionary.title.zh)上报报文。由数据元目录生成，\
            请勿手工修改。参考规范 \(names.profile)，并非国家部委的正式接口。</xs:documentation></xs:annotation>

            """
        writeFrame()
        writeRecord()
        writeSealed()
        writeSubject()
        writeForms()
        for (name, facet) in measured {
            text += facet.restriction.replacing(
                "<xs:simpleType>", with: "<xs:simpleType name=\"\(name)\">")
            text += "\n"
        }
        text += "</xs:schema>\n"
    }

    private mutating func writeFrame() {
        text += """
            <xs:element name="Submission"><xs:complexType><xs:sequence>
              <xs:element name="Key" type="Key"/>
              <xs:element name="Record" type="Record" maxOccurs="1000">
                <xs:unique name="subjectOnce"><xs:selector xpath="r:Subject"/><xs:field xpath="@role"/></xs:unique>
                <xs:unique name="formOnce"><xs:selector xpath="r:Form"/><xs:field xpath="@name"/></xs:unique>
              </xs:element>
            </xs:sequence>
              <xs:attribute name="id" use="required" type="UUID"/>
              <xs:attribute name="profile" use="required" fixed="\(names.profile)" type="xs:string"/>
              <xs:attribute name="programme" use="required" fixed="\(dictionary.programme)" type="xs:string"/>
              <xs:attribute name="sender" use="required" type="CreditCode"/>
              <xs:attribute name="region" use="required" type="Region"/>
              <xs:attribute name="created" use="required" type="xs:dateTime"/>
              <xs:attribute name="count" use="required" type="Count"/>
              <xs:attribute name="pseudonymEpoch" use="required" type="xs:positiveInteger"/>
            </xs:complexType>
              <xs:unique name="recordOnce"><xs:selector xpath="r:Record"/><xs:field xpath="@id"/></xs:unique>
            </xs:element>
            <xs:complexType name="Key">
              <xs:attribute name="id" use="required" type="KeyID"/>
              <xs:attribute name="suite" use="required" type="Suite"/>
              <xs:attribute name="recipient" use="required" type="xs:NMTOKEN"/>
              <xs:attribute name="wrapped" use="required" type="xs:base64Binary"/>
            </xs:complexType>

            """
        pattern("UUID", "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        pattern("CreditCode", "[0-9A-HJ-NP-RTUW-Y]{18}")
        pattern("Region", "[0-9]{6}")
        pattern("KeyID", "[A-Za-z0-9]{8,40}")
        pattern("Institution", SchemaFacet.institutionPattern)
        pattern("Pseudonym", "[a-z2-7]{32}")
        enumeration("Suite", ["gm", "intl"])
        enumeration("Action", ["submit", "amend", "withdraw"])
        enumeration("Role", dictionary.subjects.map(\.role))
        enumeration("FormName", dictionary.forms.map(\.name))
        text += """
            <xs:simpleType name="Count"><xs:restriction base="xs:integer">\
            <xs:minInclusive value="1"/><xs:maxInclusive value="1000"/></xs:restriction></xs:simpleType>
            <xs:simpleType name="Version"><xs:restriction base="xs:integer">\
            <xs:pattern value="[1-9][0-9]{0,8}"/></xs:restriction></xs:simpleType>
            <xs:simpleType name="Day"><xs:restriction base="xs:date">\
            <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}"/></xs:restriction></xs:simpleType>
            <xs:simpleType name="Month"><xs:restriction base="xs:gYearMonth">\
            <xs:pattern value="[0-9]{4}-[0-9]{2}"/></xs:restriction></xs:simpleType>
            <xs:simpleType name="Minute"><xs:restriction base="xs:dateTime">\
            <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:00[+]08:00"/>\
            </xs:restriction></xs:simpleType>
            <xs:simpleType name="Flag"><xs:restriction base="xs:boolean">\
            <xs:pattern value="true|false"/></xs:restriction></xs:simpleType>

            """
    }

    private mutating func writeRecord() {
        text += """
            <xs:complexType name="Record"><xs:sequence>
              <xs:element name="Subject" type="Subject" minOccurs="0" maxOccurs="\(dictionary.subjects.count)"/>
              <xs:element name="Form" type="Form" minOccurs="0" maxOccurs="\(dictionary.forms.count)"/>
            </xs:sequence>
              <xs:attribute name="id" use="required"><xs:simpleType><xs:restriction base="xs:token">\
            <xs:pattern value="[0-9a-f]{32}"/></xs:restriction></xs:simpleType></xs:attribute>
              <xs:attribute name="version" use="required" type="Version"/>
              <xs:attribute name="action" use="required" type="Action"/>
              <xs:attribute name="institution" use="required" type="Institution"/>
              <xs:attribute name="serviceDate" use="required" type="Day"/>
            </xs:complexType>

            """
    }

    private mutating func writeSealed() {
        text += """
            <xs:complexType name="Sealed"><xs:simpleContent><xs:extension base="SealedText">
              <xs:attribute name="field" use="required" type="SealedField"/>
            </xs:extension></xs:simpleContent></xs:complexType>

            """
        pattern("SealedText", SchemaFacet.sealedPattern)
        var fields: [String] = []
        for element in dictionary.elements
        where element.protection == .encrypt && !fields.contains(element.wireName) {
            fields.append(element.wireName)
        }
        enumeration("SealedField", fields)
    }

    private mutating func writeSubject() {
        text += "<xs:complexType name=\"Subject\"><xs:sequence>\n"
        text +=
            "  <xs:element name=\"Sealed\" type=\"Sealed\" minOccurs=\"0\" maxOccurs=\"100\"/>\n"
        for slot in SchemaSlots.subject(dictionary) { write(slot) }
        text += """
            </xs:sequence>
              <xs:attribute name="role" use="required" type="Role"/>
              <xs:attribute name="pseudonym" use="required" type="Pseudonym"/>
            </xs:complexType>

            """
    }

    private mutating func writeForms() {
        text += "<xs:complexType name=\"Form\"><xs:sequence>\n"
        text +=
            "  <xs:element name=\"Sealed\" type=\"Sealed\" minOccurs=\"0\" maxOccurs=\"100\"/>\n"
        text += "  <xs:choice minOccurs=\"0\">\n"
        for group in SchemaSlots.groups(dictionary) where !group.slots.isEmpty {
            text += "  <xs:sequence><!-- \(group.name) -->\n"
            for slot in group.slots { write(slot) }
            text += "  </xs:sequence>\n"
        }
        text += """
              </xs:choice>
            </xs:sequence>
              <xs:attribute name="name" use="required" type="FormName"/>
            </xs:complexType>

            """
    }

    private mutating func write(_ slot: SchemaSlots.Slot) {
        let element = slot.element
        text += "  <xs:element name=\"\(element.wireName)\""
        text += slot.isRequired ? ">" : " minOccurs=\"0\">"
        text += "<xs:annotation><xs:documentation xml:lang=\"zh\">"
        text += "\(element.number) \(SchemaText.escaped(element.title.zh))"
        text += "</xs:documentation></xs:annotation>"
        let facet = SchemaFacet(element.kind)
        if let unit = element.unit {
            let base = "value.\(element.wireName)"
            measured.append((base, facet))
            text += "<xs:complexType><xs:simpleContent><xs:extension base=\"\(base)\">"
            text += "<xs:attribute name=\"unit\" use=\"required\" type=\"xs:string\" "
            text += "fixed=\"\(SchemaText.escaped(unit))\"/>"
            text += "</xs:extension></xs:simpleContent></xs:complexType></xs:element>\n"
        } else {
            text += "\(facet.restriction)</xs:element>\n"
        }
    }

    private mutating func pattern(_ name: String, _ pattern: String) {
        text += "<xs:simpleType name=\"\(name)\"><xs:restriction base=\"xs:token\">"
        text += "<xs:pattern value=\"\(pattern)\"/></xs:restriction></xs:simpleType>\n"
    }

    private mutating func enumeration(_ name: String, _ values: [String]) {
        text += "<xs:simpleType name=\"\(name)\"><xs:restriction base=\"xs:token\">"
        for value in values { text += "<xs:enumeration value=\"\(SchemaText.escaped(value))\"/>" }
        text += "</xs:restriction></xs:simpleType>\n"
    }

    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        RecordLayout.append(escaped: Array(text.utf8)[...], to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
