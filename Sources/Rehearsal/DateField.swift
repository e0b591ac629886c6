import Records

/// The field in which a server tells its time (RFC 9110 section 6.6.1), in GMT and whole seconds.
enum DateField {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, of a moment after 1970.
    static func value(of moment: Timestamp) -> String {
        let seconds = Int(moment.microseconds / 1_000_000)
        let (days, second) = (seconds / 86_400, seconds % 86_400)
        let date = CalendarDate(daysSince1970: Int32(days)).parts
        // 1970-01-01 was a Thursday.
        return "\(weekdays[days % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) "
            + [second / 3600, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
            + " GMT"
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
