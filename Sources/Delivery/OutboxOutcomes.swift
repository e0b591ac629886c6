import Evidence
package import Records
package import Storage

/// How an attempt ended, after a receipt that came with it was taken.
package enum AttemptOutcome: Sendable {
    /// The other side has it: a code such as `HTTP-202`.
    case answered(String)
    case failed(TransportFailure)
}

extension Outbox {
    /// Ends an attempt. False if the claim no longer counts (a newer fence): then nothing changes.
    ///
    /// A receipt may have moved the submission already; then only the attempt is closed.
    /// Throws `StorageFailure`, `EncodingError`.
    @discardableResult
    package func settle(
        _ claim: Claim, _ outcome: AttemptOutcome, now: Timestamp, random: Double,
        in transaction: any Transaction
    ) throws -> Bool {
        guard let before = try DeliveryStatus.load(claim.submission, in: transaction),
            before.fence == claim.fence
        else { return false }
        var lane = try Lane.load(claim.endpoint, in: transaction)
        let laneBefore = lane
        let code: String
        switch outcome {
        case .answered(let answer):
            code = answer
            lane.noteSuccess(of: .send, by: policy.rules, now: now)
            try settleAnswered(before, now: now, in: transaction)
        case .failed(let failure):
            code = failure.cause.code.rawValue
            lane.note(failure, of: .send, by: policy.rules, now: now, random: random)
            if failure.cause.code == .timeout, before.attempts > 1 {
                lane.spendOnTimeout(policy.rules)
            }
            if failure.cause.code == .tooLarge {
                lane.noteTooLarge(records: before.recordCount, now: now)
            }
            try settleFailed(
                before, failure, lane: lane, now: now, random: random, in: transaction)
        }
        if lane != laneBefore { try lane.save(in: transaction) }
        try close(
            claim.submission, claim.fence, code, leftHouse: outcome.leftHouse, now: now,
            in: transaction)
        return true
    }

    private func settleAnswered(
        _ before: DeliveryStatus, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) {
        var status = before
        if status.state == .onWire, status.take(.stored) {
            let rules = try rules(of: before, in: transaction)
            status.nextStep = now.adding(seconds: rules.answerSeconds)
        }
        status.failures = 0
        status.crashCount = max(0, status.crashCount - 1)
        _ = try status.save(over: before, in: transaction)
    }

    private func settleFailed(
        _ before: DeliveryStatus, _ failure: TransportFailure, lane: Lane, now: Timestamp,
        random: Double, in transaction: any Transaction
    ) throws {
        guard before.state == .onWire else { return }
        var status = before
        status.crashCount = max(0, status.crashCount - 1)
        // Overload is the lane's: it does not count against the submission.
        let isBusy = failure.cause.code == .busy
        if !isBusy { status.failures += 1 }
        if case .uncertain = failure { status.doubts += 1 }
        let failures = isBusy ? lane.failures : status.failures
        let rules = try rules(of: before, in: transaction)
            .closing(in: before.deadline.seconds(since: now))
        let step = rules.step(
            after: failure, failures: failures, doubts: status.doubts, now: now, random: random)
        switch step {
        case .retry(let moment):
            guard status.take(.notTaken) else { return }
            status.nextStep = moment
        case .ask(let moment):
            guard status.take(.lost) else { return }
            status.nextStep = moment
        case .split where before.recordCount > 1:
            try transaction.run(
                """
                UPDATE item SET state = 'transient', at = \(now.microseconds),
                    code = \(TransportCode.tooLarge.rawValue)
                WHERE submission = \(before.submission.text) AND state = 'open'
                """)
            // What was answered before with a code that nobody knows goes in no other submission:
            // it waits for its code here.
            if try items(of: before.submission, in: transaction)
                .contains(where: { $0.state == .unknown })
            {
                guard try status.save(over: before, in: transaction) else { return }
                try stop(status, because: .unknownCode, now: now, in: transaction)
                return
            }
            guard status.take(.answered) else { return }
        case .split, .hold:
            guard try status.save(over: before, in: transaction) else { return }
            let reason: QueueReason
            if case .uncertain = failure { reason = .doubt } else { reason = .refused }
            try stop(status, because: reason, now: now, in: transaction)
            return
        }
        _ = try status.save(over: before, in: transaction)
    }

    /// Writes how the attempt under this fence ended, once.
    func close(
        _ submission: SubmissionID, _ fence: Int64, _ outcome: String, leftHouse: Bool,
        now: Timestamp, in transaction: any Transaction
    ) throws {
        let rows = try transaction.run(
            """
            UPDATE attempt SET outcome = \(outcome), ended = \(now.microseconds),
                on_wire = \(leftHouse)
            WHERE submission = \(submission.text) AND fence = \(fence) AND outcome IS NULL
            RETURNING number
            """)
        guard let number = try rows.first?.int(0) else { return }
        try tellAttempt(submission, number, outcome, now: now, in: transaction)
    }

    /// Adds the fact with the state that followed.
    private func tellAttempt(
        _ submission: SubmissionID, _ number: Int, _ outcome: String, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        guard let status = try DeliveryStatus.load(submission, in: transaction) else { return }
        let fact = Fact.Attempted(
            submission: submission, attempt: number, state: status.state.rawValue,
            outcome: outcome)
        try ledger.append([.attempted(fact)], at: now, in: transaction)
    }
}

// MARK: - Questions

extension Outbox {
    /// A submission whose receipt is to be asked for.
    package struct Question: Sendable, Hashable {
        package let submission: SubmissionID
        package let endpoint: String
        package let fence: Int64
        package let state: DeliveryState
    }

    /// What the question came to, after a receipt that was the answer was taken.
    package enum QuestionOutcome: Sendable {
        /// They never stored it.
        case unknown
        /// They have it and have not decided.
        case pending
        /// There was a receipt, and it was about this submission.
        case answered
        case failed(TransportFailure)
    }

    /// Doubtful submissions and overdue answers whose time to ask has come.
    /// Throws `StorageFailure`.
    package func questions(
        endpoint: String, limit: Int, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [Question] {
        var questions: [Question] = []
        for state in [DeliveryState.inDoubt, .awaiting] {
            let rows = try transaction.run(
                """
                SELECT id, fence FROM submission
                WHERE endpoint = \(endpoint) AND state = \(state.rawValue)
                    AND next_step <= \(now.microseconds)
                ORDER BY next_step LIMIT \(limit - questions.count)
                """)
            for row in rows {
                questions.append(
                    Question(
                        submission: SubmissionID(try row.text(0)), endpoint: endpoint,
                        fence: try row.int64(1), state: state))
            }
        }
        return questions
    }

    /// Ends a question. False if the submission has moved on meanwhile.
    /// Throws `StorageFailure`, `EncodingError`.
    @discardableResult
    package func settle(
        _ question: Question, _ outcome: QuestionOutcome, now: Timestamp, random: Double,
        in transaction: any Transaction
    ) throws -> Bool {
        var lane = try Lane.load(question.endpoint, in: transaction)
        let laneBefore = lane
        if case .failed(let failure) = outcome {
            lane.note(failure, of: .look, by: policy.rules, now: now, random: random)
        } else {
            lane.noteSuccess(of: .look, by: policy.rules, now: now)
        }
        if lane != laneBefore { try lane.save(in: transaction) }
        guard let before = try DeliveryStatus.load(question.submission, in: transaction),
            before.fence == question.fence, before.state == question.state
        else { return false }
        let rules = try rules(of: before, in: transaction)
            .closing(in: before.deadline.seconds(since: now))
        var status = before
        var told: String?
        switch outcome {
        case .unknown:
            if status.doubts > rules.doubtLimit {
                try stop(before, because: .doubt, now: now, in: transaction)
                return true
            }
            let sent = try firstSent(before.submission, in: transaction)
            if rules.mayBeForgotten(sentAt: sent, now: now) {
                try stop(before, because: .forgotten, now: now, in: transaction)
                return true
            }
            _ = status.take(.overdue)
            guard status.take(.mayRepeat) else { return false }
            status.nextStep = now
            told = "ASK-UNKNOWN"
        case .pending:
            let wasDoubtful = status.state == .inDoubt
            guard status.take(.stored) else { return false }
            status.failures = 0
            let wait = wasDoubtful ? rules.answerSeconds : rules.askAgainSeconds
            status.nextStep = now.adding(seconds: wait)
            if wasDoubtful { told = "ASK-PENDING" }
        case .answered:
            status.nextStep = now.adding(seconds: rules.askAgainSeconds)
        case .failed:
            status.failures += 1
            status.nextStep = rules.nextQuestion(
                failures: status.failures, now: now, random: random)
        }
        guard try status.save(over: before, in: transaction) else { return false }
        if let told {
            try tellAttempt(
                status.submission, status.attempts, told, now: now, in: transaction)
        }
        return true
    }
}

extension Outbox {
    /// When it may have left the house for the first time; after a restore that lost its attempts,
    /// when it was made.
    private func firstSent(
        _ id: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> Timestamp {
        let rows = try transaction.run(
            """
            SELECT coalesce((SELECT min(began) FROM attempt
                WHERE submission = \(id.text) AND on_wire = 1), created)
            FROM submission WHERE id = \(id.text)
            """)
        guard let row = rows.first else { throw StorageFailure(.unexpectedColumn("created")) }
        return Timestamp(microseconds: try row.int64(0))
    }
}

// MARK: - Recovery

extension Outbox {
    /// At the start, before anything is sent or received: what another process left behind was
    /// either not sent (`leased`) or may have been (`onWire`). Also names this process.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    @discardableResult
    package func recover(now: Timestamp, in transaction: any Transaction) throws -> TakenBack {
        try transaction.run(
            """
            INSERT INTO process (one, epoch, started) VALUES (1, \(epoch), \(now.microseconds))
            ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, started = excluded.started
            """)
        return try takeBack(endpoint: nil, now: now, in: transaction)
    }

    /// What an earlier round of this very process could not finish, a full disk say.
    /// Only while no claim of the endpoint is at work. Throws `StorageFailure`, `EncodingError`.
    @discardableResult
    package func reclaim(
        endpoint: String, now: Timestamp, in transaction: any Transaction
    ) throws -> TakenBack {
        try takeBack(endpoint: endpoint, now: now, in: transaction)
    }

    /// Claims whose work was cut short.
    package struct TakenBack: Sendable, Hashable {
        package fileprivate(set) var count = 0
        /// Those of another worker that is gone, by where they stood.
        package fileprivate(set) var reclaims: [DeliveryState: Int] = [:]
    }

    private func takeBack(
        endpoint: String?, now: Timestamp, in transaction: any Transaction
    ) throws -> TakenBack {
        let rows = try transaction.run(
            """
            SELECT id, CASE WHEN \(raw: transaction.dialect.leaseIsOver) THEN 1 ELSE 0 END,
                count(*) OVER (PARTITION BY endpoint, lease_owner)
            FROM submission WHERE state IN ('leased', 'onWire') ORDER BY id
            """)
        var taken = TakenBack()
        for row in rows {
            let id = SubmissionID(try row.text(0))
            guard let status = try DeliveryStatus.load(id, in: transaction) else { continue }
            let isOurs = status.leaseOwner == epoch
            // Another worker's claim is left alone while it counts.
            guard try isOurs || row.flag(1) else { continue }
            guard endpoint == nil ? !isOurs : status.endpoint == endpoint else { continue }
            try takeBack(status, wasAlone: try row.int(2) == 1, now: now, in: transaction)
            taken.count += 1
            if !isOurs { taken.reclaims[status.state, default: 0] += 1 }
        }
        return taken
    }

    /// - Parameter wasAlone: whether the process had nothing else under way there; else nobody
    ///   knows which of them it died of, and none is held for it.
    private func takeBack(
        _ before: DeliveryStatus, wasAlone: Bool, now: Timestamp, in transaction: any Transaction
    ) throws {
        let rules = try rules(of: before, in: transaction)
        var status = before
        let crashed = status.leaseOwner != epoch
        let wasOnWire = status.state == .onWire
        if crashed { status.crashedAt = now } else { status.crashCount -= 1 }
        if crashed, !wasAlone { status.crashCount = min(status.crashCount, rules.crash.limit - 1) }
        if wasOnWire { status.doubts += 1 }
        if crashed, status.crashCount >= rules.crash.limit {
            _ = try status.save(over: before, in: transaction)
            try stop(status, because: .poison, now: now, in: transaction)
        } else if wasOnWire, status.doubts > rules.doubtLimit {
            _ = try status.save(over: before, in: transaction)
            try stop(status, because: .doubt, now: now, in: transaction)
        } else {
            guard status.take(wasOnWire ? .lost : .released) else { return }
            // After a crash nothing of it is under way any more: ask at once.
            let wait = wasOnWire && !crashed ? rules.question.firstSeconds : 0
            // A second crash with it under way: others go first.
            status.nextStep = now.adding(
                seconds: status.crashCount > 1 ? rules.crash.waitSeconds : wait)
            _ = try status.save(over: before, in: transaction)
        }
        try close(
            status.submission, status.fence, TransportCode.broken.rawValue, leftHouse: true,
            now: now, in: transaction)
    }

    /// Holds what could not be delivered in its time. Throws `StorageFailure`, `EncodingError`.
    package func expire(
        endpoint: String, now: Timestamp, in transaction: any Transaction
    ) throws {
        for state in [DeliveryState.due, .inDoubt] {
            let rows = try transaction.run(
                """
                SELECT id FROM submission
                WHERE endpoint = \(endpoint) AND state = \(state.rawValue)
                    AND deadline < \(now.microseconds)
                """)
            for row in rows {
                let id = SubmissionID(try row.text(0))
                guard let status = try DeliveryStatus.load(id, in: transaction) else { continue }
                try stop(status, because: .deadline, now: now, in: transaction)
            }
        }
    }
}

extension AttemptOutcome {
    /// False if it is proved that not a byte left.
    fileprivate var leftHouse: Bool {
        guard case .failed(.notSent(let cause)) = self else { return true }
        switch cause.code {
        // Bytes went and were not taken: none of a request that was refused, or half of a file.
        case .busy, .timeout, .broken: return true
        default: return false
        }
    }
}
