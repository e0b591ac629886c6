package import Definitions
import Foundation
package import Records

/// The working days of China (法定节假日与调休): Monday to Friday, but for the holidays and the weekend
/// days that the State Council's notice of each year swaps for them.
///
/// One file a year, `cn-2026.csv`, with the header `date,kind,zh,en`; kind is `holiday` (放假) or
/// `workday` (调休上班). A year without its file has no working days and no others: nobody guesses.
package struct HolidayCalendar: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case holiday, workday
    }

    /// A day that is not what its weekday says.
    package struct Note: Hashable, Sendable {
        package let kind: Kind
        package let name: Wording
    }

    private var years: [Int: [CalendarDate: Note]] = [:]

    /// A calendar that knows no year.
    package init() {}

    /// Reads every `cn-YYYY.csv` of a folder; a folder that is not there has none.
    ///
    /// - Throws: where a day is of another year, out of order or named twice, or where a `workday`
    ///   is none but a plain weekday.
    package init(folder: String) throws(DefinitionError) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for name in names where name.hasPrefix("cn-") && name.hasSuffix(".csv") {
            guard let year = Int(name.dropFirst(3).dropLast(4)), name.count == 11 else { continue }
            try add(CodeTable(path: folder + "/" + name, shownAs: "calendars/" + name), of: year)
        }
    }

    /// Adds one year's file.
    package mutating func add(_ table: CodeTable, of year: Int) throws(DefinitionError) {
        try table.expect(header: ["date", "kind", "zh", "en"])
        var notes: [CalendarDate: Note] = [:]
        var last: CalendarDate?
        for row in table.rows {
            guard let day = try table.day(row, column: 0), day.parts.year == year,
                last.map({ $0 < day }) ?? true
            else {
                throw table.error(
                    row, "日期应属于 \(year) 年，逐日递增，不重复。",
                    "Days of \(year), each once, in their order.")
            }
            guard let kind = Kind(rawValue: row.cells[1]) else {
                throw table.error(
                    row, "kind 只能是 holiday 或 workday。", "kind is holiday or workday.")
            }
            guard kind == .holiday || day.weekday.isWeekend else {
                throw table.error(
                    row, "调休上班日只能是周六或周日。", "A workday by swap is a Saturday or Sunday.")
            }
            last = day
            notes[day] = Note(
                kind: kind, name: Wording(zh: row.cells[2], en: row.cells[3]))
        }
        guard !notes.isEmpty else {
            throw table.headerError("没有任何一天。", "There is not a single day.")
        }
        years[year] = notes
    }

    /// The years that have a file.
    package var known: [Int] { years.keys.sorted() }

    /// Whether people work on a day (工作日).
    package func isWorkday(_ day: CalendarDate) throws(CalendarGap) -> Bool {
        guard let notes = years[day.parts.year] else { throw CalendarGap(year: day.parts.year) }
        guard let note = notes[day] else { return !day.weekday.isWeekend }
        return note.kind == .workday
    }

    /// What the notice says of a day, if anything.
    package func note(on day: CalendarDate) -> Note? {
        years[day.parts.year]?[day]
    }

    /// The working day of a month by its number from 1, or from the end with -1; `nil` where the
    /// month has not so many.
    package func workday(_ number: Int, of month: CalendarMonth) throws(CalendarGap)
        -> CalendarDate?
    {
        guard let first = month.firstDay else { return nil }
        var workdays: [CalendarDate] = []
        for day in 0..<CalendarDate.length(ofMonth: month.month, year: month.year)
        where try isWorkday(first.adding(days: day)) {
            workdays.append(first.adding(days: day))
        }
        let place = number > 0 ? number - 1 : workdays.count + number
        return workdays.indices.contains(place) ? workdays[place] : nil
    }
}

/// A schedule asks for working days of a year whose file is not there.
package struct CalendarGap: ExplainedFailure, Hashable {
    package let year: Int

    package init(year: Int) {
        self.year = year
    }

    package var entry: CodeEntry { ScheduleCodes.year }
    package var place: String? { "calendars/cn-\(year).csv" }
    package var detail: String? { nil }
}
