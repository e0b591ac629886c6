package import Records

/// How a lane moves: pure functions of what happened, by the rules as they are now.
extension Lane {
    /// Something failed.
    ///
    /// - Parameter random: from 0 up to 1.
    package mutating func note(
        _ failure: TransportFailure, of use: Use, by rules: RetryRules, now: Timestamp,
        random: Double
    ) {
        let cause = failure.cause
        let kind = rules.retryClass(of: cause.code)
        // They answered in good order: that is no trouble of the way.
        guard kind != .payload else { return noteSuccess(of: use, by: rules, now: now) }
        let wasOpen = isOpen(at: now)
        reason = cause.code.rawValue
        switch use {
        case .send:
            failures += 1
            recent.note(failed: true, now: now, withinSeconds: rules.breaker.withinSeconds)
        case .look: lookFailures += 1
        }
        switch kind {
        case .ours:
            phase = .barred
            proven = 0
            wait(until: rules.nextProbe(now: now, random: random))
        case .overload:
            narrow(rules)
            let wait = rules.waitMicroseconds(
                after: cause.retryAfter, failures: max(failures, lookFailures), random: random)
            self.wait(until: now.adding(microseconds: wait))
            rest(wasOpen, by: rules, now: now, random: random)
        case .unclear:
            narrow(rules)
            rest(wasOpen, by: rules, now: now, random: random)
        case .notSent, .payload, .crash, .local:
            rest(wasOpen, by: rules, now: now, random: random)
        }
    }

    /// Something worked. A pause that was asked for meanwhile stays.
    package mutating func noteSuccess(of use: Use, by rules: RetryRules, now: Timestamp) {
        guard isOpen(at: now) else { return }
        reason = nil
        lookFailures = 0
        if use == .send {
            failures = 0
            recent.note(failed: false, now: now, withinSeconds: rules.breaker.withinSeconds)
            earn(rules)
        }
        guard phase != .working else {
            if use == .send { widen(rules) }
            return
        }
        proven += 1
        guard proven >= rules.breaker.successes else { return }
        phase = .working
        rests = 0
        proven = 0
        failures = 0
        recent = RecentEnds()
        limit = rules.slowStart.from
        streak = 0
    }

    /// A person says that the trouble is mended.
    mutating func open() {
        let (recordLimit, limitedAt) = (recordLimit, limitedAt)
        self = Lane(endpoint: endpoint)
        self.recordLimit = recordLimit
        self.limitedAt = limitedAt
    }

    /// How many may be under way at once.
    package func atOnce(by rules: RetryRules) -> Int {
        isProving ? 1 : max(1, min(limit ?? rules.slowStart.most, rules.slowStart.most))
    }

    /// Rests where too much failed: the first time, or again when it was tried and failed.
    private mutating func rest(
        _ wasOpen: Bool, by rules: RetryRules, now: Timestamp, random: Double
    ) {
        let breaker = rules.breaker
        if phase == .working {
            guard
                max(failures, lookFailures) >= breaker.inARow
                    || recent.failed(percent: breaker.percent, outOf: breaker.outOf)
            else { return }
            rests = 0
        } else if !wasOpen {
            // It was under way when the rest began, and says nothing new.
            return
        }
        phase = .tripped
        rests += 1
        proven = 0
        limit = rules.slowStart.from
        streak = 0
        wait(until: rules.restEnd(times: rests, now: now, random: random))
    }

    private mutating func wait(until moment: Timestamp) { openFrom = max(openFrom, moment) }

    private mutating func narrow(_ rules: RetryRules) {
        limit = max(1, (limit ?? rules.slowStart.most) / 2)
        streak = 0
    }

    private mutating func widen(_ rules: RetryRules) {
        guard let limit else { return }
        streak += 1
        guard streak >= rules.slowStart.every else { return }
        streak = 0
        self.limit = limit + 1 >= rules.slowStart.most ? nil : limit + 1
    }
}

// MARK: - What retries cost

extension Lane {
    /// What is left for retries.
    package func tokens(by rules: RetryRules) -> Int {
        max(0, min(tokens ?? rules.budget.tokens, rules.budget.tokens))
    }

    /// What one retry costs.
    private func retryCost(_ rules: RetryRules) -> Int { max(1, rules.budget.retry) }

    /// Whether enough is left for a retry.
    func canAffordRetry(by rules: RetryRules) -> Bool {
        tokens(by: rules) >= retryCost(rules)
    }

    /// How many retries may be begun now. Where nothing is left, one now and then.
    package mutating func retries(by rules: RetryRules, now: Timestamp) -> Int {
        let cost = retryCost(rules)
        let affordable = tokens(by: rules) / cost
        guard affordable == 0, trialFrom <= now else { return affordable }
        trialFrom = now.adding(seconds: rules.breaker.rest.firstSeconds)
        tokens = cost
        return 1
    }

    /// A retry begins; false where nothing is left for it.
    package mutating func spendOnRetry(_ rules: RetryRules) -> Bool {
        guard tokens(by: rules) >= rules.budget.retry else { return false }
        tokens = tokens(by: rules) - rules.budget.retry
        return true
    }

    /// A retry ended in a timeout, and kept them busy all the while.
    package mutating func spendOnTimeout(_ rules: RetryRules) {
        tokens = max(0, tokens(by: rules) - (rules.budget.timeout - rules.budget.retry))
    }

    private mutating func earn(_ rules: RetryRules) {
        guard tokens != nil else { return }
        let sum = tokens(by: rules) + rules.budget.success
        tokens = sum >= rules.budget.tokens ? nil : sum
    }
}

// MARK: - What fits into a submission

extension Lane {
    /// One with so many records was too large.
    mutating func noteTooLarge(records: Int, now: Timestamp) {
        recordLimit = max(1, records / 2)
        limitedAt = now
    }

    /// The most records of a new submission: a little more after every hour without a complaint.
    ///
    /// - Parameter most: the profile's own size.
    package func records(most: Int, by rules: RetryRules, now: Timestamp) -> Int {
        guard let recordLimit else { return most }
        let passed = max(0, now.microseconds - limitedAt.microseconds) / 1_000_000
        let hours = passed / max(1, rules.split.growSeconds)
        return min(most, recordLimit + Int(min(hours, 1_000_000)) * rules.split.growRecords)
    }
}
