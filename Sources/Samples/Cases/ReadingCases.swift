/// The programme's conditions, and cells that cannot be read (资格条件与单元格读取).
extension RuleCase {
    static let eligibility: [RuleCase] = [
        RuleCase(
            "R-01 in-25-months", .excluded, ["R-01"],
            ["plannedPregnancyDate": .later(months: 24, days: 1)]),
        fine("R-01 in-24-months", ["plannedPregnancyDate": .later(months: 24, days: 0)]),
        RuleCase(
            "R-01 decided-against", .excluded, ["R-01"], ["eligibilityDecision": .code("0")]),
        RuleCase(
            "H-ELIGIBILITY pending", .held, ["H-ELIGIBILITY"],
            ["eligibilityDecision": .code("2")]),
        bad("R-05 second-in-its-own-words", ["R-05"], ["freeCheckSequence": .text("2")]),
        RuleCase("R-06 withdrawn", .held, ["R-06"], ["consentWithdrawnAt": .day(20)]),
        bad(
            "R-07 not-entrusted", ["R-07"], ["cooperatingOrgCode": .text("MA0000T6099010111G1001")]),
        fine("R-07 entrusted", ["cooperatingOrgCode": .text("MA0000T3699010111G3001")]),
        bad("R-08 not-yet-designated", ["R-08"], [:]).wishing {
            $0.day = (2011, 12, 31)
            $0.institution = 0
        },
        fine("R-08 first-day", [:]).wishing {
            $0.day = (2012, 1, 1)
            $0.institution = 0
        },
        RuleCase(
            "R-09 repeat-visit", .sent, ["R-09"], isPaid: false,
            ["wife.labVisitType": .code("2")]),
        RuleCase("R-10 form-unfinished", .held, ["R-10"], ["husband.labComplete": .no]),
        RuleCase(
            "L-070 number-outstanding", .held, ["L-070"], ["husband.idNumber": .nothing]),
        bad("R-12 other-area", ["R-12"], ["fundingAreaCode": .text("990102")]),
    ]

    /// A result that cannot be read is none: its item is not done.
    static let reading: [RuleCase] = [
        bad("V-NUMBER words", ["R-09", "V-NUMBER"], ["wife.alt": .text("偏高")]),
        bad("V-COMMA decimal", ["R-09", "V-COMMA"], ["wife.alt": .text("23,5")]),
        bad("V-PLACES three", ["R-09", "V-PLACES"], ["wife.redCells": .text("4.125")]),
        bad("V-CONTRADICTION sign", ["R-09", "V-CONTRADICTION"], ["wife.hbsAg": .text("阴性(+)")]),
        fine("V-CONTRADICTION sign", ["wife.hbsAg": .text("阴性(-)")]),
        bad("V-DATE month-13", ["V-DATE"], ["wife.lastMenstrualPeriod": .text("2012-13-01")]),
        fine("V-DATE month-12", ["plannedPregnancyDate": .later(months: 12, days: 0)]),
        bad("V-DIVISION unknown", ["V-DIVISION"], ["husband.hukouDivisionCode": .text("999999")]),
        bad(
            "V-INSTITUTION check-digit", ["V-INSTITUTION"],
            ["cooperatingOrgCode": .text("MA0000T4699010111G3001")]),
        bad(
            "V-LENGTH 71", ["V-LENGTH"],
            ["wife.hukouTown": .text(String(repeating: "镇", count: 71))]),
        fine("V-LENGTH 70", ["wife.hukouTown": .text(String(repeating: "镇", count: 70))]),
        textOnly(bad("V-ENCODING bell", ["V-ENCODING"], ["wife.hukouTown": .text("甲\u{7}镇")])),
        warned("V-BOUND below", ["V-BOUND"], ["wife.tsh": .text("<0.01")]),
        warned("V-SCIENTIFIC exact", ["V-SCIENTIFIC"], ["wife.platelets": .text("2.3E+2")]),
        fine("V-RANGE highest", ["wife.heartRate": .text("220")]),
        bad("V-RANGE above", ["V-RANGE"], ["wife.heartRate": .text("221")]),
    ]

    private static func textOnly(_ item: RuleCase) -> RuleCase {
        var copy = item
        copy.isForWorkbooks = false
        return copy
    }
}
