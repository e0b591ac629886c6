import Evidence
package import Records
package import Storage

/// Why a person's step was not taken.
package struct OutboxFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case unknownSubmission = "Q-NONE"
        /// The submission is not in a state that allows the step.
        case wrongState = "Q-STATE"
        /// It may have been sent, so it cannot be taken back.
        case mayHaveBeenSent = "Q-SENT"
        /// The submission was neither refused as a whole nor cancelled.
        case notRefused = "Q-NOT-REFUSED"
    }

    package let reason: Reason
    package let submission: SubmissionID

    package var entry: CodeEntry { DeliveryCodes.entry(reason) }
    package var place: String? { submission.text }
    package var detail: String? { nil }

    package static func == (left: OutboxFailure, right: OutboxFailure) -> Bool {
        left.reason == right.reason && left.submission == right.submission
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(submission)
    }
}

/// Who did a step, and why: both stand in the ledger.
package struct Decision: Sendable {
    package let by: String
    package let because: String

    package init(by: String, because: String) {
        self.by = by
        self.because = because
    }
}

/// What a person may do. All throw `OutboxFailure`, `StorageFailure`, `EncodingError`.
extension Outbox {
    /// Stops a submission until it is released, retried or cancelled.
    package func hold(
        _ id: SubmissionID, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        try intervene(id, "held", decision, now: now, in: transaction) { status in
            status.take(.stopped, reason: QueueReason.person.rawValue)
        }
    }

    /// Lets a held submission go on: due if it was never sent, else it is asked for first.
    package func release(
        _ id: SubmissionID, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        let wasSent = try wasOnWire(id, in: transaction)
        try intervene(id, "released", decision, now: now, in: transaction) { status in
            guard status.take(wasSent ? .askedAgain : .resumed) else { return false }
            status.startAnew(at: now, policy.rules)
            return true
        }
    }

    /// Sends a held submission again: the same bytes under the same id.
    package func retry(
        _ id: SubmissionID, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        try intervene(id, "retried", decision, now: now, in: transaction) { status in
            guard status.take(.resumed) else { return false }
            status.startAnew(at: now, policy.rules)
            return true
        }
    }

    /// Takes back a submission that was never on the wire; its records are free again.
    package func cancel(
        _ id: SubmissionID, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        guard try !wasOnWire(id, in: transaction) else {
            throw OutboxFailure(reason: .mayHaveBeenSent, submission: id)
        }
        try intervene(id, "cancelled", decision, now: now, in: transaction) { status in
            status.take(.cancelled)
        }
        try transaction.run(
            """
            UPDATE item SET state = 'void', at = \(now.microseconds)
            WHERE submission = \(id.text) AND state = 'open'
            """)
    }

    /// Offers the records of a submission for packing anew: of one that was refused as a whole,
    /// once the cause is mended, and of one that was cancelled, once it is to go after all. What
    /// the clinic took back stays: only a row of its own brings it again.
    package func repack(
        _ id: SubmissionID, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        guard let status = try DeliveryStatus.load(id, in: transaction) else {
            throw OutboxFailure(reason: .unknownSubmission, submission: id)
        }
        if status.state == .cancelled {
            try transaction.run(
                """
                UPDATE item SET state = 'transient', at = \(now.microseconds)
                WHERE submission = \(id.text) AND state = 'void'
                    AND coalesce(code, '') <> \(RecallCodes.recalled.code) AND NOT EXISTS (
                    SELECT 1 FROM item AS other WHERE other.record = item.record
                        AND other.version >= item.version
                        AND other.submission <> item.submission)
                """)
            return try tell(id, "repacked", decision, now: now, in: transaction)
        }
        guard status.state == .final,
            try !transaction.run(
                """
                SELECT 1 FROM receipt
                WHERE submission = \(id.text) AND status = 'refused' AND disposition = 'applied'
                LIMIT 1
                """
            ).isEmpty
        else { throw OutboxFailure(reason: .notRefused, submission: id) }
        try transaction.run(
            """
            UPDATE item SET state = 'transient', at = \(now.microseconds)
            WHERE submission = \(id.text) AND state = 'rejected' AND EXISTS (
                SELECT 1 FROM receipt
                WHERE receipt.digest = item.receipt AND receipt.status = 'refused')
            AND NOT EXISTS (
                SELECT 1 FROM item AS other WHERE other.record = item.record
                    AND other.version >= item.version AND other.submission <> item.submission)
            """)
        try tell(id, "repacked", decision, now: now, in: transaction)
    }

    /// Opens an endpoint's lane at once, after its trouble was mended. Throws `StorageFailure`.
    package func openLane(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) {
        var lane = try Lane.load(endpoint, in: transaction)
        lane.open()
        try lane.save(in: transaction)
    }

    /// Whether an attempt may have left the house.
    func wasOnWire(
        _ id: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        try !transaction.run(
            "SELECT 1 FROM attempt WHERE submission = \(id.text) AND on_wire = 1 LIMIT 1"
        ).isEmpty
    }

    private func intervene(
        _ id: SubmissionID, _ step: String, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction, _ change: (inout DeliveryStatus) -> Bool
    ) throws {
        guard let before = try DeliveryStatus.load(id, in: transaction) else {
            throw OutboxFailure(reason: .unknownSubmission, submission: id)
        }
        var status = before
        guard change(&status), try status.save(over: before, in: transaction) else {
            throw OutboxFailure(reason: .wrongState, submission: id)
        }
        try tell(id, step, decision, now: now, in: transaction)
    }

    func tell(
        _ id: SubmissionID, _ step: String, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let fact = Fact.Intervened(
            submission: id, step: step, by: decision.by, because: decision.because)
        try ledger.append([.intervened(fact)], at: now, in: transaction)
    }
}

extension DeliveryStatus {
    /// A person looked: the counts begin again, and the time with them.
    fileprivate mutating func startAnew(at now: Timestamp, _ rules: RetryRules) {
        failures = 0
        doubts = 0
        crashCount = 0
        crashedAt = nil
        nextStep = now
        deadline = now.adding(seconds: rules.lifetimeSeconds)
    }
}
