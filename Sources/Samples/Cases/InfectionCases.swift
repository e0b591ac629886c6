/// What was found, and what was made of it (定性结果、B 超、风险评估): L-053 to L-074.
extension RuleCase {
    private static let old: [String: Said] = ["wife.lastMenstrualPeriod": .day(-46)]

    static let infections: [RuleCase] = [
        warned(
            "L-053 antigen-and-antibody", ["L-053"],
            atRisk("1", ["wife.hbsAg": .code("POS"), "wife.hbsAb": .code("POS")])),
        fine("L-053 antibody-alone", ["wife.hbsAb": .code("POS")]),
        bad("L-054 e-without-s", ["L-054"], ["wife.hbeAg": .code("POS")]),
        bad(
            "L-054 e-and-anti-e", ["L-054"],
            atRisk(
                "2",
                [
                    "husband.hbsAg": .code("POS"), "husband.hbeAg": .code("POS"),
                    "husband.hbeAb": .code("POS"),
                ])),
        fine(
            "L-054 e-with-s",
            atRisk("1", ["wife.hbsAg": .code("POS"), "wife.hbeAg": .code("POS")])),
        bad("L-055 all-five", ["L-053", "L-054", "L-055"], atRisk("1", markers("POS"))),
        bad(
            "L-055 all-but-antibody", ["L-054"],
            atRisk("1", markers("POS").merging(["wife.hbsAb": .code("NEG")]) { _, own in own })),
        fine(
            "L-055 three",
            atRisk(
                "1",
                [
                    "wife.hbsAg": .code("POS"), "wife.hbeAg": .code("POS"),
                    "wife.hbcAb": .code("POS"),
                ])),
        bad(
            "L-056 vaccine-for-a-carrier", ["L-056"],
            atRisk("1", ["wife.hbsAg": .code("POS"), "wife.vaccinationPlan": .code("2")])),
        fine("L-056 vaccine-for-another", ["wife.vaccinationPlan": .code("2")]),
        warned(
            "L-057 immune-yet-susceptible", ["L-057"],
            ["wife.hbsAb": .code("POS"), "adviceText": .text("女方乙肝易感，建议接种。")]),
        fine("L-057 susceptible", ["adviceText": .text("女方乙肝易感，建议接种。")]),
        warned(
            "L-058 no-vaccine", ["L-058"],
            old.merging(["wife.rubellaIgG": .code("NEG")]) { _, own in own }),
        fine(
            "L-058 vaccine-planned",
            old.merging(["wife.rubellaIgG": .code("NEG"), "wife.vaccinationPlan": .code("1")]) {
                _, own in own
            }),
        warned("L-059 vaccine-for-the-immune", ["L-059"], ["wife.vaccinationPlan": .code("1")]),
        fine("L-059 none-for-the-immune", ["wife.vaccinationPlan": .nothing]),
        warned(
            "L-060 vaccinated-and-negative", ["L-060"],
            old.merging(
                [
                    "wife.rubellaIgG": .code("NEG"), "wife.vaccinationPlan": .code("1"),
                    "wife.vaccinated": .yes, "wife.vaccineRubella": .yes,
                ]) { _, own in own }),
        fine(
            "L-060 vaccinated-and-positive",
            ["wife.vaccinated": .yes, "wife.vaccineRubella": .yes]),
        bad(
            "L-061 igm-general", ["L-061", "L-074"],
            old.merging(["wife.cmvIgM": .code("POS")]) { _, own in own }),
        fine("L-061 igm-risk", atRisk("1", old.merging(["wife.cmvIgM": .code("POS")]) { $1 })),
        warned("L-062 toxoplasma-whence", ["L-062"], atRisk("1", ["wife.toxoIgM": .code("POS")])),
        fine(
            "L-062 raw-meat",
            atRisk("1", ["wife.toxoIgM": .code("POS"), "wife.eatsRawMeat": .yes])),
        bad(
            "L-063 other-untested", ["L-063", "R-09"],
            atRisk("1", ["wife.syphilis": .code("POS"), "husband.syphilis": .code("NOT_DONE")])),
        bad("L-063 syphilis-general", ["L-063", "L-074"], ["husband.syphilis": .code("POS")]),
        fine("L-063 both-tested", atRisk("2", ["husband.syphilis": .code("POS")])),
        warned(
            "L-064 partner-not-told", ["L-064"],
            atRisk("1", ["wife.chlamydia": .code("POS"), "adviceText": .text("建议治疗。")])),
        fine(
            "L-064 partner-told",
            atRisk("1", ["wife.chlamydia": .code("POS"), "adviceText": .text("男方同治。")])),
        warned("L-065 clean-with-trichomonas", ["L-065"], ["wife.trichomonas": .code("POS")]),
        fine(
            "L-065 grade-two",
            ["wife.trichomonas": .code("POS"), "wife.vaginalCleanliness": .code("II")]),
        warned(
            "L-065 clue-cells-acid", ["L-065"],
            ["wife.clueCells": .code("POS"), "wife.vaginalCleanliness": .code("III")]),
        bad(
            "L-066 rh-of-husband", ["L-066", "R-09"],
            ["wife.rhType": .code("NEG"), "husband.rhType": .code("NOT_DONE")]),
        fine("L-066 rh-of-both", ["wife.rhType": .code("NEG")]),
        bad(
            "L-066 abo-of-neither", ["L-066", "R-09"],
            ["wife.aboType": .code("NOT_DONE"), "husband.aboType": .code("NOT_DONE")]),
        warned("L-067 o-and-a", ["L-067"], ["wife.aboType": .code("O")]),
        fine("L-067 o-and-o", ["wife.aboType": .code("O"), "husband.aboType": .code("O")]),
        fine(
            "L-067 told", ["wife.aboType": .code("O"), "adviceText": .text("注意ABO溶血。")]),
    ]

    private static func markers(_ code: String) -> [String: Said] {
        Dictionary(
            ["wife.hbsAg", "wife.hbsAb", "wife.hbeAg", "wife.hbeAb", "wife.hbcAb"].map {
                ($0, .code(code))
            }, uniquingKeysWith: { first, _ in first })
    }

    static let assessment: [RuleCase] = [
        bad("L-068 urine-not-described", ["L-068"], ["wife.urineRoutine": .code("ABNORMAL")]),
        bad("L-068 urine-normal-described", ["L-068"], ["husband.urineAbnormalText": .text("蛋白")]),
        fine(
            "L-068 urine-described",
            ["wife.urineRoutine": .code("ABNORMAL"), "wife.urineAbnormalText": .text("蛋白")]),
        bad(
            "L-068 scan-not-described", ["L-068"],
            atRisk(
                "1", ["wife.ultrasoundResult": .code("ABNORMAL"), "wife.ultrasoundText": .nothing])),
        bad("L-068 normal-with-cyst", ["L-068"], ["wife.ultrasoundText": .text("左侧卵巢囊肿")]),
        fine("L-068 normal-without-cyst", ["wife.ultrasoundText": .text("未见囊肿")]),
        bad("L-069 pregnant-already", ["L-069"], ["wife.ultrasoundText": .text("宫内见孕囊")]),
        fine("L-069 no-sac", ["wife.ultrasoundText": .text("宫内未见孕囊")]),
        bad("L-070 mandatory-empty", ["L-070"], ["wife.hukouTown": .nothing]),
        fine("L-070 optional-empty", ["wife.hukouVillage": .nothing]),
        bad("L-071 unsigned", ["L-070", "L-071"], ["wife.examDoctor": .nothing]),
        bad("L-071 advice-unsigned", ["L-070", "L-071"], ["adviceDoctor": .nothing]),
        fine("L-071 signed", ["adviceDoctor": .text("样例")]),
        bad(
            "L-073 risk-of-what", ["L-073"],
            ["riskLevel": .code("RISK"), "highRiskParty": .code("1")]),
        bad("L-073 factor-but-general", ["L-073"], ["husband.riskFactorClassC": .text("高血压")]),
        fine("L-073 class-a-general", ["wife.riskFactorClassA": .text("被动吸烟")]),
        fine("L-073 risk-with-factor", atRisk()),
        warned("L-074 general-but-wife", ["L-074"], ["highRiskParty": .code("1")]),
        warned(
            "L-074 not-the-husband", ["L-074"], atRisk("2", ["wife.hbsAg": .code("POS")])),
        fine("L-074 the-wife", atRisk("1", ["wife.hbsAg": .code("POS")])),
    ]
}
