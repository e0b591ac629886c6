import Evidence
import Flow
import Records
import Schedules
import Storage
import Testing

struct ScheduleRuleTests {
    private let lis = [Requirement(subject: .source("lis"), rows: 100, within: nil)]

    @Test func `a run waits for its file and begins when it has come`() async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let runner = try desk.runner([
            .daily("x", "08:00").after(lis, wait: 180, otherwise: .skip)
        ])
        try await desk.arrive("other", rows: 500)
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        #expect(try await runner.step(desk.now).waiting == ["x"])
        try await desk.arrive("lis", rows: 99)
        try await desk.arrive("lis", rows: 900, state: "open")
        desk.pass(to: "2026-03-01 09:00")
        #expect(try await runner.step(desk.now).waiting == ["x"])
        #expect(try await desk.states("x") == ["2026-03-01 08:00 waiting"])
        try await desk.arrive("lis", rows: 1)
        // A process that is started anew waits on.
        let next = try desk.runner([
            .daily("x", "08:00").after(lis, wait: 180, otherwise: .skip)
        ])
        _ = try await next.step(desk.now)
        #expect(desk.ran == ["x 2026-03-01 08:00 calendar"])
        #expect(try await desk.states("x") == ["2026-03-01 08:00 done"])
    }

    @Test func `a file that comes when the window is closed is waited for until it opens`()
        async throws
    {
        let desk = try await RunnerDesk("2026-03-01 22:59")
        let runner = try desk.runner(
            [.daily("x", "23:00").after(lis, wait: 600, otherwise: .skip)],
            windows: ["22:00-06:00"])
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 23:00")
        #expect(try await runner.step(desk.now).waiting == ["x"])
        desk.pass(to: "2026-03-02 07:00")
        try await desk.arrive("lis", rows: 100)
        _ = try await runner.step(desk.now)
        #expect(desk.ran.isEmpty)
        desk.pass(to: "2026-03-02 22:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran == ["x 2026-03-01 23:00 calendar"])
    }

    @Test func `yesterday's file is no file of today, unless it says how far back`() async throws {
        let desk = try await RunnerDesk("2026-03-01 23:59")
        try await desk.arrive("lis", rows: 100)
        let wide = [
            Requirement(subject: .source("lis"), rows: 100, within: Span(minutes: 720))
        ]
        let runner = try desk.runner([
            .daily("today", "01:00").after(lis, wait: 60, otherwise: .skip),
            .daily("within", "01:00").after(wide, wait: 60, otherwise: .skip),
        ])
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-02 01:00")
        #expect(try await runner.step(desk.now).waiting == ["today"])
        #expect(desk.ran == ["within 2026-03-02 01:00 calendar"])
    }

    @Test(arguments: [Schedule.Otherwise.skip, .run])
    func `at the limit it is skipped or run, and said`(otherwise: Schedule.Otherwise) async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let runner = try desk.runner([
            .daily("x", "08:00").after(lis, wait: 180, otherwise: otherwise)
        ])
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 10:59")
        #expect(try await runner.step(desk.now).waiting == ["x"])
        desk.pass(to: "2026-03-01 11:00")
        let step = try await runner.step(desk.now)
        let isRun = otherwise == .run
        #expect(step.notices.map(\.entry.code) == [isRun ? "C-INCOMPLETE" : "C-SKIPPED"])
        #expect(desk.ran.count == (isRun ? 1 : 0))
        #expect(
            try await desk.states("x") == ["2026-03-01 08:00 \(isRun ? "done" : "skipped")"])
        _ = try await runner.step(desk.now)
        #expect(desk.ran.count == (isRun ? 1 : 0))
    }

    @Test func `one schedule follows another only when that ended well`() async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let first = [Requirement(subject: .schedule("first"), rows: 0, within: nil)]
        let runner = try desk.runner([
            .daily("second", "08:00").after(first, wait: 600, otherwise: .skip),
            .every("first", "1 h"),
        ]) { run in
            WorkReport(isWell: run.key.instant != at("2026-03-01 08:00"))
        }
        _ = try await runner.step(desk.now)
        for time in ["08:00", "08:01", "09:00"] {
            desk.pass(to: "2026-03-01 \(time)")
            #expect(try await runner.step(desk.now).waiting == ["second"])
        }
        desk.pass(to: "2026-03-01 09:01")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.last == "second 2026-03-01 08:00 calendar")
    }

    @Test func `what falls into a pause is passed over, and who paused is known`() async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let runner = try desk.runner([.daily("x", "08:00").catching(up: .all)])
        _ = try await runner.step(desk.now)
        let book = ScheduleBook()
        func pause() async throws -> Bool {
            try await desk.database.write {
                try book.pause("x", by: "li", because: "a test", now: desk.now, in: $0)
            }
        }
        #expect(try await pause())
        #expect(try await !pause(), "it is paused already")
        let pause = try await desk.database.read { try book.pause(of: "x", in: $0) }
        #expect(pause?.by == "li" && pause?.because == "a test")
        desk.pass(to: "2026-03-01 08:00")
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-03 12:00")
        // The program was down for the second one.
        func resume() async throws -> Bool {
            try await desk.database.write {
                try book.resume("x", by: "wang", now: desk.now, in: $0)
            }
        }
        #expect(try await resume())
        #expect(try await !resume())
        _ = try await runner.step(desk.now)
        #expect(desk.ran.isEmpty)
        desk.pass(to: "2026-03-04 08:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran == ["x 2026-03-04 08:00 calendar"])
    }

    @Test func `what was missed is made up for when the window opens, and no earlier`()
        async throws
    {
        let desk = try await RunnerDesk("2026-03-01 21:59")
        let schedules = [
            try Schedule.daily("x", "23:00"), try Schedule.daily("in", "23:00", .take([])),
        ]
        let windows = ["22:00-06:00"]
        _ = try await desk.runner(schedules, windows: windows).step(desk.now)
        desk.pass(to: "2026-03-02 09:00")
        let runner = try desk.runner(schedules, windows: windows)
        _ = try await runner.step(desk.now)
        #expect(desk.ran == ["in 2026-03-01 23:00 catchUp"])
        desk.pass(to: "2026-03-02 22:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.last == "x 2026-03-01 23:00 catchUp")
        #expect(desk.lastOrder?.ends == at("2026-03-03 06:00"))
    }

    @Test func `after a jump nothing expires until the clock is right again`() async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        let runner = try desk.runner([.every("x", "1 h")])
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        _ = try await runner.step(desk.now)
        #expect(desk.lastOrder?.expires == true)
        desk.set(to: "2026-03-02 08:00")
        let step = try await runner.step(desk.now)
        #expect(step.notices.map(\.entry.code).contains("E-CLOCK-JUMP"))
        #expect(desk.lastOrder?.expires == false)
        #expect(await runner.hasJumped)
        desk.pass(to: "2026-03-02 09:00")
        _ = try await runner.step(desk.now)
        #expect(desk.lastOrder?.expires == false)
        desk.set(to: "2026-03-01 09:01")
        #expect(try await runner.step(desk.now).notices.isEmpty)
        #expect(await !runner.hasJumped)
        // What was decided of the day that never was is taken back.
        desk.pass(to: "2026-03-01 10:00")
        _ = try await runner.step(desk.now)
        #expect(desk.ran.last == "x 2026-03-01 10:00 calendar")
    }

    @Test func `five minutes are no jump`() async throws {
        var watch = ClockWatch()
        watch.note(at("2026-03-01 08:00"), steady: 0)
        watch.note(at("2026-03-01 08:06"), steady: 60_000_000)
        #expect(!watch.hasJumped)
        watch.note(at("2026-03-01 08:06").adding(seconds: 301), steady: 60_000_000)
        #expect(watch.hasJumped)
        watch.note(at("2026-03-01 08:01").adding(seconds: -1), steady: 60_000_000)
        #expect(watch.hasJumped, "an hour back is as wrong as one ahead")
        watch.note(at("2026-03-01 08:10"), steady: 120_000_000)
        #expect(!watch.hasJumped)
        // A machine that sleeps with its steady clock counting on has not jumped.
        watch.note(at("2026-03-02 08:10"), steady: 120_000_000 + 86_400_000_000)
        #expect(!watch.hasJumped)
    }

    @Test func `with a clock behind the ledger nothing is run`() async throws {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        let moment = desk.now
        try await desk.database.write {
            try Ledger().append(
                [.received(.init(intake: IntakeID("a"), rows: 0))], at: moment, in: $0)
        }
        desk.set(to: "1970-01-01 08:00")
        let runner = try desk.runner([.every("x", "1 min")])
        for _ in 0..<2 {
            let step = try await runner.step(desk.now)
            #expect(step.notices.map(\.entry.code) == ["E-CLOCK-BEHIND"])
            desk.pass(to: "1970-01-01 08:30")
        }
        #expect(desk.ran.isEmpty)
    }

    /// What a command writes meanwhile bears the wrong time, and makes it no better.
    @Test func `a wrong clock is not believed because somebody wrote by it`() async throws {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        func write() async throws {
            let moment = desk.now
            try await desk.database.write {
                try Ledger().append(
                    [.received(.init(intake: IntakeID("a"), rows: 0))], at: moment, in: $0)
            }
        }
        try await write()
        desk.set(to: "2026-02-01 08:00")
        let runner = try desk.runner([.every("x", "1 min")])
        #expect(try await runner.step(desk.now).notices.map(\.entry.code) == ["E-CLOCK-BEHIND"])
        try await write()
        desk.pass(to: "2026-02-01 08:05")
        #expect(try await runner.step(desk.now).notices.map(\.entry.code) == ["E-CLOCK-BEHIND"])
        desk.set(to: "2026-03-01 08:06")
        let step = try await runner.step(desk.now)
        #expect(!step.notices.map(\.entry.code).contains("E-CLOCK-BEHIND"))
        #expect(desk.ran.last == "x 2026-03-01 08:06 calendar")
    }

    @Test func `a year without its file stops what asks for it, and only that`() async throws {
        let desk = try await RunnerDesk("2026-03-01 07:59")
        var workdays = try Schedule.daily("workdays", "08:00")
        workdays.on = try DaySet(["workdays"])
        let runner = try desk.runner([workdays, .daily("daily", "08:00")])
        _ = try await runner.step(desk.now)
        desk.pass(to: "2026-03-01 08:00")
        let step = try await runner.step(desk.now)
        #expect(step.notices.map(\.entry.code) == ["E-CALENDAR-YEAR"])
        #expect(step.notices.map(\.schedule) == ["workdays"])
        #expect(desk.ran == ["daily 2026-03-01 08:00 calendar"])
    }

    @Test func `a person runs it at any moment, but not twice at once nor when it is closed`()
        async throws
    {
        let desk = try await RunnerDesk("2026-03-01 12:00")
        let schedules = [
            try Schedule.daily("x", "23:00").after(lis, wait: 60, otherwise: .skip)
        ]
        let runner = try desk.runner(schedules, windows: ["22:00-06:00"])
        await #expect {
            _ = try await runner.runNow("x", at: desk.now)
        } throws: {
            ($0 as? ScheduleFailure)?.entry.code == "E-SCHEDULE-CLOSED"
        }
        await #expect {
            _ = try await runner.runNow("y", at: desk.now)
        } throws: {
            ($0 as? ScheduleFailure)?.entry.code == "E-SCHEDULE-NONE"
        }
        _ = try await runner.runNow("x", at: desk.now, isAnyTime: true)
        #expect(desk.ran == ["x 2026-03-01 12:00 person"])
        #expect(desk.lastOrder?.ends == nil)
        desk.pass(to: "2026-03-01 22:30")
        let busy = try desk.runner(schedules, owner: "busy", isAlone: false) { _ in
            let again = try desk.runner(schedules, owner: "two", isAlone: false)
            await #expect {
                _ = try await again.runNow("x", at: desk.now.adding(seconds: 1))
            } throws: {
                ($0 as? ScheduleFailure)?.entry.code == "E-SCHEDULE-BUSY"
            }
            return WorkReport(rows: 7)
        }
        #expect(try await busy.runNow("x", at: desk.now).rows == 7)
        #expect(
            try await desk.states("x") == ["2026-03-01 12:00 done", "2026-03-01 22:30 done"])
    }
}
