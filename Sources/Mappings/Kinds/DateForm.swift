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

    /// Compiles `yyyy<mark>M<mark>d<mark>` or `yyyyMMdd`; with ` H:mm` behind the first and `HHmm`
    /// behind the second a time may follow.
    package init(name: String, in section: Section) throws(DefinitionError) {
        self.name = name
        isCompact = name == "yyyyMMdd" || name == "yyyyMMddHHmm"
        hasTime = name.hasSuffix(" H:mm") || name == "yyyyMMddHHmm"
        if isCompact {
            marks = ([], [], [])
            return
        }
        let name = hasTime ? String(name.dropLast(" H:mm".count)) : name
        var rest = Substring(name)
        func unreadable() -> DefinitionError {
            section.error(
                at: "dates", "日期写法 “\(name)” 应如 yyyy-M-d 或 yyyyMMdd。",
                "A spelling like yyyy-M-d or yyyyMMdd, not \(name).")
        }
        guard rest.hasPrefix("yyyy"), let month = rest.firstIndex(of: "M"),
            let day = rest.firstIndex(of: "d"), month < day
        else { throw unreadable() }
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
        else { throw unreadable() }
    }

    /// The day that a folded cell spells, or `nil`. A time behind it is passed over.
    func date(of cell: [UInt8]) -> CalendarDate? {
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
        guard rest.isEmpty || isTime(rest) else { return nil }
        return CalendarDate(year: year, month: month, day: day)
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
