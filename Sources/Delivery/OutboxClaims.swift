package import Records
package import Storage

/// Which submissions go next.
extension Outbox {
    /// Takes up to `limit` due submissions; none while the lane is closed or stopped, one while it
    /// must be proved that things work. Nothing is sent yet.
    ///
    /// A crash is charged in advance and given back at any orderly end, so that a submission that
    /// kills the process is counted without its help. One that would be held at the next crash goes
    /// alone: no other is charged with what it does, nor it with what another did.
    /// Throws `StorageFailure`.
    package func claim(
        endpoint: String, limit: Int, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [Claim] {
        var lane = try Lane.load(endpoint, in: transaction)
        guard lane.isOpen(at: now), try !Reconciling.isOn(in: transaction) else { return [] }
        let stop = try LaneStop.load(endpoint, in: transaction)?.scope
        guard stop != .sends else { return [] }
        let (alone, ours) = try underWay(endpoint, in: transaction)
        guard !alone else { return [] }
        var limit = min(limit, try room(endpoint, for: limit, now: now, in: transaction))
        if lane.isProving { limit = min(limit, try isUnderWay(endpoint, in: transaction) ? 0 : 1) }
        guard limit > 0 else { return [] }
        let before = lane
        let ids = try next(endpoint, limit, stop, &lane, now: now, in: transaction)
        if lane != before { try lane.save(in: transaction) }
        var claims: [Claim] = []
        for id in ids {
            guard let before = try DeliveryStatus.load(id, in: transaction) else { continue }
            var status = before
            guard status.take(.claimed, owner: epoch) else { continue }
            let crash = try rules(of: status, in: transaction).crash
            if let last = status.crashedAt, last.adding(seconds: crash.memorySeconds) < now {
                status.crashCount = 0
                status.crashedAt = nil
            }
            status.crashCount += 1
            let goesAlone = status.crashCount >= crash.limit
            if goesAlone, ours > 0 || !claims.isEmpty { continue }
            guard try status.save(over: before, in: transaction) else { continue }
            try Lease().prolong(id, in: transaction)
            claims.append(Claim(submission: id, endpoint: endpoint, fence: status.fence))
            if goesAlone { break }
        }
        return claims
    }

    /// One that waits, with what it is ordered by.
    private struct Waiting {
        let id: SubmissionID
        let deadline: Int64
    }

    /// New ones and the backlog in turns, in each the one whose deadline comes first. What was
    /// tried before goes only as far as the budget reaches.
    private func next(
        _ endpoint: String, _ limit: Int, _ stop: LaneStop.Scope?, _ lane: inout Lane,
        now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [SubmissionID] {
        let mixing = policy.rules.mixing
        let since = now.adding(seconds: -mixing.newSeconds).microseconds
        let new = try waiting(
            transaction.run(
                """
                SELECT id, deadline FROM submission
                WHERE endpoint = \(endpoint) AND state = 'due' AND attempts = 0
                    AND created > \(since) AND next_step <= \(now.microseconds)
                ORDER BY +deadline, created, id LIMIT \(limit) \(raw: transaction.dialect.skipLocked)
                """))
        let old = try waiting(
            transaction.run(
                """
                SELECT id, deadline FROM submission
                WHERE endpoint = \(endpoint) AND state = 'due' AND attempts = 0
                    AND +created <= \(since) AND +next_step <= \(now.microseconds)
                ORDER BY deadline, created, id LIMIT \(limit) \
                \(raw: transaction.dialect.skipLocked)
                """))
        var tried: [Waiting] = []
        if stop != .retries {
            tried = try waiting(
                transaction.run(
                    """
                    SELECT id, deadline FROM submission
                    WHERE endpoint = \(endpoint) AND state = 'due' AND attempts > 0
                        AND next_step <= \(now.microseconds)
                    ORDER BY +deadline, created, id LIMIT \(limit) \
                    \(raw: transaction.dialect.skipLocked)
                    """))
        }
        if !tried.isEmpty {
            tried = Array(tried.prefix(lane.retries(by: policy.rules, now: now)))
        }
        let backlog = (old + tried).sorted { ($0.deadline, $0.id.text) < ($1.deadline, $1.id.text) }
        return Outbox.mixed(new, backlog, mixing).prefix(limit).map(\.id)
    }

    private func waiting(_ rows: [Row]) throws(StorageFailure) -> [Waiting] {
        var found: [Waiting] = []
        for row in rows {
            found.append(
                Waiting(id: SubmissionID(try row.text(0)), deadline: try row.int64(1)))
        }
        return found
    }

    /// Both in turns, and what is left of one when the other is used up.
    private static func mixed(
        _ new: [Waiting], _ backlog: [Waiting], _ mixing: RetryRules.Mixing
    ) -> [Waiting] {
        var (first, second) = (new[...], backlog[...])
        var mixed: [Waiting] = []
        while !first.isEmpty, !second.isEmpty {
            mixed += first.prefix(max(1, mixing.new)) + second.prefix(max(1, mixing.backlog))
            first = first.dropFirst(max(1, mixing.new))
            second = second.dropFirst(max(1, mixing.backlog))
        }
        return mixed + first + second
    }

    /// How many this process has under way, and whether one of them must have no company.
    private func underWay(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> (alone: Bool, count: Int) {
        let rows = try transaction.run(
            """
            SELECT count(*), coalesce(max(crash_count), 0) FROM submission
            WHERE state IN ('leased', 'onWire') AND endpoint = \(endpoint)
                AND lease_owner = \(epoch)
            """)
        guard let row = rows.first else { return (false, 0) }
        return (try row.int(1) >= policy.rules.crash.limit, try row.int(0))
    }

    private func isUnderWay(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        for state in [DeliveryState.leased, .onWire] {
            let rows = try transaction.run(
                """
                SELECT 1 FROM submission
                WHERE endpoint = \(endpoint) AND state = \(state.rawValue) LIMIT 1
                """)
            if !rows.isEmpty { return true }
        }
        return false
    }
}

// MARK: - Pace

extension Outbox {
    /// How many may still be sent by the pace. More than are wanted are not counted exactly.
    /// Throws `StorageFailure`.
    package func room(
        _ endpoint: String, for wanted: Int = .max, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        guard let pace = policy.rules.pace else { return .max }
        let since = now.adding(seconds: -pace.seconds).microseconds
        // The attempts of all lanes together are in one stretch of an index; whose each of them is
        // takes a look at its submission, and is asked only where it matters.
        let all = try transaction.run("SELECT count(*) FROM attempt WHERE began > \(since)")
        let least = max(0, pace.count - (try all.first?.int(0) ?? 0))
        guard least < min(wanted, pace.count) else { return least }
        let sent = try transaction.run(
            """
            SELECT count(*) FROM attempt JOIN submission ON submission.id = attempt.submission
            WHERE attempt.began > \(since) AND submission.endpoint = \(endpoint)
            """
        ).first?.int(0)
        return max(0, pace.count - (sent ?? 0))
    }

    /// When the next one may go by the pace; `nil` where it does not hold anything up.
    /// Throws `StorageFailure`.
    package func paceOpens(
        _ endpoint: String, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Timestamp? {
        guard let pace = policy.rules.pace,
            try room(endpoint, for: 1, now: now, in: transaction) == 0
        else { return nil }
        let since = now.adding(seconds: -pace.seconds).microseconds
        // The one that must leave the stretch before another fits into it.
        let rows = try transaction.run(
            """
            SELECT attempt.began FROM attempt
            JOIN submission ON submission.id = attempt.submission
            WHERE attempt.began > \(since) AND submission.endpoint = \(endpoint)
            ORDER BY attempt.began DESC LIMIT 1 OFFSET \(pace.count - 1)
            """)
        let began = try rows.first?.int64(0) ?? now.microseconds
        return Timestamp(microseconds: began).adding(seconds: pace.seconds)
    }
}
