package import LibCrypto
import Storage

/// Names the texts of a national side that no pattern has (未知文字的代称), under a key that stays in
/// the county: the same text has the same name here, and nobody else can try texts out on it. A
/// text may hold a person's name or number, and the names stand in the ledger and in packs.
package struct AnswerTextNames: Sendable {
    /// What the name of an unknown text begins with.
    package static let prefix = "TEXT-"

    /// The name of a refusal without a word or a code.
    package static let nameless = prefix + "NONE"

    private static let shownDigits = 16
    private static let keyByteCount = 32

    private let suite: CipherSuite
    private let key: SecretBytes

    /// By the county's ring, where it is open: under a key made of the one that names cases, which
    /// is never rotated. Throws what `KeyDerivation` does.
    package init(suite: CipherSuite, caseKey: SecretBytes) throws(CryptoFailure) {
        self.suite = suite
        key = try KeyDerivation.hkdf(
            suite: suite, key: caseKey, salt: [], info: Array("answer-text".utf8),
            count: AnswerTextNames.keyByteCount)
    }

    private init(kept key: SecretBytes) {
        suite = .intl
        self.key = key
    }

    /// `TEXT-` with sixteen hex digits of the keyed digest of a text in normal form; nothing of its
    /// length.
    package func name(of normal: String) -> String {
        guard !normal.isEmpty, let digest = try? KeyedDigest(suite: suite, key: key),
            let bytes = try? digest.digest(Array(normal.utf8))
        else { return AnswerTextNames.nameless }
        return AnswerTextNames.prefix + Hex.encode(bytes).prefix(AnswerTextNames.shownDigits)
    }

    /// As databases of before name it: by a digest without a key, and its length. Only to find
    /// what stands there.
    static func earlierName(of normal: String) -> String {
        let digest = Hex.encode(Hash.sha256.digest(Array(normal.utf8))).prefix(12)
        return "\(prefix)\(digest)-\(normal.count)"
    }
}

// MARK: - Without a ring

/// Receipts that come over a wire are read while no ring is open: their texts, which stand in the
/// kept receipts as they came, are named under a key of this database, which never leaves it.
extension AnswerTextNames {
    package static let migration: StaticString = """
        CREATE TABLE answer_text_key (one bigint PRIMARY KEY CHECK (one = 1), key bytea NOT NULL);
        """

    /// The names of this database; `nil` before the first was made, and for a side that gives a
    /// code with every refusal. Throws `StorageFailure`.
    static func kept(
        for endpoint: Endpoint, in transaction: any Transaction
    ) throws(StorageFailure) -> AnswerTextNames? {
        guard endpoint.texts != nil,
            let row = try transaction.run("SELECT key FROM answer_text_key WHERE one = 1").first
        else { return nil }
        var bytes = try row.bytes(0)
        do throws(CryptoFailure) {
            return AnswerTextNames(kept: try SecretBytes(consuming: &bytes))
        } catch { throw StorageFailure(.corrupt) }
    }

    /// The same, made where there are none. Throws `StorageFailure`, `CryptoFailure`.
    static func made(
        for endpoint: Endpoint, in transaction: any Transaction
    ) throws -> AnswerTextNames? {
        guard endpoint.texts != nil else { return nil }
        let fresh = try SecretBytes.random(count: keyByteCount).withUnsafeBytes { Array($0) }
        try transaction.run(
            """
            INSERT INTO answer_text_key (one, key) VALUES (1, \(fresh)) ON CONFLICT (one) DO NOTHING
            """)
        return try kept(for: endpoint, in: transaction)
    }
}
