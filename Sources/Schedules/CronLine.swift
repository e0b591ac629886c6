package import Records

/// A cron line of five fields (定时表达式): minute, hour, day, month, weekday, on the clock of
/// Asia/Shanghai.
///
/// Lists, ranges and steps as `crontab(5)` has them; months `jan` to `dec`, weekdays `sun` to `sat`
/// or 0 to 7, both ends of a week being Sunday. `L` in the day's place is the last day of the
/// month. As with cron, where both day and weekday are said either is enough, and a field that
/// begins with `*` says nothing. No seconds, no macros, no names of time zones.
package struct CronLine: Hashable, Sendable {
    package let text: String
    /// Bit n is set where n is among the values.
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let hasLastDay: Bool
    private let months: UInt64
    /// Bits 1 (Monday) to 7.
    private let weekdays: UInt64
    private let saysDay: Bool
    private let saysWeekday: Bool

    /// - Throws: where a field is wrong, with its place; also where the line never happens
    ///   (30 February).
    package init(_ text: String) throws(TimingFault) {
        self.text = text
        var reading = TimingText(text)
        reading.skipBlanks()
        var fields: [CronValues] = []
        for kind in CronField.all {
            guard !reading.isAtEnd else {
                throw TimingFault(
                    reading.column, "只有 \(fields.count) 段，应为五段：分 时 日 月 周。",
                    "\(fields.count) fields; five are needed: minute hour day month weekday.")
            }
            fields.append(try CronValues(&reading, kind))
            guard reading.skipBlanks() || reading.isAtEnd else {
                throw TimingFault(
                    reading.column, "\(kind.name.zh)这一段写法不对。",
                    "This cannot stand in the field \(kind.name.en).")
            }
        }
        guard reading.isAtEnd else {
            throw TimingFault(
                reading.column, "多于五段；没有秒，也没有年。",
                "More than five fields; there are neither seconds nor years.")
        }
        minutes = fields[0].bits
        hours = fields[1].bits
        (days, hasLastDay, saysDay) = (fields[2].bits, fields[2].hasLast, !fields[2].isOpen)
        months = fields[3].bits
        // Sunday is 0 and 7 to cron, 7 to us.
        weekdays = (fields[4].bits | (fields[4].bits & 1) << 7) & ~1
        saysWeekday = !fields[4].isOpen
        guard happens else {
            throw TimingFault(1, "这样的日期不存在，永远不会运行。", "There is no such day: it never runs.")
        }
    }

    /// Whether it runs on a day at all.
    package func holds(on day: CalendarDate) -> Bool {
        let parts = day.parts
        guard months & 1 << UInt64(parts.month) != 0 else { return false }
        let isDay = days & 1 << UInt64(parts.day) != 0 || (hasLastDay && day.isLastOfMonth)
        let isWeekday = weekdays & 1 << UInt64(day.weekday.rawValue) != 0
        return saysDay && saysWeekday ? isDay || isWeekday : isDay && isWeekday
    }

    /// The minutes of the day at which it runs, in their order.
    package var minutesOfDay: [Int] {
        (0..<24).filter { hours & 1 << UInt64($0) != 0 }.flatMap { hour in
            (0..<60).filter { minutes & 1 << UInt64($0) != 0 }.map { hour * 60 + $0 }
        }
    }

    /// Weekdays and leap days come round in 28 years; from 2000 on no century is in the way.
    private var happens: Bool {
        let first = CalendarDate(daysSince1970: 10_957)
        return (0..<28 * 366).contains { holds(on: first.adding(days: $0)) }
    }
}

/// What may stand in one field of a cron line.
private struct CronField: Sendable {
    let name: Wording
    let range: ClosedRange<Int>
    /// Names of values, the first for the lowest of the range.
    var names: [String] = []
    var hasLast = false

    static let all = [
        CronField(name: Wording(zh: "“分”", en: "minute"), range: 0...59),
        CronField(name: Wording(zh: "“时”", en: "hour"), range: 0...23),
        CronField(name: Wording(zh: "“日”", en: "day"), range: 1...31, hasLast: true),
        CronField(
            name: Wording(zh: "“月”", en: "month"), range: 1...12,
            names: [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ]),
        CronField(
            name: Wording(zh: "“周”", en: "weekday"), range: 0...7,
            names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// One value: a number or a name. The week's end may be called by Sunday's name, too.
    func value(_ reading: inout TimingText, isEnd: Bool = false) throws(TimingFault) -> Int {
        let column = reading.column
        if let number = reading.number() {
            guard range.contains(number) else {
                throw TimingFault(
                    column, "\(name.zh)应为 \(range.lowerBound) 到 \(range.upperBound)。",
                    "The \(name.en) is \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
        let word = reading.word()
        if let place = names.firstIndex(of: word) {
            return isEnd && word == "sun" ? 7 : range.lowerBound + place
        }
        let known = names.isEmpty ? "" : "，或 \(names[0])…\(names[names.count - 1])"
        let knownEn = names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])"
        throw TimingFault(
            column, "\(name.zh)应为 *、\(range.lowerBound) 到 \(range.upperBound)\(known)。",
            "The \(name.en) is *, \(range.lowerBound) to \(range.upperBound)\(knownEn).")
    }
}

/// The values of one field.
private struct CronValues {
    var bits: UInt64 = 0
    var hasLast = false
    /// Begins with `*`: it says nothing about days.
    var isOpen = false

    init(_ reading: inout TimingText, _ field: CronField) throws(TimingFault) {
        isOpen = reading.next == UInt8(ascii: "*")
        repeat { try add(&reading, field) } while reading.accept(",")
    }

    private mutating func add(_ reading: inout TimingText, _ field: CronField)
        throws(TimingFault)
    {
        let start = reading.column
        if field.hasLast, reading.accept("L") || reading.accept("l") {
            hasLast = true
            return
        }
        var (first, last, isSpan) = (field.range.lowerBound, field.range.upperBound, true)
        if !reading.accept("*") {
            first = try field.value(&reading)
            isSpan = reading.accept("-")
            last = isSpan ? try field.value(&reading, isEnd: true) : first
            guard first <= last else {
                throw TimingFault(
                    start, "范围的起点大于终点；请分成两段，用逗号隔开。",
                    "The range ends before it begins; write two, with a comma.")
            }
        }
        var step = 1
        if reading.accept("/") {
            let column = reading.column
            guard isSpan else {
                throw TimingFault(
                    start, "步长前应为 * 或范围。", "A step follows * or a range.")
            }
            guard let number = reading.number(), (1...max(1, last - first)).contains(number) else {
                throw TimingFault(
                    column, "步长应为 1 到 \(max(1, last - first))。",
                    "The step is 1 to \(max(1, last - first)).")
            }
            step = number
        }
        for value in stride(from: first, through: last, by: step) { bits |= 1 << UInt64(value) }
    }
}
