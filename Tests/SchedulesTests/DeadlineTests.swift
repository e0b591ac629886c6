import Records
import Schedules
import Testing

struct DeadlineTests {
    private func deadline(
        _ day: Deadline.Day, _ counts: Deadline.Counted = .previousMonth,
        programme: String? = nil, at: Int = 1440, late: Deadline.Late = .hold
    ) -> Deadline {
        Deadline(
            name: "x", programme: programme, day: day, at: TimeOfDay(minute: at), counts: counts,
            late: late)
    }

    @Test(
        arguments: [
            ("2026-11-10 23:59", "2026-11-11 00:00", "2026-10"),
            ("2026-11-11 00:00", "2026-12-11 00:00", "2026-11"),
            ("2026-12-31 23:59", "2027-01-11 00:00", "2026-12"),
        ])
    func `by the 10th means through the 10th, for the month before`(
        now: String, closes: String, month: String
    ) throws {
        let closing = try deadline(.ofMonth(10)).closing(after: at(now), by: shipped)
        #expect(closing.closes == at(closes))
        let counted = try #require(CalendarMonth(iso: month))
        #expect(closing.months == counted...counted)
    }

    @Test func `each kind of day closes where the calendar has it`() throws {
        func closes(_ day: Deadline.Day, _ now: String) throws -> String {
            try deadline(day).closing(after: at(now), by: shipped).day.description
        }
        #expect(try closes(.ofMonth(31), "2026-02-01 00:00") == "2026-02-28")
        #expect(try closes(.ofMonth(31), "2028-02-01 00:00") == "2028-02-29")
        #expect(try closes(.ofMonth(31), "2026-03-01 00:00") == "2026-03-31")
        #expect(try closes(.workday(5), "2026-10-01 00:00") == "2026-10-13")
        #expect(try closes(.workday(-1), "2026-02-01 00:00") == "2026-02-28")
        #expect(try closes(.ofYear(month: 2, day: 20), "2026-02-21 00:00") == "2027-02-20")
        #expect(try closes(.ofYear(month: 2, day: 29), "2026-02-01 00:00") == "2026-02-28")
        #expect(throws: CalendarGap(year: 2027)) {
            try closes(.workday(5), "2026-12-31 00:00")
        }
    }

    @Test func `a yearly deadline counts a whole year`() throws {
        let deadline = deadline(.ofYear(month: 2, day: 20), .previousYear)
        let closing = try deadline.closing(after: at("2026-11-28 12:00"), by: shipped)
        #expect(
            closing.months == CalendarMonth(
                year: 2026, month: 1)...CalendarMonth(year: 2026, month: 12))
        let before = try deadline.closing(before: at("2026-11-28 12:00"), by: shipped)
        #expect(before.closes == at("2026-02-21 00:00"))
        #expect(before.months.lowerBound == CalendarMonth(year: 2025, month: 1))
    }

    @Test func `a day may close at noon`() throws {
        let deadline = deadline(.ofMonth(10), at: 720)
        #expect(
            try deadline.closing(after: at("2026-11-10 11:59"), by: shipped).closes
                == at("2026-11-10 12:00"))
        #expect(
            try deadline.closing(after: at("2026-11-10 12:00"), by: shipped).closes
                == at("2026-12-10 12:00"))
        #expect(
            try deadline.closing(before: at("2026-11-10 12:00"), by: shipped).closes
                == at("2026-11-10 12:00"))
    }

    private func latest(
        _ deadlines: [Deadline], _ months: [String], _ now: String, programme: String = "p"
    ) throws -> String? {
        try Deadlines(
            deadlines, openTimes: OpenTimes(windows: [], blackout: nil, calendar: shipped)
        )
        .latestSend(
            of: Set(months.compactMap { CalendarMonth(iso: $0) }), programme: programme,
            at: at(now))?.description
    }

    @Test func `sending stops half an hour before the records' own deadline`() throws {
        let monthly = deadline(.ofMonth(10))
        #expect(try latest([monthly], ["2026-10"], "2026-11-05 08:00") == "2026-11-10 23:30")
        // November's records are not yet due on the 10th of November.
        #expect(try latest([monthly], ["2026-11"], "2026-11-05 08:00") == "2026-12-10 23:30")
        #expect(
            try latest([monthly], ["2026-11", "2026-10"], "2026-11-05 08:00")
                == "2026-11-10 23:30")
        // What comes after its deadline is held by none that has passed.
        #expect(try latest([monthly], ["2026-09"], "2026-11-05 08:00") == nil)
        #expect(try latest([monthly], ["2026-10"], "2026-11-10 23:30") == nil)
        #expect(try latest([monthly], [], "2026-11-05 08:00") == nil)
    }

    @Test func `the first of several deadlines holds, and only those that hold`() throws {
        let monthly = deadline(.ofMonth(10))
        let yearly = deadline(.ofYear(month: 2, day: 20), .previousYear)
        let all = [yearly, monthly]
        #expect(try latest(all, ["2026-10"], "2026-11-05 08:00") == "2026-11-10 23:30")
        #expect(try latest(all, ["2026-09"], "2026-11-05 08:00") == "2027-02-20 23:30")
        let soft = deadline(.ofMonth(10), late: .send)
        #expect(try latest([soft], ["2026-10"], "2026-11-05 08:00") == nil)
        let other = deadline(.ofMonth(10), programme: "q")
        #expect(try latest([other], ["2026-10"], "2026-11-05 08:00") == nil)
        #expect(
            try latest([other], ["2026-10"], "2026-11-05 08:00", programme: "q")
                == "2026-11-10 23:30")
    }
}
