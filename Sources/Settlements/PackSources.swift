package import Evidence
package import LibCrypto
package import Records

/// What a pack takes from elsewhere: the caller knows where receipts, keys and lines are kept.
package struct PackSources {
    /// The county's credit code: whom every receipt must answer.
    package let sender: String
    /// The exact bytes of a receipt by its SHA-256, hex. Throws what its store throws.
    package let receipt: (_ digest: String) throws -> KeptReceipt
    /// The last line of the ledger that the statement was made of.
    package let ledgerHead: LedgerHead
    /// What was issued before.
    package let log: PackLog
    /// The approval of the mapping in force, JSON.
    package let approval: [UInt8]
    /// The auditor's scripts by their names: `verify.py`, `sample.py`.
    package let scripts: [(name: String, bytes: [UInt8])]
    /// One or two: SM2 and ECDSA.
    package let signers: [PackSigner]
    /// The keys that signed receipts: id and PEM. The auditor compares them with his own.
    package let nationalKeys: [(id: String, pem: String)]
    /// The signed document that the statement's national counts were read from (对账数), exactly as
    /// received; `nil` where there are none.
    package let nationalCounts: KeptReceipt?
    /// Asks a time-stamping authority, where the county has one.
    package let stamping: PackStamping?
    /// Whether the statement is put in on paper (PDF) too.
    package let isOnPaper: Bool

    package init(
        sender: String, receipt: @escaping (_ digest: String) throws -> KeptReceipt,
        ledgerHead: LedgerHead, log: PackLog, approval: [UInt8],
        scripts: [(name: String, bytes: [UInt8])], signers: [PackSigner],
        nationalKeys: [(id: String, pem: String)], nationalCounts: KeptReceipt? = nil,
        stamping: PackStamping? = nil, isOnPaper: Bool = true
    ) {
        self.sender = sender
        self.receipt = receipt
        self.ledgerHead = ledgerHead
        self.log = log
        self.approval = approval
        self.scripts = scripts
        self.signers = signers
        self.nationalKeys = nationalKeys
        self.nationalCounts = nationalCounts
        self.stamping = stamping
        self.isOnPaper = isOnPaper
    }
}

/// The year's lines so far, and the head that the new one follows.
package struct PackLog {
    /// SHA-256 of the tree head's text before this one, of whatever year, hex; zeros for the first.
    package let head: String
    /// How many lines the year has so far, and the root over them, SHA-256 hex.
    package let size: Int
    package let root: String
    /// Hands over those lines in their order, without line feeds, and passes on what is thrown.
    package let lines: (_ each: (String) throws -> Void) throws -> Void

    package init(
        head: String, size: Int, root: String,
        lines: @escaping (_ each: (String) throws -> Void) throws -> Void
    ) {
        self.head = head
        self.size = size
        self.root = root
        self.lines = lines
    }

    /// Before the first statement.
    package static var none: PackLog {
        PackLog(head: noHead, size: 0, root: Hex.encode(Hash.sha256.digest([]))) { _ in }
    }

    /// What stands for the head before the first one.
    package static let noHead = String(repeating: "0", count: 64)
}

/// A time-stamping authority (时间戳服务, RFC 3161).
package struct PackStamping {
    /// Its certificates that are trusted, PEM: they go into the pack.
    package let roots: [String]
    /// Asks for a stamp over these bytes: the whole answer, DER, as the authority sent it. Throws
    /// where there is none that holds.
    package let stamp: (_ bytes: [UInt8]) throws -> [UInt8]

    package init(roots: [String], stamp: @escaping (_ bytes: [UInt8]) throws -> [UInt8]) {
        self.roots = roots
        self.stamp = stamp
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

/// Signs a pack in one suite.
package struct PackSigner {
    package let suite: CipherSuite
    /// The public half, PEM.
    package let publicKey: String
    /// Its certificate, and those that lead to the root, PEM one behind the other.
    package let certificate: String
    /// `gm`: the bare DER signature over exactly these bytes. `intl`: CAdES over them, DER.
    package let sign: (_ bytes: [UInt8]) throws -> [UInt8]

    package init(
        suite: CipherSuite, publicKey: String, certificate: String,
        sign: @escaping (_ bytes: [UInt8]) throws -> [UInt8]
    ) {
        self.suite = suite
        self.publicKey = publicKey
        self.certificate = certificate
        self.sign = sign
    }

    /// Signs with a key of ours and its certificate.
    ///
    /// - Parameter certificate: PEM, those that lead to its root behind it.
    /// - Throws: `CryptoFailure`.
    package init(_ key: SigningKey, certificate: String) throws {
        let chain = PEMBlocks.split(certificate)
        self.init(
            suite: key.suite, publicKey: try key.verifyingKey().pem(), certificate: certificate
        ) { bytes in
            guard key.suite == .intl, let own = chain.first else { return try key.sign(bytes) }
            return try key.cades(over: bytes, certificatePEM: own, chain: Array(chain.dropFirst()))
        }
    }

    /// Its name under `META-INF/`.
    var fileName: String { suite == .gm ? "signature001.sm2" : "signature001.p7s" }
}

/// Several PEM objects in one text.
package enum PEMBlocks {
    /// Each with its lines of beginning and end.
    package static func split(_ text: String) -> [String] {
        var blocks: [String] = []
        var block = ""
        for line in text.split(separator: "\n") {
            block += line + "\n"
            if line.hasPrefix("-----END") {
                blocks.append(block)
                block = ""
            }
        }
        return blocks
    }
}
