import LibCrypto
import Rehearsal

/// A submission as a county might write it by hand from the exchange's page: this writer owes
/// nothing to the program's own. Every part can be made wrong.
struct PostedSubmission {
    var id: String
    var suite = CipherSuite.gm
    /// `Key@suite`, when it shall differ.
    var keySuite: CipherSuite?
    var keyID: String
    var sender = County.sender
    var region = "990101"
    var profile = "reference-1"
    var programme = "preconception-check"
    /// `count`, when it shall differ.
    var count: Int?
    var recipient: String?
    /// The key under which the data key is wrapped, when it shall be another.
    var wrappingKey: WrappingKey?
    var records: [PostedCase]
    /// Records of prenatal screening, in their stead.
    var screenings: [PostedScreening] = []
    /// Put in front of the root element.
    var prologue = ""

    /// A submission whose ids end with `number`, so that they differ from test to test.
    init(_ number: Int, suite: CipherSuite = .gm, _ records: [PostedCase]) {
        let digits = String(number)
        let zeros = String(repeating: "0", count: 12 - digits.count)
        id = "019a0000-0000-7000-8000-\(zeros)\(digits)"
        keyID = "key" + zeros + digits
        self.suite = suite
        self.records = records
    }

    /// The document's bytes. The data key is new each time.
    func xml(for identity: NationalIdentity) throws -> [UInt8] {
        let dataKey = try SecretBytes.random(count: 32)
        let sealer = try FieldSealer(suite: suite, keyID: keyID, dataKey: dataKey)
        let key =
            try wrappingKey
            ?? WrappingKey(
                pem: County.text(
                    identity.exportFolder, "recipient-\((keySuite ?? suite).rawValue).pub.pem"))
        let wrapped = Base64.standard.encode(try key.wrap(dataKey))
        var text = """
            \(prologue)<Submission xmlns="urn:shangbao:reference:1" id="\(id)" \
            profile="\(profile)" programme="\(programme)" sender="\(sender)" region="\(region)" \
            created="2012-03-05T22:00:04+08:00" count="\(count ?? records.count + screenings.count)" \
            pseudonymEpoch="1"><Key id="\(keyID)" suite="\((keySuite ?? suite).rawValue)" \
            recipient="\(recipient ?? identity.recipientID(suite))" wrapped="\(wrapped)"/>
            """
        for record in records { text += try record.xml(sealer, submission: id) }
        for test in screenings { text += try test.xml(sealer, submission: id) }
        return Array((text + "</Submission>").utf8)
    }
}

/// One case of invented people.
struct PostedCase {
    var id: String
    var version = 1
    var action = "submit"
    var institution = County.sender
    var servedOn = "2012-03-01"
    /// The couple: its number makes pseudonym and identity number.
    var couple: Int
    var childOrder = 1
    /// `1` for a free check.
    var payerType = 1
    var haemoglobin = "128"
    var idNumber: String?
    var sex = "2"
    var namePad = 16
    /// The field's name in the additional data, when it shall be that of another place.
    var sealedAs: String?
    var isBare = false

    /// The case with this number: 32 hex digits.
    init(_ number: Int, version: Int = 1, _ action: String = "submit", couple: Int? = nil) {
        let digits = String(number, radix: 16)
        id = String(repeating: "0", count: 32 - digits.count) + digits
        self.version = version
        self.action = action
        self.couple = couple ?? number
        isBare = action == "withdraw"
    }

    func with(_ change: (inout PostedCase) -> Void) -> PostedCase {
        var copy = self
        change(&copy)
        return copy
    }

    func xml(_ sealer: FieldSealer, submission: String) throws -> String {
        var text = """
            <Record id="\(id)" version="\(version)" action="\(action)" \
            institution="\(institution)" serviceDate="\(servedOn)">
            """
        if isBare { return text + "</Record>" }
        let place = "GWF1|\(sealer.suite.rawValue)|\(sealer.keyID)|\(submission)|\(id)|"
        let name = try sealer.seal(
            Array("赵\(couple)娘".utf8), additionalData: place + (sealedAs ?? "wife.name"),
            pad: namePad)
        let number = try sealer.seal(
            Array((idNumber ?? Self.idNumber(couple)).utf8), additionalData: place + "wife.idNumber"
        )
        let birth = try sealer.seal(
            Array("1985-07-12".utf8), additionalData: place + "wife.birthDate")
        let doctor = try sealer.seal(
            Array("钱大夫".utf8), additionalData: place + "basic.fileOpenedBy", pad: 16)
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        var pseudonym = ""
        for place in 0..<32 { pseudonym.append(letters[(couple * 7 + place * 5) % 32]) }
        text += """
            <Subject role="wife" pseudonym="\(pseudonym)"><Sealed field="name">\(name)</Sealed>\
            <Sealed field="idNumber">\(number)</Sealed><Sealed field="birthDate">\(birth)</Sealed>\
            <sex>\(sex)</sex><idType>01</idType><birthMonth>1985-07</birthMonth></Subject>\
            <Form name="basic"><Sealed field="fileOpenedBy">\(doctor)</Sealed>\
            <childOrder>\(childOrder)</childOrder><payerType>\(payerType)</payerType></Form>\
            <Form name="laboratory"><haemoglobin unit="g/L">\(haemoglobin)</haemoglobin></Form>\
            </Record>
            """
        return text
    }

    /// An invented woman's number with the check digit of GB 11643, by its table of weights.
    static func idNumber(_ couple: Int) -> String {
        let serial = couple % 500 * 2
        let body = "99010119850712" + String(String(1_000 + serial).dropFirst())
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }
}

/// A schema of the same shape as the profile's, as small as can be.
let tinySchema = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:shangbao:reference:1"
        targetNamespace="urn:shangbao:reference:1" elementFormDefault="qualified">
      <xs:element name="Submission"><xs:complexType>
        <xs:sequence>
          <xs:element name="Key"><xs:complexType>
            <xs:attribute name="id" use="required"/><xs:attribute name="suite" use="required"/>
            <xs:attribute name="recipient" use="required"/>
            <xs:attribute name="wrapped" type="xs:base64Binary" use="required"/>
          </xs:complexType></xs:element>
          <xs:element name="Record" type="Record" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        <xs:attribute name="id" use="required"/><xs:attribute name="profile" use="required"/>
        <xs:attribute name="programme" use="required"/><xs:attribute name="sender" use="required"/>
        <xs:attribute name="region" use="required"/>
        <xs:attribute name="created" type="xs:dateTime" use="required"/>
        <xs:attribute name="count" type="xs:positiveInteger" use="required"/>
        <xs:attribute name="pseudonymEpoch" type="xs:positiveInteger" use="required"/>
      </xs:complexType></xs:element>
      <xs:complexType name="Record">
        <xs:sequence>
          <xs:element name="Subject" minOccurs="0" maxOccurs="2"><xs:complexType>
            <xs:sequence>
              <xs:element name="Sealed" type="Sealed" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element name="sex"/><xs:element name="idType"/>
              <xs:element name="birthMonth" type="xs:gYearMonth"/>
            </xs:sequence>
            <xs:attribute name="role" use="required"/><xs:attribute name="pseudonym"/>
          </xs:complexType></xs:element>
          <xs:element name="Form" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:sequence>
              <xs:element name="Sealed" type="Sealed" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element name="childOrder" type="xs:positiveInteger" minOccurs="0"/>
              <xs:element name="payerType" minOccurs="0"/>
              <xs:element name="haemoglobin" minOccurs="0"><xs:complexType><xs:simpleContent>
                <xs:extension base="xs:decimal"><xs:attribute name="unit"/></xs:extension>
              </xs:simpleContent></xs:complexType></xs:element>
            </xs:sequence>
            <xs:attribute name="name" use="required"/>
          </xs:complexType></xs:element>
        </xs:sequence>
        <xs:attribute name="id" use="required"/>
        <xs:attribute name="version" type="xs:positiveInteger" use="required"/>
        <xs:attribute name="action" use="required"/>
        <xs:attribute name="institution" use="required"/>
        <xs:attribute name="serviceDate" type="xs:date" use="required"/>
      </xs:complexType>
      <xs:complexType name="Sealed"><xs:simpleContent><xs:extension base="xs:string">
        <xs:attribute name="field" use="required"/>
      </xs:extension></xs:simpleContent></xs:complexType>
    </xs:schema>
    """
