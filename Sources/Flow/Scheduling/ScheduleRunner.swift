package import Records
package import Schedules
package import Storage

/// What the runner asks to be done.
package struct ScheduledRun: Sendable {
    package let schedule: Schedule
    package let key: RunKey
    package let cause: ScheduleBook.Cause
    /// When the window closes in which it may call the national side; `nil` without an end.
    package let ends: Timestamp?
    /// Whether what is past its deadline is held; not while the clock may be wrong.
    package let expires: Bool
}

/// Runs the upload calendar (日程执行): decides at each step what is due, and has it done, one thing
/// after the other.
///
/// Whether a run is this process's is decided in the database, so two runners run an instant once.
package actor ScheduleRunner {
    package typealias Work = @Sendable (ScheduledRun) async throws -> WorkReport

    /// What a step did.
    package struct Step: Sendable {
        package struct Ran: Sendable {
            package let key: RunKey
            package let cause: ScheduleBook.Cause
            package let report: WorkReport
        }

        /// Something that a person should know.
        package struct Notice: Sendable {
            package let entry: CodeEntry
            /// The schedule that it is about; `nil` where it is about all.
            package let schedule: String?
            package let detail: String?
        }

        package internal(set) var ran: [Ran] = []
        /// Schedules that wait for a requirement.
        package internal(set) var waiting: [String] = []
        package internal(set) var notices: [Notice] = []

        mutating func note(_ entry: CodeEntry, _ schedule: String? = nil, _ detail: String? = nil) {
            notices.append(Notice(entry: entry, schedule: schedule, detail: detail))
        }
    }

    /// A run that begins so late was missed, unless this process was busy.
    static let graceSeconds: Int64 = 900
    /// How long a claim holds without being renewed.
    static let leaseSeconds: Int64 = 600
    /// How far back missed runs are looked for.
    static let mostDaysBack = 35
    /// Runs of one schedule that a step makes up for, and missed ones that it writes down.
    static let mostRuns = 50
    static let mostMissed = 500

    let calendar: UploadCalendar
    let database: any Database
    let owner: String
    let book = ScheduleBook()
    let isAlone: Bool
    private let clock: Clock
    private let steady: @Sendable () -> Int64
    private let work: Work
    private var watch = ClockWatch()
    private var ledger = LedgerClock()
    private var lastStep: Timestamp?
    private var isUnderWay = false

    /// - Parameters:
    ///   - owner: names this process and no other.
    ///   - isAlone: whether no other process can have the database.
    ///   - steady: microseconds of a clock that nobody sets.
    package init(
        calendar: UploadCalendar, database: any Database, owner: String, isAlone: Bool,
        clock: @escaping Clock, steady: @escaping @Sendable () -> Int64, work: @escaping Work
    ) {
        self.calendar = calendar
        self.database = database
        self.owner = owner
        self.isAlone = isAlone
        self.clock = clock
        self.steady = steady
        self.work = work
    }

    /// Whether the clock jumped: until it is right again nothing is held for its deadline.
    package var hasJumped: Bool { watch.hasJumped }

    /// Does what is due at a moment. A step that is asked for while another is under way does
    /// nothing.
    ///
    /// Throws `StorageFailure`, `EncodingError`; what the work throws ends up in the book.
    package func step(_ now: Timestamp) async throws -> Step {
        var step = Step()
        guard !isUnderWay else { return step }
        isUnderWay = true
        defer { isUnderWay = false }
        watch.note(now, steady: steady())
        if watch.hasJumped { step.note(ScheduleCodes.clockJump) }
        ledger = try await database.read { [ledger] in try ledger.looked(in: $0) }
        if ledger.isAhead(of: now) {
            step.note(ScheduleCodes.clockBehind, nil, ledger.latest?.dateTime)
            return step
        }
        let dead = try await database.write { [book, owner, isAlone] in
            try book.interrupt(besides: owner, isAlone: isAlone, now: now, in: $0)
        }
        for name in dead { step.note(ScheduleCodes.interrupted, name) }
        for schedule in calendar.schedules where !Task.isCancelled {
            do {
                // What went before may have taken hours.
                try await take(schedule, max(now, clock()), &step)
            } catch let gap as CalendarGap {
                step.note(gap.entry, schedule.name, gap.place)
            }
        }
        lastStep = now
        return step
    }

    private func take(_ schedule: Schedule, _ now: Timestamp, _ step: inout Step) async throws {
        let standing = try await database.read { [book] in
            try book.standing(of: schedule.name, in: $0)
        }
        guard !standing.isPaused else {
            // What falls into a pause is passed over.
            try await move(schedule, to: now.minute)
            return
        }
        guard !standing.isRunning else { return }
        if let waiting = standing.waiting {
            // What comes while it is closed is looked at when it opens.
            guard try calendar.isOpen(schedule, at: now.minute) else { return }
            let key = RunKey(schedule: schedule.name, instant: waiting.instant)
            _ = try await begin(schedule, key, waiting.cause, now, &step)
            return
        }
        guard let cursor = standing.cursor else {
            // A new schedule: what was before it was no one's.
            try await move(schedule, to: now.minute.adding(minutes: -1))
            try await take(schedule, now, &step)
            return
        }
        guard cursor <= now.adding(seconds: ClockWatch.toleranceSeconds) else {
            // Decided by a clock that was ahead: those instants are still to come.
            try await database.write { [book] in
                try book.rewind(schedule.name, to: Timestamp(now.minute), in: $0)
            }
            return
        }
        guard try calendar.isOpen(schedule, at: now.minute) else { return }
        let due = try due(schedule, after: cursor.minute, now)
        let choice = Choice(
            schedule.catchUp, due: due, interrupted: standing.interrupted,
            onTimeFrom: lastStep ?? now.adding(seconds: -ScheduleRunner.graceSeconds))
        try await write(down: choice.missed, of: schedule, now, &step)
        for (index, run) in choice.runs.prefix(ScheduleRunner.mostRuns).enumerated() {
            let now = index == 0 ? now : max(now, clock())
            guard !Task.isCancelled, try calendar.isOpen(schedule, at: now.minute),
                try await begin(schedule, run.key, run.cause, now, &step)
            else { return }
        }
    }

    private func due(_ schedule: Schedule, after cursor: CalendarMinute, _ now: Timestamp)
        throws(CalendarGap) -> [UploadCalendar.Occurrence]
    {
        let earliest = now.minute.adding(minutes: -ScheduleRunner.mostDaysBack * 1440)
        let found = try calendar.occurrences(
            of: schedule, after: max(cursor, earliest), through: now.minute)
        return Array(found.prefix { $0.starts <= now })
    }

    private func move(_ schedule: Schedule, to minute: CalendarMinute) async throws {
        try await database.write { [book] in
            try book.move(schedule.name, to: Timestamp(minute), in: $0)
        }
    }

    private func write(
        down missed: [RunKey], of schedule: Schedule, _ now: Timestamp, _ step: inout Step
    ) async throws {
        guard let last = missed.last else { return }
        try await database.write { [book] transaction in
            try book.note(
                Array(missed.suffix(ScheduleRunner.mostMissed)), .missed, cause: .calendar,
                now: now,
                in: transaction)
            try book.move(schedule.name, to: last.instant, in: transaction)
        }
        step.note(ScheduleCodes.missed, schedule.name, "\(missed.count)")
    }

    /// Begins a run if what must come before has come; whether it is over, or was somebody else's.
    private func begin(
        _ schedule: Schedule, _ key: RunKey, _ cause: ScheduleBook.Cause, _ now: Timestamp,
        _ step: inout Step
    ) async throws -> Bool {
        let nominal = key.instant.minute
        let isMet = try await database.read { [book] transaction in
            try schedule.requirements.allSatisfy {
                try book.isMet($0, for: nominal, in: transaction)
            }
        }
        if !isMet {
            let limit = key.instant.adding(seconds: Int64(schedule.wait.minutes) * 60)
            if now < limit {
                try await database.write { [book] transaction in
                    try book.note([key], .waiting, cause: cause, now: now, in: transaction)
                    try book.move(schedule.name, to: key.instant, in: transaction)
                }
                step.waiting.append(schedule.name)
                return false
            }
            if schedule.otherwise == .skip {
                try await database.write { [book] transaction in
                    try book.skip(
                        key, cause: cause, outcome: ScheduleCodes.skipped.code, now: now,
                        in: transaction)
                    try book.move(schedule.name, to: key.instant, in: transaction)
                }
                step.note(ScheduleCodes.skipped, schedule.name)
                return true
            }
            step.note(ScheduleCodes.incomplete, schedule.name)
        }
        let report = try await perform(
            schedule, key, cause, now, ends: try calendar.end(of: schedule, at: now.minute))
        if let report { step.ran.append(Step.Ran(key: key, cause: cause, report: report)) }
        return true
    }

    /// Claims a run and does its work; `nil` where somebody else has it.
    func perform(
        _ schedule: Schedule, _ key: RunKey, _ cause: ScheduleBook.Cause, _ now: Timestamp,
        ends: CalendarMinute?
    ) async throws -> WorkReport? {
        let lease = now.adding(seconds: ScheduleRunner.leaseSeconds)
        let isOurs = try await database.write { [book, owner] transaction in
            let isOurs = try book.claim(
                key, cause: cause, owner: owner, lease: lease, now: now, in: transaction)
            if cause != .person {
                try book.move(schedule.name, to: key.instant, in: transaction)
            }
            return isOurs
        }
        guard isOurs else { return nil }
        let run = ScheduledRun(
            schedule: schedule, key: key, cause: cause, ends: ends.map { Timestamp($0) },
            expires: !watch.hasJumped)
        let renewal = renewal(of: key)
        defer { renewal.cancel() }
        let report: WorkReport
        do {
            report = try await work(run)
        } catch {
            let code = (error as? any ExplainedFailure)?.entry.code
            report = WorkReport(code: code ?? "E-UNEXPECTED", isWell: false)
            guard !(error is StorageFailure) else {
                _ = try? await finish(key, report)
                throw error
            }
        }
        try await finish(key, report)
        return report
    }

    private func finish(_ key: RunKey, _ report: WorkReport) async throws {
        let now = clock()
        try await database.write { [book, owner] in
            try book.finish(key, owner: owner, report, now: now, in: $0)
        }
    }

    /// Holds the claim while the work goes on, however long.
    private func renewal(of key: RunKey) -> Task<Void, Never> {
        Task { [book, owner, database, clock] in
            while true {
                do { try await Task.sleep(for: .seconds(60)) } catch { return }
                let lease = clock().adding(seconds: ScheduleRunner.leaseSeconds)
                _ = try? await database.write {
                    try book.renew(key, owner: owner, lease: lease, in: $0)
                }
            }
        }
    }
}
