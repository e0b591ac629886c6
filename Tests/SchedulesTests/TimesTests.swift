import Records
import Schedules
import Testing

struct TimesTests {
    @Test(
        arguments: [
            ("15 min", 15), ("90min", 90), ("2 h", 120), ("1 d", 1440), ("7 d", 10_080),
        ])
    func `a span is a number and its unit`(text: String, minutes: Int) throws {
        #expect(try Span(text, longest: 10_080).minutes == minutes)
    }

    @Test(
        arguments: [
            "", "15", "min", "0 min", "-1 min", "15 s", "15 min ", "1.5 h", "8 d", "1 h 5 min",
        ])
    func `other spans are refused`(text: String) {
        #expect(throws: TimingFault.self) { _ = try Span(text, longest: 10_080) }
    }

    @Test(arguments: ["7:00", "24:00", "07:60", "0700", "07:00:00", "25:00", "", "７:00", "7:0"])
    func `a time of day is HH-mm and nothing else`(text: String) {
        #expect(throws: TimingFault.self) { _ = try TimeOfDay(text) }
    }

    @Test(
        arguments: [
            ("22:00-06:00", [0..<360, 1320..<1440]), ("00:00-24:00", [0..<1440]),
            ("08:00 - 12:00", [480..<720]), ("23:59-00:01", [0..<1, 1439..<1440]),
            ("12:00-24:00", [720..<1440]),
        ])
    func `a window may go over midnight`(text: String, ranges: [Range<Int>]) throws {
        #expect(try DayWindow(text).ranges == ranges)
    }

    @Test(arguments: ["22:00", "22:00-22:00", "22:00-00:00", "24:00-06:00", "22:00–06:00", "a-b"])
    func `an empty window is refused`(text: String) {
        #expect(throws: TimingFault.self) { _ = try DayWindow(text) }
    }

    @Test(
        arguments: [
            (0, "1970-01-01 08:00"), (1_798_732_799_999_999, "2026-12-31 23:59"),
            (1_798_732_800_000_000, "2027-01-01 00:00"), (-1, "1970-01-01 07:59"),
            (-28_800_000_000, "1970-01-01 00:00"), (-28_800_000_001, "1969-12-31 23:59"),
        ] as [(Int64, String)])
    func `an instant's minute is that of Shanghai's clock`(microseconds: Int64, text: String) {
        let minute = Timestamp(microseconds: microseconds).minute
        #expect(minute.description == text)
        #expect(Timestamp(minute).microseconds <= microseconds)
        #expect(Timestamp(minute.adding(minutes: 1)).microseconds > microseconds)
    }

    @Test func `weekdays are those of the calendar`() {
        let oracle = Oracle()
        for offset in stride(from: -40_000, to: 40_000, by: 37) {
            let day = CalendarDate(daysSince1970: Int32(offset))
            #expect(day.weekday.rawValue % 7 == oracle.parts(day).weekday)
            #expect(day.isLastOfMonth == oracle.parts(day).isLast)
        }
    }

    @Test(
        arguments: [
            ("workdays", "2026-10-10", true), ("workdays", "2026-10-09", true),
            ("workdays", "2026-10-11", false), ("workdays", "2026-10-07", false),
            ("restdays", "2026-10-07", true), ("restdays", "2026-10-10", false),
            ("sat-sun", "2026-10-10", true), ("mon", "2026-10-12", true),
            ("mon", "2026-10-13", false), ("2026-10-01", "2026-10-01", true),
            ("2026-10-01..2026-10-08", "2026-10-08", true),
            ("2026-10-01..2026-10-08", "2026-10-09", false), ("day 25", "2026-10-25", true),
            ("day 31", "2026-11-30", false), ("last day", "2026-11-30", true),
            ("last day", "2028-02-28", false), ("last day", "2028-02-29", true),
        ])
    func `words name days`(word: String, date: String, holds: Bool) throws {
        #expect(try DaySet([word]).contains(day(date), by: shipped) == holds)
        #expect(try DaySet(["2000-01-01", word]).contains(day(date), by: shipped) == holds)
    }

    @Test(
        arguments: [
            "", "holidays", "monday", "fri-mon", "2026-02-30", "2026-10-08..2026-10-01", "day 0",
            "day 32", "day", "10-01", "last", "2026-10-01..",
        ])
    func `words that name no days are refused`(word: String) {
        #expect(throws: TimingFault.self) { _ = try DaySet([word]) }
    }

    @Test func `a county's offset stays the same, stays below its bound, and is spread`() {
        #expect(CountyOffset.seconds(of: "12990101MA0000T1XF", below: 0) == 0)
        var buckets = [Int](repeating: 0, count: 60)
        for county in 0..<2_400 {
            let name = "1\(2_990_000 + county)MA0000T1XF"
            let seconds = CountyOffset.seconds(of: name, below: 3600)
            #expect((0..<3600).contains(seconds))
            #expect(seconds == CountyOffset.seconds(of: name, below: 3600))
            buckets[seconds / 60] += 1
        }
        // Forty a minute on the average: none is empty and none holds more than twice as many.
        #expect(buckets.allSatisfy { (10...80).contains($0) })
    }

    @Test(
        arguments: [
            (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"),
            (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (31, "31st"), (112, "112th"),
        ])
    func `ordinals have their endings`(number: Int, text: String) {
        #expect(Ordinal.english(number) == text)
    }
}
