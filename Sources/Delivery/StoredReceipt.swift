package import Records
package import Storage

/// A receipt's bytes as they came, for the evidence pack.
package struct StoredReceipt: Sendable {
    package let bytes: [UInt8]
    /// DER, detached.
    package let signature: [UInt8]
    /// The id of the national key.
    package let key: String
    package let receivedAt: Timestamp
}

extension Outbox {
    /// A signed receipt by its SHA-256, hex; `nil` for one that is not kept or bears no signature.
    ///
    /// Throws `StorageFailure`.
    package func receipt(
        _ digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> StoredReceipt? {
        let rows = try transaction.run(
            """
            SELECT signature, signing_key, received, bytes FROM receipt
            JOIN receipt_body ON receipt_body.digest = receipt.digest
            WHERE receipt.digest = \(digest)
            """)
        guard let row = rows.first, let signature = try row.optionalBytes(0),
            let key = try row.optionalText(1)
        else { return nil }
        return StoredReceipt(
            bytes: try row.bytes(3), signature: signature, key: key,
            receivedAt: Timestamp(microseconds: try row.int64(2)))
    }
}
