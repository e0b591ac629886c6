import Records
import Schedules
import Testing

struct DeadlineForecastTests {
    private typealias Rate = DeadlineForecast.Rate

    /// To be accepted by the 10th of November, for October.
    private func forecast(
        _ unanswered: Int, accepted: Int, per openMinutes: Int, now: String,
        windows: [String] = [], blackout: [String] = []
    ) throws -> DeadlineForecast {
        let times = OpenTimes(
            windows: try windows.map { try DayWindow($0) },
            blackout: blackout.isEmpty ? nil : try DaySet(blackout), calendar: shipped)
        let deadline = Deadline(name: "x", day: .ofMonth(10), counts: .previousMonth)
        let closing = try deadline.closing(before: at("2026-11-11 00:00"), by: shipped)
        return try DeadlineForecast(
            closing, unanswered: unanswered,
            rate: Rate(accepted: accepted, openMinutes: openMinutes), openTimes: times,
            now: at(now))
    }

    @Test func `at the present rate it is done on a day before`() throws {
        // Three an hour: 312 take 104 hours, to the 9th at 16:00.
        let found = try forecast(312, accepted: 72, per: 1440, now: "2026-11-05 08:00")
        #expect(found.outcome == .inTime(at("2026-11-09 16:00")))
        #expect(found.level == .calm)
        #expect(found.wording.zh == "须于 10 日前被接收：还有 312 条未答复，按目前速度 9 日完成")
        #expect(
            found.wording.en
                == "to be accepted by the 10th: 312 still unanswered, "
                + "at the present rate done on the 9th")
    }

    @Test func `what remains is counted in open hours only`() throws {
        // Eight open hours a night and ten an hour: 200 take twenty hours, three nights.
        let night = ["22:00-06:00"]
        let found = try forecast(
            200, accepted: 80, per: 480, now: "2026-11-05 12:00", windows: night)
        #expect(found.outcome == .inTime(at("2026-11-08 02:00")))
        // The night of the 6th is closed from midnight: six hours of it are lost.
        let closed = try forecast(
            200, accepted: 80, per: 480, now: "2026-11-05 12:00", windows: night,
            blackout: ["2026-11-06"])
        #expect(closed.outcome == .inTime(at("2026-11-09 02:00")))
    }

    @Test func `a window's end is reached on its own day`() throws {
        let found = try forecast(
            80, accepted: 10, per: 60, now: "2026-11-05 12:00", windows: ["16:00-24:00"])
        #expect(found.outcome == .inTime(at("2026-11-06 00:00")))
        #expect(found.wording.zh.hasSuffix("按目前速度 5 日完成"))
    }

    @Test func `without a rate nothing is promised`() throws {
        for (accepted, minutes) in [(0, 1440), (0, 0), (5, 0)] {
            let found = try forecast(1, accepted: accepted, per: minutes, now: "2026-11-05 08:00")
            #expect(found.outcome == .noRate)
            #expect(found.level == .calm)
        }
        #expect(
            try forecast(1, accepted: 0, per: 60, now: "2026-11-08 00:01").level == .near)
        #expect(
            try forecast(1, accepted: 0, per: 60, now: "2026-11-10 00:00").level == .urgent)
    }

    @Test func `done is done, and missed is said only of what is missing`() throws {
        for moment in ["2026-11-05 08:00", "2026-11-10 23:59", "2026-11-11 00:00"] {
            let found = try forecast(0, accepted: 0, per: 0, now: moment)
            #expect(found.outcome == .done)
            #expect(found.level == .calm && found.level.entry == nil)
        }
        let missed = try forecast(7, accepted: 900, per: 60, now: "2026-11-11 00:00")
        #expect(missed.outcome == .missed)
        #expect(missed.level == .missed && missed.level.entry?.code == "C-DEADLINE")
        #expect(missed.wording.zh == "10 日已截止：还有 7 条未答复")
        #expect(try forecast(7, accepted: 900, per: 60, now: "2026-11-10 23:59").level < .missed)
    }

    @Test func `too late is said with the day, and beyond all counting without`() throws {
        let late = try forecast(240, accepted: 1, per: 60, now: "2026-11-05 00:00")
        #expect(late.outcome == .late(at("2026-11-15 00:00")))
        #expect(late.wording.en.hasSuffix("done on the 14th: too late"))
        let never = try forecast(10_000, accepted: 1, per: 60, now: "2026-11-05 00:00")
        #expect(never.outcome == .late(nil))
        #expect(
            try forecast(.max, accepted: 1, per: 60, now: "2026-11-05 00:00").outcome
                == .late(nil))
    }

    @Test func `no window before it closes`() throws {
        let found = try forecast(
            1, accepted: 900, per: 60, now: "2026-11-10 06:00", windows: ["04:00-06:00"])
        #expect(found.outcome == .closed)
        #expect(found.level == .urgent)
    }

    @Test(
        arguments: [
            // Minutes left, minutes needed, level: 72 and 24 hours, seven tenths of what is left.
            ("2026-11-07 23:59", 4320, DeadlineForecast.Level.calm),
            ("2026-11-08 00:00", 3024, .calm), ("2026-11-08 00:00", 3025, .near),
            ("2026-11-09 23:59", 1441, .near), ("2026-11-10 00:00", 1008, .calm),
            ("2026-11-10 00:00", 1009, .urgent), ("2026-11-10 12:00", 505, .urgent),
            ("2026-11-10 12:00", 504, .calm),
        ])
    func `it is said at 72 and at 24 hours, where seven tenths of the time are needed`(
        now: String, needed: Int, level: DeadlineForecast.Level
    ) throws {
        #expect(try forecast(needed, accepted: 60, per: 60, now: now).level == level)
    }

    @Test func `other months and years are named`() throws {
        let found = try forecast(5, accepted: 60, per: 60, now: "2026-10-31 23:50")
        #expect(found.wording.zh == "须于 11 月 10 日前被接收：还有 5 条未答复，按目前速度 31 日完成")
        #expect(found.wording.en.hasPrefix("to be accepted by 10 November: 5"))
        let year = try forecast(5, accepted: 60, per: 60, now: "2025-12-31 23:00")
        #expect(year.wording.en.hasPrefix("to be accepted by 10 November 2026: 5"))
    }
}
