import Definitions
import LibCrypto
import LibXML
import LibZlib
import Mappings
import Privacy
import Records
import Submissions
import TestKit
import Testing
import Validation

/// A county and a national side of one suite, with keys made once for all tests.
struct PackingDesk: Sendable {
    let suite: CipherSuite
    let preconception: Preconception
    let unwrapping: UnwrappingKey
    let signing: SigningKey
    let sender: Sender
    let naming: NamingKeys

    static let names = WireNames(profile: "reference-1", namespace: "urn:shangbao:reference:1")
    /// 2012-03-05T22:00:04+08:00.
    static let moment = Timestamp(microseconds: 1_330_956_004_000_000)

    private static let desks: [CipherSuite: Result<PackingDesk, any Error>] = [
        .gm: Result { try PackingDesk(.gm) }, .intl: Result { try PackingDesk(.intl) },
    ]

    static func open(_ suite: CipherSuite = .gm) throws -> PackingDesk {
        try #require(desks[suite]).get()
    }

    private init(_ suite: CipherSuite) throws {
        func key() throws -> SecretBytes { try .random(count: 32) }
        self.suite = suite
        preconception = try Preconception.loaded()
        unwrapping = try UnwrappingKey(generating: suite)
        signing = try SigningKey(generating: suite)
        sender = Sender(
            creditCode: "12990101MA0000T1XF", region: "990101", pseudonymEpoch: 1,
            recipientName: "national-2026", recipient: try unwrapping.wrappingKey(),
            signingKeyID: "county-2026", signingKey: signing)
        naming = NamingKeys(
            suite: suite, linkRoot: try key(), linkDomain: "link/city-9901", outRoot: try key(),
            epoch: 1, caseKey: try key(), contentKey: try key())
    }

    /// An envelope of its own for each number.
    func envelope(_ number: Int = 1) throws -> Envelope {
        Envelope(
            submission: SubmissionID("019a0000-0000-7000-8000-00000000000\(number)"),
            suite: suite, keyID: "k7q2m9x\(number)", dataKey: try .random(count: 32))
    }

    func packing(_ sampling: SchemaSampling = .every, mostBytes: Int = 20_000_000) throws
        -> Packing
    {
        try Packing(
            dictionary: preconception.dictionary, names: PackingDesk.names, sampling: sampling,
            mostBytes: mostBytes)
    }

    func protect(_ couples: [CleanCouple], under envelope: Envelope) throws
        -> ProtectedBatch<ForNation>
    {
        let checked = try preconception.check(couples).checked
        try #require(checked.rows.count == couples.count)
        let identities = try Identification(
            keys: naming, nationDomain: preconception.dictionary.pseudonymDomain
        ).identify(checked.batch, childOrder: preconception.dictionary.ordinal(of: "childOrder"))
        return try Protection<ForNation>(dictionary: preconception.dictionary).protect(
            checked, rows: checked.rows[...], identities: identities, under: envelope)
    }

    func head(
        version: Int = 1, action: RecordAction = .submit,
        institution: String = "MA0000T1X99010111G1001"
    ) throws -> RecordHead {
        RecordHead(
            version: version, action: action, institution: institution,
            servedOn: try #require(CalendarDate(iso: "2012-03-01")),
            traits: SettlementTraits(isFree: true, spouses: [true, true], isComplete: true))
    }

    /// Couples all the way into a submission.
    func pack(
        _ couples: [CleanCouple], under envelope: Envelope, heads: [RecordHead]? = nil,
        sampling: SchemaSampling = .every, mostBytes: Int = 20_000_000
    ) throws -> PackedBatch {
        try packing(sampling, mostBytes: mostBytes).pack(
            protect(couples, under: envelope), heads: heads ?? couples.map { _ in try head() },
            sender: sender, at: PackingDesk.moment)
    }

    /// The generated schema.
    var schemaText: String { SchemaText.xsd(for: preconception.dictionary, PackingDesk.names) }
}

/// The XML of a submission as the national side unpacks it.
func document(of submission: Submission) throws -> [UInt8] {
    try Gzip.decompress(submission.wire, limit: 20_000_000)
}

func tree(_ document: [UInt8]) throws -> XMLTree.Element {
    try document.withUnsafeBufferPointer { (bytes) throws(XMLFailure) in
        try XMLTree.parse(UnsafeRawBufferPointer(bytes))
    }
}

/// Whether libxml2 itself takes a document.
func isValid(_ document: [UInt8], by validator: SchemaValidator) -> Bool {
    do {
        try document.withUnsafeBufferPointer { (bytes) throws(XMLFailure) in
            try validator.validate(UnsafeRawBufferPointer(bytes))
        }
        return true
    } catch {
        return false
    }
}

extension XMLTree.Element {
    /// The `Sealed` elements anywhere below, with what owns them: a role or the name of a form.
    var sealed: [(owner: String, field: String, text: String)] {
        children.flatMap { part in
            part.children.filter { $0.name == "Sealed" }.map {
                (
                    part.attribute("role") ?? part.attribute("name") ?? "",
                    $0.attribute("field") ?? "", $0.text
                )
            }
        }
    }
}
