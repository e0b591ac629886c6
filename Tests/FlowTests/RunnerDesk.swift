import Flow
import Foundation
import Records
import Schedules
import Storage
import Synchronization
import Testing

/// `2026-03-01 08:30` as an instant in Asia/Shanghai.
func at(_ text: String) -> Timestamp {
    let parts = text.split(separator: " ")
    let time = parts[1].split(separator: ":").compactMap { Int($0) }
    guard let day = CalendarDate(iso: String(parts[0])) else {
        preconditionFailure("\(text) is no day")
    }
    return Timestamp(CalendarMinute(day: day, minuteOfDay: time[0] * 60 + time[1]))
}

/// A database of the whole program in a folder of its own, a clock that stands still, and what was
/// run.
final class RunnerDesk: Sendable {
    let database: SQLiteDatabase
    private let folder: String
    private let hand: Mutex<Timestamp>
    private let count: Mutex<Int64>
    private let log = Mutex<[String]>([])
    private let orders = Mutex<[ScheduledRun]>([])

    init(_ start: String) async throws {
        folder = NSTemporaryDirectory() + "shangbao-flow-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        database = try await SQLiteDatabase.open(
            folder + "/data.db", migrations: Site.migrations)
        hand = Mutex(at(start))
        count = Mutex(0)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var now: Timestamp { hand.withLock { $0 } }
    /// What ran: `nightly 2026-03-01 22:00 calendar`.
    var ran: [String] { log.withLock { $0 } }
    var lastOrder: ScheduledRun? { orders.withLock { $0.last } }

    /// Time goes by.
    func pass(to text: String) { pass(to: at(text)) }

    func pass(to moment: Timestamp) {
        let before = now
        count.withLock { $0 += moment.microseconds - before.microseconds }
        hand.withLock { $0 = moment }
    }

    /// Somebody sets the clock.
    func set(to text: String) { hand.withLock { $0 = at(text) } }

    func forget() { log.withLock { $0 = [] } }

    /// - Parameter work: what a run does beside being written down.
    func runner(
        _ schedules: [Schedule], windows: [String] = [], blackout: [String] = [],
        owner: String = "one", isAlone: Bool = true,
        work: @escaping @Sendable (ScheduledRun) async throws -> WorkReport = { _ in WorkReport() }
    ) throws -> ScheduleRunner {
        ScheduleRunner(
            calendar: UploadCalendar(
                schedules: schedules,
                openTimes: OpenTimes(
                    windows: try windows.map { try DayWindow($0) },
                    blackout: blackout.isEmpty ? nil : try DaySet(blackout),
                    calendar: HolidayCalendar()), county: "county"),
            database: database, owner: owner, isAlone: isAlone, clock: { self.now },
            steady: { self.count.withLock { $0 } },
            work: { run in
                self.log.withLock {
                    $0.append(
                        "\(run.schedule.name) \(run.key.instant.minute) \(run.cause.rawValue)")
                }
                self.orders.withLock { $0.append(run) }
                return try await work(run)
            })
    }

    /// The states of a schedule's runs, oldest first: `2026-03-01 22:00 done`.
    func states(_ schedule: String) async throws -> [String] {
        try await database.read {
            try ScheduleBook().latest(of: schedule, limit: 1000, in: $0)
        }.reversed().map { "\($0.instant.minute) \($0.state.rawValue)" }
    }

    func arrive(_ source: String, rows: Int, state: String = "closed") async throws {
        let (moment, name) = (now.microseconds, UUID().uuidString)
        try await database.write { transaction in
            try transaction.run(
                """
                INSERT INTO intake (intake, source, path, name, digest, mapping, header, state,
                    position, rows, arrived)
                VALUES (\(name), \(source), '', \(name), \(name), '', '', \(state), '', \(rows),
                    \(moment))
                """)
        }
    }
}

extension Schedule {
    static func daily(_ name: String, _ time: String, _ work: ScheduledWork = .deliver) throws
        -> Schedule
    {
        Schedule(name: name, work: work, timing: .daily([try TimeOfDay(time)]))
    }

    static func every(_ name: String, _ span: String, _ work: ScheduledWork = .deliver) throws
        -> Schedule
    {
        Schedule(name: name, work: work, timing: .every(try Span(span, longest: 10_080)))
    }

    func catching(up policy: CatchUp) -> Schedule {
        var schedule = self
        schedule.catchUp = policy
        return schedule
    }

    func after(_ requirements: [Requirement], wait: Int, otherwise: Otherwise) -> Schedule {
        var schedule = self
        schedule.requirements = requirements
        schedule.wait = Span(minutes: wait)
        schedule.otherwise = otherwise
        return schedule
    }
}
