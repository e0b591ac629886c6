import Delivery
import LibCrypto
import Records

/// The county and the national side of all runs.
enum Parties {
    static let profile = "reference-1"
    static let namespace = "urn:shangbao:reference:1"
    static let sender = "12990101MA0000T1XF"
    static let keyName = "national-2026"
    static let monday = Timestamp(microseconds: 1_330_920_000_000_000)
    static let nation = makeKey()
    static let stranger = makeKey()

    /// The faster suite: a run signs and verifies some dozens of receipts.
    private static func makeKey() -> SigningKey {
        guard let key = try? SigningKey(generating: .intl) else {
            preconditionFailure("no key could be made")
        }
        return key
    }

    static func endpoint() throws -> Endpoint {
        Endpoint(
            name: profile, sender: sender, namespace: namespace,
            keys: [keyName: try nation.verifyingKey()],
            codes: AcknowledgementCodes([
                code("E1001", .final), code("E2104", .final), code("E5001", .transient),
            ]))
    }

    private static func code(
        _ name: String, _ effect: AcknowledgementCode.Effect
    ) -> AcknowledgementCode {
        AcknowledgementCode(
            code: name, effect: effect, meaning: Wording(zh: "码", en: "code"), repair: "county")
    }

    static func submissionID(_ number: Int) -> SubmissionID {
        let digits = String(number)
        return SubmissionID("s-" + String(repeating: "0", count: 4 - digits.count) + digits)
    }

    static func record(_ number: Int) -> SubmittedRecord {
        let digits = String(number, radix: 16)
        return SubmittedRecord(
            record: RecordID(String(repeating: "0", count: 32 - digits.count) + digits),
            version: 1, action: .submit, institution: "PDY99010000000000000A1",
            servedOn: CalendarDate(daysSince1970: 15_404),
            traits: SettlementTraits(isFree: true, spouses: [true, true], isComplete: true),
            claimant: "claimant-\(number)", childOrder: 1)
    }

    /// A parcel whose "XML" is a line of text: delivery never looks inside.
    static func parcel(
        _ id: SubmissionID, _ records: [SubmittedRecord], at moment: Timestamp
    ) -> Parcel {
        let document = Array("<Submission id=\"\(id)\"/>".utf8)
        let wire = [0x1F, 0x8B] + document
        return Parcel(
            id: id, programme: "preconception-check", profile: profile, sender: sender,
            region: "990101", suite: "intl", created: moment, signingKey: "county-2026",
            wire: wire, byteCount: document.count,
            digest: Hex.encode(Hash.sha256.digest(document)),
            wireDigest: Hash.sha256.digest(wire), signature: Array("signed \(id)".utf8),
            ownKey: "sealed", records: records)
    }
}

/// One version of one record: what may have one effect.
struct VersionKey: Hashable, Sendable {
    let record: RecordID
    let version: Int

    init(_ record: SubmittedRecord) { (self.record, version) = (record.record, record.version) }
}
