/// Signs of a person in what should only be a name, of a file or of a column (名称里的个人信息): digits in
/// a row as ID and telephone numbers have them. Names of people cannot be told from other words.
package enum PersonalSigns {
    /// So many digits in a row may be a person's number; a day or a month of an export is none.
    private static let fewestDigits = 6

    /// The same text with `…` for each such number, and no longer than that many characters.
    package static func masked(_ text: String, most: Int = 60) -> String {
        var shown = ""
        var run: [Unicode.Scalar] = []
        func end() {
            let isNumber = run.count >= fewestDigits && !isDay(run)
            if isNumber { shown += "…" } else { shown.unicodeScalars.append(contentsOf: run) }
            run = []
        }
        for scalar in text.unicodeScalars {
            if digit(scalar) != nil {
                run.append(scalar)
            } else {
                end()
                shown.unicodeScalars.append(scalar)
            }
        }
        end()
        return shown.count > most ? String(shown.prefix(most)) + "…" : shown
    }

    /// Whether there is such a number in a text.
    package static func areIn(_ text: String) -> Bool { masked(text, most: .max) != text }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0x30...0x39: Int(scalar.value) - 0x30
        case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
        default: nil
        }
    }

    /// `yyyyMM`, `yyyyMMdd`, and these with a time: of the years in which files of ours are made.
    private static func isDay(_ run: [Unicode.Scalar]) -> Bool {
        let digits = run.compactMap(digit)
        guard [6, 8, 12, 14].contains(digits.count) else { return false }
        func number(_ start: Int, _ count: Int) -> Int {
            digits[start..<start + count].reduce(0) { $0 * 10 + $1 }
        }
        guard (2008...2099).contains(number(0, 4)) else { return false }
        let day = digits.count > 6 ? number(6, 2) : 1
        return CalendarDate(year: number(0, 4), month: number(4, 2), day: day) != nil
    }
}
