package import Records

/// A date as HTTP writes it (RFC 9110 section 5.6.7): an IMF-fixdate such as
/// `Sun, 06 Nov 1994 08:49:37 GMT`, and nothing laxer.
package struct HTTPDate: Sendable, Hashable {
    package let moment: Timestamp

    /// `nil` for any other text.
    package init?(_ text: String) {
        guard text.utf8.count == 29 else { return nil }
        let parts = text.utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 6, parts[5] == "GMT",
            let day = HTTPDate.number(parts[1], digits: 2),
            let month = HTTPDate.months.firstIndex(of: parts[2]),
            let year = HTTPDate.number(parts[3], digits: 4),
            let date = CalendarDate(year: year, month: month + 1, day: day),
            parts[0] == HTTPDate.weekdays[HTTPDate.weekday(of: date)] + ","
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
            .map { HTTPDate.number(String($0), digits: 2) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1],
            let second = clock[2], hour < 24, minute < 60, second < 61
        else { return nil }
        let seconds =
            Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        moment = Timestamp(microseconds: seconds * 1_000_000)
    }

    private static func number(_ text: String, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return Int(text)
    }

    /// 1970-01-01 was a Thursday.
    private static func weekday(of date: CalendarDate) -> Int {
        ((Int(date.daysSince1970) + 4) % 7 + 7) % 7
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
