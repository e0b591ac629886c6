package import Records
import Synchronization

/// What of delivery only the running process knows (进程内计数): the database keeps what is, not how
/// often something was put off or taken over. Counts begin with the process.
package final class DeliveryTally: Sendable {
    package struct Counts: Sendable, Hashable {
        /// Ends of attempts that came too late: another worker had gone on.
        package fileprivate(set) var staleWrites = 0
        /// Claims taken over from a worker that is gone, or whose lease ended, by where they stood.
        package fileprivate(set) var reclaims: [DeliveryState: Int] = [:]
        /// Retries that were due and did not go, by what held them back.
        package fileprivate(set) var heldRetries: [RetryHold: Int] = [:]
        /// By how many seconds at least the other side's clock is ahead of ours; negative where it
        /// is behind, `nil` while it has not told its time.
        package fileprivate(set) var nationalClockAhead: Double?

        package init() {}
    }

    private let counts = Mutex(Counts())

    package init() {}

    package var now: Counts { counts.withLock { $0 } }

    func note(staleWrites count: Int) { counts.withLock { $0.staleWrites += count } }

    func note(reclaims: [DeliveryState: Int]) {
        counts.withLock { $0.reclaims.merge(reclaims) { $0 + $1 } }
    }

    func note(_ held: HeldRetries) {
        guard held.count > 0 else { return }
        counts.withLock { $0.heldRetries[held.hold, default: 0] += held.count }
    }

    /// The other side told its time (RFC 9110 section 6.6.1) somewhere between two moments of ours.
    ///
    /// Its field has whole seconds and a request takes its time: a difference that these two
    /// explain is none.
    ///
    /// - Parameter date: the field as it came; what is no date says nothing.
    package func note(date: String?, sent: Timestamp, received: Timestamp) {
        guard let told = date.flatMap({ HTTPDate($0) })?.moment.microseconds else { return }
        let least = told - received.microseconds
        let most = told + 1_000_000 - sent.microseconds
        let ahead = least > 0 ? least : min(most, 0)
        counts.withLock { $0.nationalClockAhead = Double(ahead) / 1_000_000 }
    }
}
