/// Signs of a person in what should only be a name, of a file or of a column (名称里的个人信息): digits
/// in a row as ID numbers, telephone numbers and birth dates have them, in groups too
/// (138-1234-5678). Names of people cannot be told from other words, but a short one beside such a
/// number is taken for its bearer's.
package enum PersonalSigns {
    /// So many digits may be a person's number; a day or a month of an export is none.
    private static let fewestDigits = 6
    /// As many as a mobile number has: in a folder's name less may be a district's number.
    private static let fewestInFolder = 11

    /// How many characters a person's name has at most, as it stands in names of files.
    private static let longestName = 4

    /// The same text with `…` for each such number, and no longer than that many characters.
    package static func masked(_ text: String, most: Int = 60) -> String {
        let shown = masking(text) { $0.isPersonal }
        return shown.count > most ? String(shown.prefix(most)) + "…" : shown
    }

    /// A path with the file's name masked like any name, and of each folder's what is as long as a
    /// person's number or is a birth date.
    package static func masked(path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return masked(path, most: .max) }
        let name = path[path.index(after: slash)...]
        let folders = path[..<slash].split(separator: "/", omittingEmptySubsequences: false)
            .map { masking(String($0)) { $0.isPersonalInFolder } }
        return folders.joined(separator: "/") + "/" + masked(String(name), most: .max)
    }

    /// What somebody typed, as an error repeats it: a mobile, an ID number or a birth date is `…`,
    /// with the name beside it. Ids of records, receipts and items, in hex digits, stay.
    package static func masked(typed text: String) -> String {
        var shown = ""
        var loose = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
            if isID(word) {
                shown += masking(loose) { $0.isPersonalWhenTyped } + word
                loose = ""
                rest = rest.dropFirst(word.count)
            } else {
                loose += word.isEmpty ? String(first) : String(word)
                rest = rest.dropFirst(max(1, word.count))
            }
        }
        return shown + masking(loose) { $0.isPersonalWhenTyped }
    }

    /// Whether a word is hex digits as our ids have them: whole, or begun, and then with no long
    /// run of digits.
    private static func isID(_ word: Substring) -> Bool {
        let isHex = word.allSatisfy { "0123456789abcdef".contains($0) }
        guard isHex, word.count >= 8, word.contains(where: \.isLetter) else { return false }
        let longest = word.split(whereSeparator: \.isLetter).map(\.count).max() ?? 0
        return [32, 64].contains(word.count) || longest < fewestInFolder
    }

    /// Whether there is such a number in a text.
    package static func areIn(_ text: String) -> Bool { masked(text, most: .max) != text }

    /// A text with `…` for each whole number of a person: a mobile or an ID number, a birth date.
    package static func maskedPersons(_ text: String) -> String {
        masking(text) { $0.isPersonalInFolder }
    }

    /// Whether a whole number of a person stands in a text: a mobile or an ID number, a birth date,
    /// in whatever groups.
    package static func arePersons(in text: String) -> Bool {
        maskedPersons(text) != text
    }

    /// Whether a number that one person alone has stands in a text: a mobile or an ID number, in
    /// whatever groups, or a day of birth in words. A day or a run of digits is none.
    package static func haveBearers(in text: String) -> Bool {
        masking(text) { $0.hasBearer } != text
    }

    private static func masking(_ text: String, _ isPersonal: (DigitGroups) -> Bool) -> String {
        let scalars = withoutMarked(Array(text.unicodeScalars))
        var shown = String.UnicodeScalarView()
        var place = 0
        while place < scalars.count {
            if let wide = DigitGroups(scalars, from: place, marks: DigitGroups.anyMarks),
                wide.isNumberOfPerson || wide.isBirthDateInWords(scalars)
            {
                hide(wide, in: scalars, at: &place, &shown)
                continue
            }
            guard let groups = DigitGroups(scalars, from: place, marks: DigitGroups.marks) else {
                shown.append(scalars[place])
                place += 1
                continue
            }
            let parts = groups.parts
            if parts.count == 1, isPersonal(parts[0]) {
                hide(parts[0], in: scalars, at: &place, &shown)
                continue
            }
            for part in parts {
                if isPersonal(part) {
                    shown.append("…")
                } else {
                    shown.append(contentsOf: scalars[part.range])
                }
                // What stands between two parts.
                if part.range.upperBound < groups.range.upperBound {
                    shown.append(scalars[part.range.upperBound])
                }
            }
            place = groups.range.upperBound
        }
        return String(shown)
    }

    /// The same with `…` for numbers between whose groups stands any mark: `990101*19910401*1604`.
    private static func withoutMarked(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var shown = String.UnicodeScalarView()
        var place = 0
        while place < scalars.count {
            let isInside = place > 0 && DigitGroups.digit(scalars[place - 1]) != nil
            if !isInside, let marked = DigitGroups(marked: scalars, from: place) {
                hide(marked, in: scalars, at: &place, &shown)
            } else {
                shown.append(scalars[place])
                place += 1
            }
        }
        return Array(shown)
    }

    /// Puts `…` for a number, and for the name of whoever bears it that stands beside it, touching
    /// it or after one mark.
    private static func hide(
        _ number: DigitGroups, in scalars: [Unicode.Scalar], at place: inout Int,
        _ shown: inout String.UnicodeScalarView
    ) {
        place = number.range.upperBound
        if number.hasBearer {
            shown.removeLast(name(in: shown.reversed()))
            place += name(in: scalars[place...])
        }
        shown.append("…")
    }

    /// How many scalars a name at the start of a text takes, with the mark before it; 0 for none.
    private static func name(in text: some Sequence<Unicode.Scalar>) -> Int {
        var (marks, letters) = (0, 0)
        for scalar in text {
            if letters == 0, marks == 0, DigitGroups.marks.contains(scalar), scalar != "." {
                marks = 1
            } else if scalar.properties.isIdeographic {
                letters += 1
                if letters > longestName { return 0 }
            } else {
                break
            }
        }
        return letters > 0 ? marks + letters : 0
    }

    /// Groups of digits with one mark between each: a number, or several days of an export.
    struct DigitGroups {
        let range: Range<Int>
        typealias Group = (start: Int, end: Int, digits: [Int])

        private let groups: [Group]

        /// The groups that begin at a place; `nil` where no digit stands.
        ///
        /// - Parameter marks: of which one may stand between two groups, of the wide ones three.
        init?(_ scalars: [Unicode.Scalar], from start: Int, marks: Set<Unicode.Scalar>) {
            var groups: [Group] = []
            var place = start
            while let group = DigitGroups.group(scalars, at: place) {
                groups.append(group)
                place = group.end
                guard place < scalars.count, marks.contains(scalars[place]) else { break }
                place += 1
                let isWide = marks.count > DigitGroups.marks.count
                // A hyphen has a blank on each side.
                let most = isWide ? place + 2 : place
                while place < min(most, scalars.count), marks.contains(scalars[place]) {
                    place += 1
                }
            }
            guard let last = groups.last else { return nil }
            self.groups = groups
            range = start..<last.end
        }

        init(_ groups: some Sequence<Group>) {
            self.groups = Array(groups)
            range = self.groups[0].start..<self.groups[self.groups.count - 1].end
        }

        private var digits: [Int] { groups.flatMap(\.digits) }

        /// The whole where it is a person's number as such, else days of an export and what stands
        /// between them.
        var parts: [DigitGroups] {
            if isNumberOfPerson { return [self] }
            var parts: [DigitGroups] = []
            var rest = groups[...]
            var loose: [Group] = []
            while let group = rest.first {
                let count = DigitGroups.ofExport(rest.map(\.digits))
                if count > 0 {
                    if !loose.isEmpty { parts.append(DigitGroups(loose)) }
                    loose = []
                    parts.append(DigitGroups(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                } else {
                    loose.append(group)
                    rest = rest.dropFirst()
                }
            }
            if !loose.isEmpty { parts.append(DigitGroups(loose)) }
            return parts
        }

        var isPersonal: Bool { isNumberOfPerson || digits.count >= fewestDigits && !isOfExport }

        var isPersonalInFolder: Bool {
            isNumberOfPerson || !isOfExport && (digits.count >= fewestInFolder || isBirthDate)
        }

        /// As in a folder's name, but that a division's twelve digits are no person's.
        var isPersonalWhenTyped: Bool {
            if isNumberOfPerson || hasBearer || isBirthDate { return true }
            return digits.count >= 15 && !isOfExport
        }

        private var isOfExport: Bool { DigitGroups.ofExport(groups.map(\.digits)) == groups.count }

        /// A mobile number, or an ID number with its birthday, in whatever groups.
        var isNumberOfPerson: Bool {
            let digits = self.digits
            if digits.count == 11, groups.count > 1 { return digits[0] == 1 && digits[1] >= 3 }
            guard (17...18).contains(digits.count) else { return false }
            return DigitGroups.isDay(Array(digits[6..<14]), years: 1900...2099)
        }

        /// Whether one person alone has it: no birthday, no row of digits.
        var hasBearer: Bool {
            let isMobile = groups.count == 1 && digits.count == 11 && digits[0] == 1
            return isNumberOfPerson || isMobile
        }

        /// Whether it is a day in words before exports were made: 1986年3月15日, 86年3月15日.
        func isBirthDateInWords(_ scalars: [Unicode.Scalar]) -> Bool {
            guard groups.count >= 3 else { return false }
            let marks = groups.prefix(2).map { scalars[$0.end] }
            let isInWords = marks == ["年", "月"]
            let year = DigitGroups.number(groups[0].digits)
            let isEarly = groups[0].digits.count == 4 ? (1900...2007).contains(year) : year > 29
            let sizes = groups[1...2].allSatisfy { $0.digits.count <= 2 }
            let isShort = groups[0].digits.count == 2 && groups.count == 3 && marks == [".", "."]
            return sizes && isEarly && (1...12).contains(DigitGroups.number(groups[1].digits))
                && (1...31).contains(DigitGroups.number(groups[2].digits))
                && (isInWords || isShort)
        }

        private var isBirthDate: Bool {
            digits.count == 8 && DigitGroups.isDay(digits, years: 1900...2007)
        }

        /// How many of the first groups are a day, a month or a year in which files of ours are
        /// made, with a time behind it or not: `yyyyMMdd`, `yyyy-MM-dd`, `yyyyMMddHHmm`.
        private static func ofExport(_ groups: [[Int]]) -> Int {
            guard let first = groups.first else { return 0 }
            func pair(_ index: Int, _ range: ClosedRange<Int>) -> Bool {
                index < groups.count && groups[index].count <= 2
                    && range.contains(number(groups[index]))
            }
            var used: Int
            switch first.count {
            case 4 where years.contains(number(first)):
                used = pair(1, 1...12) ? 2 : 1
                if used == 2, pair(2, 1...31) { used = 3 }
                if used != 3 { return used }
                let padded = groups[1...2].map { $0.count == 1 ? [0] + $0 : $0 }
                if !isDay(first + padded.joined(), years: years) { return 2 }
            case 6:
                let day = first + [0, 1]
                return isDay(day, years: years) ? 1 : 0
            case 8 where isDay(first, years: years): used = 1
            case 12, 14:
                let time = Array(first[8...])
                return isDay(Array(first[..<8]), years: years) && isTime(time) ? 1 : 0
            default: return 0
            }
            if used < groups.count, [4, 6].contains(groups[used].count), isTime(groups[used]) {
                return used + 1
            }
            let time = groups[used...].prefix(3).prefix { $0.count == 2 }
            return time.count > 1 && isTime(time.flatMap { $0 }) ? used + time.count : used
        }

        private static let years = 2008...2099

        static func isDay(_ digits: [Int], years: ClosedRange<Int>) -> Bool {
            let year = number(digits[0..<4])
            return years.contains(year)
                && CalendarDate(
                    year: year, month: number(digits[4..<6]), day: number(digits[6..<8])) != nil
        }

        /// Hours, minutes and perhaps seconds.
        private static func isTime(_ digits: [Int]) -> Bool {
            number(digits[0..<2]) < 24
                && stride(from: 2, to: digits.count, by: 2).allSatisfy {
                    number(digits[$0..<$0 + 2]) < 60
                }
        }

        static func number(_ digits: some Sequence<Int>) -> Int {
            digits.reduce(0) { $0 * 10 + $1 }
        }

        /// What people put between the groups of a number.
        static let marks = Set("-._ ·–".unicodeScalars)

        /// The same, and what is rarer: other dashes, brackets, commas, years and months.
        static let anyMarks = marks.union(
            Set("‐‑‒—−~～，,、()（）/年月日".unicodeScalars))

        /// The digits that begin at a place, over what nobody sees between them; `nil` for none.
        static func group(_ scalars: [Unicode.Scalar], at start: Int) -> Group? {
            var (digits, end): ([Int], Int) = ([], start)
            var place = start
            while place < scalars.count {
                if let digit = digit(scalars[place]) {
                    digits.append(digit)
                    place += 1
                    end = place
                } else if !digits.isEmpty, isUnseen(scalars[place]) {
                    place += 1
                } else {
                    break
                }
            }
            return digits.isEmpty ? nil : (start, end, digits)
        }

        /// A space without width, a soft hyphen, a mark of direction.
        static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value > 0x7F && scalar.properties.isDefaultIgnorableCodePoint
        }

        static func digit(_ scalar: Unicode.Scalar) -> Int? {
            switch scalar.value {
            case 0x30...0x39: Int(scalar.value) - 0x30
            case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
            case 0x2460...0x2468: Int(scalar.value) - 0x245F  // ①
            case 0x24EA: 0
            default: nil
            }
        }
    }
}
