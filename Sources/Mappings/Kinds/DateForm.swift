package import Definitions
import Records

/// A spelling of dates (日期写法), compiled: year, month and day with fixed marks between.
package struct DateForm: Sendable {
    /// As data files name it, e.g. `yyyy/M/d`.
    package let name: String
    private let marks: (first: [UInt8], second: [UInt8], end: [UInt8])
    /// `yyyyMMdd`: two digits for month and day, no marks.
    private let isCompact: Bool
    /// Whether a time may stand behind the day, which then counts alone.
    private let hasTime: Bool
    /// `excelSerial`: a spreadsheet's count of days.
    let isSerial: Bool

    /// Compiles `yyyy<mark>M<mark>d<mark>` or `yyyyMMdd`; with ` H:mm` behind the first and `HHmm`
    /// behind the second a time may follow; or `excelSerial`.
    package init(name: String, in section: Section) throws(DefinitionError) {
        guard let form = DateForm(name: name) else {
            throw section.error(
                at: "dates", "日期写法 “\(name)” 应如 yyyy-M-d、yyyyMMdd 或 excelSerial。",
                "A spelling like yyyy-M-d, yyyyMMdd or excelSerial, not \(name).")
        }
        self = form
    }

    /// The same for a spelling that no file names; `nil` where it is none.
    init?(name: String) {
        self.name = name
        isCompact = name == "yyyyMMdd" || name == "yyyyMMddHHmm"
        hasTime = name.hasSuffix(" H:mm") || name == "yyyyMMddHHmm"
        isSerial = name == "excelSerial"
        if isCompact || isSerial {
            marks = ([], [], [])
            return
        }
        let name = hasTime ? String(name.dropLast(" H:mm".count)) : name
        var rest = Substring(name)
        guard rest.hasPrefix("yyyy"), let month = rest.firstIndex(of: "M"),
            let day = rest.firstIndex(of: "d"), month < day
        else { return nil }
        rest = rest.dropFirst(4)
        marks = (
            Array(name[rest.startIndex..<month].utf8),
            Array(name[name.index(after: month)..<day].utf8),
            Array(name[name.index(after: day)...].utf8)
        )
        // A second letter of one part, as in yyyy-MM-dd, would be a mark that no cell bears.
        let letters = marks.first + marks.second + marks.end
        guard !marks.first.isEmpty, !marks.second.isEmpty,
            !letters.contains(where: { "yMd".utf8.contains($0) })
        else { return nil }
    }

    /// The spellings that clinics' exports are known to use, the most common first.
    package static let usual: [DateForm] = [
        "yyyy-M-d", "yyyy/M/d", "yyyyMMdd", "yyyy.M.d", "yyyy年M月d日",
    ].compactMap { DateForm(name: $0) }

    /// The same spelling with a time that may follow; `nil` for one that has it, and for a count.
    package var withTime: DateForm? {
        if hasTime || isSerial { return nil }
        return DateForm(name: isCompact ? "yyyyMMddHHmm" : name + " H:mm")
    }

    /// Those that only some files need: a time behind the day, and a spreadsheet's count of days.
    package static let others: [DateForm] = [
        "yyyy-M-d H:mm", "yyyy/M/d H:mm", "yyyyMMddHHmm", "excelSerial",
    ].compactMap { DateForm(name: $0) }

    /// What a folded cell spells, or `nil`. A time behind it is passed over.
    func day(of cell: [UInt8]) -> SpelledDay? {
        if isSerial {
            return ExcelSerial.day(of: cell).map { day in
                let parts = day.parts
                return SpelledDay(year: parts.year, month: parts.month, day: parts.day)
            }
        }
        var index = 0
        func number(_ most: Int) -> Int? {
            let start = index
            var number = 0
            while index < cell.count, index - start < most, cell[index] >= 0x30, cell[index] <= 0x39
            {
                number = number * 10 + Int(cell[index] - 0x30)
                index += 1
            }
            return index == start ? nil : number
        }
        func mark(_ bytes: [UInt8]) -> Bool {
            guard cell[index...].starts(with: bytes) else { return false }
            index += bytes.count
            return true
        }
        guard let year = number(4), index == 4, mark(marks.first) else { return nil }
        guard let month = number(2), !isCompact || index == 6, mark(marks.second) else {
            return nil
        }
        guard let day = number(2), !isCompact || index == 8, mark(marks.end) else { return nil }
        let rest = cell[index...]
        guard rest.isEmpty || isTime(rest) else {
            // HL7's fraction of a second and offset: the day is China's.
            guard isCompact, hasTime, let stamp = PartMoment(stamp: cell) else { return nil }
            let parts = stamp.day.parts
            return SpelledDay(year: parts.year, month: parts.month, day: parts.day)
        }
        return SpelledDay(year: year, month: month, day: day)
    }

    /// A time behind the day, where the form has one; everywhere the midnight that databases write.
    private func isTime(_ rest: ArraySlice<UInt8>) -> Bool {
        if rest.first == 0x20 || rest.first == UInt8(ascii: "T") {
            guard let minute = ClockTime.minuteOfDay(rest.dropFirst()) else { return false }
            return hasTime || minute == 0
        }
        guard isCompact, hasTime, rest.count == 4 || rest.count == 6 else { return false }
        let digits = rest.map { Int($0) - 0x30 }
        return digits.allSatisfy { (0...9).contains($0) } && digits[0] * 10 + digits[1] < 24
            && digits[2] < 6 && (digits.count < 6 || digits[4] < 6)
    }
}

/// Year, month and day as a cell spells them; the calendar may have no such day (0000-00-00).
struct SpelledDay: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// `nil` where the calendar has no such day.
    var date: CalendarDate? { CalendarDate(year: year, month: month, day: day) }

    /// `yyyy-MM-dd`, of any digits.
    init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }
}
