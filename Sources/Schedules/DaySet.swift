package import Records

/// Days by words (日期范围): `workdays`, `restdays`, `mon`, `sat-sun`, `2026-10-01`,
/// `2026-10-01..2026-10-08`, `day 25`, `last day`. A day belongs to it if one of them says so.
package struct DaySet: Hashable, Sendable {
    private enum Word: Hashable, Sendable {
        case workdays, restdays, lastDay
        case dayOfMonth(Int)
        /// Numbers of weekdays, Monday 1.
        case weekdays(ClosedRange<Int>)
        case days(ClosedRange<CalendarDate>)
    }

    private let words: [Word]
    /// As they are written.
    package let texts: [String]

    /// Reads the words; the fault names the one that is wrong.
    package init(_ texts: [String]) throws(TimingFault) {
        var words: [Word] = []
        for text in texts { words.append(try DaySet.word(text)) }
        self.words = words
        self.texts = texts
    }

    /// Whether it asks for working days: then each year needs its file.
    package var asksForWorkdays: Bool { words.contains(.workdays) || words.contains(.restdays) }

    /// Whether a day belongs to it.
    package func contains(_ day: CalendarDate, by calendar: HolidayCalendar) throws(CalendarGap)
        -> Bool
    {
        for word in words {
            let holds: Bool
            switch word {
            case .workdays: holds = try calendar.isWorkday(day)
            case .restdays: holds = try !calendar.isWorkday(day)
            case .lastDay: holds = day.isLastOfMonth
            case .dayOfMonth(let number): holds = day.parts.day == number
            case .weekdays(let range): holds = range.contains(day.weekday.rawValue)
            case .days(let range): holds = range.contains(day)
            }
            if holds { return true }
        }
        return false
    }

    private static func word(_ text: String) throws(TimingFault) -> Word {
        switch text {
        case "workdays": return .workdays
        case "restdays": return .restdays
        case "last day": return .lastDay
        default: break
        }
        if let range = text.firstRange(of: "..") {
            guard let first = CalendarDate(iso: String(text[..<range.lowerBound])),
                let last = CalendarDate(iso: String(text[range.upperBound...])), first <= last
            else {
                throw TimingFault(
                    1, "“\(text)” 应为 2026-10-01..2026-10-08，先早后晚。",
                    "\(text) must be 2026-10-01..2026-10-08, the earlier day first.")
            }
            return .days(first...last)
        }
        if let day = CalendarDate(iso: text) { return .days(day...day) }
        var reading = TimingText(text)
        let name = reading.word()
        if name == "day", reading.skipBlanks(), let number = reading.number(), reading.isAtEnd,
            (1...31).contains(number)
        {
            return .dayOfMonth(number)
        }
        if let first = Weekday.names.firstIndex(of: name) {
            if reading.isAtEnd { return .weekdays(first + 1...first + 1) }
            if reading.accept("-"), let last = Weekday.names.firstIndex(of: reading.word()),
                reading.isAtEnd, first <= last
            {
                return .weekdays(first + 1...last + 1)
            }
        }
        throw TimingFault(
            1,
            "“\(text)” 无法识别；可用：workdays、restdays、mon…sun、mon-fri、2026-10-01、"
                + "2026-10-01..2026-10-08、day 25、last day。",
            "\(text) is unknown; known: workdays, restdays, mon to sun, mon-fri, 2026-10-01, "
                + "2026-10-01..2026-10-08, day 25, last day.")
    }
}

extension DaySet: CustomStringConvertible {
    /// As it is written.
    package var description: String { texts.joined(separator: ", ") }
}
