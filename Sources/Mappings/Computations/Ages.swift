import Records

/// Ages with a decimal (带小数的年龄).
enum Ages {
    /// Completed years and the tenths of the year in hand, never rounded up: on the eve of the 35th
    /// birthday 34.9, on the day itself 35.0. Who is born on 29 February has it on 1 March.
    static func tenths(_ born: CalendarDate, on day: CalendarDate) -> Int64 {
        let years = born.completedYears(to: day)
        let last = birthday(born, after: years)
        let next = birthday(born, after: years + 1)
        let passed = Int64(day.daysSince1970 - last.daysSince1970)
        let length = Int64(next.daysSince1970 - last.daysSince1970)
        return Int64(years) * 10 + 10 * passed / length
    }

    private static func birthday(_ born: CalendarDate, after years: Int) -> CalendarDate {
        let parts = born.parts
        return CalendarDate(year: parts.year + years, month: parts.month, day: parts.day)
            ?? CalendarDate(year: parts.year + years, month: 3, day: 1) ?? born
    }
}
