import Evidence
import LibCrypto
import Records
import Storage

/// The tables of receipts: bytes first and for good, then what was made of them.
struct ReceiptShelf {
    /// What is known of a kept receipt.
    struct Kept {
        let disposition: Disposition
        let submission: SubmissionID?
        let grade: AnswerGrade?
    }

    let endpoint: String
    let ledger = Ledger()

    /// Keeps the bytes, unless they are kept already. Returns what was known of them before.
    ///
    /// Bytes that first came with a bad signature get another chance with another signature:
    /// otherwise anyone could keep a genuine receipt out by sending it unsigned first.
    ///
    /// - Parameter isCandidate: whether it may ever count. Of what may not the digest is kept, and
    ///   not the bytes: whatever a stranger wrote, of whomever, does not stand in the database.
    func keep(
        _ document: SignedDocument, as digest: String, isCandidate: Bool, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Kept? {
        if let kept = try find(digest, in: transaction) {
            guard kept.disposition == .forged else { return kept }
            let isNew = try renew(digest, by: document, now: now, in: transaction)
            if isCandidate { try keep(document.bytes, of: digest, in: transaction) }
            return isNew ? nil : kept
        }
        try transaction.run(
            """
            INSERT INTO receipt (digest, endpoint, signature, signing_key, head, received,
                disposition, grade)
            VALUES (\(digest), \(endpoint), \(document.signature), \(document.key),
                \(document.head), \(now.microseconds), 'stored', \(document.grade?.rawValue))
            """)
        if isCandidate { try keep(document.bytes, of: digest, in: transaction) }
        let fact = Fact.ReceiptKept(
            receipt: digest, submission: nil, disposition: Disposition.stored.rawValue,
            grade: document.grade)
        try ledger.append([.receiptKept(fact)], at: now, in: transaction)
        return nil
    }

    private func keep(
        _ bytes: [UInt8], of digest: String, in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO receipt_body (digest, bytes) VALUES (\(digest), \(bytes))
            ON CONFLICT (digest) DO NOTHING
            """)
    }

    func find(
        _ digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Kept? {
        let rows = try transaction.run(
            "SELECT disposition, submission, grade FROM receipt WHERE digest = \(digest)")
        guard let row = rows.first else { return nil }
        guard let disposition = Disposition(rawValue: try row.text(0)) else {
            throw StorageFailure(.unexpectedColumn("disposition"))
        }
        return Kept(
            disposition: disposition, submission: try row.optionalText(1).map(SubmissionID.init),
            grade: try row.optionalText(2).flatMap(AnswerGrade.init(rawValue:)))
    }

    /// Writes what was made of a receipt; a fact only if it is not what was known before.
    func conclude(
        _ digest: String, _ disposition: Disposition, _ receipt: Receipt?, before: Kept,
        now: Timestamp, in transaction: any Transaction
    ) throws {
        try transaction.run(
            """
            UPDATE receipt SET disposition = \(disposition.rawValue),
                submission = \(receipt?.submission.text), status = \(receipt?.status.rawValue)
            WHERE digest = \(digest)
            """)
        guard disposition != before.disposition else { return }
        let fact = Fact.ReceiptKept(
            receipt: digest, submission: receipt?.submission, disposition: disposition.rawValue,
            grade: before.grade)
        try ledger.append([.receiptKept(fact)], at: now, in: transaction)
    }

    /// Receipts that were kept but not understood, the oldest first, and those whose signature
    /// nobody could check: a key may have been added since. With each whether it was read before.
    func unfinished(
        since moment: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [(digest: String, wasRead: Bool)] {
        var found: [(digest: String, wasRead: Bool)] = []
        for row in try transaction.run(
            """
            SELECT digest, disposition FROM receipt
            WHERE endpoint = \(endpoint) AND (disposition = 'stored'
                OR (disposition IN ('unknown', 'forged') AND received >= \(moment.microseconds)))
            ORDER BY received, digest
            """)
        { found.append((try row.text(0), try row.text(1) != Disposition.stored.rawValue)) }
        return found
    }

    /// A receipt as it came; `nil` for one whose bytes are not kept.
    func document(
        _ digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> SignedDocument? {
        let rows = try transaction.run(
            """
            SELECT bytes, signature, signing_key, head, grade
            FROM receipt JOIN receipt_body ON receipt_body.digest = receipt.digest
            WHERE receipt.digest = \(digest)
            """)
        guard let row = rows.first else { return nil }
        return SignedDocument(
            bytes: try row.bytes(0), signature: try row.optionalBytes(1),
            key: try row.optionalText(2), head: try row.optionalText(3),
            grade: try row.optionalText(4).flatMap(AnswerGrade.init(rawValue:)))
    }
}
