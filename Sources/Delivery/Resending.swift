import Evidence
package import Records
package import Storage

/// A list that was started, and how far it is (重发进度).
package struct ResendStanding: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case running, paused, cancelled, done
    }

    /// SHA-256 of the list, hex.
    package let plan: String
    package let started: Timestamp
    package let by: String
    package let because: String
    package let state: State
    package let pace: ResendPace
    /// Records that wait, that went, and that were left out since they need it no more.
    package let waiting: Int
    package let gone: Int
    package let skipped: Int
    /// Why they were left out.
    package let reasons: [String: Int]
}

/// So many records in so many seconds.
package struct ResendPace: Sendable, Hashable {
    package let records: Int
    package let seconds: Int64

    package init(records: Int, seconds: Int64) {
        self.records = records
        self.seconds = seconds
    }
}

/// Resending by a list: begun once, paced, and stopped at any time. All throw `ResendFailure`,
/// `StorageFailure`, `EncodingError`.
extension Outbox {
    /// Notes the list that a plan wrote, so that it can be told from one that somebody made or
    /// changed by hand. The same list planned again is noted once.
    package func notePlanned(
        _ digest: String, records: Int, by person: String, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        guard try !isPlanned(digest, in: transaction) else { return }
        try tell(
            Outbox.planned, digest, records, Decision(by: person, because: ""), now: now,
            in: transaction)
    }

    private static let planned = "planned"

    private func isPlanned(_ digest: String, in transaction: any Transaction) throws -> Bool {
        try ledger.entries(of: "resent", holding: digest, in: transaction).contains { entry in
            guard case .resent(let fact) = entry.fact else { return false }
            return fact.plan == digest && fact.step == Outbox.planned
        }
    }

    /// Begins a list that a plan wrote. One that runs already is left as it is: false. One that was
    /// cancelled, or is done with some left out, begins again with what has not gone.
    package func startResend(
        _ plan: ResendPlan, digest: String, pace: ResendPace, _ decision: Decision,
        now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        let known = try transaction.run("SELECT 1 FROM resend WHERE plan = \(digest)")
        guard try !known.isEmpty || isPlanned(digest, in: transaction) else {
            throw ResendFailure(.unplanned, place: String(digest.prefix(12)))
        }
        let fresh = try transaction.run(
            """
            INSERT INTO resend (plan, started, started_by, because, state, pace_records,
                pace_seconds)
            VALUES (\(digest), \(now.microseconds), \(decision.by), \(decision.because),
                'running', \(pace.records), \(pace.seconds))
            ON CONFLICT (plan) DO NOTHING RETURNING plan
            """)
        guard !fresh.isEmpty else {
            return try startAgain(digest, pace, decision, now: now, in: transaction)
        }
        for (place, line) in plan.lines.enumerated() {
            let rows = try transaction.run(
                """
                SELECT position FROM item WHERE submission = \(line.submission.text)
                    AND record = \(line.record.text) AND version = \(line.version)
                """)
            guard let position = try rows.first?.int(0) else {
                throw ResendFailure(.file, place: "\(place + 2)")
            }
            try transaction.run(
                """
                INSERT INTO resend_item (plan, place, submission, position, step, state)
                VALUES (\(digest), \(place), \(line.submission.text), \(position),
                    \(line.step.rawValue), 'waiting')
                """)
        }
        try tell("started", digest, plan.lines.count, decision, now: now, in: transaction)
        return true
    }

    private func startAgain(
        _ digest: String, _ pace: ResendPace, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Bool {
        let state = try transaction.run("SELECT state FROM resend WHERE plan = \(digest)").first?
            .text(0)
        switch state {
        case "running": return false
        case "paused": throw ResendFailure(.wrongState, place: String(digest.prefix(12)))
        default: break
        }
        let left = try transaction.run(
            """
            UPDATE resend_item SET state = 'waiting', at = NULL, reason = NULL
            WHERE plan = \(digest) AND state <> 'gone' RETURNING place
            """)
        guard !left.isEmpty else { return false }
        try transaction.run(
            """
            UPDATE resend SET state = 'running', started = \(now.microseconds),
                started_by = \(decision.by), because = \(decision.because),
                pace_records = \(pace.records), pace_seconds = \(pace.seconds)
            WHERE plan = \(digest)
            """)
        try tell("started", digest, left.count, decision, now: now, in: transaction)
        return true
    }

    /// Pauses, resumes or cancels a list that is neither done nor cancelled.
    package func changeResend(
        _ plan: String, to state: ResendStanding.State, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let from = state == .running ? "paused" : "running"
        let rows = try transaction.run(
            """
            UPDATE resend SET state = \(state.rawValue) WHERE plan = \(plan)
                AND (state = \(from) OR (\(state.rawValue) = 'cancelled' AND state = 'paused'))
            RETURNING plan
            """)
        guard !rows.isEmpty else { throw ResendFailure(.wrongState, place: plan) }
        let step =
            switch state {
            case .running: "resumed"
            case .paused: "paused"
            case .cancelled: "cancelled"
            case .done: "finished"
            }
        try tell(step, plan, 0, decision, now: now, in: transaction)
    }

    /// The list whose digest begins so. Throws `ResendFailure`, `StorageFailure`.
    package func resend(
        beginning text: String, in transaction: any Transaction
    ) throws -> String {
        let found = try transaction.run(
            """
            SELECT plan FROM resend WHERE instr(plan, \(text.lowercased())) = 1
            LIMIT 2
            """)
        guard text.count >= 6, found.count == 1, let only = found.first else {
            throw ResendFailure(.unknown, place: text)
        }
        return try only.text(0)
    }

    /// All lists, the newest first. Throws `StorageFailure`.
    package func resends(
        in transaction: any Transaction
    ) throws(StorageFailure) -> [ResendStanding] {
        var lists: [ResendStanding] = []
        for row in try transaction.run(
            """
            SELECT plan, started, started_by, because, state, pace_records, pace_seconds
            FROM resend ORDER BY started DESC, plan
            """)
        {
            let plan = try row.text(0)
            var counts: [String: Int] = [:]
            var reasons: [String: Int] = [:]
            for count in try transaction.run(
                """
                SELECT state, coalesce(reason, ''), count(*) FROM resend_item
                WHERE plan = \(plan) GROUP BY state, reason
                """)
            {
                counts[try count.text(0), default: 0] += try count.int(2)
                let reason = try count.text(1)
                if !reason.isEmpty { reasons[reason, default: 0] += try count.int(2) }
            }
            lists.append(
                ResendStanding(
                    plan: plan, started: Timestamp(microseconds: try row.int64(1)),
                    by: try row.text(2), because: try row.text(3),
                    state: ResendStanding.State(rawValue: try row.text(4)) ?? .paused,
                    pace: ResendPace(records: try row.int(5), seconds: try row.int64(6)),
                    waiting: counts["waiting"] ?? 0, gone: counts["gone"] ?? 0,
                    skipped: counts["skipped"] ?? 0, reasons: reasons))
        }
        return lists
    }

    /// What may go now by the pace of each running list: records of one submission at a time.
    /// Throws `StorageFailure`.
    package func resendTurns(
        now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [ResendTurn] {
        var turns: [ResendTurn] = []
        for list in try resends(in: transaction) where list.state == .running {
            let since = now.adding(seconds: -list.pace.seconds).microseconds
            let spent =
                try transaction.run(
                    """
                    SELECT count(*) FROM resend_item
                    WHERE plan = \(list.plan) AND state = 'gone' AND at > \(since)
                    """
                ).first?.int(0) ?? 0
            let room = list.pace.records - spent
            guard room > 0 else { continue }
            for row in try transaction.run(
                """
                SELECT place, submission, position, step FROM resend_item
                WHERE plan = \(list.plan) AND state = 'waiting'
                ORDER BY submission, step, position LIMIT \(room)
                """)
            {
                guard let step = ResendStep(rawValue: try row.text(3)) else { continue }
                let submission = SubmissionID(try row.text(1))
                var (places, positions) = ([try row.int(0)], [try row.int(2)])
                if let last = turns.last, last.plan == list.plan, last.submission == submission,
                    last.step == step
                {
                    places = last.places + places
                    positions = last.positions + positions
                    turns.removeLast()
                }
                turns.append(
                    ResendTurn(
                        plan: list.plan, submission: submission, step: step, places: places,
                        positions: positions))
            }
        }
        return turns
    }

    func end(
        _ plan: String, _ place: Int, _ state: String, _ reason: String?, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            UPDATE resend_item SET state = \(state), at = \(now.microseconds), reason = \(reason)
            WHERE plan = \(plan) AND place = \(place) AND state = 'waiting'
            """)
    }

    func tell(
        _ step: String, _ plan: String, _ records: Int, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let fact = Fact.Resent(
            plan: plan, step: step, records: records, by: decision.by, because: decision.because)
        try ledger.append([.resent(fact)], at: now, in: transaction)
    }
}
