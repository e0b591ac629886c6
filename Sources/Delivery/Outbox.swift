import Evidence
import Foundation
import LibCrypto
package import Records
package import Storage

/// The queue of sealed submissions (发件箱): rows and facts of one database, changed together.
///
/// Every change is guarded by id, fence and state, and the count of rows is looked at.
package struct Outbox: Sendable {
    /// A submission taken out for one attempt.
    package struct Claim: Sendable, Hashable {
        package let submission: SubmissionID
        package let endpoint: String
        package let fence: Int64
    }

    /// A random name of this process: who holds what.
    package let epoch: String
    /// What new submissions are made under, and what the lane goes by.
    package let policy: RetryPolicy
    /// Until when a parcel may be sent, where a reporting deadline comes before its lifetime ends.
    private let latestSend: @Sendable (Parcel) -> Timestamp?
    /// Whether records of a programme and a service month are past their reporting deadline, and
    /// are not to be sent without a person.
    package let isLate: @Sendable (String, CalendarMonth, Timestamp) -> Bool
    let ledger = Ledger()

    package init(
        epoch: String, policy: RetryPolicy,
        latestSend: @escaping @Sendable (Parcel) -> Timestamp? = { _ in nil },
        isLate: @escaping @Sendable (String, CalendarMonth, Timestamp) -> Bool = { _, _, _ in false
        }
    ) {
        self.epoch = epoch
        self.policy = policy
        self.latestSend = latestSend
        self.isLate = isLate
    }

    /// Puts a submission in. Its `Fact.enqueued` is the caller's, in the same transaction.
    ///
    /// Records that wait to go again count as gone with it. Throws `StorageFailure`: `constraint`
    /// if one of the records is open in another submission (see `standing`).
    package func enqueue(_ parcel: Parcel, in transaction: any Transaction) throws {
        let lifetime = parcel.created.adding(seconds: policy.rules.lifetimeSeconds)
        let deadline = min(lifetime, latestSend(parcel) ?? lifetime)
        try policy.keep(in: transaction)
        try transaction.run(
            """
            INSERT INTO submission (id, endpoint, programme, sender, region, suite, signing_key,
                created, record_count, byte_count, digest, wire_digest, signature, own_key, state,
                fence, attempts, failures, doubts, crash_count, next_step, deadline, policy)
            VALUES (\(parcel.id.text), \(parcel.profile), \(parcel.programme), \(parcel.sender),
                \(parcel.region), \(parcel.suite), \(parcel.signingKey),
                \(parcel.created.microseconds), \(parcel.records.count), \(parcel.byteCount),
                \(parcel.digest), \(parcel.wireDigest), \(parcel.signature), \(parcel.ownKey),
                'due', 0, 0, 0, 0, 0, \(parcel.created.microseconds), \(deadline.microseconds),
                \(policy.digest))
            """)
        let records = RecordListText(parcel.records).bytes
        try transaction.run(
            """
            INSERT INTO block (submission, wire, records)
            VALUES (\(parcel.id.text), \(parcel.wire), \(records))
            """)
        try transaction.runEach(
            "UPDATE item SET state = 'repacked' WHERE record = $1 AND state = 'transient'",
            parcel.records
        ) { $1.bind($0.record.text) }
        try transaction.runEach(
            """
            INSERT INTO item (submission, position, record, version, action, state, at)
            VALUES ($1, $2, $3, $4, $5, 'open', $6)
            """, parcel.records.enumerated()
        ) { row, parameters in
            parameters.bind(parcel.id.text)
            parameters.bind(row.offset)
            parameters.bind(row.element.record.text)
            parameters.bind(row.element.version)
            parameters.bind(row.element.action.rawValue)
            parameters.bind(parcel.created.microseconds)
        }
        try transaction.announce()
    }

    /// The second commit of a send: from here on it may have been sent. `nil` if it must not be.
    ///
    /// Re-checks the stored bytes against their digest: a disk may change them without a word. A
    /// claim that is no longer ours, or whose lane closed meanwhile, is not sent.
    /// Throws `StorageFailure`, `EncodingError`.
    package func markOnWire(
        _ claim: Claim, now: Timestamp, in transaction: any Transaction
    ) throws -> Shipment? {
        guard let before = try held(claim, .leased, in: transaction) else { return nil }
        let lane = try Lane.load(claim.endpoint, in: transaction)
        guard try mayGo(before, on: lane, now: now, in: transaction) else {
            try release(claim, nextStep: max(now, lane.openFrom), in: transaction)
            return nil
        }
        let rows = try transaction.run(
            """
            SELECT wire, wire_digest, signature, signing_key
            FROM submission JOIN block ON block.submission = submission.id
            WHERE id = \(claim.submission.text)
            """)
        guard let row = rows.first else { return nil }
        let shipment = Shipment(
            submission: claim.submission, wire: try row.bytes(0), wireDigest: try row.bytes(1),
            signature: try row.bytes(2), signingKey: try row.text(3))
        var status = before
        guard Hash.sha256.digest(shipment.wire) == shipment.wireDigest else {
            try stop(before, because: QueueReason.bytesChanged, now: now, in: transaction)
            return nil
        }
        guard status.take(.sendingBegan) else { return nil }
        if status.attempts > 0 { try spendOnRetry(lane, in: transaction) }
        status.attempts += 1
        guard try status.save(over: before, in: transaction) else { return nil }
        try Lease().prolong(claim.submission, in: transaction)
        try transaction.run(
            """
            INSERT INTO attempt (submission, fence, number, began, on_wire, wire_digest)
            VALUES (\(claim.submission.text), \(claim.fence), \(status.attempts),
                \(now.microseconds), 1, \(shipment.wireDigest))
            """)
        let fact = Fact.onWire(.init(submission: claim.submission, attempt: status.attempts))
        try ledger.append([fact], at: now, in: transaction)
        return shipment
    }

    /// Whether what was claimed may still go: lane, switch, pace and budget may have changed since.
    private func mayGo(
        _ status: DeliveryStatus, on lane: Lane, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        guard lane.isOpen(at: now), try !Reconciling.isOn(in: transaction) else { return false }
        let isRetry = status.attempts > 0
        switch try LaneStop.load(lane.endpoint, in: transaction)?.scope {
        case .sends: return false
        case .retries where isRetry: return false
        case .retries, nil: break
        }
        if isRetry, lane.tokens(by: policy.rules) < policy.rules.budget.retry { return false }
        return try room(lane.endpoint, for: 1, now: now, in: transaction) > 0
    }

    private func spendOnRetry(
        _ lane: Lane, in transaction: any Transaction
    ) throws(StorageFailure) {
        var lane = lane
        if lane.spendOnRetry(policy.rules) { try lane.save(in: transaction) }
    }

    /// The rules that a submission was queued under. Throws `StorageFailure`.
    package func rules(
        of status: DeliveryStatus, in transaction: any Transaction
    ) throws(StorageFailure) -> RetryRules {
        try policy.rules(of: status.policy, in: transaction)
    }

    /// Gives a claim back before anything was sent; false if it is no longer ours.
    /// Throws `StorageFailure`.
    @discardableResult
    package func release(
        _ claim: Claim, nextStep: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        guard let before = try held(claim, .leased, in: transaction) else { return false }
        var status = before
        guard status.take(.released) else { return false }
        status.crashCount = max(0, status.crashCount - 1)
        status.nextStep = nextStep
        return try status.save(over: before, in: transaction)
    }

    /// The status of a claimed submission, if the claim still holds.
    func held(
        _ claim: Claim, _ state: DeliveryState, in transaction: any Transaction
    ) throws(StorageFailure) -> DeliveryStatus? {
        let status = try DeliveryStatus.load(claim.submission, in: transaction)
        guard let status, status.fence == claim.fence, status.state == state,
            status.leaseOwner == epoch
        else { return nil }
        return status
    }

    /// Stops a submission for a reason of our own and tells the ledger.
    func stop(
        _ before: DeliveryStatus, because reason: QueueReason, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        var status = before
        guard status.take(.stopped, reason: reason.rawValue),
            try status.save(over: before, in: transaction)
        else { return }
        let fact = Fact.Intervened(
            submission: status.submission, step: "held", by: Outbox.itself,
            because: reason.rawValue)
        try ledger.append([.intervened(fact)], at: now, in: transaction)
    }

    /// How the program names itself where a person's name would stand.
    static let itself = "shangbao"
}
