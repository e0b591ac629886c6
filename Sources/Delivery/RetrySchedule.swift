package import Records

/// When to try again, when to ask, and when to stop: one pure function of what happened.
///
/// Only this layer repeats anything. Randomness comes in as a number from 0 up to 1, so that a
/// thousand counties that lost the same endpoint do not come back in the same second.
package struct RetrySchedule: Sendable {
    /// How long a submission may take until a person must look.
    package var lifetimeSeconds: Int64 = 7 * 86_400
    /// How long to wait until a doubtful submission is asked for.
    package var askSeconds: Int64 = 30
    /// How long verdicts may take until they are asked for, and then between questions.
    package var answerSeconds: Int64 = 24 * 3600
    package var askAgainSeconds: Int64 = 6 * 3600
    /// How often the same bytes go again after an unclear end.
    package var doubtLimit = 5
    /// How often a submission may be under way while the process dies, within the time below.
    package var crashLimit = 3
    package var crashMemorySeconds: Int64 = 72 * 3600
    package var crashWaitSeconds: Int64 = 600
    /// How many failures in a row close the lane.
    package var laneFailureLimit = 5

    package init() {}

    /// What to do with a submission next.
    package enum Step: Sendable, Hashable {
        /// It is due again at this moment, with the same bytes.
        case retry(Timestamp)
        /// Ask for its receipt at this moment.
        case ask(Timestamp)
        /// A person decides.
        case hold
        /// Its records go into smaller submissions.
        case split
    }

    /// The next step after a failed attempt.
    ///
    /// - Parameters:
    ///   - failures: how many have failed in a row, this one included.
    ///   - doubts: how often this submission's end was unclear, this time included.
    ///   - random: from 0 up to 1.
    package func step(
        after failure: TransportFailure, failures: Int, doubts: Int, now: Timestamp,
        random: Double
    ) -> Step {
        switch failure {
        case .notSent(let cause):
            return .retry(
                now.adding(
                    microseconds: waitMicroseconds(
                        after: cause.retryAfter, failures: failures, random: random)))
        case .refused(let cause):
            switch cause.code {
            case .tooLarge: return .split
            // Not this submission's fault: the lane waits, and the submission with it.
            case .denied, .address, .untrusted, .certificate, .configuration: return .retry(now)
            case .unreachable, .busy, .conflict, .rejected, .timeout, .broken, .server,
                .noReceipt:
                return .hold
            }
        case .uncertain:
            return doubts > doubtLimit
                ? .hold : .ask(now.adding(microseconds: seconds(askSeconds, jitter: random)))
        }
    }

    /// When a question that failed is asked again: doubling to an hour, plus up to a fifth.
    package func nextQuestion(failures: Int, now: Timestamp, random: Double) -> Timestamp {
        let wait = min(3600, doubled(askSeconds, failures - 1))
        return now.adding(microseconds: seconds(wait, jitter: random))
    }

    /// Until when the whole lane waits after a failure; `nil` if it stays open.
    ///
    /// - Parameter failures: how many have failed in a row on the lane, this one included.
    package func lanePause(
        after failure: TransportFailure, failures: Int, now: Timestamp, random: Double
    ) -> Timestamp? {
        let cause = failure.cause
        switch cause.code {
        case .busy:
            return now.adding(
                microseconds: waitMicroseconds(
                    after: cause.retryAfter, failures: failures, random: random))
        case .denied, .address, .untrusted, .certificate, .configuration:
            // Fifteen minutes, a fifth less or more.
            return now.adding(microseconds: Int64(900e6 * (0.8 + 0.4 * random)))
        case .unreachable, .timeout, .broken, .server, .noReceipt:
            guard failures >= laneFailureLimit else { return nil }
            let wait = min(600, doubled(30, failures - laneFailureLimit))
            return now.adding(microseconds: seconds(wait, jitter: random))
        case .conflict, .tooLarge, .rejected:
            return nil
        }
    }

    /// When a record whose verdict was transient may go again, after so many times that it did.
    package func nextPacking(after repeats: Int, since moment: Timestamp) -> Timestamp {
        moment.adding(seconds: min(6 * 3600, doubled(600, repeats)))
    }

    /// Full jitter up to `min(1800, 10 · 2ⁿ⁻¹)` seconds, two at least. What the other side asked
    /// for is waited in any case, with up to a fifth more.
    private func waitMicroseconds(
        after asked: RetryAfter, failures: Int, random: Double
    ) -> Int64 {
        // Whoever sends nonsense is in trouble: not among the first to come back.
        let count = asked == .unusable ? max(3, failures) : failures
        let spread = Double(min(1800, doubled(10, count - 1))) * random
        let scheduled = Int64(max(2, spread) * 1e6)
        guard case .seconds(let wanted) = asked else { return scheduled }
        return max(seconds(wanted, jitter: random), scheduled)
    }

    private func seconds(_ count: Int64, jitter random: Double) -> Int64 {
        Int64(Double(count) * 1e6 * (1 + 0.2 * random))
    }

    private func doubled(_ base: Int64, _ times: Int) -> Int64 {
        base << Int64(min(max(0, times), 20))
    }
}

extension Timestamp {
    /// This instant moved by microseconds.
    func adding(microseconds count: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + count)
    }
}
