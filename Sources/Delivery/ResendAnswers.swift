import Evidence
import Records
import Storage

/// What answers to resent records mean beside the first ones.
extension Outbox {
    /// Places of records that were accepted before this submission of them was made, and that a
    /// receipt rejects now: what was resent. Throws `StorageFailure`.
    func contradicted(
        by acknowledgement: Acknowledgement, of submission: SubmissionID,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Set<Int> {
        var positions: Set<Int> = []
        for change in acknowledgement.changes where change.state == .rejected {
            let accepted = try transaction.run(
                """
                SELECT 1 FROM item WHERE record = \(change.verdict.record.text)
                    AND version = \(change.verdict.version) AND state = 'accepted'
                    AND submission <> \(submission.text)
                    AND at <= (SELECT created FROM submission WHERE id = \(submission.text))
                    AND (SELECT grade FROM receipt WHERE receipt.digest = item.receipt)
                        IS NOT DISTINCT FROM \(acknowledgement.grade?.rawValue)
                LIMIT 1
                """)
            if !accepted.isEmpty { positions.insert(change.position) }
        }
        return positions
    }
}
