import LibCrypto
import LibXML

/// A submission that passed every check of the whole document.
struct ExaminedSubmission: Sendable {
    /// One record with what its sealed values showed.
    struct Record: Sendable {
        let id: String
        let version: Int
        let action: String
        let institution: String
        /// `yyyy-MM-dd`.
        let servedOn: String
        let entitlement: String?
        /// How many sealed values opened, and how many did not.
        let opened: Int
        let unopened: Int
        /// What is wrong with its content: code and `role/field`.
        let flaw: (code: String, field: String)?
    }

    let programme: String
    let suite: CipherSuite
    let keyID: String
    let records: [Record]
}

/// Why a whole document is refused with a signed receipt (422).
struct Refusal: Error {
    let code: String
    /// Words for a person; never a value.
    let text: String
    /// Whether the document is stored all the same, which uses up its id.
    let isStored: Bool

    init(code: AcknowledgementCode, detail: String = "", isStored: Bool = true) {
        self.code = code.rawValue
        let text = detail.isEmpty ? code.words : "\(code.words): \(detail)"
        self.text = String(text.prefix(Self.mostCharacters))
        self.isStored = isStored
    }

    /// A refusal that the fault script wants.
    init(scripted code: String) {
        self.code = code
        text = AcknowledgementCode(rawValue: code)?.words ?? "演练 / rehearsal"
        isStored = true
    }

    private static let mostCharacters = 900
}

/// How the examination of a document ends when it does not pass.
enum ExaminationEnd: Error {
    case notTaken(NotTaken)
    case refused(Refusal)
}

/// Examines whole documents: signature, XML, schema, sender, count, key and sealed values, in this
/// order. Knows nothing of what was stored before. For one thread.
final class Examiner {
    /// EXCHANGE 1.
    static let mostRecords = 1_000

    private let identity: NationalIdentity
    private let profile: String
    private let validators: [String: SchemaValidator]
    private let pads: PaddingTable

    init(
        identity: NationalIdentity, profile: String, schemas: [String: CompiledSchema],
        pads: PaddingTable
    ) {
        self.identity = identity
        self.profile = profile
        validators = schemas.mapValues { $0.validator(violationLimit: 3) }
        self.pads = pads
    }

    /// Examines one document of a county that the certificate named.
    func examine(
        _ document: PostedDocument, of county: RegisteredCounty
    ) throws(ExaminationEnd) -> ExaminedSubmission {
        let suite = try verify(document, county)
        let submission = try read(document)
        guard submission.isNamed, submission.profile == profile else {
            throw .refused(Refusal(code: .profile))
        }
        guard submission.id == document.id else {
            throw .notTaken(
                NotTaken(
                    400, "Idempotency-Key 与报文标识不符",
                    "Idempotency-Key is not the submission's id"))
        }
        guard submission.records.count <= Self.mostRecords else {
            throw .notTaken(PostedDocument.tooLarge)
        }
        try validate(document.xml, submission.programme, county)
        try checkEnvelope(submission, county)
        let sealer = try unwrap(submission, suite)
        let check = SealedValueCheck(sealer: sealer, submission: submission.id, pads: pads)
        return ExaminedSubmission(
            programme: submission.programme, suite: suite, keyID: sealer.keyID,
            records: submission.records.map { Self.examined($0, check.check($0)) })
    }

    private static func examined(
        _ record: ReadSubmission.Record, _ outcome: SealedValueCheck.Outcome
    ) -> ExaminedSubmission.Record {
        ExaminedSubmission.Record(
            id: record.id, version: record.version, action: record.action,
            institution: record.institution, servedOn: record.servedOn,
            entitlement: record.entitlement, opened: outcome.opened, unopened: outcome.unopened,
            flaw: outcome.flaw.map { ($0.code.rawValue, $0.field) })
    }

    /// The key id tells the suite; nothing in the document is looked at before.
    private func verify(
        _ document: PostedDocument, _ county: RegisteredCounty
    ) throws(ExaminationEnd) -> CipherSuite {
        guard let key = county.signingKeys[document.signatureKey] else {
            throw .refused(Refusal(code: .unknownKey, isStored: false))
        }
        guard key.verify(signature: document.signature, over: document.xml) else {
            throw .refused(Refusal(code: .signature, isStored: false))
        }
        return key.suite
    }

    private func read(_ document: PostedDocument) throws(ExaminationEnd) -> ReadSubmission {
        do throws(XMLFailure) {
            return try ReadSubmission(document.xml)
        } catch {
            throw error.reason == .tooLarge
                ? .notTaken(PostedDocument.tooLarge)
                : .refused(Refusal(code: .malformed, detail: error.description))
        }
    }

    private func validate(
        _ xml: [UInt8], _ programme: String, _ county: RegisteredCounty
    ) throws(ExaminationEnd) {
        guard county.programmes.contains(programme), let validator = validators[programme] else {
            throw .refused(Refusal(code: .programme))
        }
        do throws(XMLFailure) {
            try xml.span.withUnsafeBytes { (bytes) throws(XMLFailure) in
                try validator.validate(bytes)
            }
        } catch {
            throw .refused(Refusal(code: .schema, detail: error.description))
        }
    }

    private func checkEnvelope(
        _ submission: ReadSubmission, _ county: RegisteredCounty
    ) throws(ExaminationEnd) {
        guard submission.sender == county.sender else {
            throw .refused(Refusal(code: .otherCertificate))
        }
        guard submission.region == county.region else { throw .refused(Refusal(code: .region)) }
        guard Int(submission.count) == submission.records.count, !submission.records.isEmpty
        else { throw .refused(Refusal(code: .count)) }
        guard Set(submission.records.map(\.id)).count == submission.records.count else {
            throw .refused(Refusal(code: .recordTwice))
        }
        let actions: Set = ["submit", "amend", "withdraw"]
        guard submission.records.allSatisfy({ $0.version > 0 && actions.contains($0.action) })
        else { throw .refused(Refusal(code: .schema)) }
    }

    /// Signature, key and fields of one submission are of one suite (EXCHANGE 1).
    private func unwrap(
        _ submission: ReadSubmission, _ suite: CipherSuite
    ) throws(ExaminationEnd) -> FieldSealer {
        guard let key = submission.key else { throw .refused(Refusal(code: .cannotOpen)) }
        let prefix = "GWF1.\(suite.rawValue)."
        guard key.suite == suite.rawValue,
            submission.records.allSatisfy({ $0.sealed.allSatisfy { $0.text.hasPrefix(prefix) } })
        else { throw .refused(Refusal(code: .mixedSuites)) }
        let isKeyID =
            (8...40).contains(key.id.utf8.count)
            && key.id.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0)
            }
        guard isKeyID, key.recipient == identity.recipientID(suite),
            let wrapped = try? Base64.standard.decode(key.wrapped),
            let dataKey = try? identity.recipientKey(suite).unwrap(wrapped),
            let sealer = try? FieldSealer(suite: suite, keyID: key.id, dataKey: dataKey)
        else { throw .refused(Refusal(code: .cannotOpen, detail: "Key")) }
        return sealer
    }
}
