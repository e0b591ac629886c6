package import Records

/// A day of the week (星期), Monday first as in GB/T 7408 (ISO 8601).
package enum Weekday: Int, Sendable, CaseIterable, Hashable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    /// As schedules write it: `mon` to `sun`.
    package static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// A word for a narrow column: `一` to `日`, `Mon` to `Sun`.
    package var short: Wording {
        let zh = ["一", "二", "三", "四", "五", "六", "日"]
        let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        return Wording(zh: zh[rawValue - 1], en: en[rawValue - 1])
    }

    package var isWeekend: Bool { rawValue >= 6 }
}

extension CalendarDate {
    /// The day of the week; 1970-01-01 was a Thursday.
    package var weekday: Weekday {
        let number = (Int(daysSince1970) + 3) % 7
        return Weekday(rawValue: (number < 0 ? number + 7 : number) + 1) ?? .monday
    }

    /// The last day of this day's month.
    package var isLastOfMonth: Bool {
        let day = parts
        return day.day == CalendarDate.length(ofMonth: day.month, year: day.year)
    }
}
