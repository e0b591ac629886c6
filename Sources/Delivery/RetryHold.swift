import Records
import Storage

/// Why a retry that is due does not go (暂缓重试).
package enum RetryHold: String, Sendable, Hashable, CaseIterable {
    /// Nothing is sent until a person has reconciled.
    case reconciling
    /// A person stopped the retries, or all sends.
    case stopped
    /// Our certificate, our address or our trust in them must be mended first.
    case ours
    /// Too much failed, and the lane rests (熔断).
    case breaker
    /// They are busy, and the lane waits as long as they asked for.
    case busy
    /// As many went as may go in a stretch of time.
    case pace
    /// What retries may cost is spent.
    case budget
}

/// Retries that one cause holds back.
struct HeldRetries: Sendable, Hashable {
    let hold: RetryHold
    /// Those that had not been counted before.
    let count: Int
    /// What was due by then is counted.
    let through: Timestamp
}

extension Outbox {
    /// The retries that are due and do not go; `nil` where nothing holds them back. Each counts
    /// once for as long as the cause stays the same, however often it is looked at.
    ///
    /// - Parameter before: what the last look found.
    func heldRetries(
        endpoint: String, after before: HeldRetries?, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> HeldRetries? {
        guard let hold = try retryHold(endpoint, now: now, in: transaction) else { return nil }
        let counted = before?.hold == hold ? before?.through.microseconds : nil
        let rows = try transaction.run(
            """
            SELECT count(*) FROM submission
            WHERE endpoint = \(endpoint) AND state = 'due' AND attempts > 0
                AND next_step <= \(now.microseconds) AND next_step > \(counted ?? .min)
            """)
        return HeldRetries(hold: hold, count: try rows.first?.int(0) ?? 0, through: now)
    }

    private func retryHold(
        _ endpoint: String, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> RetryHold? {
        if try Reconciling.isOn(in: transaction) { return .reconciling }
        if try LaneStop.load(endpoint, in: transaction) != nil { return .stopped }
        let lane = try Lane.load(endpoint, in: transaction)
        guard lane.isOpen(at: now) else {
            switch lane.phase {
            case .working: return .busy
            case .tripped: return .breaker
            case .barred: return .ours
            }
        }
        if try room(endpoint, for: 1, now: now, in: transaction) == 0 { return .pace }
        return lane.canAffordRetry(by: policy.rules) ? nil : .budget
    }
}
