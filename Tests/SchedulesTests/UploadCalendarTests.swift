import Records
import Schedules
import Testing

struct UploadCalendarTests {
    private func calendar(
        _ schedules: [Schedule], windows: [String] = [], blackout: [String] = [],
        county: String = "12990101MA0000T1XF"
    ) throws -> UploadCalendar {
        UploadCalendar(
            schedules: schedules,
            openTimes: OpenTimes(
                windows: try windows.map { try DayWindow($0) },
                blackout: blackout.isEmpty ? nil : try DaySet(blackout), calendar: shipped),
            county: county)
    }

    private func daily(_ work: ScheduledWork, _ times: [String]) throws -> Schedule {
        Schedule(
            name: "nightly", work: work, timing: .daily(try times.map { try TimeOfDay($0) }))
    }

    private func runs(
        _ calendar: UploadCalendar, _ from: String, _ to: String
    ) throws -> [String] {
        let schedule = try #require(calendar.schedules.first)
        return try calendar.occurrences(of: schedule, after: at(from), through: at(to))
            .map(\.nominal.description)
    }

    @Test func `runs lie after the first minute and up to the last`() throws {
        let calendar = try calendar([daily(.deliver, ["08:00", "20:00"])])
        #expect(
            try runs(calendar, "2026-12-31 08:00", "2027-01-01 20:00") == [
                "2026-12-31 20:00", "2027-01-01 08:00", "2027-01-01 20:00",
            ])
        #expect(try runs(calendar, "2026-12-31 08:00", "2026-12-31 19:59").isEmpty)
    }

    @Test func `working days follow holidays and swaps`() throws {
        var schedule = try daily(.deliver, ["22:00"])
        schedule.on = try DaySet(["workdays"])
        #expect(
            try runs(calendar([schedule]), "2026-10-05 00:00", "2026-10-12 23:59") == [
                "2026-10-08 22:00", "2026-10-09 22:00", "2026-10-10 22:00", "2026-10-12 22:00",
            ])
        schedule.notOn = try DaySet(["2026-10-09", "day 10"])
        #expect(
            try runs(calendar([schedule]), "2026-10-05 00:00", "2026-10-12 23:59") == [
                "2026-10-08 22:00", "2026-10-12 22:00",
            ])
        #expect(throws: CalendarGap(year: 2027)) {
            try runs(calendar([schedule]), "2026-12-31 23:00", "2027-01-04 23:59")
        }
    }

    @Test func `the nth working day comes once a month`() throws {
        let schedule = Schedule(
            name: "monthly", work: .reconcile, timing: .workday(3, [try TimeOfDay("09:00")]))
        #expect(
            try runs(calendar([schedule]), "2026-09-01 00:00", "2026-11-30 00:00") == [
                "2026-09-03 09:00", "2026-10-10 09:00", "2026-11-04 09:00",
            ])
    }

    @Test func `windows and closed days hold for whatever calls the nation, and only for that`()
        throws
    {
        let times = ["05:59", "06:00", "21:59", "22:00"]
        let open = ["2026-03-02 05:59", "2026-03-02 22:00"]
        func found(_ work: ScheduledWork) throws -> [String] {
            try runs(
                calendar(
                    [daily(work, times)], windows: ["22:00-06:00"], blackout: ["2026-03-03"]),
                "2026-03-02 00:00", "2026-03-03 23:59")
        }
        #expect(try found(.deliver) == open)
        #expect(try found(.all) == open)
        #expect(try found(.collect) == open)
        #expect(try found(.reconcile) == open)
        #expect(try found(.take(["lis"])).count == 8)
    }

    @Test func `a schedule's own window narrows the site's`() throws {
        var schedule = Schedule(
            name: "x", work: .deliver, timing: .every(try Span("1 h", longest: 1440)))
        schedule.windows = [try DayWindow("00:00-03:00")]
        #expect(
            try runs(
                calendar([schedule], windows: ["02:00-06:00"]), "2026-03-01 23:59",
                "2026-03-02 23:59") == ["2026-03-02 02:00"])
    }

    @Test func `the offset delays each county alike and never past the window`() throws {
        var schedule = try daily(.deliver, ["22:00"])
        schedule.spread = Span(minutes: 60)
        var starts: Set<Timestamp> = []
        for county in 0..<200 {
            let calendar = try calendar(
                [schedule], windows: ["22:00-22:20"], county: "county-\(county)")
            let run = try #require(
                try calendar.next(of: schedule, after: at("2026-03-02 00:00")))
            #expect(run.nominal == at("2026-03-02 22:00"))
            #expect(run.starts >= Timestamp(at("2026-03-02 22:00")))
            #expect(run.starts < Timestamp(at("2026-03-02 22:20")))
            starts.insert(run.starts)
        }
        #expect(starts.count > 150, "they do not strike together")
    }

    @Test func `the longest pause spans nights and free days`() throws {
        var schedule = try daily(.deliver, ["08:00", "20:00"])
        func pause() throws -> Int? {
            try calendar([schedule]).longestPause(of: schedule, after: at("2026-09-28 00:00"))
        }
        #expect(try pause() == 720)
        schedule.on = try DaySet(["workdays"])
        // From the 30th of September, 20:00, over seven free days to the 8th of October, 08:00.
        #expect(try pause() == 7 * 1440 + 720)
        schedule.on = try DaySet(["2026-09-28"])
        #expect(try pause() == 720)
        schedule.on = try DaySet(["2025-01-01"])
        #expect(try pause() == nil)
    }

    @Test func `its period is what an alert must wait for, also of what runs seldom`() throws {
        func period(_ change: (inout Schedule) throws -> Void) throws -> Int? {
            var schedule = try daily(.deliver, ["08:00"])
            try change(&schedule)
            return try calendar([schedule]).period(of: schedule, after: at("2026-09-01 00:00"))
        }
        #expect(try period { _ in } == 1440)
        // The week of October is more than two weeks ahead.
        #expect(try period { $0.on = try DaySet(["workdays"]) } == 8 * 1440)
        // From the 10th of one month to the 1st of the next.
        let early = (1...10).map { "day \($0)" }
        #expect(try period { $0.on = try DaySet(early) } == 22 * 1440)
        #expect(try period { $0.on = try DaySet(["2026-09-28", "2027-02-01"]) } == 126 * 1440)
        #expect(try period { $0.on = try DaySet(["2025-01-01"]) } == nil)
    }

    @Test func `where working days are known for two weeks only, those count`() throws {
        var schedule = try daily(.deliver, ["08:00"])
        schedule.on = try DaySet(["workdays"])
        func period(_ after: String) throws -> Int? {
            try calendar([schedule]).period(of: schedule, after: at(after))
        }
        // From Friday to Monday; in two months is a year without its file.
        #expect(try period("2026-12-06 00:00") == 3 * 1440)
        #expect(try period("2026-12-30 00:00") == nil)
    }

    /// A host may skip or repeat 02:30 in its own zone; Shanghai does neither.
    @Test func `half past two comes once a day all year, a day apart`() throws {
        let schedule = try daily(.deliver, ["02:30"])
        let runs = try calendar([schedule]).occurrences(
            of: schedule, after: at("2025-12-31 23:59"), through: at("2026-12-31 23:59"))
        #expect(runs.count == 365)
        for (former, next) in zip(runs, runs.dropFirst()) {
            #expect(next.starts == former.starts.adding(seconds: 86_400))
        }
    }

    @Test func `there is a next run or it is known that there is none`() throws {
        let schedule = try daily(.deliver, ["12:00"])
        #expect(
            try calendar([schedule]).next(of: schedule, after: at("2026-03-02 12:00"))?.nominal
                == at("2026-03-03 12:00"))
        #expect(
            try calendar([schedule], windows: ["22:00-06:00"])
                .next(of: schedule, after: at("2026-03-02 12:00")) == nil)
    }

    @Test func `a run ends with the first window that closes`() throws {
        var schedule = try daily(.deliver, ["22:00"])
        let wide = try calendar([schedule], windows: ["22:00-06:00"])
        #expect(
            try wide.end(of: schedule, at: at("2026-03-02 23:00")) == at("2026-03-03 06:00"))
        schedule.windows = [try DayWindow("20:00-23:30")]
        #expect(
            try wide.end(of: schedule, at: at("2026-03-02 23:00")) == at("2026-03-02 23:30"))
        #expect(
            try calendar([daily(.deliver, ["22:00"])]).end(
                of: daily(.deliver, ["22:00"]), at: at("2026-03-02 23:00"))
                == nil)
    }

    @Test func `a requirement looks back to midnight or as far as it says`() throws {
        let minute = at("2026-03-02 01:30")
        let today = Requirement(subject: .source("lis"), rows: 0, within: nil)
        #expect(today.since(minute) == at("2026-03-02 00:00"))
        let half = Requirement(subject: .source("lis"), rows: 0, within: Span(minutes: 720))
        #expect(half.since(minute) == at("2026-03-01 13:30"))
    }
}
