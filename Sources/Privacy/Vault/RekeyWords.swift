package import LibCrypto
package import Records

/// Somebody who may sign for link names to be made anew, with his own key (双人审批).
package struct KeyHand: Sendable {
    package let name: String
    package let department: String
    package let verifying: VerifyingKey

    package init(name: String, department: String, verifying: VerifyingKey) {
        self.name = name
        self.department = department
        self.verifying = verifying
    }
}

/// What the first of two people asks for, exactly as he signs it: canonical JSON, keys sorted.
package struct RekeyRequest: Codable, Sendable, Hashable {
    /// The form's version, 1.
    package let v: Int
    /// Ten letters and digits.
    package let id: String
    /// Of the county, GB/T 2260.
    package let region: String
    package let suite: String
    /// The link key's epoch that is to name nobody any more, and its id.
    package let epoch: Int
    package let kid: String
    package let by: String
    package let department: String
    /// SHA-256 of his public key, hex.
    package let key: String
    package let because: String
    /// ISO 8601 with the offset of Asia/Shanghai.
    package let at: String

    package init(
        id: String, region: String, suite: CipherSuite, leaked: HeldKey, by hand: KeyHand,
        because: String, at: Timestamp
    ) throws(CryptoFailure) {
        v = 1
        self.id = id
        self.region = region
        self.suite = suite.rawValue
        epoch = leaked.epoch
        kid = leaked.kid
        by = hand.name
        department = hand.department
        key = try hand.verifying.fingerprint()
        self.because = because
        self.at = at.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }

    /// What a canonical text says; `nil` for any other.
    package init?(canonical text: String) {
        guard let read = value(ofCanonical: Array(text.utf8), as: RekeyRequest.self) else {
            return nil
        }
        self = read
    }
}

/// What the second one signs: bound to the request's bytes by both digests.
package struct RekeyApproval: Codable, Sendable, Hashable {
    /// The form's version, 1.
    package let v: Int
    package let request: String
    /// Of the request's canonical bytes, hex.
    package let sha256: String
    package let sm3: String
    package let by: String
    package let department: String
    package let key: String
    package let at: String

    package init(
        of request: RekeyRequest, by hand: KeyHand, at moment: Timestamp
    ) throws(CryptoFailure) {
        v = 1
        self.request = request.id
        let bytes = request.canonical
        sha256 = Hex.encode(Hash.sha256.digest(bytes))
        sm3 = Hex.encode(Hash.sm3.digest(bytes))
        by = hand.name
        department = hand.department
        key = try hand.verifying.fingerprint()
        at = moment.dateTime
    }

    /// The bytes that are signed.
    package var canonical: [UInt8] { canonicalJSON(self) }

    /// What a canonical text says; `nil` for any other.
    package init?(canonical text: String) {
        guard let read = value(ofCanonical: Array(text.utf8), as: RekeyApproval.self) else {
            return nil
        }
        self = read
    }

    /// Whether it is about exactly this request.
    package func isAbout(_ asked: RekeyRequest) -> Bool {
        let bytes = asked.canonical
        return request == asked.id && sha256 == Hex.encode(Hash.sha256.digest(bytes))
            && sm3 == Hex.encode(Hash.sm3.digest(bytes))
    }
}
