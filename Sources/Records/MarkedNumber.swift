extension PersonalSigns {
    /// Whether an ID number stands somewhere in a row of digits, however long it is and whatever
    /// `-` are in it: for what has the form of an id of ours.
    package static func isIDNumber(within id: String) -> Bool {
        let rows = id.unicodeScalars.filter { $0 != "-" }
            .split { DigitGroups.digit($0) == nil }
            .map { $0.compactMap(DigitGroups.digit) }
        return rows.contains { row in
            row.count >= 18
                && (0...row.count - 18).contains {
                    DigitGroups.isDay(Array(row[$0 + 6..<$0 + 14]), years: 1900...2099)
                }
        }
    }
}

extension PersonalSigns.DigitGroups {
    /// An ID number (17 digits and X, or 18), or a mobile number as people group it, with any one
    /// mark between two groups; `nil` where none begins.
    init?(marked scalars: [Unicode.Scalar], from start: Int) {
        var groups: [Group] = []
        var (place, count) = (start, 0)
        while let group = Self.group(scalars, at: place) {
            groups.append(group)
            count += group.digits.count
            guard count <= 18 else { return nil }
            if groups.count > 1, Self.isWhole(groups, count, scalars) {
                self.init(groups)
                return
            }
            place = group.end
            guard place < scalars.count, Self.isMark(scalars[place]) else { return nil }
            place += 1
        }
        return nil
    }

    private static func isWhole(
        _ groups: [Group], _ count: Int, _ scalars: [Unicode.Scalar]
    ) -> Bool {
        let digits = groups.flatMap(\.digits)
        if groups.map(\.digits.count) == [3, 4, 4] { return digits[0] == 1 && digits[1] >= 3 }
        let end = groups[groups.count - 1].end
        let rest = scalars[end...].prefix(2).drop(while: isMark).first
        let isComplete = count == 18 || count == 17 && (rest == "X" || rest == "x")
        return isComplete && regions.contains(number(digits[0..<2]))
            && isDay(Array(digits[6..<14]), years: 1900...2099)
    }

    /// The first two digits of places (GB/T 2260), and 99 of those that are made up.
    private static let regions = Set([
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51,
        52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91, 99,
    ])

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isAlphabetic && digit(scalar) == nil && scalar != "\n"
    }
}
