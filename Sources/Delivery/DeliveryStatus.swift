package import Records
import Storage

/// What changes about a submission while it is delivered.
package struct DeliveryStatus: Sendable, Hashable {
    package let submission: SubmissionID
    package let endpoint: String
    package let sender: String
    /// SHA-256 of the XML, hex.
    package let digest: String
    package let recordCount: Int
    package private(set) var state: DeliveryState
    /// Grows with every lease; whoever holds an older one changes nothing.
    package private(set) var fence: Int64
    /// The process that has it leased or on the wire.
    package private(set) var leaseOwner: String?
    package internal(set) var attempts: Int
    /// Failures in a row.
    package internal(set) var failures: Int
    /// Attempts whose end was unclear, since a person last let it go.
    package internal(set) var doubts: Int
    package internal(set) var crashCount: Int
    package internal(set) var crashedAt: Timestamp?
    /// When there is something to do in this state.
    package internal(set) var nextStep: Timestamp
    package internal(set) var deadline: Timestamp
    /// The digest of the retry policy that it was queued under; `nil` from before they were kept.
    package let policy: String?
    /// Why it is held: a stable code, or `Q-PERSON`.
    package private(set) var reason: String?

    /// Takes the event, if it can happen; otherwise changes nothing and returns false.
    ///
    /// - Parameters:
    ///   - owner: with `claimed`, who takes it.
    ///   - reason: with `stopped`, why.
    mutating func take(
        _ event: DeliveryEvent, owner: String? = nil, reason: String? = nil
    ) -> Bool {
        guard let next = state.after(event) else { return false }
        state = next
        if event == .claimed {
            fence += 1
            leaseOwner = owner
        } else if next != .leased, next != .onWire {
            leaseOwner = nil
        }
        self.reason = next == .held ? reason : nil
        return true
    }

    /// Takes over a fence that the wire journal knows and the database has lost.
    mutating func raise(fence other: Int64) { fence = max(fence, other) }
}

extension DeliveryStatus {
    /// Reads the row of a submission; `nil` if there is none.
    static func load(
        _ id: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> DeliveryStatus? {
        let rows = try transaction.run(
            """
            SELECT id, endpoint, sender, digest, record_count, state, fence, lease_owner,
                attempts, failures, doubts, crash_count, crashed_at, next_step, deadline, reason,
                policy
            FROM submission WHERE id = \(id.text)
            """)
        guard let row = rows.first else { return nil }
        guard let state = DeliveryState(rawValue: try row.text("state")) else {
            throw StorageFailure(.unexpectedColumn("state"))
        }
        return DeliveryStatus(
            submission: SubmissionID(try row.text("id")), endpoint: try row.text("endpoint"),
            sender: try row.text("sender"), digest: try row.text("digest"),
            recordCount: try row.int("record_count"), state: state,
            fence: try row.int64("fence"), leaseOwner: try row.optionalText("lease_owner"),
            attempts: try row.int("attempts"), failures: try row.int("failures"),
            doubts: try row.int("doubts"), crashCount: try row.int("crash_count"),
            crashedAt: try row.optionalInt64("crashed_at").map(Timestamp.init(microseconds:)),
            nextStep: Timestamp(microseconds: try row.int64("next_step")),
            deadline: Timestamp(microseconds: try row.int64("deadline")),
            policy: try row.optionalText("policy"), reason: try row.optionalText("reason"))
    }

    /// Writes the row, but only over the very fence and state that were read; false otherwise.
    func save(
        over before: DeliveryStatus, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        try transaction.run(
            """
            UPDATE submission SET state = \(state.rawValue), fence = \(fence),
                lease_owner = \(leaseOwner), attempts = \(attempts), failures = \(failures),
                doubts = \(doubts), crash_count = \(crashCount),
                crashed_at = \(crashedAt?.microseconds), next_step = \(nextStep.microseconds),
                deadline = \(deadline.microseconds), reason = \(reason)
            WHERE id = \(submission.text) AND fence = \(before.fence)
                AND state = \(before.state.rawValue)
            RETURNING id
            """
        ).count == 1
    }
}
