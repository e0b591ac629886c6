import Flow
import Records
import Schedules
import Storage
import Testing

struct ScheduleRunnerTests {
    @Test func `a run begins at its minute and once`() async throws {
        let desk = try await RunnerDesk("2026-03-01 21:59")
        let runner = try desk.runner([.daily("nightly", "22:00")])
        _ = try await runner.step(desk.now)
        #expect(desk.ran.isEmpty)
        desk.pass(to: "2026-03-01 22:00")
        let step = try await runner.step(desk.now)
        #expect(desk.ran == ["nightly 2026-03-01 22:00 calendar"])
        #expect(step.ran.count == 1 && step.notices.isEmpty)
        desk.pass(to: "2026-03-01 22:01")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.count == 1)
        desk.pass(to: "2026-03-02 22:00")
        _ = try await runner.step(desk.now)
        #expect(
            try await desk.states("nightly") == [
                "2026-03-01 22:00 done", "2026-03-02 22:00 done",
            ])
        let (counts, last) = try await desk.database.read {
            (try ScheduleBook().counts(in: $0), try ScheduleBook().lastSuccesses(in: $0))
        }
        #expect(counts == ["nightly": [.done: 2]])
        #expect(last == ["nightly": at("2026-03-02 22:00")])
    }

    @Test func `a new schedule makes up for nothing that was before it`() async throws {
        let desk = try await RunnerDesk("2026-03-01 23:00")
        _ = try await desk.runner([.daily("nightly", "22:00")]).step(desk.now)
        #expect(desk.ran.isEmpty)
        #expect(try await desk.states("nightly").isEmpty)
    }

    @Test func `two runners run each instant once`() async throws {
        let desk = try await RunnerDesk("2026-03-01 00:00")
        let schedules: [Schedule] = [
            try .every("a", "15 min").catching(up: .all),
            try .every("b", "15 min", .collect).catching(up: .once),
        ]
        let runners = try ["one", "two"].map {
            try desk.runner(schedules, owner: $0, isAlone: false)
        }
        for minute in 1...240 {
            desk.pass(to: at("2026-03-01 00:00").adding(seconds: Int64(minute) * 60))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for runner in runners {
                    group.addTask { _ = try await runner.step(desk.now) }
                }
                try await group.waitForAll()
            }
        }
        for name in ["a", "b"] {
            let own = desk.ran.filter { $0.hasPrefix(name) }
            #expect(own.count == 16)
            #expect(Set(own).count == 16)
            #expect(try await desk.states(name).allSatisfy { $0.hasSuffix("done") })
        }
    }

    @Test(
        arguments: [
            (Schedule.CatchUp.once, ["2026-03-04 08:00 catchUp"]),
            (
                .all,
                [
                    "2026-03-02 08:00 catchUp", "2026-03-03 08:00 catchUp",
                    "2026-03-04 08:00 catchUp",
                ]
            ), (.none, []),
        ])
    func `after three missed runs the policy says what is made up for`(
        policy: Schedule.CatchUp, expected: [String]
    ) async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let schedules = [try Schedule.daily("x", "08:00").catching(up: policy)]
        _ = try await desk.runner(schedules).step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        _ = try await desk.runner(schedules).step(desk.now)
        desk.forget()
        // Down for three days, and then a new process.
        desk.pass(to: "2026-03-04 12:00")
        let runner = try desk.runner(schedules)
        let step = try await runner.step(desk.now)
        #expect(desk.ran == expected.map { "x " + $0 })
        let missed = 3 - expected.count
        #expect(step.notices.map(\.entry.code) == (missed > 0 ? ["C-MISSED"] : []))
        #expect(
            try await desk.states("x").count { $0.hasSuffix("missed") } == missed)
        _ = try await runner.step(desk.now)
        #expect(desk.ran.count == expected.count, "and only once")
        // The next one is on time again.
        desk.pass(to: "2026-03-05 08:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.last == "x 2026-03-05 08:00 calendar")
    }

    @Test func `a run that lasts three periods never overlaps, and the skipped ones are written`()
        async throws
    {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let runner = try desk.runner([.every("x", "15 min")]) { run in
            if run.key.instant == at("2026-03-01 08:00") { desk.pass(to: "2026-03-01 08:50") }
            return WorkReport()
        }
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        _ = try await runner.step(desk.now)
        _ = try await runner.step(desk.now)
        #expect(desk.ran == ["x 2026-03-01 08:00 calendar", "x 2026-03-01 08:45 calendar"])
        #expect(
            try await desk.states("x") == [
                "2026-03-01 08:00 done", "2026-03-01 08:15 missed", "2026-03-01 08:30 missed",
                "2026-03-01 08:45 done",
            ])
    }

    @Test(arguments: [Schedule.CatchUp.once, .all, .none])
    func `a run in which the process died is made up for unless it says never`(
        policy: Schedule.CatchUp
    ) async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let schedules = [try Schedule.daily("x", "08:00").catching(up: policy)]
        _ = try await desk.runner(schedules).step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        // The work never comes back.
        let dying = try desk.runner(schedules, owner: "dead") { _ in
            try await Task.sleep(for: .seconds(3600))
            return WorkReport()
        }
        let life = Task { try await dying.step(desk.now) }
        while desk.ran.isEmpty { await Task.yield() }
        defer { life.cancel() }
        desk.forget()
        desk.pass(to: "2026-03-01 08:05")
        // Beside others only a lease that has run out is taken.
        let beside = try desk.runner(schedules, owner: "beside", isAlone: false)
        _ = try await beside.step(desk.now)
        #expect(desk.ran.isEmpty)
        desk.pass(to: "2026-03-01 08:10")
        let step = try await desk.runner(schedules, owner: "next").step(desk.now)
        #expect(step.notices.map(\.entry.code) == ["C-INTERRUPTED"])
        #expect(desk.ran == (policy == .none ? [] : ["x 2026-03-01 08:00 catchUp"]))
        #expect(
            try await desk.states("x") == [
                "2026-03-01 08:00 \(policy == .none ? "interrupted" : "done")"
            ])
    }

    @Test func `a lease that ran out is taken beside others, and what was made up stays so`()
        async throws
    {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        try await desk.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO schedule_run (schedule, instant, cause, state, owner, lease, started,
                    rows) VALUES ('x', \(at("2026-03-01 07:00").microseconds), 'calendar',
                    'running', 'dead', \(at("2026-03-01 08:09").microseconds), 0, 0)
                """)
            try transaction.run(
                """
                INSERT INTO schedule_cursor (schedule, decided)
                VALUES ('x', \(at("2026-03-01 07:30").microseconds))
                """)
        }
        let runner = try desk.runner([.daily("x", "12:00")], isAlone: false)
        _ = try await runner.step(desk.now)
        #expect(desk.ran.isEmpty)
        desk.pass(to: "2026-03-01 12:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran == ["x 2026-03-01 12:00 calendar"])
        desk.pass(to: "2026-03-01 12:05")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.count == 1, "the later run did what the dead one left")
    }

    @Test func `a failure ends a run and not the others; a broken database ends the step`()
        async throws
    {
        struct Broken: Error {}
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let schedules = [
            try Schedule.daily("a", "08:00"), try Schedule.daily("b", "08:00"),
            try Schedule.daily("c", "08:00"), try Schedule.daily("d", "08:00"),
        ]
        let runner = try desk.runner(schedules) { run in
            switch run.schedule.name {
            case "a": throw Broken()
            case "b": return WorkReport(code: "T-BUSY", rows: 3, isWell: false)
            case "c": throw StorageFailure(.full)
            default: return WorkReport()
            }
        }
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        await #expect(throws: StorageFailure(.full)) { try await runner.step(desk.now) }
        #expect(desk.ran.count == 3)
        let outcomes = try await desk.database.read { transaction in
            try ["a", "b", "c"].map {
                try ScheduleBook().latest(of: $0, limit: 1, in: transaction).first
            }
        }
        #expect(outcomes.map(\.?.state) == [.failed, .failed, .failed])
        #expect(outcomes.map(\.?.outcome) == ["E-UNEXPECTED", "T-BUSY", "E-UNEXPECTED"])
        #expect(outcomes[1]?.rows == 3)
        // The next step goes on with what was left.
        _ = try await runner.step(desk.now)
        #expect(desk.ran.last?.hasPrefix("d 2026-03-01 08:00") == true)
    }
}
