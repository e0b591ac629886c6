import Definitions
import Records

/// Reading days and times in the spellings that the mapping names.
extension ValueReading {
    mutating func date(_ element: Element) -> Value {
        for form in dates {
            guard let spelled = form.day(of: cell.bytes) else { continue }
            if !noDates.isEmpty, noDates.contains(spelled) { return .absent }
            if let day = spelled.date { return .date(day) }
        }
        return refuse(MappingCodes.date, element)
    }

    /// A day with a time behind it, `8:00` or `08:00:00`; a day alone is midnight.
    mutating func dateTime(_ element: Element) -> Value {
        let bytes = cell.bytes
        let gap = bytes.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: "T") } ?? bytes.endIndex
        let day = Array(bytes[..<gap])
        for form in dates {
            if form.isSerial, let minute = ExcelSerial.minute(of: bytes) {
                return .dateTime(minute)
            }
            guard let spelled = form.day(of: day) else { continue }
            if !noDates.isEmpty, noDates.contains(spelled) { return .absent }
            guard let date = spelled.date else { continue }
            guard gap < bytes.endIndex else {
                return .dateTime(CalendarMinute(day: date, minuteOfDay: 0))
            }
            guard let minute = ClockTime.minuteOfDay(bytes[(gap + 1)...]) else { break }
            return .dateTime(CalendarMinute(day: date, minuteOfDay: minute))
        }
        return refuse(MappingCodes.date, element)
    }
}
