package import Records
package import Storage

/// Where a submission stands on the wire, and beside it what was decided on its records (传输与业务).
package struct Bearings: Sendable, Hashable {
    package let transport: TransportState
    /// How many of its records are in each state; states without any are absent.
    package let business: [ItemState: Int]
    /// Whether the other side refused it as a whole, and nobody has had it packed anew.
    package let isRefused: Bool

    package init(
        transport: TransportState, business: [ItemState: Int], isRefused: Bool = false
    ) {
        self.transport = transport
        self.business = business
        self.isRefused = isRefused
    }
}

extension Outbox {
    /// The bearings of each of these submissions that there is. Throws `StorageFailure`.
    package func bearings(
        of submissions: [SubmissionID], in transaction: any Transaction
    ) throws(StorageFailure) -> [SubmissionID: Bearings] {
        var found: [SubmissionID: Bearings] = [:]
        for submission in submissions {
            found[submission] = try bearings(of: submission, in: transaction)
        }
        return found
    }

    private func bearings(
        of submission: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> Bearings? {
        let rows = try transaction.run(
            """
            SELECT state, reason,
                (SELECT count(*) FROM attempt WHERE attempt.submission = submission.id
                    AND on_wire = 1),
                (SELECT count(*) FROM attempt WHERE attempt.submission = submission.id
                    AND outcome = \(Outbox.worklistOutcome)),
                (SELECT count(*) FROM attempt WHERE attempt.submission = submission.id
                    AND outcome IN (\(DropOutcome.stored.rawValue),
                        \(DropOutcome.present.rawValue)))
            FROM submission WHERE id = \(submission.text)
            """)
        guard let row = rows.first, let state = DeliveryState(rawValue: try row.text(0)) else {
            return nil
        }
        var isAnswered = false
        for row in try transaction.run(
            "SELECT DISTINCT disposition FROM receipt WHERE submission = \(submission.text)")
        {
            let disposition = Disposition(rawValue: try row.text(0))
            isAnswered = isAnswered || disposition?.isBelieved == true
        }
        var business: [ItemState: Int] = [:]
        for row in try transaction.run(
            """
            SELECT state, count(*) FROM item WHERE submission = \(submission.text)
            GROUP BY state
            """)
        {
            guard let state = ItemState(rawValue: try row.text(0)) else { continue }
            business[state] = try row.int(1)
        }
        return Bearings(
            transport: TransportState(
                state, reason: try row.optionalText(1), wasSent: try row.int(2) > 0,
                isTyped: try row.int(3) > 0, isLaidDown: try row.int(4) > 0,
                isAnswered: isAnswered), business: business,
            isRefused: try isRefused(submission, state, in: transaction))
    }

    private func isRefused(
        _ submission: SubmissionID, _ state: DeliveryState, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        guard state == .final else { return false }
        return try !transaction.run(
            """
            SELECT 1 FROM item JOIN receipt ON receipt.digest = item.receipt
            WHERE item.submission = \(submission.text) AND item.state = 'rejected'
                AND receipt.status = 'refused' LIMIT 1
            """
        ).isEmpty
    }
}
