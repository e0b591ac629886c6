package import Definitions
import Records

/// A spelling of dates (日期写法), compiled: year, month and day with fixed marks between.
package struct DateForm: Sendable {
    /// As data files name it, e.g. `yyyy/M/d`.
    package let name: String
    private let marks: (first: [UInt8], second: [UInt8], end: [UInt8])
    /// `yyyyMMdd`: two digits for month and day, no marks.
    private let isCompact: Bool

    /// Compiles `yyyy<mark>M<mark>d<mark>` or `yyyyMMdd`.
    package init(name: String, in section: Section) throws(DefinitionError) {
        guard let form = DateForm(name: name) else {
            throw section.error(
                at: "dates", "日期写法 “\(name)” 应如 yyyy-M-d 或 yyyyMMdd。",
                "A spelling like yyyy-M-d or yyyyMMdd, not \(name).")
        }
        self = form
    }

    /// The same for a spelling that no file names; `nil` where it is none.
    init?(name: String) {
        self.name = name
        isCompact = name == "yyyyMMdd"
        if isCompact {
            marks = ([], [], [])
            return
        }
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

    /// The day that a folded cell spells, or `nil`. A time of 00:00:00 behind it is passed over.
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
        guard rest.isEmpty || DateForm.midnights.contains(where: { rest.elementsEqual($0) }) else {
            return nil
        }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// What databases write behind a day that has no time.
    private static let midnights = [" 0:00", " 00:00", " 0:00:00", " 00:00:00"].map {
        Array($0.utf8)
    }
}
