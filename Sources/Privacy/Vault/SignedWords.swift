import LibCrypto
package import Records

/// What is asked of the vault, exactly as its requester signs it: canonical JSON, keys sorted.
package struct IdentifyRequest: Codable, Sendable, Hashable {
    /// The form's version, 1.
    package let v: Int
    /// Ten letters and digits.
    package let id: String
    /// Of the county, GB/T 2260.
    package let region: String
    package let requester: String
    /// SHA-256 of the requester's public key, hex: what is opened is wrapped to it.
    package let key: String
    /// A code of `privacy/reasons.yaml`.
    package let reason: String
    /// The number of the case or letter on which it rests (文号、案号).
    package let caseNumber: String
    /// Sorted, each once.
    package let records: [String]
    /// The director may stand in for one approver.
    package let breakGlass: Bool
    /// How long it can be opened after the second approval.
    package let minutes: Int
    /// Requests that one person might make a day when this one was made; `nil` in those of earlier
    /// versions.
    package let perDay: Int?
    /// ISO 8601 with the offset of Asia/Shanghai.
    package let at: String

    package init(
        id: String, region: String, requester: String, key: String, reason: String,
        caseNumber: String, records: [RecordID], breakGlass: Bool, minutes: Int, perDay: Int,
        at: Timestamp
    ) {
        v = 1
        self.id = id
        self.region = region
        self.requester = requester
        self.key = key
        self.reason = reason
        self.caseNumber = caseNumber
        self.records = Set(records.map(\.text)).sorted()
        self.breakGlass = breakGlass
        self.minutes = minutes
        self.perDay = perDay
        self.at = at.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }

    /// What a canonical text says; `nil` for any other.
    package init?(canonical text: String) {
        guard let read = value(ofCanonical: Array(text.utf8), as: IdentifyRequest.self) else {
            return nil
        }
        self = read
    }
}

/// What somebody decided of a request, exactly as he signs it: bound to the request's bytes by both
/// digests.
package struct IdentifyDecision: Codable, Sendable, Hashable {
    /// What was decided.
    package enum Kind: String, Codable, Sendable {
        case approve, refuse, review
    }

    /// The form's version, 1.
    package let v: Int
    package let kind: Kind
    package let request: String
    /// Of the request's canonical bytes, hex.
    package let sha256: String
    package let sm3: String
    package let by: String
    package let department: String
    package let role: String
    /// SHA-256 of his public key, hex.
    package let key: String
    /// Why, where he says it.
    package let because: String?
    /// ISO 8601 with the offset of Asia/Shanghai.
    package let at: String

    package init(
        _ kind: Kind, of request: IdentifyRequest, by person: CustodyPerson, because: String?,
        at moment: Timestamp
    ) {
        v = 1
        self.kind = kind
        self.request = request.id
        let bytes = request.canonical
        sha256 = Hex.encode(Hash.sha256.digest(bytes))
        sm3 = Hex.encode(Hash.sm3.digest(bytes))
        by = person.name
        department = person.department
        role = person.role.rawValue
        key = person.fingerprint
        self.because = because
        at = moment.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }

    /// What a canonical text says; `nil` for any other.
    package init?(canonical text: String) {
        guard let read = value(ofCanonical: Array(text.utf8), as: IdentifyDecision.self) else {
            return nil
        }
        self = read
    }

    /// Whether it is about exactly this request.
    package func isAbout(_ asked: IdentifyRequest) -> Bool {
        let bytes = asked.canonical
        return request == asked.id && sha256 == Hex.encode(Hash.sha256.digest(bytes))
            && sm3 == Hex.encode(Hash.sm3.digest(bytes))
    }
}
