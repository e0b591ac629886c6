import Evidence
package import Records
package import Storage

/// A signature with which a receipt's very bytes came before, and which did not hold (被替换的签名).
///
/// One signature is kept with each receipt. Where a genuine one takes the place of a bad one, the
/// bad one stays here: an alarm that told of it must lead to what it told of.
package struct RefusedSignature: Sendable, Hashable {
    /// The id of the key by which it claimed to be; `nil` for bytes that came unsigned.
    package let signingKey: String?
    /// When another signature took its place.
    package let replaced: Timestamp

    package init(signingKey: String?, replaced: Timestamp) {
        self.signingKey = signingKey
        self.replaced = replaced
    }
}

package let refusedSignaturesMigration: StaticString = """
    CREATE TABLE refused_signature (
        receipt text NOT NULL REFERENCES receipt,
        number bigint NOT NULL,
        signature bytea,
        signing_key text,
        head text,
        replaced bigint NOT NULL,
        PRIMARY KEY (receipt, number)
    );
    """

extension ReceiptShelf {
    /// Gives a receipt that was taken for forged the signature that its bytes came with now.
    /// Returns whether it is another one; then the one before is kept beside.
    func renew(
        _ digest: String, by document: SignedDocument, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let before = try transaction.run(
            """
            INSERT INTO refused_signature (receipt, number, signature, signing_key, head, replaced)
            SELECT digest, (SELECT count(*) FROM refused_signature AS other
                WHERE other.receipt = receipt.digest), signature, signing_key, head,
                \(now.microseconds)
            FROM receipt
            WHERE digest = \(digest) AND disposition = 'forged'
                AND (signature IS DISTINCT FROM \(document.signature)
                    OR signing_key IS DISTINCT FROM \(document.key)
                    OR grade IS DISTINCT FROM \(document.grade?.rawValue))
            RETURNING receipt
            """)
        guard !before.isEmpty else { return false }
        try transaction.run(
            """
            UPDATE receipt SET signature = \(document.signature), signing_key = \(document.key),
                head = \(document.head), grade = \(document.grade?.rawValue),
                disposition = 'stored'
            WHERE digest = \(digest)
            """)
        return true
    }
}

extension Outbox {
    /// The signatures that a receipt came with before the one that it is kept with, in their order.
    /// Throws `StorageFailure`.
    package func refusedSignatures(
        of digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> [RefusedSignature] {
        var refused: [RefusedSignature] = []
        for row in try transaction.run(
            """
            SELECT signing_key, replaced FROM refused_signature WHERE receipt = \(digest)
            ORDER BY number
            """)
        {
            refused.append(
                RefusedSignature(
                    signingKey: try row.optionalText(0),
                    replaced: Timestamp(microseconds: try row.int64(1))))
        }
        return refused
    }
}
