import Foundation
import Records

/// Signs of a person in a cell of a table that is to leave (单元格里的个人信息): ID and telephone
/// numbers and birth dates, in whatever digits and spelling people and spreadsheets write them.
enum PersonalCell {
    /// Whether a cell holds a number that one person alone bears, or a day of birth.
    ///
    /// - Parameter isBirth: whether the column is about births by its name: then any day is one,
    ///   and so is the number that a spreadsheet keeps for a day.
    static func isPersonal(_ cell: String, isBirth: Bool = false) -> Bool {
        if PersonalSigns.arePersons(in: cell) { return true }
        let text = folded(cell)
        if text != cell, PersonalSigns.arePersons(in: text) { return true }
        if holdsIDNumber(text) { return true }
        let years = isBirth ? 1900...2099 : 1900...2007
        if days(in: text).contains(where: { years.contains($0.parts.year) }) { return true }
        return isBirth && isSerialDay(text)
    }

    /// Whether a whole cell is one day, with a time behind it or not.
    static func isDay(_ cell: String) -> Bool {
        let text = folded(cell).trimmingCharacters(in: .whitespaces)
        guard let first = days(in: text).first else { return false }
        return (1900...2099).contains(first.parts.year) && text.count(where: \.isLetter) <= 3
            && (6...24).contains(text.count)
    }

    /// Whether a column is about births by its name.
    static func isBirth(column name: String) -> Bool {
        let name = name.lowercased()
        return ["出生", "生日", "birth", "dob"].contains { name.contains($0) }
    }

    /// The same text in plain digits: full-width, Arabic-Indic and other decimal digits, Chinese
    /// numerals, and nothing that is not seen between them.
    static func folded(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var plain: [Unicode.Scalar] = []
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars
        where !scalar.properties.isDefaultIgnorableCodePoint {
            if scalar.properties.numericType == .decimal,
                let value = scalar.properties.numericValue.map({ Int($0) }),
                let digit = Unicode.Scalar(0x30 + value)
            {
                plain.append(digit)
            } else {
                plain.append(scalar)
            }
        }
        var folded = String.UnicodeScalarView()
        var place = 0
        while place < plain.count {
            var run: [Int] = []
            while place < plain.count, let number = numerals[plain[place]] {
                run.append(number)
                place += 1
            }
            folded.append(contentsOf: digits(of: run).unicodeScalars)
            guard place < plain.count else { break }
            folded.append(plain[place])
            place += 1
        }
        return String(folded)
    }

    /// A run of numerals: 一九八六 is 1986, 十五 is 15, 二十 is 20.
    private static func digits(of run: [Int]) -> String {
        if let ten = run.firstIndex(where: { $0 >= 10 }), run.count <= 3 {
            let (before, after) = (run[..<ten], run[(ten + 1)...])
            let isPlain = before.count <= 1 && after.count <= 1
            if isPlain, (before + after).allSatisfy({ $0 < 10 }) {
                return String((before.first ?? 1) * run[ten] + (after.first ?? 0))
            }
        }
        return run.map(String.init).joined()
    }

    private static let numerals: [Unicode.Scalar: Int] = {
        let ofDigits = [
            "〇○零", "一壹弌", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖",
        ]
        var found: [Unicode.Scalar: Int] = [:]
        for (number, texts) in ofDigits.enumerated() {
            for scalar in texts.unicodeScalars { found[scalar] = number }
        }
        for (scalar, number) in zip("十拾廿卅".unicodeScalars, [10, 10, 20, 30]) {
            found[scalar] = number
        }
        return found
    }()

    /// Whether 18 characters in a row, whatever stands between them, are an ID number by its
    /// birthday and its check character.
    private static func holdsIDNumber(_ text: String) -> Bool {
        let kept = text.utf8.filter { (0x30...0x39).contains($0) || $0 == 0x58 || $0 == 0x78 }
        guard kept.count >= 18 else { return false }
        return (0...(kept.count - 18)).contains { start in
            let window = kept[start..<start + 18].map { $0 | 0x20 }
            let numbers = window.map { $0 == 0x78 ? 10 : Int($0) & 0xF }
            guard !numbers[..<17].contains(10) else { return false }
            let weighed = zip(numbers, weights).reduce(0) { $0 + $1.0 * $1.1 }
            func number(_ range: Range<Int>) -> Int {
                numbers[range].reduce(0) { $0 * 10 + $1 }
            }
            return weighed % 11 == 1 && (1900...2099).contains(number(6..<10))
                && CalendarDate(
                    year: number(6..<10), month: number(10..<12), day: number(12..<14)) != nil
        }
    }

    /// Of GB 11643, the check character's own last.
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]

    /// Days in a text: year, month and day, or the year last, with the same mark between them; of
    /// two digits a year counts where the day is the whole text.
    private static func days(in text: String) -> [CalendarDate] {
        let groups = groups(in: text)
        var days: [CalendarDate] = []
        for index in groups.indices {
            let group = groups[index]
            if group.text.count == 8, let whole = Int(group.text) {
                days += [
                    CalendarDate(
                        year: whole / 10_000, month: whole / 100 % 100, day: whole % 100)
                ].compactMap { $0 }
            }
            guard index + 2 < groups.count else { continue }
            let three = groups[index...(index + 2)].map(\.text)
            let marks = (groups[index].mark, groups[index + 1].mark)
            guard let first = marks.0, let second = marks.1 else { continue }
            let numbers = three.compactMap { Int($0) }
            let sizes = three.map(\.count)
            let isInWords = first == "年" && second == "月"
            guard numbers.count == 3, first == second || isInWords else { continue }
            let isShort =
                groups.count == 3 && sizes.allSatisfy { $0 <= 2 } && numbers[0] > 29
                && first != "."
            if sizes[0] == 4 || isShort, sizes[1] <= 2, sizes[2] <= 2 {
                let year = sizes[0] == 4 ? numbers[0] : 1900 + numbers[0]
                let day = CalendarDate(year: year, month: numbers[1], day: numbers[2])
                days += [day].compactMap { $0 }
            } else if sizes[2] == 4, sizes[0] <= 2, sizes[1] <= 2 {
                let (a, b) = (numbers[0], numbers[1])
                let day =
                    CalendarDate(year: numbers[2], month: b, day: a)
                    ?? CalendarDate(year: numbers[2], month: a, day: b)
                days += [day].compactMap { $0 }
            }
        }
        return days
    }

    /// Groups of plain digits, with the mark that stands between each and the next: one to three
    /// characters without letters but those of a date; `nil` for anything else.
    private static func groups(in text: String) -> [(text: String, mark: String?)] {
        var groups: [(text: String, mark: String?)] = []
        var digits = ""
        var between = ""
        for character in text {
            if character.isASCII, character.isNumber {
                if digits.isEmpty, !groups.isEmpty {
                    groups[groups.count - 1].mark = mark(between)
                }
                digits.append(character)
            } else {
                if !digits.isEmpty {
                    groups.append((digits, nil))
                    (digits, between) = ("", "")
                }
                between.append(character)
            }
        }
        if !digits.isEmpty { groups.append((digits, nil)) }
        return groups
    }

    private static func mark(_ between: String) -> String? {
        let mark = between.filter { !$0.isWhitespace }
        guard between.count <= 3, mark.count <= 1 else { return nil }
        let isLetter = mark.contains { $0.isLetter && !"年月日号".contains($0) }
        return isLetter ? nil : mark
    }

    /// The number that a spreadsheet keeps for a day from 1927 on.
    private static func isSerialDay(_ text: String) -> Bool {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        guard let number = Double(trimmed), trimmed.allSatisfy({ $0.isNumber || $0 == "." }) else {
            return false
        }
        return (10_000..<100_000).contains(number)
    }
}
