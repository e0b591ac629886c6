import Evidence
package import Records
package import Storage

/// A receipt's bytes as they came, for the evidence pack.
package struct StoredReceipt: Sendable {
    package let bytes: [UInt8]
    /// DER, detached; `nil` for what was made of a list of results.
    package let signature: [UInt8]?
    /// The id of the national key.
    package let key: String?
    package let receivedAt: Timestamp
}

extension Outbox {
    /// A receipt by its SHA-256, hex; `nil` for one that is not kept, or that came over a wire
    /// without a signature.
    ///
    /// Throws `StorageFailure`.
    package func receipt(
        _ digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> StoredReceipt? {
        let rows = try transaction.run(
            """
            SELECT signature, signing_key, received, bytes, grade FROM receipt
            JOIN receipt_body ON receipt_body.digest = receipt.digest
            WHERE receipt.digest = \(digest)
            """)
        guard let row = rows.first else { return nil }
        let signature = try row.optionalBytes(0)
        let key = try row.optionalText(1)
        let isSigned = signature != nil && key != nil
        let grade = try row.optionalText(4)
        guard isSigned || grade == AnswerGrade.unsigned.rawValue else { return nil }
        return StoredReceipt(
            bytes: try row.bytes(3), signature: signature, key: key,
            receivedAt: Timestamp(microseconds: try row.int64(2)))
    }
}
