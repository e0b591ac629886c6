package import Records
package import Schedules
package import Storage

/// What people and the runner ask of the book of runs. All throw `StorageFailure`.
extension ScheduleBook {
    /// How a schedule stands, for the runner's next decision.
    struct Standing: Sendable {
        let cursor: Timestamp?
        let isPaused: Bool
        let isRunning: Bool
        /// The oldest run that waits for a requirement.
        let waiting: Run?
        /// Runs that a process died in and that were not made up for, oldest first.
        let interrupted: [Run]
    }

    func standing(of schedule: String, in transaction: any Transaction) throws(StorageFailure)
        -> Standing
    {
        Standing(
            cursor: try cursor(of: schedule, in: transaction),
            isPaused: try pause(of: schedule, in: transaction) != nil,
            isRunning: try !runs(of: schedule, .running, in: transaction).isEmpty,
            waiting: try runs(of: schedule, .waiting, in: transaction).first,
            interrupted: try interrupted(of: schedule, in: transaction))
    }

    /// Only those after which nothing ran: a later run did what they left undone.
    private func interrupted(of schedule: String, in transaction: any Transaction)
        throws(StorageFailure) -> [Run]
    {
        try runs(
            transaction.run(
                """
                SELECT schedule, instant, cause, state, started, ended, outcome, rows
                FROM schedule_run
                WHERE state = 'interrupted' AND schedule = \(schedule) AND cause <> 'person'
                    AND NOT EXISTS (SELECT 1 FROM schedule_run AS later
                        WHERE later.schedule = \(schedule)
                            AND later.instant > schedule_run.instant
                            AND later.state IN ('running', 'done', 'failed'))
                ORDER BY instant LIMIT 50
                """))
    }

    private func runs(
        of schedule: String, _ state: State, in transaction: any Transaction
    ) throws(StorageFailure) -> [Run] {
        try runs(
            transaction.run(
                """
                SELECT schedule, instant, cause, state, started, ended, outcome, rows
                FROM schedule_run WHERE state = \(state.rawValue) AND schedule = \(schedule)
                ORDER BY instant LIMIT 50
                """))
    }

    /// The latest runs of a schedule, newest first.
    package func latest(of schedule: String, limit: Int, in transaction: any Transaction)
        throws(StorageFailure) -> [Run]
    {
        try runs(
            transaction.run(
                """
                SELECT schedule, instant, cause, state, started, ended, outcome, rows
                FROM schedule_run WHERE schedule = \(schedule)
                ORDER BY instant DESC LIMIT \(limit)
                """))
    }

    /// How many runs of each schedule ended in each state.
    package func counts(in transaction: any Transaction) throws(StorageFailure)
        -> [String: [State: Int]]
    {
        var counts: [String: [State: Int]] = [:]
        for row in try transaction.run(
            "SELECT schedule, state, count(*) FROM schedule_run GROUP BY schedule, state")
        {
            guard let state = State(rawValue: try row.text(1)) else { continue }
            counts[try row.text(0), default: [:]][state] = try row.int(2)
        }
        return counts
    }

    /// When a run of each schedule last ended well.
    package func lastSuccesses(in transaction: any Transaction) throws(StorageFailure)
        -> [String: Timestamp]
    {
        var found: [String: Timestamp] = [:]
        for row in try transaction.run(
            """
            SELECT schedule, max(ended) FROM schedule_run WHERE state = 'done' GROUP BY schedule
            """)
        {
            found[try row.text(0)] = Timestamp(microseconds: try row.int64(1))
        }
        return found
    }

    private func runs(_ rows: [Row]) throws(StorageFailure) -> [Run] {
        var found: [Run] = []
        for row in rows {
            guard let cause = Cause(rawValue: try row.text(2)),
                let state = State(rawValue: try row.text(3))
            else { throw StorageFailure(.unexpectedColumn("state")) }
            found.append(
                Run(
                    schedule: try row.text(0), instant: Timestamp(microseconds: try row.int64(1)),
                    cause: cause, state: state,
                    started: try row.optionalInt64(4).map(Timestamp.init(microseconds:)),
                    ended: try row.optionalInt64(5).map(Timestamp.init(microseconds:)),
                    outcome: try row.optionalText(6), rows: try row.int(7)))
        }
        return found
    }

    /// Whether a requirement is met for a run that was to begin at a minute.
    package func isMet(
        _ requirement: Requirement, for nominal: CalendarMinute, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let since = Timestamp(requirement.since(nominal)).microseconds
        switch requirement.subject {
        case .schedule(let name):
            return try !transaction.run(
                """
                SELECT 1 FROM schedule_run
                WHERE state = 'done' AND schedule = \(name) AND ended >= \(since) LIMIT 1
                """
            ).isEmpty
        case .source(let name):
            let row = try transaction.run(
                """
                SELECT count(*), coalesce(sum(rows), 0) FROM intake
                WHERE source = \(name) AND state = 'closed' AND arrived >= \(since)
                """
            ).first
            guard let row else { return false }
            let (files, rows) = (try row.int(0), try row.int(1))
            return files > 0 && rows >= requirement.rows
        }
    }

    /// Stops a schedule until it is resumed; false if it is paused already.
    package func pause(
        _ schedule: String, by person: String, because: String, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        try !transaction.run(
            """
            INSERT INTO schedule_pause (schedule, since, paused_by, because)
            VALUES (\(schedule), \(now.microseconds), \(person), \(because))
            ON CONFLICT DO NOTHING RETURNING since
            """
        ).isEmpty
    }

    /// Lets a schedule go on; false if it was not paused. What it passed over stays passed over.
    package func resume(
        _ schedule: String, by person: String, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let ended = try transaction.run(
            """
            UPDATE schedule_pause SET until = \(now.microseconds), resumed_by = \(person)
            WHERE schedule = \(schedule) AND until IS NULL RETURNING since
            """)
        guard !ended.isEmpty else { return false }
        try move(schedule, to: Timestamp(now.minute), in: transaction)
        return true
    }

    /// Who paused a schedule; `nil` where nobody did.
    package func pause(of schedule: String, in transaction: any Transaction)
        throws(StorageFailure) -> Pause?
    {
        let row = try transaction.run(
            """
            SELECT since, paused_by, because FROM schedule_pause
            WHERE schedule = \(schedule) AND until IS NULL
            """
        ).first
        guard let row else { return nil }
        return Pause(
            since: Timestamp(microseconds: try row.int64(0)), by: try row.text(1),
            because: try row.text(2))
    }
}
