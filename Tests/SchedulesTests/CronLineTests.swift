import Records
import Schedules
import Testing

struct CronLineTests {
    /// What one field of a made-up line says, and the values that it means.
    private struct Field {
        var text: String
        var values: Set<Int>
        var isOpen = false
        var hasLast = false
    }

    private func field(_ dice: inout Dice, _ range: ClosedRange<Int>, _ names: [String] = [])
        -> Field
    {
        switch dice.roll(4) {
        case 0: return Field(text: "*", values: Set(range), isOpen: true)
        case 1:
            let step = 1 + dice.roll(range.count - 2)
            return Field(
                text: "*/\(step)",
                values: Set(range.filter { ($0 - range.lowerBound) % step == 0 }), isOpen: true)
        default:
            var (texts, values) = ([String](), Set<Int>())
            for _ in 0...dice.roll(3) {
                let first = range.lowerBound + dice.roll(range.count)
                guard dice.roll(2) == 0, first < range.upperBound else {
                    let place = first - range.lowerBound
                    texts.append(names.indices.contains(place) ? names[place] : "\(first)")
                    values.insert(first)
                    continue
                }
                let last = first + 1 + dice.roll(range.upperBound - first)
                let step = 1 + dice.roll(last - first)
                texts.append("\(first)-\(last)" + (step > 1 ? "/\(step)" : ""))
                for value in first...last where (value - first) % step == 0 {
                    values.insert(value)
                }
            }
            return Field(text: texts.joined(separator: ","), values: values)
        }
    }

    @Test(arguments: 0..<300) func `a line runs at the minutes that its fields name`(seed: Int)
        throws
    {
        var dice = Dice(state: UInt64(seed) &* 7919 &+ 1)
        for _ in 0..<3 { _ = dice.roll(2) }
        let minutes = field(&dice, 0...59)
        let hours = field(&dice, 0...23)
        var days = field(&dice, 1...31)
        if dice.roll(4) == 0 { (days.text, days.hasLast) = (days.text + ",L", true) }
        let months = field(
            &dice, 1...12,
            ["jan", "FEB", "mar", "apr", "May", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        let weekdays = field(
            &dice, 0...7, ["sun", "mon", "tue", "WED", "thu", "Fri", "sat", "7"])
        let text = [minutes, hours, days, months, weekdays].map(\.text).joined(separator: "  ")
        let line = try CronLine(text)
        let oracle = Oracle()
        let wanted = Set(weekdays.values.map { $0 % 7 })
        let first = day("2027-11-01")
        for offset in 0..<800 {
            let day = first.adding(days: offset)
            let parts = oracle.parts(day)
            let isDay = days.values.contains(parts.day) || (days.hasLast && parts.isLast)
            let isWeekday = wanted.contains(parts.weekday)
            let isEither = !days.isOpen && !weekdays.isOpen
            let runs =
                months.values.contains(parts.month)
                && (isEither ? isDay || isWeekday : isDay && isWeekday)
            #expect(line.holds(on: day) == runs, "\(text) on \(day)")
        }
        let expected = hours.values.sorted().flatMap { hour in
            minutes.values.sorted().map { hour * 60 + $0 }
        }
        #expect(line.minutesOfDay == expected)
    }

    @Test(
        arguments: [
            ("0 2 L * *", ["2026-01-31", "2026-02-28", "2026-03-31"]),
            ("0 2 29 2 *", ["2028-02-29", "2032-02-29", "2036-02-29"]),
            ("0 2 31 * *", ["2026-01-31", "2026-03-31", "2026-05-31"]),
            ("0 2 15,L feb *", ["2026-02-15", "2026-02-28", "2027-02-15"]),
            ("0 2 1 1 *", ["2027-01-01", "2028-01-01", "2029-01-01"]),
            ("0 2 13 * fri", ["2026-01-02", "2026-01-09", "2026-01-13"]),
            ("0 2 * * sat-sun", ["2026-01-03", "2026-01-04", "2026-01-10"]),
            ("0 2 * * 0", ["2026-01-04", "2026-01-11", "2026-01-18"]),
            ("0 2 * * 7", ["2026-01-04", "2026-01-11", "2026-01-18"]),
        ])
    func `leap days, month ends and turns of the year are where the calendar has them`(
        text: String, days: [String]
    ) throws {
        let calendar = UploadCalendar(
            schedules: [], openTimes: OpenTimes(windows: [], blackout: nil, calendar: shipped),
            county: "")
        let schedule = Schedule(name: "x", work: .deliver, timing: .cron(try CronLine(text)))
        var minute = at("2026-01-01 02:00")
        for day in days {
            var next = try calendar.next(of: schedule, after: minute)
            // A leap day is further away than one look ahead.
            while next == nil {
                minute = minute.adding(minutes: 300 * 1440)
                next = try calendar.next(of: schedule, after: minute)
            }
            minute = try #require(next).nominal
            #expect(minute.description == day + " 02:00")
        }
    }

    @Test(
        arguments: [
            ("", 1), ("* * * *", 8), ("* * * * * *", 11), ("60 * * * *", 1), ("* 24 * * *", 3),
            ("* * 0 * *", 5), ("* * 32 * *", 5), ("* * * 13 *", 7), ("* * * foo *", 7),
            ("* * * * 8", 9), ("* * * * sonntag", 9), ("5-1 * * * *", 1), ("*/0 * * * *", 3),
            ("*/60 * * * *", 3), ("5/10 * * * *", 1), ("1,,2 * * * *", 3), ("1, * * * *", 3),
            ("1-5/9 * * * *", 5), ("@daily", 1), ("0 2 30 2 *", 1), ("0 2 31 4,6,9,11 *", 1),
            ("* * * L *", 7), ("-1 * * * *", 1), ("1x * * * *", 2), ("0 2 * * fri-mon", 9),
            ("１ * * * *", 1),
        ])
    func `what is wrong is shown at its character`(text: String, column: Int) {
        #expect {
            _ = try CronLine(text)
        } throws: {
            ($0 as? TimingFault)?.column == column
        }
    }

    @Test(arguments: [2, 15, 45, 60, 90, 1440, 10_080])
    func `an interval keeps its pace over midnight and years`(minutes: Int) throws {
        let timing = Timing.every(try Span("\(minutes) min", longest: 10_080))
        var last: CalendarMinute?
        var count = 0
        for offset in 0..<60 {
            let day = day("2026-12-10").adding(days: offset)
            for minute in try timing.minutes(on: day, by: shipped) {
                let here = CalendarMinute(day: day, minuteOfDay: minute)
                if let last { #expect(here == last.adding(minutes: minutes)) }
                last = here
                count += 1
            }
        }
        #expect(abs(count - 60 * 1440 / minutes) <= 1)
        if 1440 % minutes == 0 {
            #expect(try timing.minutes(on: day("2026-06-01"), by: shipped).first == 0)
        }
    }
}
