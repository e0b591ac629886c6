package import Delivery
import Records
package import Storage

/// What people ask of a site beside its books. All throw `StorageFailure`.
extension Outbox {
    /// Submissions that the other side refused as a whole.
    package func refusedCount(in transaction: any Transaction) throws(StorageFailure) -> Int {
        try transaction.run(
            """
            SELECT count(DISTINCT submission) FROM receipt
            WHERE status = 'refused' AND disposition = 'applied'
            """
        ).first?.int(0) ?? 0
    }
}

extension Register {
    /// How many items were taken to their end, and how many were given up half-way.
    package func items(in transaction: any Transaction) throws(StorageFailure)
        -> (closed: Int, abandoned: Int)
    {
        let closed = try transaction.run("SELECT count(*) FROM intake WHERE state = 'closed'")
        let abandoned = try transaction.run(
            "SELECT count(*) FROM intake WHERE state = 'open' AND abandoned = 1")
        return (try closed.first?.int(0) ?? 0, try abandoned.first?.int(0) ?? 0)
    }
}

extension Arrival {
    /// SHA-256 of a file, hex, as the ledger names items. Throws `ReadFailure`.
    package static func digest(ofFileAt path: String) throws -> String {
        try ItemDigest.sha256(ofFileAt: path, byteLimit: .max)
    }
}
