package import Records
import Schedules
import Storage

/// What became of each run of the calendar (运行记录): one row for a schedule and an instant, so that
/// two processes that see the same instant run it once. All functions throw `StorageFailure`.
package struct ScheduleBook: Sendable {
    package init() {}

    /// Runs, how far each schedule was decided, and who paused one.
    ///
    /// The second key lets at most one run of a schedule be under way.
    package static let migration: StaticString = """
        CREATE TABLE schedule_run (
            schedule text NOT NULL,
            instant bigint NOT NULL,
            cause text NOT NULL CHECK (cause IN ('calendar', 'catchUp', 'person')),
            state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed',
                'skipped', 'missed', 'interrupted')),
            owner text,
            lease bigint NOT NULL,
            started bigint,
            ended bigint,
            outcome text,
            rows bigint NOT NULL,
            PRIMARY KEY (schedule, instant),
            CHECK ((state = 'running') = (owner IS NOT NULL))
        );
        CREATE UNIQUE INDEX schedule_run_one ON schedule_run (schedule) WHERE state = 'running';
        CREATE INDEX schedule_run_by_state ON schedule_run (state, schedule, instant);
        CREATE TABLE schedule_cursor (
            schedule text PRIMARY KEY,
            decided bigint NOT NULL
        );
        CREATE TABLE schedule_pause (
            schedule text NOT NULL,
            since bigint NOT NULL,
            paused_by text NOT NULL,
            because text NOT NULL,
            until bigint,
            resumed_by text,
            PRIMARY KEY (schedule, since)
        );
        CREATE UNIQUE INDEX schedule_pause_one ON schedule_pause (schedule) WHERE until IS NULL;
        """

    /// Why a run began.
    package enum Cause: String, Sendable, Codable {
        case calendar, catchUp, person
    }

    package enum State: String, Sendable, Codable, CaseIterable {
        /// A requirement is waited for.
        case waiting
        case running, done, failed
        /// A requirement did not come in time.
        case skipped
        /// Nobody was there to run it.
        case missed
        /// The process died in it.
        case interrupted
    }

    /// One run.
    package struct Run: Sendable, Hashable {
        package let schedule: String
        package let instant: Timestamp
        package let cause: Cause
        package let state: State
        package let started: Timestamp?
        package let ended: Timestamp?
        /// A stable code, `nil` where all went well or nothing ran.
        package let outcome: String?
        /// Rows taken, or submissions sent.
        package let rows: Int
    }

    /// Who stopped a schedule, and why.
    package struct Pause: Sendable, Hashable {
        package let since: Timestamp
        package let by: String
        package let because: String
    }

    /// Up to which instant a schedule was decided; `nil` for one that is new.
    func cursor(of schedule: String, in transaction: any Transaction) throws(StorageFailure)
        -> Timestamp?
    {
        try transaction.run(
            "SELECT decided FROM schedule_cursor WHERE schedule = \(schedule)"
        ).first.map { (row) throws(StorageFailure) in
            Timestamp(microseconds: try row.int64(0))
        }
    }

    /// Never goes back: another process may be ahead.
    func move(_ schedule: String, to instant: Timestamp, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try transaction.run(
            """
            INSERT INTO schedule_cursor (schedule, decided)
            VALUES (\(schedule), \(instant.microseconds))
            ON CONFLICT (schedule) DO UPDATE SET decided = excluded.decided
                WHERE schedule_cursor.decided < excluded.decided
            """)
    }

    /// Takes back what was decided of instants that are still to come.
    func rewind(_ schedule: String, to instant: Timestamp, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try transaction.run(
            """
            DELETE FROM schedule_run WHERE schedule = \(schedule)
                AND instant > \(instant.microseconds) AND state <> 'running'
            """)
        try transaction.run(
            """
            UPDATE schedule_cursor SET decided = \(instant.microseconds)
            WHERE schedule = \(schedule)
            """)
    }

    /// Takes a run for this process, if nobody ran it and no other one of the schedule is under
    /// way.
    func claim(
        _ run: RunKey, cause: Cause, owner: String, lease: Timestamp, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let made = try transaction.run(
            """
            INSERT INTO schedule_run (schedule, instant, cause, state, owner, lease, started, rows)
            VALUES (\(run.schedule), \(run.instant.microseconds), \(cause.rawValue), 'running',
                \(owner), \(lease.microseconds), \(now.microseconds), 0)
            ON CONFLICT DO NOTHING RETURNING instant
            """)
        if !made.isEmpty { return true }
        return try !transaction.run(
            """
            UPDATE schedule_run SET state = 'running', owner = \(owner),
                lease = \(lease.microseconds), started = \(now.microseconds), ended = NULL,
                outcome = NULL, cause = \(cause.rawValue)
            WHERE schedule = \(run.schedule) AND instant = \(run.instant.microseconds)
                AND state IN ('waiting', 'interrupted')
                AND NOT EXISTS (SELECT 1 FROM schedule_run AS other
                    WHERE other.schedule = \(run.schedule) AND other.state = 'running')
            RETURNING instant
            """
        ).isEmpty
    }

    /// Notes runs that did not happen, or wait; those that have a row keep it.
    func note(
        _ runs: [RunKey], _ state: State, cause: Cause, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.runEach(
            """
            INSERT INTO schedule_run (schedule, instant, cause, state, lease, ended, rows)
            VALUES ($1, $2, $3, $4, 0, $5, 0) ON CONFLICT DO NOTHING
            """, runs
        ) { run, parameters in
            parameters.bind(run.schedule)
            parameters.bind(run.instant.microseconds)
            parameters.bind(cause.rawValue)
            parameters.bind(state.rawValue)
            parameters.bind(state == .waiting ? Int64?.none : now.microseconds)
        }
    }

    /// Gives up waiting for a requirement.
    func skip(
        _ run: RunKey, cause: Cause, outcome: String, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try note([run], .skipped, cause: cause, now: now, in: transaction)
        try transaction.run(
            """
            UPDATE schedule_run SET state = 'skipped', ended = \(now.microseconds),
                outcome = \(outcome)
            WHERE schedule = \(run.schedule) AND instant = \(run.instant.microseconds)
                AND state IN ('waiting', 'skipped')
            """)
    }

    /// Holds a run longer; false if it is no longer this process's.
    @discardableResult
    func renew(
        _ run: RunKey, owner: String, lease: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        try !transaction.run(
            """
            UPDATE schedule_run SET lease = \(lease.microseconds)
            WHERE schedule = \(run.schedule) AND instant = \(run.instant.microseconds)
                AND state = 'running' AND owner = \(owner)
            RETURNING instant
            """
        ).isEmpty
    }

    /// Ends a run; false if it is no longer this process's.
    @discardableResult
    func finish(
        _ run: RunKey, owner: String, _ report: WorkReport, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        let state = report.isWell ? State.done : .failed
        return try !transaction.run(
            """
            UPDATE schedule_run SET state = \(state.rawValue), owner = NULL,
                ended = \(now.microseconds), outcome = \(report.code), rows = \(report.rows)
            WHERE schedule = \(run.schedule) AND instant = \(run.instant.microseconds)
                AND state = 'running' AND owner = \(owner)
            RETURNING instant
            """
        ).isEmpty
    }

    /// Notes that processes died in their runs; which schedules were theirs.
    ///
    /// - Parameter isAlone: whether no other process can have this database: then nobody else's
    ///   lease needs to run out.
    func interrupt(
        besides owner: String, isAlone: Bool, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        let limit = isAlone ? Int64.max : now.microseconds
        var found: [String] = []
        for row in try transaction.run(
            """
            UPDATE schedule_run SET state = 'interrupted', owner = NULL,
                ended = \(now.microseconds), outcome = \(ScheduleCodes.interrupted.code)
            WHERE state = 'running' AND owner <> \(owner) AND lease < \(limit)
            RETURNING schedule
            """)
        {
            found.append(try row.text(0))
        }
        return found
    }
}

/// What names a run: a schedule and the minute that it was to begin at, before any offset. A run
/// that a person began has the moment itself.
package struct RunKey: Hashable, Sendable {
    package let schedule: String
    package let instant: Timestamp
}

/// What a run's work says of itself.
package struct WorkReport: Sendable, Hashable {
    /// A stable code where something is to be looked at; `nil` where all went well.
    package let code: String?
    /// Rows taken, or submissions sent.
    package let rows: Int
    /// Whether what depends on it may begin.
    package let isWell: Bool

    package init(code: String? = nil, rows: Int = 0, isWell: Bool = true) {
        self.code = code
        self.rows = rows
        self.isWell = isWell
    }
}
