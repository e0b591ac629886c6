/// L-075 to L-083: early pregnancy and outcome, each a record of its own. L-070 holds of them too.
let followUpChecks: [Check] = [
    Check("L-070", of: "earlyFollowUp")
        .violating(["wife.epfResult": ""])
        .clean(["wife.epfResult": "NOT_PREGNANT"]),
    Check("L-075", of: "earlyFollowUp")
        .violating(["wife.epfResult": "PREGNANT", "wife.epfLmp": ""])
        .violating(pregnant("2012-05-01", since: "2012-03-01"))
        .violating(pregnant("2012-04-30"))
        .violating(pregnant("2012-05-01"))
        .violating(pregnant("2012-05-07"))
        .violating(pregnant("2012-07-31"))
        .boundary(pregnant("2012-05-01", since: "2012-03-02"))
        .boundary(pregnant("2012-05-08"))
        .boundary(pregnant("2012-07-30"))
        .clean(pregnant("2012-06-15")),
    Check("L-076", of: "earlyFollowUp")
        .violating(["wife.epfResult": "LOST", "wife.epfLmp": "2012-05-01"])
        .violating(["wife.epfResult": "LOST", "wife.epfIllness": "FEVER"])
        .violating(["wife.epfResult": "LOST", "wife.epfEvaluation": "早孕正常"])
        .violating(["wife.epfResult": "LOST", "wife.epfLmpAccurate": "true"])
        .violating(["wife.epfResult": "LOST", "wife.epfVegetables": "false"])
        .violating(["wife.epfResult": "LOST", "wife.epfHusbandQuitSmoking": "1"])
        .violating(["wife.epfResult": "LOST", "wife.epfDiagnosisOrgType": "OWN"])
        .violating(["wife.epfResult": "NOT_PREGNANT", "wife.epfLost": "true"])
        .boundary(["wife.epfResult": "LOST", "wife.epfLmp": "", "wife.epfIllness": ""])
        .clean(["wife.epfResult": "LOST", "wife.epfLost": "true"]),
    Check("L-077", of: "outcomeFollowUp")
        .violating(ended("2012-05-28"))
        .violating(ended("2013-03-08"))
        .boundary(ended("2012-05-29"))
        .boundary(ended("2013-03-07"))
        .clean(ended("2013-02-05")),
    Check("L-078", of: "outcomeFollowUp")
        .violating(["wife.deliveryWeeks": "37", "wife.outcomePreterm": "true"])
        .violating(["wife.deliveryWeeks": "27", "wife.outcomePreterm": "true"])
        .violating(["wife.deliveryWeeks": "36", "wife.outcomeNormalLive": "true"])
        .violating(["wife.deliveryWeeks": "43", "wife.outcomeNormalLive": "true"])
        .violating(["wife.deliveryWeeks": "36", "wife.outcomePreterm": "false"])
        .violating(["wife.deliveryWeeks": "27", "wife.outcomeSpontaneousAbortion": "false"])
        .boundary(["wife.deliveryWeeks": "28", "wife.outcomePreterm": "true"])
        .boundary(["wife.deliveryWeeks": "36", "wife.outcomePreterm": "true"])
        .boundary(["wife.deliveryWeeks": "37", "wife.outcomeNormalLive": "true"])
        .boundary(["wife.deliveryWeeks": "42", "wife.outcomeNormalLive": "true"])
        .boundary(["wife.deliveryWeeks": "27", "wife.outcomeSpontaneousAbortion": "true"])
        .clean(["wife.deliveryWeeks": "39", "wife.outcomeNormalLive": "true"]),
    Check("L-079", of: "outcomeFollowUp")
        .violating(["wife.infantWeightG": "299"])
        .violating(["wife.infant2WeightG": "6501"])
        .violating(["wife.infantWeightG": "2499", "wife.outcomeLowBirthWeight": "false"])
        .violating(["wife.infantWeightG": "2499", "wife.outcomeLowBirthWeight": ""])
        .violating(["wife.infant4WeightG": "2499", "wife.outcomeLowBirthWeight": ""])
        .violating(["wife.infantWeightG": "2500", "wife.outcomeLowBirthWeight": "true"])
        .boundary(["wife.infantWeightG": "300", "wife.outcomeLowBirthWeight": "true"])
        .boundary(["wife.infantWeightG": "2500", "wife.outcomeLowBirthWeight": ""])
        .boundary(["wife.infantWeightG": "6500"])
        .boundary(["wife.infantWeightG": "2500", "wife.outcomeLowBirthWeight": "false"])
        .boundary(["wife.infantWeightG": "2499", "wife.outcomeLowBirthWeight": "true"])
        // Of twins one is enough.
        .boundary([
            "wife.infantWeightG": "2600", "wife.infant2WeightG": "2400",
            "wife.outcomeLowBirthWeight": "true",
        ])
        .clean(["wife.infantWeightG": "3200"]),
    Check("L-080", of: "outcomeFollowUp")
        .violating(["wife.outcomeNormalLive": "true", "wife.outcomePreterm": "true"])
        .violating(["wife.outcomeNormalLive": "true", "wife.outcomeStillbirth": "true"])
        .violating(["wife.outcomeEctopic": "true", "wife.infantSex": "UNKNOWN"])
        .violating(["wife.outcomeSpontaneousAbortion": "true", "wife.infantWeightG": "900"])
        .violating(["wife.outcomeMedicalAbortion": "true", "wife.infant3Alive": "false"])
        .violating(["wife.outcomeEctopic": "true", "wife.infant4Sex": "UNKNOWN"])
        .violating([
            "wife.outcomeTherapeuticInduction": "true", "wife.deliveryWeeks": "27",
            "wife.infantWeightG": "900",
        ])
        .boundary(["wife.outcomeNormalLive": "true", "wife.outcomePreterm": "false"])
        .boundary([
            "wife.outcomeTherapeuticInduction": "true", "wife.deliveryWeeks": "28",
            "wife.infantWeightG": "1100",
        ])
        .boundary(["wife.outcomeEctopic": "true", "wife.infantSex": ""])
        .clean(["wife.outcomePreterm": "true", "wife.infantSex": "UNKNOWN"]),
    Check("L-081", of: "outcomeFollowUp")
        .violating(["wife.outcomeBirthDefect": "true", "wife.defectTypes": ""])
        .violating([
            "wife.outcomeStillbirth": "true", "wife.infantAlive": "true", "wife.multipleBirth": "1",
        ])
        .boundary(["wife.outcomeBirthDefect": "false", "wife.defectTypes": ""])
        // One of twins may live.
        .boundary([
            "wife.outcomeStillbirth": "true", "wife.infantAlive": "true", "wife.multipleBirth": "2",
        ])
        .clean(["wife.outcomeBirthDefect": "true", "wife.defectTypes": "Q36"])
        .clean([
            "wife.outcomeStillbirth": "true", "wife.infantAlive": "false", "wife.multipleBirth": "",
        ]),
    Check("L-082", of: "outcomeFollowUp")
        .violating(infants("2", weights: ["3000", ""]))
        .violating(infants("1", weights: ["3000", "2900"]))
        .violating(infants("1", weights: ["", ""]))
        .boundary(infants("2", weights: ["2700", "2600"]))
        // Before 28 weeks nobody is entered as an infant.
        .boundary(infants("1", weights: ["", ""]) + ["wife.deliveryWeeks": "27"])
        .clean(infants("1", weights: ["3000", ""])),
    Check("L-098", of: "earlyFollowUp")
        .violating(["wife.epfUltrasoundText": "胎儿性别：男"])
        .violating(["wife.epfEvaluation": "核型46,XY"])
        .violating(["wife.epfHarmful": "OTHER", "wife.epfHarmfulOther": "女胎"])
        .violating(["wife.epfIllness": "OTHER", "wife.epfIllnessOther": "染色体XX"])
        .boundary(["wife.epfEvaluation": "核型46,XN"])
        .clean(["wife.epfUltrasoundText": "宫内早孕，见原始心管搏动"]),
    Check("L-098", of: "outcomeFollowUp")
        .violating(["wife.outcomeOther": "胎儿性别女", "wife.deliveryDate": ""])
        // The sex of a born child is an ordinary word.
        .boundary(born("2013-02-18") + ["wife.outcomeOther": "女婴", "wife.infantSex": "FEMALE"])
        // 28 weeks after the last period, and a day before.
        .boundary(born("2012-11-27") + ["wife.infantSex": "FEMALE"])
        .violating(born("2012-11-26") + ["wife.infantSex": "FEMALE"])
        .violating(born("") + ["wife.infantSex": "FEMALE"])
        // What is not yet born has no sex, and an end that is no birth lifts no secret.
        .violating(["wife.infantSex": "MALE", "wife.pofResult": "NOT_DELIVERED"])
        .violating(["wife.infantSex": "FEMALE", "wife.pofResult": "LOST"])
        .violating(["wife.infant2Sex": "FEMALE", "wife.deliveryDate": ""])
        .violating(["wife.infantSex": "MALE", "wife.outcomeTherapeuticInduction": "true"])
        .violating(["wife.infantSex": "INTERSEX", "wife.deliveryWeeks": "27"])
        .violating(["wife.pofStaff": "男胎", "wife.deliveryDate": ""])
        .boundary(["wife.infantSex": "UNKNOWN", "wife.pofResult": "LOST"])
        .clean(["wife.outcomeOther": "继续妊娠", "wife.deliveryDate": "", "wife.infantSex": ""]),
    Check("L-083", of: "outcomeFollowUp")
        .violating(["wife.pofResult": "DELIVERED", "wife.epfResult": ""])
        .boundary(["wife.pofResult": "NOT_DELIVERED", "wife.epfResult": ""])
        .clean(["wife.pofResult": "DELIVERED", "wife.epfResult": "PREGNANT"]),
]

/// Delivered on a day, of a pregnancy that began on 2012-05-15.
private func born(_ day: String) -> [String: String] {
    [
        "wife.pofResult": "DELIVERED", "wife.epfResult": "PREGNANT", "wife.epfLmp": "2012-05-15",
        "wife.deliveryDate": day,
    ]
}

/// Checked on 2012-03-01, pregnant after it, followed up on a day.
private func pregnant(_ day: String, since period: String = "2012-05-01") -> [String: String] {
    [
        "wife.examDate": "2012-03-01", "wife.epfResult": "PREGNANT", "wife.epfLmp": period,
        "wife.epfDate": day,
    ]
}

private func ended(_ day: String) -> [String: String] {
    ["wife.epfLmp": "2012-05-01", "wife.deliveryDate": day]
}

private func infants(_ count: String, weights: [String]) -> [String: String] {
    [
        "wife.deliveryWeeks": "38", "wife.multipleBirth": count, "wife.infantWeightG": weights[0],
        "wife.infant2WeightG": weights[1], "wife.infant3WeightG": "", "wife.infant4WeightG": "",
    ]
}
