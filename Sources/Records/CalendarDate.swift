/// A day of the civil calendar in Asia/Shanghai (日期), never an instant.
///
/// Births of 1986 to 1991 fall in years with daylight saving; a day has no hour, so nothing shifts.
package struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; negative before.
    package let daysSince1970: Int32

    package init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    /// The day of a proleptic Gregorian date, or `nil` where the calendar has no such day
    /// (1990-02-29).
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CalendarDate.length(ofMonth: month, year: year)
        else { return nil }
        // Days from civil: the year is taken to begin in March, so that the leap day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSince1970 = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Strict `yyyy-MM-dd`, nothing before or after it.
    package init?(iso text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int? {
            var number = 0
            for index in range {
                guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
                number = number * 10 + Int(text[index] - 0x30)
            }
            return number
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
            return nil
        }
        self.init(year: year, month: month, day: day)
    }

    /// Strict `yyyy-MM-dd` in a string.
    package init?(iso text: String) {
        let bytes = Array(text.utf8)
        guard let date = bytes.withUnsafeBufferPointer({ CalendarDate(iso: $0) }) else {
            return nil
        }
        self = date
    }

    /// Year, month 1 to 12 and day 1 to 31.
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSince1970) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// Completed years from this day to `later`: the age at a service date (周岁), DOMAIN 2.6.
    package func completedYears(to later: CalendarDate) -> Int {
        completedMonths(to: later) / 12
    }

    /// Whole months to `later`; the same day of the month counts as full (decision on R-02).
    package func completedMonths(to later: CalendarDate) -> Int {
        let from = parts
        let to = later.parts
        let months = (to.year - from.year) * 12 + to.month - from.month
        return to.day < from.day ? months - 1 : months
    }

    /// This day moved by whole days.
    package func adding(days: Int) -> CalendarDate {
        CalendarDate(daysSince1970: daysSince1970 + Int32(days))
    }

    /// The month that this day lies in.
    package var month: CalendarMonth {
        let day = parts
        return CalendarMonth(year: day.year, month: day.month)
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// Days in a month, leap years by the Gregorian rule.
    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Appends `yyyy-MM-dd`, ten ASCII bytes.
    package func append(to bytes: inout [UInt8]) {
        let day = parts
        CalendarMonth(year: day.year, month: day.month).append(to: &bytes)
        var text: (UInt8, UInt8, UInt8) = (
            UInt8(ascii: "-"), 0x30 + UInt8(day.day / 10), 0x30 + UInt8(day.day % 10)
        )
        withUnsafeBytes(of: &text) { bytes.append(contentsOf: $0) }
    }

    /// Appends a number with leading zeros.
    static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

extension CalendarDate: CustomStringConvertible {
    /// `yyyy-MM-dd`.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A month of the civil calendar (月), the period of counts and of settlement.
package struct CalendarMonth: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int

    package init(year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    /// Strict `yyyy-MM`.
    package init?(iso text: String) {
        guard let first = CalendarDate(iso: text + "-01") else { return nil }
        self = first.month
    }

    package static func < (left: CalendarMonth, right: CalendarMonth) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }

    /// The first day of the month; months made from a date or from text always have one.
    package var firstDay: CalendarDate? { CalendarDate(year: year, month: month, day: 1) }
}

extension CalendarMonth: CustomStringConvertible {
    /// Appends `yyyy-MM`, seven ASCII bytes.
    package func append(to bytes: inout [UInt8]) {
        func digit(_ number: Int) -> UInt8 { 0x30 + UInt8(number % 10) }
        var text: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (
            digit(year / 1000), digit(year / 100), digit(year / 10), digit(year),
            UInt8(ascii: "-"), digit(month / 10), digit(month)
        )
        withUnsafeBytes(of: &text) { bytes.append(contentsOf: $0) }
    }

    /// `yyyy-MM`.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CalendarMonth: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let month = CalendarMonth(iso: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a month yyyy-MM")
        }
        self = month
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CalendarDate: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = CalendarDate(iso: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a day yyyy-MM-dd")
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
