import Evidence
package import Records
package import Storage

/// Why a record of a list is left out when its turn comes.
package enum ResendSkip: String, Sendable, CaseIterable {
    /// It has an answer now, or another attempt is under way.
    case settled
    /// A newer version went out, or waits here.
    case replaced
    /// Answers contradict each other.
    case frozen
    /// Another case has what its person is entitled to once, by now (the free check, a sample).
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

/// What becomes of records whose turn has come. All throw `StorageFailure`, `EncodingError`.
extension Outbox {
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
}
