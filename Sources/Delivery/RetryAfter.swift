package import Records

/// What a `Retry-After` field asks for (RFC 9110 section 10.2.3), read with care: a value that
/// cannot be meant is not obeyed.
package enum RetryAfter: Sendable, Hashable {
    /// There was no such field.
    case absent
    /// 1 to 86,400 seconds.
    case seconds(Int64)
    /// Zero, negative, in the past, beyond a day, or no number and no date.
    case unusable

    private static let limitSeconds: Int64 = 86_400

    /// - Parameters:
    ///   - text: the field's value; `nil` if it was absent.
    ///   - now: what a date is measured against.
    package init(_ text: String?, now: Timestamp) {
        guard let text else {
            self = .absent
            return
        }
        let bytes = Array(text.utf8)
        let seconds: Int64?
        if let date = RetryAfter.moment(bytes) {
            // A part of a second is waited as a whole one.
            seconds = (date - now.microseconds + 999_999) / 1_000_000
        } else {
            let isNumber = !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            seconds = isNumber ? Int64(text) : nil
        }
        guard let seconds, seconds >= 1, seconds <= RetryAfter.limitSeconds else {
            self = .unusable
            return
        }
        self = .seconds(seconds)
    }

    /// An IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT`, in microseconds; nothing laxer.
    private static func moment(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count == 29 else { return nil }
        let parts = bytes.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 6, parts[5] == "GMT",
            let day = number(parts[1], digits: 2),
            let month = months.firstIndex(of: parts[2]),
            let year = number(parts[3], digits: 4),
            let date = CalendarDate(year: year, month: month + 1, day: day),
            parts[0] == weekdays[weekday(of: date)] + ","
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
            .map { number(String($0), digits: 2) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1],
            let second = clock[2], hour < 24, minute < 60, second < 61
        else { return nil }
        let seconds =
            Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        return seconds * 1_000_000
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
