/// L-039 to L-052: what was measured.
let examinationChecks: [Check] = [
    Check("L-039")
        .violating(["wife.heightCm": "119.9"])
        .violating(["husband.heightCm": "210.1"])
        .violating(["wife.weightKg": "29.9"])
        .violating(["husband.weightKg": "180.1"])
        // 60.5 kg at 160.5 cm: 23.486, half up 23.5.
        .violating(["wife.bmi": "23.8"])
        .violating(["wife.bmi": "23.2"])
        .violating(["wife.heightCm": "120", "wife.weightKg": "73"])
        .boundary(["wife.heightCm": "120"])
        .boundary(["wife.heightCm": "120", "wife.weightKg": "72"])
        .boundary(["husband.heightCm": "210"])
        .boundary(["wife.weightKg": "31"])
        .boundary(["wife.bmi": "23.7"])
        .boundary(["wife.bmi": "23.3"])
        .clean(["wife.bmi": "23.5"]),
    Check("L-040")
        .violating(["wife.heightCm": "65", "wife.weightKg": "165"], "L-039")
        .boundary(["wife.heightCm": "100", "wife.weightKg": "165"], "L-039")
        .boundary(["wife.heightCm": "99.9", "wife.weightKg": "120"], "L-039")
        .clean(["wife.heightCm": "165", "wife.weightKg": "65"]),
    Check("L-041")
        .violating(["wife.systolicBp": "82"])
        .violating(["wife.systolicBp": "70", "wife.diastolicBp": "110"])
        .violating(["husband.systolicBp": "261"])
        .violating(["husband.systolicBp": "59", "husband.diastolicBp": "40"])
        .violating(["husband.diastolicBp": "29"])
        .violating(["husband.systolicBp": "180", "husband.diastolicBp": "161"])
        .boundary(["wife.systolicBp": "83"])
        .boundary(["husband.systolicBp": "260", "husband.diastolicBp": "160"])
        .boundary(["husband.systolicBp": "60", "husband.diastolicBp": "30"])
        .clean(["wife.systolicBp": "120", "wife.diastolicBp": "80"]),
    Check("L-043")
        .violating(["husband.hemoglobin": "150"])
        .boundary(["husband.hemoglobin": ""])
        .clean(["wife.hemoglobin": "130"]),
    Check("L-045")
        .violating(["wife.hemoglobin": "29"], "L-048")
        .violating(["wife.hemoglobin": "13"], "L-048")
        // The habit of g/dL, with its decimals.
        .violating(["wife.hemoglobin": "12.8"], "L-048")
        .violating(["wife.hemoglobin": "10.5"], "L-048")
        .violating(["wife.hemoglobin": "221"])
        .boundary(["wife.hemoglobin": "220"])
        .boundary(["wife.hemoglobin": "30", "adviceText": "纠正贫血"])
        .clean(["wife.hemoglobin": "128"]),
    Check("L-046")
        .violating(["wife.redCells": "0.99"])
        .violating(["wife.redCells": "9.01"])
        .violating(["wife.whiteCells": "0.49"])
        .violating(["wife.whiteCells": "50.01"])
        .violating(["wife.platelets": "9"])
        .violating(["wife.platelets": "1001"])
        .boundary(["wife.redCells": "1", "wife.whiteCells": "0.5", "wife.platelets": "10"])
        .boundary(["wife.redCells": "9", "wife.whiteCells": "50", "wife.platelets": "1000"])
        .clean(["wife.redCells": "4.5"]),
    Check("L-047")
        .violating(fiveParts("57.9"))
        .violating(fiveParts("62.1"))
        .violating(threeParts("57.9"))
        .violating(fiveParts("60") + ["wife.midCellPct": "10"])
        .boundary(fiveParts("58"))
        .boundary(fiveParts("62"))
        .boundary(threeParts("62"))
        .clean(fiveParts("60"))
        .clean(threeParts("60")),
    Check("L-048")
        .violating(["wife.hemoglobin": "109"])
        .boundary(["wife.hemoglobin": "110"])
        .boundary(["wife.hemoglobin": "109"] + risk("1"))
        .clean(["wife.hemoglobin": "100", "adviceText": "血红蛋白偏低，建议纠正贫血"]),
    Check("L-049")
        .violating(["wife.bloodGlucose": "0.99"])
        .violating(["wife.bloodGlucose": "35.01"] + risk("1"))
        .violating(["wife.bloodGlucose": "92"] + risk("1"))
        .boundary(["wife.bloodGlucose": "1"])
        .boundary(["wife.bloodGlucose": "35"] + risk("1"))
        .clean(["wife.bloodGlucose": "5.1"]),
    Check("L-050")
        .violating(["wife.bloodGlucose": "7.00"])
        .violating([
            "wife.bloodGlucose": "7.50", "wife.hadDisease": "true", "wife.diseaseHeart": "true",
            "wife.diseaseDiabetes": "false",
        ])
        .boundary(["wife.bloodGlucose": "6.99"])
        .clean(["wife.bloodGlucose": "7.20"] + risk("1"))
        .clean([
            "wife.bloodGlucose": "7.50", "wife.hadDisease": "true", "wife.diseaseDiabetes": "true",
        ]),
    Check("L-051")
        .violating(["wife.alt": "0.9"])
        .violating(["husband.alt": "3000.1"])
        .violating(["wife.creatinine": "9.9"])
        .violating(["wife.creatinine": "0.8"])
        .violating(["husband.creatinine": "1500.1"])
        .boundary(["wife.alt": "1", "wife.creatinine": "10"])
        .boundary(["husband.alt": "3000", "husband.creatinine": "1500"])
        .clean(["wife.creatinine": "58"]),
    Check("L-052")
        .violating(["wife.tsh": "0"])
        .violating(["wife.tsh": "150.001"])
        .boundary(["wife.tsh": "0.001"])
        .boundary(["wife.tsh": "150"])
        .clean(["wife.tsh": "2.1"]),
]

private func fiveParts(_ neutrophils: String) -> [String: String] {
    [
        "wife.neutrophilPct": neutrophils, "wife.lymphocytePct": "30", "wife.monocytePct": "6",
        "wife.eosinophilPct": "3", "wife.basophilPct": "1",
    ]
}

private func threeParts(_ neutrophils: String) -> [String: String] {
    ["wife.neutrophilPct": neutrophils, "wife.lymphocytePct": "30", "wife.midCellPct": "10"]
}
