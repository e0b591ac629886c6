package import Records

/// What to do with a submission next.
package enum RetryStep: Sendable, Hashable {
    /// It is due again at this moment, with the same bytes.
    case retry(Timestamp)
    /// Ask for its receipt at this moment.
    case ask(Timestamp)
    /// A person decides.
    case hold
    /// Its records go into smaller submissions.
    case split
}

/// When to try again, when to ask, and when to stop: pure functions of what happened.
///
/// Only this layer repeats anything. Randomness comes in as a number from 0 up to 1, so that a
/// thousand counties that lost the same endpoint do not come back in the same second.
extension RetryRules {
    /// The next step after a failed attempt.
    ///
    /// - Parameters:
    ///   - failures: how many have failed in a row, this one included.
    ///   - doubts: how often this submission's end was unclear, this time included.
    ///   - random: from 0 up to 1.
    package func step(
        after failure: TransportFailure, failures: Int, doubts: Int, now: Timestamp,
        random: Double
    ) -> RetryStep {
        switch failure {
        case .notSent(let cause):
            return .retry(
                now.adding(
                    microseconds: waitMicroseconds(
                        after: cause.retryAfter, failures: failures, random: random)))
        case .refused(let cause):
            switch retryClass(of: cause.code) {
            // Not this submission's fault: the lane waits, and the submission with it.
            case .ours: return .retry(now)
            case .payload where cause.code == .tooLarge: return .split
            case .notSent, .overload, .unclear, .payload, .crash, .local: return .hold
            }
        case .uncertain:
            return doubts > doubtLimit
                ? .hold
                : .ask(now.adding(microseconds: jittered(question.firstSeconds, random)))
        }
    }

    /// When a question that failed is asked again.
    package func nextQuestion(failures: Int, now: Timestamp, random: Double) -> Timestamp {
        now.adding(microseconds: jittered(question.seconds(after: failures), random))
    }

    /// When a record whose verdict was transient may go again, after so many times that it did.
    package func nextPacking(after repeats: Int, since moment: Timestamp) -> Timestamp {
        moment.adding(seconds: repacking.seconds(after: repeats + 1))
    }

    /// Until when a way that is barred is left alone.
    package func nextProbe(now: Timestamp, random: Double) -> Timestamp {
        let spread = Double(probe.spreadPercent) / 100
        let seconds = Double(probe.everySeconds) * (1 - spread + 2 * spread * random)
        return now.adding(microseconds: Int64(seconds * 1e6))
    }

    /// Until when nothing is sent, once it has come to that so many times in a row.
    package func restEnd(times: Int, now: Timestamp, random: Double) -> Timestamp {
        now.adding(microseconds: jittered(breaker.rest.seconds(after: times), random))
    }

    /// How many seconds everything pauses after so many troubles of our own machine in a row.
    package func localPause(after troubles: Int) -> Int64 { local.seconds(after: troubles) }

    /// The rules with so many seconds left: the shorter waits of the last hours.
    package func closing(in seconds: Int64) -> RetryRules {
        guard let closing, seconds <= closing.withinSeconds else { return self }
        var rules = self
        rules.wait = wait.atMost(closing.mostSeconds)
        rules.question = question.atMost(closing.mostSeconds)
        return rules
    }

    /// Whether the other side may have forgotten what it was first sent at this moment.
    package func mayBeForgotten(sentAt moment: Timestamp, now: Timestamp) -> Bool {
        memory.map { moment.adding(seconds: $0.seconds) < now } ?? false
    }

    /// Full jitter below a wait that doubles. What the other side asked for is waited in any case,
    /// and the jitter only adds to it.
    package func waitMicroseconds(
        after asked: RetryAfter, failures: Int, random: Double
    ) -> Int64 {
        // Whoever sends nonsense is in trouble: not among the first to come back.
        let count = asked == .unusable ? max(nonsenseFailures, failures) : failures
        let spread = Double(wait.seconds(after: count)) * random
        let scheduled = Int64(max(Double(leastWaitSeconds), spread) * 1e6)
        guard case .seconds(let wanted) = asked else { return scheduled }
        return max(jittered(wanted, random), scheduled)
    }

    private func jittered(_ seconds: Int64, _ random: Double) -> Int64 {
        Int64(Double(seconds) * 1e6 * (1 + Double(addedPercent) / 100 * random))
    }
}

extension RetryRules.Doubling {
    fileprivate func atMost(_ seconds: Int64) -> RetryRules.Doubling {
        RetryRules.Doubling(
            firstSeconds: min(firstSeconds, seconds), mostSeconds: min(mostSeconds, seconds))
    }
}

extension Timestamp {
    /// How many seconds later this is; negative if it is earlier.
    func seconds(since other: Timestamp) -> Int64 {
        (microseconds - other.microseconds) / 1_000_000
    }

    /// This instant moved by microseconds.
    func adding(microseconds count: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + count)
    }
}
