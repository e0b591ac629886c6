/// An instant, in microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// This instant moved by whole seconds.
    package func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }

    /// China's clock has been eight hours ahead of UTC all year since 1992.
    static let shanghaiOffsetSeconds: Int64 = 8 * 3600

    /// The day of this instant in Asia/Shanghai, by the fixed offset.
    package var day: CalendarDate {
        let seconds = Timestamp.floorDivide(microseconds, 1_000_000)
        let local = seconds + Timestamp.shanghaiOffsetSeconds
        return CalendarDate(daysSince1970: Int32(Timestamp.floorDivide(local, 86_400)))
    }

    /// `xs:dateTime` with the offset of Asia/Shanghai, whole seconds: `2012-03-05T22:00:04+08:00`.
    package var dateTime: String {
        let seconds = Timestamp.floorDivide(microseconds, 1_000_000)
        let local = seconds + Timestamp.shanghaiOffsetSeconds
        let secondOfDay = Int(local - Timestamp.floorDivide(local, 86_400) * 86_400)
        var bytes: [UInt8] = []
        day.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        CalendarDate.append(secondOfDay / 3600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        CalendarDate.append(secondOfDay / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        CalendarDate.append(secondOfDay % 60, digits: 2, to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "+08:00"
    }

    /// Strictly what `dateTime` writes; `nil` for any other text.
    package init?(dateTime text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = CalendarDate(iso: String(parts[0])) else { return nil }
        let clock = parts[1].prefix(8).split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3 else { return nil }
        let local = Int64(day.daysSince1970) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
        microseconds = (local - Timestamp.shanghaiOffsetSeconds) * 1_000_000
        guard dateTime == text else { return nil }
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

/// The clock as a value that is passed in: the program's reads the system, a test's stands still.
package typealias Clock = @Sendable () -> Timestamp
