import Definitions
import Foundation
import Records
import Schedules
import Testing

struct HolidayCalendarTests {
    /// The sentences of the two notices, day by day: free days that are none at a weekend's end,
    /// and days that are worked at one.
    @Test(
        arguments: [
            ("2025-01-01", false), ("2025-01-02", true), ("2025-01-26", true),
            ("2025-01-27", true), ("2025-01-28", false), ("2025-02-04", false),
            ("2025-02-05", true), ("2025-02-08", true), ("2025-04-04", false),
            ("2025-04-27", true), ("2025-05-05", false), ("2025-05-06", true),
            ("2025-06-02", false), ("2025-09-28", true), ("2025-10-08", false),
            ("2025-10-09", true), ("2025-10-11", true), ("2025-10-12", false),
            ("2026-01-02", false), ("2026-01-04", true), ("2026-02-14", true),
            ("2026-02-16", false), ("2026-02-23", false), ("2026-02-24", true),
            ("2026-02-28", true), ("2026-04-06", false), ("2026-04-07", true),
            ("2026-05-05", false), ("2026-05-09", true), ("2026-06-19", false),
            ("2026-09-20", true), ("2026-09-25", false), ("2026-10-07", false),
            ("2026-10-08", true), ("2026-10-10", true), ("2026-11-28", false),
        ])
    func `the State Council's notices say who works when`(date: String, isWorkday: Bool) throws {
        #expect(try shipped.isWorkday(day(date)) == isWorkday)
    }

    /// 365 days, less 104 of weekends, less the 13 holidays by law: swaps move days and add none.
    @Test(arguments: [(2025, 248), (2026, 248)])
    func `a year has as many working days as its notice leaves`(year: Int, count: Int) throws {
        let first = day("\(year)-01-01")
        let found = try (0..<365).count { try shipped.isWorkday(first.adding(days: $0)) }
        #expect(found == count)
    }

    @Test func `a year without its file is not guessed`() throws {
        #expect(shipped.known == [2025, 2026])
        #expect(throws: CalendarGap(year: 2024)) { try shipped.isWorkday(day("2024-12-31")) }
        #expect(throws: CalendarGap(year: 2027)) { try shipped.isWorkday(day("2027-01-01")) }
        #expect(throws: CalendarGap(year: 2026)) {
            try HolidayCalendar().isWorkday(day("2026-01-05"))
        }
        let none = try HolidayCalendar(folder: "/nowhere")
        #expect(none.known.isEmpty)
    }

    @Test(
        arguments: [
            (1, "2026-10", "2026-10-08"), (2, "2026-10", "2026-10-09"),
            (3, "2026-10", "2026-10-10"), (4, "2026-10", "2026-10-12"),
            (-1, "2026-10", "2026-10-30"), (-1, "2026-02", "2026-02-28"),
            (1, "2026-01", "2026-01-04"), (5, "2026-05", "2026-05-11"), (23, "2026-10", nil),
        ] as [(Int, String, String?)])
    func `the nth working day of a month counts swaps`(
        number: Int, month: String, date: String?
    ) throws {
        let month = try #require(CalendarMonth(iso: month))
        #expect(try shipped.workday(number, of: month)?.description == date)
    }

    @Test(
        arguments: [
            ("2026-01-01,free,a,b", 2), ("2025-01-01,holiday,a,b", 2),
            ("2026-02-30,holiday,a,b", 2),
            ("2026-01-05,workday,a,b", 2), ("2026-01-02,holiday,a,b\n2026-01-02,holiday,a,b", 3),
            ("2026-01-03,holiday,a,b\n2026-01-02,holiday,a,b", 3), ("", 1),
        ])
    func `a file that cannot be meant is refused at its line`(rows: String, line: Int) throws {
        var calendar = HolidayCalendar()
        let table = try CodeTable(text: "date,kind,zh,en\n" + rows, shownAs: "cn-2026.csv")
        #expect {
            try calendar.add(table, of: 2026)
        } throws: {
            ($0 as? DefinitionError)?.line == line
        }
    }

    @Test func `a note says what a day is called`() {
        #expect(shipped.note(on: day("2026-02-17"))?.name.zh == "春节")
        #expect(shipped.note(on: day("2026-02-14"))?.kind == .workday)
        #expect(shipped.note(on: day("2026-02-13")) == nil)
    }
}
