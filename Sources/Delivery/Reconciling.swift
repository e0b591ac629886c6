import Evidence
package import Records
package import Storage

/// First reconcile, then send (先对账): the database may lack what was confirmed, because a standby
/// took over or an older backup was put back.
///
/// While it is on, nothing is sent. Receipts are fetched and doubtful submissions are asked for; a
/// person ends it.
package struct Reconciling: Sendable, Hashable {
    /// How it was found out.
    package enum Cause: String, Sendable, CaseIterable {
        /// The server has another number or timeline than the database remembers.
        case otherServer
        /// A worker's journal knows a line of the ledger that is not there, or reads otherwise.
        case olderDatabase
        /// A person said so.
        case person
    }

    /// What a worker's journal told.
    package struct Report: Sendable, Hashable {
        package let worker: String
        package let at: Timestamp
        /// Sends that the database did not know, and that are asked for.
        package let missing: Int
        /// Sends of submissions that the database does not have at all.
        package let unknown: Int
    }

    package let since: Timestamp
    package let cause: Cause
    package let reports: [Report]

    /// As it stands; `nil` while all is well. Throws `StorageFailure`.
    package static func load(in transaction: any Transaction) throws(StorageFailure) -> Reconciling?
    {
        let rows = try transaction.run("SELECT since, cause FROM reconciling WHERE one = 1")
        guard let row = rows.first else { return nil }
        guard let cause = Cause(rawValue: try row.text(1)) else {
            throw StorageFailure(.unexpectedColumn("cause"))
        }
        var reports: [Report] = []
        for row in try transaction.run(
            "SELECT worker, at, missing, unknown FROM reconcile_report ORDER BY at, worker")
        {
            reports.append(
                Report(
                    worker: try row.text(0), at: Timestamp(microseconds: try row.int64(1)),
                    missing: try row.int(2), unknown: try row.int(3)))
        }
        return Reconciling(
            since: Timestamp(microseconds: try row.int64(0)), cause: cause, reports: reports)
    }

    /// Whether nothing may be sent. Throws `StorageFailure`.
    static func isOn(in transaction: any Transaction) throws(StorageFailure) -> Bool {
        try !transaction.run("SELECT 1 FROM reconciling WHERE one = 1").isEmpty
    }
}

// MARK: - Beginning

extension Outbox {
    /// Where the database stands now. Throws `StorageFailure`.
    package func mark(
        _ stand: DatabaseStand, in transaction: any Transaction
    ) throws(StorageFailure) -> DatabaseMark {
        let head = try ledger.head(in: transaction)
        return DatabaseMark(
            stand: stand, seq: head.seq, hash: DatabaseMark.beginning(of: head.hash))
    }

    /// Begins to reconcile; what is on already stays as it is. Throws `StorageFailure`,
    /// `EncodingError`.
    package func beginReconciling(
        _ cause: Reconciling.Cause, by decision: Decision? = nil, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let begun = try transaction.run(
            """
            INSERT INTO reconciling (one, since, cause)
            VALUES (1, \(now.microseconds), \(cause.rawValue))
            ON CONFLICT (one) DO NOTHING RETURNING one
            """)
        guard begun.count == 1 else { return }
        try transaction.run("DELETE FROM reconcile_report")
        let fact = Fact.Reconciled(
            step: "began", cause: cause.rawValue, by: decision?.by ?? Outbox.itself,
            because: decision?.because ?? cause.rawValue)
        try ledger.append([.reconciled(fact)], at: now, in: transaction)
    }

    /// Compares the server with the one that the database remembers, and remembers this one: a
    /// standby that took over has the other's memory and its own timeline.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func check(
        _ stand: DatabaseStand, now: Timestamp, in transaction: any Transaction
    ) throws {
        let known = try transaction.run("SELECT system, timeline FROM stand WHERE one = 1").first
        if let known {
            let before = DatabaseStand(system: try known.text(0), timeline: try known.text(1))
            guard before != stand else { return }
            try beginReconciling(.otherServer, now: now, in: transaction)
        }
        try transaction.run(
            """
            INSERT INTO stand (one, system, timeline)
            VALUES (1, \(stand.system), \(stand.timeline))
            ON CONFLICT (one) DO UPDATE SET system = excluded.system, timeline = excluded.timeline
            """)
    }

    /// Whether the database still has what a journal's line saw: the ledger is a chain, so
    /// one line that is the same means that all before it are. Throws `StorageFailure`.
    package func holds(
        _ mark: DatabaseMark, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        guard mark.seq > 0 else { return true }
        let rows = try transaction.run("SELECT hash FROM ledger WHERE seq = \(mark.seq)")
        guard let row = rows.first else { return false }
        return DatabaseMark.beginning(of: try row.bytes(0)) == mark.hash
    }
}

// MARK: - What a journal remembers

extension Outbox {
    /// What became of a journal's lines.
    package struct Remembered: Sendable, Hashable {
        package var missing = 0
        package var unknown = 0
    }

    /// Tells the database what it has lost: a send that it does not know may have left the house,
    /// so its submission is in doubt and will be asked for. Repeating this changes nothing.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func remember(
        _ entries: some Sequence<WireEntry>, now: Timestamp, in transaction: any Transaction
    ) throws -> Remembered {
        var remembered = Remembered()
        for entry in entries {
            guard let id = entry.submission else { continue }
            guard let before = try DeliveryStatus.load(id, in: transaction) else {
                remembered.unknown += 1
                continue
            }
            let known = try transaction.run(
                """
                SELECT 1 FROM attempt WHERE submission = \(id.text) AND fence = \(entry.fence)
                """)
            guard known.isEmpty else { continue }
            remembered.missing += 1
            var status = before
            status.raise(fence: entry.fence)
            status.attempts += 1
            if status.take(.remembered) {
                status.doubts += 1
                status.nextStep = now
            }
            guard try status.save(over: before, in: transaction) else {
                throw StorageFailure(.corrupt)
            }
            try transaction.run(
                """
                INSERT INTO attempt (submission, fence, number, began, ended, on_wire, outcome,
                    wire_digest)
                SELECT id, \(entry.fence), \(status.attempts), \(entry.at.microseconds),
                    \(now.microseconds), 1, \(TransportCode.broken.rawValue), wire_digest
                FROM submission WHERE id = \(id.text)
                """)
            let fact = Fact.Attempted(
                submission: id, attempt: status.attempts, state: status.state.rawValue,
                outcome: "JOURNAL")
            try ledger.append([.attempted(fact)], at: now, in: transaction)
        }
        return remembered
    }

    /// Notes that a worker's journal was read while reconciling. Throws `StorageFailure`.
    package func report(
        _ remembered: Remembered, of worker: String, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO reconcile_report (worker, at, missing, unknown)
            VALUES (\(worker), \(now.microseconds), \(remembered.missing), \(remembered.unknown))
            ON CONFLICT (worker) DO UPDATE SET at = excluded.at, missing = excluded.missing,
                unknown = excluded.unknown
            """)
    }

    /// Ends it: a person has seen that all workers' journals were read and what they told. False
    /// if it was not on. Throws `StorageFailure`, `EncodingError`.
    package func endReconciling(
        _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        let ended = try transaction.run(
            "DELETE FROM reconciling WHERE one = 1 RETURNING cause")
        guard let cause = try ended.first?.text(0) else { return false }
        let fact = Fact.Reconciled(
            step: "ended", cause: cause, by: decision.by, because: decision.because)
        try ledger.append([.reconciled(fact)], at: now, in: transaction)
        return true
    }
}
