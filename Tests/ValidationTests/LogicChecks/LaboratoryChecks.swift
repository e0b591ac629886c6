/// L-053 to L-074: what the results say together, and what was made of them.
let laboratoryChecks: [Check] = [
    Check("L-053")
        .violating(risk("1") + markers("wife", "POS", "POS", "NEG", "NEG", "NEG"))
        .violating(risk("2") + markers("husband", "POS", "POS", "NEG", "NEG", "NEG"))
        .boundary(risk("1") + markers("wife", "POS", "SUSPECT", "NEG", "NEG", "NEG"))
        .clean(markers("wife", "NEG", "POS", "NEG", "NEG", "NEG")),
    Check("L-054")
        .violating(markers("wife", "NEG", "NEG", "POS", "NEG", "NEG"))
        .violating(risk("2") + markers("husband", "POS", "NEG", "POS", "POS", "NEG"))
        .boundary(markers("wife", "SUSPECT", "NEG", "POS", "NEG", "NEG"))
        .clean(risk("1") + markers("wife", "POS", "NEG", "POS", "NEG", "POS")),
    Check("L-055")
        .violating(risk("1") + markers("wife", "POS", "POS", "POS", "POS", "POS"), "L-053", "L-054")
        .boundary(risk("1") + markers("wife", "POS", "POS", "POS", "POS", "NEG"), "L-053", "L-054")
        .clean(risk("1") + markers("wife", "POS", "NEG", "NEG", "POS", "POS")),
    Check("L-056")
        .violating(
            risk("1") + markers("wife", "POS", "NEG", "NEG", "NEG", "NEG")
                + ["wife.vaccinationPlan": "2"]
        )
        .boundary(
            risk("1") + markers("wife", "SUSPECT", "NEG", "NEG", "NEG", "NEG")
                + ["wife.vaccinationPlan": "2"]
        )
        .clean(
            markers("wife", "NEG", "NEG", "NEG", "NEG", "NEG") + ["wife.vaccinationPlan": "2"]),
    Check("L-057")
        .violating(["adviceText": "女方乙肝易感，建议接种"])
        .violating(["adviceText": "男方乙肝易感，建议接种"])
        .violating(["adviceText": "乙肝易感，建议接种"])
        .boundary(
            markers("wife", "NEG", "NEG", "NEG", "NEG", "NEG") + ["adviceText": "女方乙肝易感，建议接种"]
        )
        .clean(["adviceText": "乙肝表面抗体阳性，已有免疫力"]),
    Check("L-058")
        .violating(["wife.rubellaIgG": "NEG", "adviceText": "排除妊娠"])
        .violating([
            "wife.rubellaIgG": "NEG", "adviceText": "排除妊娠", "wife.vaccinationPlan": "2",
        ])
        .boundary(["wife.rubellaIgG": "SUSPECT"])
        .boundary([
            "wife.rubellaIgG": "NEG", "adviceText": "排除妊娠", "wife.vaccinationPlan": "1",
        ])
        .clean(["wife.rubellaIgG": "NEG", "adviceText": "排除妊娠后接种风疹疫苗"]),
    Check("L-059")
        .violating(["wife.vaccinationPlan": "1"])
        .violating(["wife.vaccinationPlan": "1+2"])
        .boundary(["wife.vaccinationPlan": "2"])
        .clean([
            "wife.rubellaIgG": "NEG", "wife.vaccinationPlan": "1",
            "adviceText": "排除妊娠后接种风疹疫苗",
        ]),
    Check("L-060")
        .violating(vaccinated + ["wife.vaccineRubella": "true"])
        .boundary(vaccinated + ["wife.vaccineRubella": "false", "wife.vaccineHepatitisB": "true"])
        .clean(["wife.vaccinated": "true", "wife.vaccineRubella": "true"]),
    Check("L-061")
        .violating(["wife.cmvIgM": "POS", "adviceText": "排除妊娠", "highRiskParty": "1"], "L-074")
        .violating(["wife.toxoIgM": "POS", "wife.eatsRawMeat": "true"], "L-074")
        .boundary(["wife.cmvIgM": "SUSPECT"])
        .clean(risk("1") + ["wife.cmvIgM": "POS", "adviceText": "排除妊娠"]),
    Check("L-062")
        .violating(risk("1") + ["wife.toxoIgM": "POS"])
        .violating(
            risk("1") + [
                "wife.toxoIgM": "POS", "wife.exposureAny": "true", "wife.exposureList": "NOISE",
            ]
        )
        .boundary(
            risk("1") + [
                "wife.toxoIgM": "POS", "wife.exposureAny": "true",
                "wife.exposureList": "NOISE+ANIMALS",
            ]
        )
        .clean(risk("1") + ["wife.toxoIgM": "POS", "wife.eatsRawMeat": "true"]),
    Check("L-063")
        .violating(risk("1") + ["wife.syphilis": "POS", "husband.syphilis": "NOT_DONE"], "R-09")
        .violating(risk("2") + ["husband.syphilis": "POS", "wife.syphilis": "NOT_DONE"], "R-09")
        .violating(["wife.syphilis": "POS"], "L-074")
        .boundary(risk("1") + ["wife.syphilis": "POS", "husband.syphilis": "SUSPECT"])
        .clean(risk("1") + ["wife.syphilis": "POS"]),
    Check("L-064")
        .violating(risk("1") + ["wife.chlamydia": "POS"])
        .violating(risk("1") + ["wife.gonococcus": "POS"])
        .boundary(["wife.chlamydia": "SUSPECT"])
        .clean(risk("1") + ["wife.chlamydia": "POS", "adviceText": "夫妻同时治疗"]),
    Check("L-065")
        .violating(["wife.vaginalCleanliness": "I", "wife.trichomonas": "POS"])
        .violating(["wife.vaginalCleanliness": "I", "wife.clueCells": "POS"])
        .violating(["wife.vaginalPh": "BELOW_4_5", "wife.clueCells": "POS"])
        .boundary(["wife.vaginalCleanliness": "II", "wife.trichomonas": "POS"])
        .boundary(["wife.vaginalPh": "FROM_4_5", "wife.clueCells": "POS"])
        .clean(["wife.vaginalCleanliness": "I"]),
    Check("L-066")
        .violating(["wife.rhType": "NEG", "husband.rhType": "NOT_DONE"], "R-09")
        .violating(["wife.rhType": "NEG", "husband.rhType": "UNKNOWN"])
        .violating(["wife.aboType": "NOT_DONE", "husband.aboType": "NOT_DONE"], "R-09")
        .violating(["wife.aboType": "UNKNOWN", "husband.aboType": "UNKNOWN"])
        .violating(["wife.aboType": "NOT_DONE", "husband.aboType": "UNKNOWN"], "R-09")
        .boundary(["wife.aboType": "UNKNOWN"])
        .boundary(["wife.rhType": "NEG", "husband.rhType": "NEG"])
        .boundary(["wife.aboType": "NOT_DONE"], "R-09")
        .clean(["wife.rhType": "NEG"]),
    Check("L-067")
        .violating(["wife.aboType": "O"])
        .boundary(["wife.aboType": "O", "husband.aboType": "O"])
        .clean(["wife.aboType": "O", "adviceText": "注意母儿ABO血型不合"]),
    Check("L-068")
        .violating(["wife.urineRoutine": "ABNORMAL", "wife.urineAbnormalText": ""])
        .violating(["husband.urineAbnormalText": "蛋白 1+"])
        .violating(risk("1") + ["wife.ultrasoundResult": "ABNORMAL", "wife.ultrasoundText": ""])
        .violating(["wife.ultrasoundText": "左附件囊肿"])
        .boundary(["wife.ultrasoundText": "双附件未见囊肿"])
        .boundary(["wife.urineRoutine": "NOT_DONE", "wife.urineAbnormalText": ""], "R-09")
        .clean(["wife.urineRoutine": "ABNORMAL", "wife.urineAbnormalText": "尿蛋白弱阳性"]),
    Check("L-069")
        .violating(["wife.ultrasoundText": "宫腔内见孕囊，大小约一厘米"])
        .violating(["wife.ultrasoundText": "附件未见异常，宫内早孕"])
        .boundary(["wife.ultrasoundText": "宫腔内未见孕囊"])
        .clean(["wife.ultrasoundText": "子宫大小正常"]),
    Check("L-070")
        .violating(["wife.ethnicity": ""])
        .boundary(["wife.ethnicity": "", "fileCompleteStatus": "1"], "R-10")
        .clean(["wife.ethnicity": "15"]),
    Check("L-071")
        .violating(["wife.historyDoctor": ""], "L-070")
        .violating(["wife.examDate": "", "fileCompleteStatus": "1"], "R-10")
        .violating(["adviceDoctor": "", "fileCompleteStatus": "1"], "R-10")
        .boundary(
            ["wife.historyDoctor": "", "wife.historyComplete": "false"], "L-070", "R-09", "R-10"
        )
        .clean(["wife.historyDoctor": "题医九"]),
    Check("L-073")
        .violating(risk("1") + ["wife.riskFactorClassA": "", "wife.riskFactorClassB": ""])
        .violating(["wife.riskFactorClassX": "精神分裂症"])
        .violating(["husband.riskFactorClassC": "高血压"])
        .boundary(risk("1") + ["wife.riskFactorClassA": "", "wife.riskFactorClassB": "贫血"])
        // Judged as it was filled in: whose part stays at home still is the reason.
        .boundary(
            risk("2") + ["consentStatus": "WIFE", "husband.riskFactorClassA": "吸烟"], "R-06",
            "R-11"
        )
        .clean(["wife.riskFactorClassA": "被动吸烟"]),
    Check("L-074")
        .violating(risk("2") + markers("wife", "POS", "NEG", "NEG", "NEG", "NEG"))
        .violating(risk("1") + markers("husband", "POS", "NEG", "NEG", "NEG", "NEG"))
        .violating(["highRiskParty": "1"])
        .violating(risk("0"))
        .boundary(risk("3") + markers("wife", "POS", "NEG", "NEG", "NEG", "NEG"))
        .clean(risk("1") + markers("wife", "POS", "NEG", "NEG", "NEG", "NEG")),
]

private let vaccinated = [
    "wife.vaccinated": "true", "wife.rubellaIgG": "NEG", "adviceText": "排除妊娠后接种风疹疫苗",
]

private func markers(
    _ role: String, _ surface: String, _ surfaceAntibody: String, _ eAntigen: String,
    _ eAntibody: String, _ core: String
) -> [String: String] {
    [
        "\(role).hbsAg": surface, "\(role).hbsAb": surfaceAntibody, "\(role).hbeAg": eAntigen,
        "\(role).hbeAb": eAntibody, "\(role).hbcAb": core,
    ]
}
