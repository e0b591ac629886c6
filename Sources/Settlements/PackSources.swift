package import Evidence
package import LibCrypto
package import Records

/// What a pack takes from elsewhere: the caller knows where receipts, keys and lines are kept.
package struct PackSources {
    /// The county's credit code: whom every receipt must answer.
    package let sender: String
    /// The exact bytes of a receipt by its SHA-256, hex. Throws what its store throws.
    package let receipt: (_ digest: String) throws -> KeptReceipt
    /// The content digest of the mapping that a submission's records came by, SHA-256 hex.
    package let mappingDigest: (SubmissionID) throws -> String
    /// Hands over the ledger's lines in their order, without gaps, and passes on what is thrown.
    package let ledger: (_ each: (LedgerLine) throws -> Void) throws -> Void
    /// The approval of the mapping in force, JSON.
    package let approval: [UInt8]
    /// The verifier, `mappings/evidence/verify.py`.
    package let verifier: [UInt8]
    /// One or two: SM2 and ECDSA.
    package let signers: [PackSigner]
    /// The keys that signed receipts: id and PEM. The auditor compares them with his own.
    package let nationalKeys: [(id: String, pem: String)]

    package init(
        sender: String, receipt: @escaping (_ digest: String) throws -> KeptReceipt,
        mappingDigest: @escaping (SubmissionID) throws -> String,
        ledger: @escaping (_ each: (LedgerLine) throws -> Void) throws -> Void,
        approval: [UInt8], verifier: [UInt8], signers: [PackSigner],
        nationalKeys: [(id: String, pem: String)]
    ) {
        self.sender = sender
        self.receipt = receipt
        self.mappingDigest = mappingDigest
        self.ledger = ledger
        self.approval = approval
        self.verifier = verifier
        self.signers = signers
        self.nationalKeys = nationalKeys
    }
}

/// A receipt as it came over the wire, with its detached signature.
package struct KeptReceipt: Sendable {
    package let bytes: [UInt8]
    /// The id of the national key and the signature, DER, as they came with the receipt; `nil` for
    /// what was made of a list of results.
    package let keyID: String?
    package let signature: [UInt8]?
    package let receivedAt: Timestamp

    package init(bytes: [UInt8], keyID: String?, signature: [UInt8]?, receivedAt: Timestamp) {
        self.bytes = bytes
        self.keyID = keyID
        self.signature = signature
        self.receivedAt = receivedAt
    }
}

/// Signs the pack's manifest in one suite.
package struct PackSigner {
    package let suite: CipherSuite
    /// The public half, PEM.
    package let publicKey: String
    /// The detached DER signature over exactly these bytes.
    package let sign: (_ bytes: [UInt8]) throws -> [UInt8]

    package init(
        suite: CipherSuite, publicKey: String, sign: @escaping (_ bytes: [UInt8]) throws -> [UInt8]
    ) {
        self.suite = suite
        self.publicKey = publicKey
        self.sign = sign
    }
}
