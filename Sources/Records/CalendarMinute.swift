/// A minute of the civil calendar in Asia/Shanghai (日期时间): a sample's time, a notice's.
///
/// Kept as written on the clock of the place, so that no offset of past years shifts it.
package struct CalendarMinute: Hashable, Comparable, Sendable {
    /// Minutes since 1970-01-01T00:00 on the local clock.
    package let minutesSince1970: Int64

    package init(minutesSince1970: Int64) {
        self.minutesSince1970 = minutesSince1970
    }

    /// A day and a minute of that day, 0 to 1439.
    package init(day: CalendarDate, minuteOfDay: Int) {
        minutesSince1970 = Int64(day.daysSince1970) * 1440 + Int64(minuteOfDay)
    }

    /// The day that it lies in.
    package var day: CalendarDate {
        let quotient = minutesSince1970 / 1440
        return CalendarDate(
            daysSince1970: Int32(minutesSince1970 % 1440 < 0 ? quotient - 1 : quotient))
    }

    /// Minutes since midnight, 0 to 1439.
    package var minuteOfDay: Int {
        Int(minutesSince1970 - Int64(day.daysSince1970) * 1440)
    }

    package static func < (left: CalendarMinute, right: CalendarMinute) -> Bool {
        left.minutesSince1970 < right.minutesSince1970
    }

    /// Appends `xs:dateTime` with the offset of Asia/Shanghai, 25 ASCII bytes:
    /// `2016-03-30T08:00:00+08:00`.
    package func append(to bytes: inout [UInt8]) {
        day.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        CalendarDate.append(minuteOfDay / 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        CalendarDate.append(minuteOfDay % 60, digits: 2, to: &bytes)
        bytes.append(contentsOf: ":00+08:00".utf8)
    }
}
