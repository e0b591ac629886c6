/// L-023 to L-038: what was asked.
let historyChecks: [Check] = [
    Check("L-023")
        .violating(susceptible + ["adviceText": "建议接种风疹疫苗"])
        .violating(
            susceptible + ["wife.lastMenstrualPeriod": "2012-01-16", "adviceText": "建议接种风疹疫苗"]
        )
        .violating(risk("1") + ["wife.cmvIgM": "POS"])
        .violating(
            susceptible + [
                "wife.contraceptionUsed": "true", "wife.contraceptionStopped": "true",
                "adviceText": "建议接种风疹疫苗",
            ]
        )
        .boundary(
            susceptible + ["wife.lastMenstrualPeriod": "2012-01-15", "adviceText": "建议接种风疹疫苗"]
        )
        .boundary(susceptible + ["wife.contraceptionUsed": "true", "adviceText": "建议接种风疹疫苗"])
        .clean(susceptible + ["adviceText": "先做妊娠试验，再接种风疹疫苗"]),
    Check("L-024")
        .violating(["wife.menarcheAge": "7"])
        .violating(["wife.menarcheAge": "21"])
        .violating(["wife.menarcheAge": "20", "wife.ageYears": "20"], "L-004")
        .boundary(["wife.menarcheAge": "8"])
        .boundary(["wife.menarcheAge": "20"])
        .clean(["wife.menarcheAge": "14"]),
    Check("L-025")
        .violating(cycle("3", "16", "28", "30"))
        .violating(cycle("3", "7", "14", "30"))
        .violating(cycle("3", "7", "28", "91"))
        .violating(cycle("8", "7", "28", "30"))
        .violating(cycle("3", "7", "31", "30"))
        .violating(cycle("3", "15", "15", "30"))
        .boundary(cycle("1", "15", "16", "90"))
        .boundary(cycle("7", "7", "15", "15"))
        .clean(cycle("3", "7", "28", "30")),
    Check("L-026")
        .violating(pregnancies("1", live: "1", lost: "1"))
        .violating(pregnancies("1", live: "2", lost: "0"))
        .violating(pregnancies("1", live: "2", lost: "1"))
        .boundary(pregnancies("2", live: "1", lost: "1"))
        .clean(pregnancies("3", live: "1", lost: "1")),
    Check("L-027")
        .violating(once + births("2", term: "1", preterm: "0"))
        .violating(once + births("1", term: "1", preterm: "1"))
        .boundary(once + births("2", term: "1", preterm: "1"))
        .clean(once + births("1", term: "1", preterm: "0")),
    Check("L-028")
        .violating(["wife.gravidity": "1"])
        .violating(["wife.inducedAbortionCount": "1"])
        .violating(["wife.adverseOutcomeEver": "true"])
        .boundary([
            "wife.gravidity": "0", "wife.liveBirths": "0", "wife.adverseOutcomeEver": "false",
        ])
        .clean(once + ["wife.gravidity": "1"]),
    Check("L-029")
        .violating(once + ["wife.liveBirths": "0", "livingChildren": "1", "childOrder": "2"])
        .boundary(once + ["wife.liveBirths": "1", "livingChildren": "1", "childOrder": "2"])
        .clean(once + ["wife.liveBirths": "1"]),
    Check("L-030")
        .violating(["childOrder": "2"])
        .violating(["livingChildren": "1"])
        .boundary(["childOrder": "2", "livingChildren": "1"])
        .clean(["childOrder": "1", "livingChildren": "0"]),
    Check("L-031")
        .violating(once + ["wife.bornDefectChild": "true", "wife.defectChildDisease": ""])
        .violating(["wife.bornDefectChild": "true", "wife.defectChildDisease": "唇裂"])
        .boundary(["wife.bornDefectChild": "false", "wife.defectChildDisease": ""])
        .clean(once + ["wife.bornDefectChild": "true", "wife.defectChildDisease": "唇裂"]),
    // She is 311 months old: 119 of them leave 16 years.
    Check("L-032")
        .violating(once + ["wife.gravidity": "12", "wife.liveBirths": "12"])
        .boundary(once + ["wife.gravidity": "14", "wife.liveBirths": "11"])
        .clean(once + ["wife.gravidity": "2", "wife.liveBirths": "1"]),
    Check("L-033")
        .violating(["wife.diseaseAnemia": "true"])
        .violating(["husband.hadDisease": "true"] + noDisease("husband"))
        .violating(["wife.vaccineRubella": "true"])
        .violating([
            "wife.contraceptionUsed": "true", "wife.contraceptionMethods": "",
            "wife.contraceptionOther": "",
        ])
        .violating(["wife.familyDiseaseList": "DIABETES"])
        .violating(["husband.exposureOther": "粉尘"])
        .boundary(
            ["husband.hadDisease": "true"] + noDisease("husband")
                + ["husband.diseaseOtherText": "哮喘"]
        )
        // A list of which this source has only a part proves nothing.
        .boundary(["husband.hadDisease": "true", "husband.diseaseAnemia": "false"])
        .clean(noDisease("wife")),
    Check("L-034")
        .violating(["wife.occupation": "OTHER", "wife.occupationOther": ""])
        .violating(["husband.occupationOther": "船员"])
        .violating([
            "wife.exposureAny": "true", "wife.exposureList": "NOISE+OTHER",
            "wife.exposureOther": "",
        ])
        .violating(["wife.gynDisease": "1", "wife.gynDiseaseOther": "囊肿"])
        .boundary(["wife.occupation": "OTHER", "wife.occupationOther": "船员"])
        .clean(["wife.occupation": "WORKER", "wife.occupationOther": ""]),
    Check("L-035")
        .violating(["wife.takingMedicine": "true", "wife.medicineNames": ""])
        .boundary(["wife.takingMedicine": "false", "wife.medicineNames": ""])
        .clean(["wife.takingMedicine": "true", "wife.medicineNames": "叶酸片"]),
    Check("L-036")
        .violating(["husband.cigarettesPerDay": "1"])
        .violating(["husband.smokes": "true", "husband.cigarettesPerDay": "101"])
        .boundary(["husband.cigarettesPerDay": "0"])
        .boundary(["husband.smokes": "true", "husband.cigarettesPerDay": "100"])
        .clean(["husband.smokes": "true", "husband.cigarettesPerDay": "10"]),
    Check("L-037")
        .violating(contraception("true", stopped: "2012-03-02", "CONDOM"))
        .violating(contraception("false", stopped: "", "IUD"))
        .boundary(contraception("true", stopped: "2012-03-01", "IUD"))
        .clean(contraception("true", stopped: "2011-12-01", "CONDOM")),
    Check("L-038")
        .violating(risk("3") + ["consanguineous": "true", "consanguinityRelation": ""])
        .violating(["consanguineous": "true", "consanguinityRelation": "表兄妹"])
        .boundary(["consanguineous": "false", "consanguinityRelation": ""])
        .clean(risk("3") + ["consanguineous": "true", "consanguinityRelation": "表兄妹"]),
]

private let susceptible = ["wife.rubellaIgG": "NEG"]
private let once = ["wife.everPregnant": "true"]

private func cycle(_ daysMin: String, _ daysMax: String, _ min: String, _ max: String)
    -> [String: String]
{
    [
        "wife.periodDaysMin": daysMin, "wife.periodDaysMax": daysMax, "wife.cycleDaysMin": min,
        "wife.cycleDaysMax": max,
    ]
}

private func pregnancies(_ count: String, live: String, lost: String) -> [String: String] {
    once + [
        "wife.gravidity": count, "wife.liveBirths": live, "wife.spontaneousAbortionCount": lost,
        "wife.stillbirthCount": "", "wife.inducedAbortionCount": "",
    ]
}

private func births(_ live: String, term: String, preterm: String) -> [String: String] {
    ["wife.liveBirths": live, "wife.termLiveBirths": term, "wife.pretermBirths": preterm]
}

private func contraception(_ isStopped: String, stopped: String, _ method: String)
    -> [String: String]
{
    [
        "wife.contraceptionUsed": "true", "wife.contraceptionStopped": isStopped,
        "wife.contraceptionStopDate": stopped, "wife.contraceptionMethods": method,
    ]
}

private func noDisease(_ role: String) -> [String: String] {
    let boxes = [
        "Anemia", "Hypertension", "Heart", "Diabetes", "Epilepsy", "Thyroid", "Nephritis", "Tumor",
        "Tuberculosis", "HepatitisB", "Sti", "Mental",
    ]
    return Dictionary(uniqueKeysWithValues: boxes.map { ("\(role).disease\($0)", "false") })
        + ["\(role).diseaseOtherText": ""]
}
