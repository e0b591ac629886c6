import Definitions
import Records

/// When something of a part was (时间), as exactly as it is written: a day, or a second of it. In
/// China's time: HL7 v2 stamps with another offset are brought to it.
struct PartMoment: Sendable {
    let day: CalendarDate
    /// Since midnight; `nil` where only the day is written.
    let second: Int?

    /// Whether it is later; `nil` where the two cannot be told apart.
    func isLater(than other: PartMoment) -> Bool? {
        if day != other.day { return day > other.day }
        guard let second, let theirs = other.second, second != theirs else { return nil }
        return second > theirs
    }

    /// For sorting: a day alone comes before all that is written with a time.
    var rank: Int64 { Int64(day.daysSince1970) * 86_401 + Int64((second ?? -1) + 1) }

    /// A day with or without a time, in the mapping's spellings or as HL7 writes it.
    init?(_ cell: [UInt8], dates: [DateForm]) {
        if let stamp = PartMoment(stamp: cell) {
            self = stamp
            return
        }
        var folded = CellText()
        cell.withUnsafeBufferPointer { folded.fold($0) }
        let bytes = folded.bytes
        let gap = bytes.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: "T") } ?? bytes.endIndex
        let day = Array(bytes[..<gap])
        for form in dates {
            guard let date = form.day(of: day)?.date else { continue }
            let second =
                gap < bytes.endIndex ? ClockTime.secondOfDay(bytes[(gap + 1)...]) : nil
            self = PartMoment(day: date, second: second)
            return
        }
        return nil
    }

    /// HL7 v2 (2.5.1, section 2.A.22): `yyyyMMdd[HHmm[ss[.s+]]][+/-zzzz]`.
    init?(stamp bytes: [UInt8]) {
        let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard [8, 12, 14].contains(digits.count) else { return nil }
        func number(_ start: Int, _ count: Int) -> Int {
            digits[start..<start + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let day = CalendarDate(year: number(0, 4), month: number(4, 2), day: number(6, 2))
        else { return nil }
        var rest = bytes[digits.count...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { $0 >= 0x30 && $0 <= 0x39 }
        }
        guard digits.count > 8 else {
            guard rest.isEmpty else { return nil }
            self.init(day: day, second: nil)
            return
        }
        let (hour, minute) = (number(8, 2), number(10, 2))
        let second = digits.count == 14 ? number(12, 2) : 0
        guard hour < 24, minute < 60, second < 60, let shift = PartMoment.shift(rest) else {
            return nil
        }
        let total = hour * 3600 + minute * 60 + second + shift
        let days = Int(day.daysSince1970) + Int((Double(total) / 86_400).rounded(.down))
        self.init(
            day: CalendarDate(daysSince1970: Int32(days)),
            second: ((total % 86_400) + 86_400) % 86_400)
    }

    private init(day: CalendarDate, second: Int?) {
        self.day = day
        self.second = second
    }

    /// Seconds from a stamp's offset to China's, 0 where none is written; `nil` where it is none.
    private static func shift(_ offset: ArraySlice<UInt8>) -> Int? {
        guard let sign = offset.first else { return 0 }
        let digits = offset.dropFirst().map { Int($0) - 0x30 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 4,
            digits.allSatisfy({ (0...9).contains($0) })
        else { return nil }
        let minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
        return (480 - (sign == UInt8(ascii: "-") ? -minutes : minutes)) * 60
    }
}
