/// What was measured (体格检查、检验): L-039 to L-052. A number beyond the bounds of its field is told by
/// its check alone, which knows more than that it is out of range.
extension RuleCase {
    static let examination: [RuleCase] = [
        bad("L-039 height-119.9", ["L-039"], body("119.9", "40", "27.8")),
        fine("L-039 height-120", body("120", "40", "27.8")),
        fine("L-039 height-210", body("210", "90", "20.4")),
        bad("L-039 height-210.1", ["L-039"], body("210.1", "90", "20.4")),
        bad("L-039 weight-29.9", ["L-039"], body("150", "29.9", "13.3")),
        fine("L-039 weight-30", body("150", "30", "13.3")),
        // 38.9 kg at 1.80 m are 12.0 kg/m², 38.6 are 11.9.
        bad("L-039 index-11.9", ["L-039"], body("180", "38.6", "11.9")),
        fine("L-039 index-12", body("180", "38.9", "12.0")),
        warned("L-039 index-miscounted", ["L-039"], body("160", "55", "21.8")),
        fine("L-039 index-rounded", body("160", "55", "21.7")),
        bad("L-040 swapped", ["L-039", "L-040"], body("60", "160", "")),
        fine("L-040 heavy", body("170", "120.1", "41.6")),
        bad("L-041 reversed", ["L-041"], pressure("80", "120")),
        bad("L-041 apart-9", ["L-041"], pressure("109", "100")),
        fine("L-041 apart-10", pressure("110", "100")),
        bad("L-041 systolic-59", ["L-041"], pressure("59", "40")),
        fine("L-041 systolic-60", pressure("60", "40")),
        bad("L-041 diastolic-29", ["L-041"], pressure("90", "29")),
        fine("L-041 diastolic-30", pressure("90", "30")),
        warned("L-043 blood-count-of-husband", ["L-043"], ["husband.hemoglobin": .text("140")]),
        fine("L-043 none-of-husband", ["husband.hemoglobin": .nothing]),
    ]

    private static func body(_ height: String, _ weight: String, _ index: String)
        -> [String: Said]
    {
        [
            "wife.heightCm": .text(height), "wife.weightKg": .text(weight),
            "wife.bmi": .text(index),
        ]
    }

    private static func pressure(_ systolic: String, _ diastolic: String) -> [String: Said] {
        ["husband.systolicBp": .text(systolic), "husband.diastolicBp": .text(diastolic)]
    }

    private static let anaemia: Said = .text("血红蛋白偏低，建议纠正贫血。")

    static let laboratory: [RuleCase] = [
        bad(
            "L-045 hb-29", ["L-045"],
            ["wife.hemoglobin": .text("29"), "adviceText": anaemia]),
        fine("L-045 hb-30", ["wife.hemoglobin": .text("30"), "adviceText": anaemia]),
        fine("L-045 hb-220", ["wife.hemoglobin": .text("220")]),
        bad("L-045 hb-221", ["L-045"], ["wife.hemoglobin": .text("221")]),
        bad(
            "L-045 hb-in-g/dL", ["L-045"],
            ["wife.hemoglobin": .text("12"), "adviceText": anaemia]),
        bad("L-046 red-0.99", ["L-046"], ["wife.redCells": .text("0.99")]),
        fine("L-046 red-1", ["wife.redCells": .text("1.00")]),
        bad("L-046 white-50.01", ["L-046"], ["wife.whiteCells": .text("50.01")]),
        fine("L-046 white-50", ["wife.whiteCells": .text("50")]),
        bad("L-046 platelets-9", ["L-046"], ["wife.platelets": .text("9")]),
        fine("L-046 platelets-10", ["wife.platelets": .text("10")]),
        bad("L-047 sum-97.9", ["L-047"], ["wife.neutrophilPct": .text("57.9")]),
        fine("L-047 sum-98", ["wife.neutrophilPct": .text("58")]),
        fine("L-047 sum-102", ["wife.neutrophilPct": .text("62")]),
        bad("L-047 sum-102.1", ["L-047"], ["wife.neutrophilPct": .text("62.1")]),
        bad("L-047 both-ways", ["L-047"], ["wife.midCellPct": .text("10")]),
        warned("L-048 hb-109", ["L-048"], ["wife.hemoglobin": .text("109")]),
        fine("L-048 hb-110", ["wife.hemoglobin": .text("110")]),
        bad("L-049 glucose-0.99", ["L-049"], ["wife.bloodGlucose": .text("0.99")]),
        fine("L-049 glucose-1", ["wife.bloodGlucose": .text("1")]),
        fine("L-049 glucose-35", atRisk("1", ["wife.bloodGlucose": .text("35")])),
        bad(
            "L-049 glucose-in-mg/dL", ["L-049"],
            atRisk("1", ["wife.bloodGlucose": .text("90")])),
        warned("L-050 glucose-7", ["L-050"], ["wife.bloodGlucose": .text("7.0")]),
        fine("L-050 glucose-6.99", ["wife.bloodGlucose": .text("6.99")]),
        bad("L-051 alt-0.9", ["L-051"], ["husband.alt": .text("0.9")]),
        fine("L-051 alt-3000", ["husband.alt": .text("3000")]),
        bad("L-051 creatinine-9.9", ["L-051"], ["wife.creatinine": .text("9.9")]),
        fine("L-051 creatinine-10", ["wife.creatinine": .text("10")]),
        bad("L-051 creatinine-in-mg/dL", ["L-051"], ["wife.creatinine": .text("0.8")]),
        bad("L-052 tsh-150.001", ["L-052"], ["wife.tsh": .text("150.001")]),
        fine("L-052 tsh-150", ["wife.tsh": .text("150")]),
        fine("L-052 tsh-0.001", ["wife.tsh": .text("0.001")]),
    ]
}
