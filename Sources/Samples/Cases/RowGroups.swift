import Records

/// Rows that show a rule together (整批规则): the last of each group is one too many.
extension RuleCase {
    /// - Parameter round: counts the repetitions within a file; each has people of its own.
    static func groups(round: Int) -> [RuleCase] {
        samePhone(round) + sameReadings(round) + sameDoctor(round) + samePartner
    }

    /// How many rows the groups of a round take.
    static let groupRows = groups(round: 0).count

    private static func numbered(
        _ label: String, _ count: Int, _ code: String, _ cells: (Int) -> [String: Said]
    ) -> [RuleCase] {
        (1...count).map { place in
            place == count
                ? warned("\(label)-\(place)", [code], cells(place))
                : fine("\(label)-\(place)", cells(place))
        }
    }

    private static func samePhone(_ round: Int) -> [RuleCase] {
        let phone = "1200" + InventedIDNumber.padded(9_000_000 + round, 7)
        return numbered("L-016 phone", 6, "L-016") { _ in ["wife.mobilePhone": .text(phone)] }
    }

    private static func sameReadings(_ round: Int) -> [RuleCase] {
        numbered("L-042 readings", 11, "L-042") { _ in
            [
                "wife.examDoctor": .text("样例护士\(round)"), "wife.systolicBp": .text("118"),
                "wife.diastolicBp": .text("76"), "wife.heightCm": .text("160"),
                "wife.weightKg": .text("55"), "wife.bmi": .text("21.5"),
            ]
        }
    }

    private static func sameDoctor(_ round: Int) -> [RuleCase] {
        numbered("L-072 doctor", 81, "L-072") { _ in
            ["wife.examDoctor": .text("样例医师\(round)"), "husband.examDoctor": .text("样例医生\(round)")]
        }.map { item in
            item.wishing {
                $0.day = (2012, 5, 8)
                $0.institution = 0
            }
        }
    }

    /// A husband with two wives within 365 days, and another after 366.
    private static let samePartner: [RuleCase] = {
        func row(_ item: RuleCase, _ day: (Int, Int, Int), isSecond: Bool) -> RuleCase {
            var copy = item.wishing { $0.day = (day.0, day.1, day.2) }
            if isSecond { copy.identity = .husbandOf(rowsBack: 1) }
            return copy
        }
        return [
            row(fine("L-085 first-wife", [:]), (2012, 1, 10), isSecond: false),
            row(
                bad("L-085 second-after-365-days", ["L-085"], [:]), (2013, 1, 9), isSecond: true),
            row(fine("L-085 first-wife-too", [:]), (2012, 1, 10), isSecond: false),
            row(fine("L-085 second-after-366-days", [:]), (2013, 1, 10), isSecond: true),
        ]
    }()
}
