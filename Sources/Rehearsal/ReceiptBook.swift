import LibCrypto
import Records
import Storage

/// A receipt as it was given: its exact bytes with their signature.
struct StoredReceipt: Sendable {
    /// Its place in the order of appearance: the cursor behind it.
    let ordinal: Int64
    let bytes: [UInt8]
    let signed: Signed

    init(_ row: Row) throws(StorageFailure) {
        ordinal = try row.int64("ordinal")
        bytes = try row.bytes("bytes")
        signed = Signed(signature: try row.bytes("signature"), keyID: try row.text("key_id"))
    }
}

/// A submission as the book remembers it.
struct StoredSubmission: Sendable {
    let sender: String
    let id: String
    let digest: String
    let suite: CipherSuite
}

/// The receipts of the pretend side, inside one transaction.
struct ReceiptBook {
    let transaction: any Transaction
    let identity: NationalIdentity
    /// When what is issued now is issued.
    let moment: Timestamp

    /// Signs a receipt and puts it at the end of the book. Returns its ordinal.
    func issue(
        _ status: String, of submission: StoredSubmission, code: String? = nil, text: String = "",
        entries: [ReceiptEntry] = [], sender: String? = nil, digest: String? = nil
    ) throws -> Int64 {
        let ordinal = try nextOrdinal()
        let document = ReceiptDocument(
            id: "R\(moment.day.parts.year)-\(ordinal)", submission: submission.id,
            sender: sender ?? submission.sender, digest: digest ?? submission.digest,
            issued: moment, status: status, code: code, text: text, entries: entries)
        let bytes = try document.bytes()
        let signature = try identity.receiptsKey(submission.suite).sign(bytes)
        try insert(
            ordinal, submission, bytes, signature, identity.receiptsID(submission.suite))
        return ordinal
    }

    /// Puts the very same receipt at the end of the book once more.
    func repeatReceipt(_ ordinal: Int64, of submission: StoredSubmission) throws {
        guard let given = try receipt(ordinal) else { return }
        try insert(
            nextOrdinal(), submission, given.bytes, given.signed.signature, given.signed.keyID)
    }

    /// The receipt at a place.
    func receipt(_ ordinal: Int64) throws -> StoredReceipt? {
        try transaction.run(
            """
            SELECT ordinal, bytes, signature, key_id FROM receipt WHERE ordinal = \(ordinal)
            """
        ).first.map { try StoredReceipt($0) }
    }

    private func nextOrdinal() throws -> Int64 {
        try transaction.run("SELECT COALESCE(MAX(ordinal), 0) + 1 AS next FROM receipt")
            .first?.int64("next") ?? 1
    }

    private func insert(
        _ ordinal: Int64, _ submission: StoredSubmission, _ bytes: [UInt8],
        _ signature: [UInt8], _ keyID: String
    ) throws {
        try transaction.run(
            """
            INSERT INTO receipt (ordinal, sender, submission, bytes, signature, key_id)
            VALUES (\(ordinal), \(submission.sender), \(submission.id), \(bytes), \(signature),
                \(keyID))
            """)
    }
}

extension Transaction {
    /// The newest receipt of a submission.
    func newestReceipt(sender: String, submission: String) throws -> StoredReceipt? {
        try run(
            """
            SELECT ordinal, bytes, signature, key_id FROM receipt
            WHERE sender = \(sender) AND submission = \(submission)
            ORDER BY ordinal DESC LIMIT 1
            """
        ).first.map { try StoredReceipt($0) }
    }

    /// The receipts of a sender behind a cursor, in the order of appearance.
    func receipts(sender: String, after cursor: Int64, limit: Int) throws -> [StoredReceipt] {
        try run(
            """
            SELECT ordinal, bytes, signature, key_id FROM receipt
            WHERE sender = \(sender) AND ordinal > \(cursor) ORDER BY ordinal LIMIT \(limit)
            """
        ).map { try StoredReceipt($0) }
    }
}
