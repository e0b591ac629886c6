/// Who they are and when (身份、年龄与日期): L-001 to L-022.
extension RuleCase {
    static let persons: [RuleCase] = [
        fine("L-001 check-character-x", [:]).wishing { $0.endsInX = true },
        bad("L-002 both-spouses-swapped", ["L-002", "L-003", "L-007"], [:]).sharingNumber,
        fine("L-002 own-numbers", [:]),
        fine("L-003 born-today", [:]).wishing { $0.birthdayOf = .husband },
        warned("L-004 age-one-too-many", ["L-004"], ["wife.ageYears": .text("28")]),
        warned("L-004 age-of-husband", ["L-004"], ["husband.ageYears": .text("28")]),
        fine("L-004 on-the-birthday", [:]).wishing { $0.birthdayOf = .wife },
        bad("L-005 wife-19", ["L-005", "L-008"], [:]).wishing { $0.wifeAge = 19 },
        bad("L-005 wife-50", ["L-005"], [:]).wishing { $0.wifeAge = 50 },
        bad("L-005 husband-21", ["L-005", "L-008"], [:]).wishing { $0.husbandAge = 21 },
        fine("L-005 wife-20-today", [:]).wishing {
            $0.wifeAge = 20
            $0.birthdayOf = .wife
        },
        fine("L-005 wife-49", [:]).wishing { $0.wifeAge = 49 },
        fine("L-005 husband-22-today", [:]).wishing {
            $0.husbandAge = 22
            $0.birthdayOf = .husband
        },
        bad("L-006 husband-71", ["L-006"], [:]).wishing { $0.husbandAge = 71 },
        fine("L-006 husband-70", [:]).wishing { $0.husbandAge = 70 },
        warned(
            "L-007 same-name", ["L-007"],
            ["wife.name": .text("测甲一"), "husband.name": .text("测甲一")]),
        fine(
            "L-007 name-alike",
            ["wife.name": .text("测甲一"), "husband.name": .text("测甲二")]),
        bad("L-008 married-tomorrow", ["L-008"], ["marriageDate": .day(1)]),
        fine("L-008 married-today", ["marriageDate": .day(0)]),
        bad("L-009 before-the-programme", ["L-009", "R-08"], [:]).wishing {
            $0.day = (2010, 3, 31)
            $0.institution = 2
        },
        fine("L-009 first-day", [:]).wishing {
            $0.day = (2010, 4, 1)
            $0.institution = 2
        },
        bad("L-015 old-number", ["L-015", "V-ID-15"], [:]).with15Digits((2013, 1, 1)),
        warned("L-015 old-number-in-time ok", ["V-ID-15"], [:]).with15Digits((2012, 12, 31)),
        warned("L-016 ten-digits", ["L-016"], ["wife.mobilePhone": .text("1201234567")]),
    ]

    /// The husband bears the wife's number.
    private var sharingNumber: RuleCase {
        var copy = self
        copy.identity = .shared
        return copy
    }

    private func with15Digits(_ day: (Int, Int, Int)) -> RuleCase {
        var copy = self
        copy.identity = .fifteenDigits
        copy.wish.day = (day.0, day.1, day.2)
        return copy
    }

    static let days: [RuleCase] = [
        bad("L-010 before-consent", ["L-010"], ["wife.examDate": .day(-1)]),
        bad("L-010 husband-before", ["L-010"], ["husband.labSampleDate": .day(-1)]),
        bad("L-010 day-of-consent-missing", ["L-010"], ["consentHusbandDate": .nothing]),
        fine("L-010 same-day", ["wife.examDate": .day(0)]),
        warned(
            "L-011 after-91-days", ["L-011"],
            ["wife.examDate": .day(91), "adviceDate": .day(92)]),
        fine("L-011 after-90-days", ["wife.examDate": .day(90), "adviceDate": .day(90)]),
        bad("L-012 report-before-sample", ["L-012"], ["wife.labReportDate": .day(-1)]),
        warned(
            "L-012 report-after-31-days", ["L-012"],
            ["wife.labReportDate": .day(31), "adviceDate": .day(31)]),
        fine("L-012 report-same-day", ["husband.labReportDate": .day(0)]),
        fine(
            "L-012 report-after-30-days",
            ["wife.labReportDate": .day(30), "adviceDate": .day(30)]),
        bad("L-013 advice-before-report", ["L-013"], ["adviceDate": .day(2)]),
        fine("L-013 advice-with-report", ["adviceDate": .day(3)]),
        bad(
            "L-017 other-county", ["L-017"], ["wife.residenceCounty": .text("虚拟区")]),
        bad(
            "L-017 not-yet-valid", ["L-017"], ["husband.hukouDivisionCode": .text("990120")]),
        fine("L-017 valid-since-2011", ["husband.hukouDivisionCode": .text("990110")]),
        warned("L-018 other-province", ["L-018"], ["wife.hukouProvince": .text("重庆市")]),
        fine("L-018 short-name", ["wife.hukouProvince": .text("示例")]),
        bad("L-019 since-when", ["L-019"], ["wife.residenceSince": .nothing]).floating,
        fine("L-019 six-months", [:]).floating,
        bad("L-020 local-and-floating", ["L-020"], ["floatingCouple": .yes]),
        fine("L-020 one-local", [:]).wishing { $0.areLocal = (false, true) },
        bad(
            "L-021 period-tomorrow", ["L-021", "L-022"],
            ["wife.lastMenstrualPeriod": .day(1)]),
        warned(
            "L-021 before-181-days", ["L-021"], ["wife.lastMenstrualPeriod": .day(-181)]),
        fine("L-021 before-180-days", ["wife.lastMenstrualPeriod": .day(-180)]),
        fine("L-021 today", ["wife.lastMenstrualPeriod": .day(0)]),
        bad(
            "L-022 period-after-exam", ["L-022"],
            ["wife.lastMenstrualPeriod": .day(1), "wife.historyDate": .day(1)]),
        fine(
            "L-022 on-the-day-of-exam",
            ["wife.lastMenstrualPeriod": .day(0), "wife.historyDate": .day(1)]),
        warned(
            "L-023 no-pregnancy-test", ["L-023"],
            [
                "wife.rubellaIgG": .code("NEG"), "wife.lastMenstrualPeriod": .day(-45),
                "adviceText": .text("建议接种风疹疫苗。"),
            ]),
        fine(
            "L-023 period-46-days-ago",
            [
                "wife.rubellaIgG": .code("NEG"), "wife.lastMenstrualPeriod": .day(-46),
                "adviceText": .text("建议接种风疹疫苗。"),
            ]),
    ]

    private var floating: RuleCase {
        wishing {
            $0.areLocal = (false, false)
            $0.residenceMonths = 6
        }
    }
}
