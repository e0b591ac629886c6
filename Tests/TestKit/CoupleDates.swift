import Records

extension CleanCouple {
    /// The cells of the clean couple as they would be had the file been opened on another day: all
    /// days of the file move with it, and the ages are those of that day. Birthdays stay.
    package static func opened(on day: String) throws -> [String: String] {
        guard let opened = CalendarDate(iso: day), let usual = CalendarDate(iso: "2012-03-01")
        else { throw NoSuchColumn(name: day) }
        let shift = Int(opened.daysSince1970 - usual.daysSince1970)
        var changes: [String: String] = [:]
        for (column, text) in CleanCouple().cells {
            guard let date = CalendarDate(iso: text) else { continue }
            if column.hasSuffix("出生日期") {
                let years = date.completedYears(to: opened)
                changes[column.replacing("出生日期", with: "年龄")] = String(years)
            } else {
                changes[column] = date.adding(days: shift).description
            }
        }
        return changes
    }
}
