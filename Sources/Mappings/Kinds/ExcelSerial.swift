import Records

/// Days as a spreadsheet counts them (Excel 日期序列号): 42430 is 2016-03-01.
///
/// The count of 1900, whose day 60 never was; only five digits are taken, 1927 to 2173, so that no
/// year and no `yyyyMMdd` is mistaken for one.
enum ExcelSerial {
    /// 1899-12-30: what the count from 1900-03-01 on is relative to.
    private static let epoch = CalendarDate(daysSince1970: -25_569)
    private static let minutesOfDay: Int64 = 1440

    /// The day of `42430`; a time of `.0` behind it is passed over.
    static func day(of bytes: [UInt8]) -> CalendarDate? {
        guard let (days, fraction) = parts(of: bytes), fraction.allSatisfy({ $0 == 0x30 }) else {
            return nil
        }
        return epoch.adding(days: days)
    }

    /// The minute of `42430.354166667`, to the nearest.
    static func minute(of bytes: [UInt8]) -> CalendarMinute? {
        guard let (days, fraction) = parts(of: bytes) else { return nil }
        var scale: Int64 = 1
        var part: Int64 = 0
        for digit in fraction {
            scale *= 10
            part = part * 10 + Int64(digit - 0x30)
        }
        let minutes = (2 * part * minutesOfDay + scale) / (2 * scale)
        let midnight = CalendarMinute(day: epoch.adding(days: days), minuteOfDay: 0)
        return CalendarMinute(minutesSince1970: midnight.minutesSince1970 + minutes)
    }

    private static func parts(of bytes: [UInt8]) -> (days: Int, fraction: ArraySlice<UInt8>)? {
        let isDigit: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }
        guard bytes.count >= 5, bytes[0] != 0x30, bytes[..<5].allSatisfy(isDigit) else {
            return nil
        }
        let rest = bytes[5...]
        let days = bytes[..<5].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        if rest.isEmpty { return (days, rest) }
        let fraction = rest.dropFirst()
        guard rest.first == UInt8(ascii: "."), (1...14).contains(fraction.count),
            fraction.allSatisfy(isDigit)
        else { return nil }
        return (days, fraction)
    }
}
