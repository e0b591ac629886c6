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

/// Why a record of a list is left out when its turn comes.
package enum ResendSkip: String, Sendable, CaseIterable {
    /// It has an answer now, or another attempt is under way.
    case settled
    /// A newer version went out.
    case replaced
    /// Answers contradict each other.
    case frozen
    /// Another case has what its person is entitled to once (R-17 and the like), by now.
    case entitled
    /// The case on which it hangs is not there.
    case orphan
}

/// The next records of one submission whose turn has come.
package struct ResendTurn: Sendable, Hashable {
    package let plan: String
    package let submission: SubmissionID
    package let step: ResendStep
    /// Their places in the list, and in the submission.
    package let places: [Int]
    package let positions: [Int]
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

    /// Begins a list that a plan wrote. The same bytes begun a second time change nothing: false.
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
        guard !fresh.isEmpty else { return false }
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

    /// Which of a turn's records may still go: those whose newest version it is, that wait for no
    /// other answer and are not frozen. The others are left out, each with its reason. What another
    /// worker has seen to meanwhile, or a person has stopped, is no longer in the turn.
    ///
    /// - Parameter renewal: why a record that they took back may not be reported anew, by its place
    ///   in the submission; `nil` where it may.
    package func screen(
        _ turn: ResendTurn, now: Timestamp, in transaction: any Transaction,
        renewal: (_ position: Int) throws -> ResendSkip?
    ) throws -> ResendTurn {
        var kept: [(place: Int, position: Int)] = []
        let items = try items(of: turn.submission, in: transaction)
        let waiting = try waitingPlaces(of: turn, in: transaction)
        for (place, position) in zip(turn.places, turn.positions) {
            guard waiting.contains(place),
                let item = items.first(where: { $0.position == position })
            else { continue }
            let standing = try standing(of: [item.record], in: transaction)[0]
            var skip = Outbox.skip(item, standing, turn.step)
            if skip == nil, turn.step == .renew { skip = try renewal(position) }
            if let skip {
                try end(turn.plan, place, "skipped", skip.rawValue, now: now, in: transaction)
            } else {
                kept.append((place, position))
            }
        }
        return ResendTurn(
            plan: turn.plan, submission: turn.submission, step: turn.step,
            places: kept.map(\.place), positions: kept.map(\.position))
    }

    private static func skip(
        _ item: Item, _ standing: RecordStanding, _ step: ResendStep
    ) -> ResendSkip? {
        if standing.isFrozen { return .frozen }
        if standing.latestVersion > item.version { return .replaced }
        let isTakenBack = item.state == .reversed
        let isMerelyLate = item.state == .rejected && standing.versionInForce == item.version
        return standing.openVersion != nil || isTakenBack != (step == .renew) || isMerelyLate
            ? .settled : nil
    }

    private func waitingPlaces(
        of turn: ResendTurn, in transaction: any Transaction
    ) throws(StorageFailure) -> Set<Int> {
        var places: Set<Int> = []
        for row in try transaction.run(
            """
            SELECT resend_item.place FROM resend_item JOIN resend ON resend.plan = resend_item.plan
            WHERE resend_item.plan = \(turn.plan) AND resend_item.state = 'waiting'
                AND resend_item.submission = \(turn.submission.text)
                AND resend.state = 'running'
            """)
        { places.insert(try row.int(0)) }
        return places
    }

    /// Notes that a turn's records went, in the transaction in which they did; and that the list is
    /// done with its last one.
    package func finish(
        _ turn: ResendTurn, now: Timestamp, in transaction: any Transaction
    ) throws {
        for place in turn.places {
            try end(turn.plan, place, "gone", nil, now: now, in: transaction)
        }
        let left = try transaction.run(
            "SELECT 1 FROM resend_item WHERE plan = \(turn.plan) AND state = 'waiting' LIMIT 1")
        guard left.isEmpty else { return }
        let done = try transaction.run(
            """
            UPDATE resend SET state = 'done' WHERE plan = \(turn.plan) AND state = 'running'
            RETURNING plan
            """)
        guard !done.isEmpty else { return }
        let itself = Decision(by: Outbox.itself, because: "")
        try tell("finished", turn.plan, 0, itself, now: now, in: transaction)
    }

    /// Lets a submission that was held or is in doubt go on: asked for first where it may have been
    /// sent. What has moved on by itself is left out.
    package func goOn(
        _ turn: ResendTurn, now: Timestamp, in transaction: any Transaction
    ) throws {
        let waiting = try waitingPlaces(of: turn, in: transaction)
        guard turn.places.contains(where: waiting.contains),
            let status = try DeliveryStatus.load(turn.submission, in: transaction)
        else { return }
        switch status.state {
        case .held:
            try release(
                turn.submission,
                Decision(by: Outbox.itself, because: "resend \(turn.plan.prefix(12))"),
                now: now, in: transaction)
            try finish(turn, now: now, in: transaction)
        case .inDoubt:
            try finish(turn, now: now, in: transaction)
        case .due, .leased, .onWire, .awaiting, .final, .cancelled:
            for place in turn.places {
                try end(
                    turn.plan, place, "skipped", ResendSkip.settled.rawValue, now: now,
                    in: transaction)
            }
            try finish(
                ResendTurn(
                    plan: turn.plan, submission: turn.submission, step: turn.step, places: [],
                    positions: []), now: now, in: transaction)
        }
    }

    /// Queues a submission of a turn. Where its records are past their deadline it is held as
    /// `Q-DEADLINE`, as all that was not sent by then: a person decides whether it still goes.
    package func enqueue(
        _ parcel: Parcel, ofLate isLate: Bool, now: Timestamp, in transaction: any Transaction
    ) throws {
        try enqueue(parcel, in: transaction)
        guard isLate, let status = try DeliveryStatus.load(parcel.id, in: transaction) else {
            return
        }
        try stop(status, because: .deadline, now: now, in: transaction)
    }

    private func end(
        _ plan: String, _ place: Int, _ state: String, _ reason: String?, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            UPDATE resend_item SET state = \(state), at = \(now.microseconds), reason = \(reason)
            WHERE plan = \(plan) AND place = \(place) AND state = 'waiting'
            """)
    }

    private func tell(
        _ step: String, _ plan: String, _ records: Int, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let fact = Fact.Resent(
            plan: plan, step: step, records: records, by: decision.by, because: decision.because)
        try ledger.append([.resent(fact)], at: now, in: transaction)
    }
}
