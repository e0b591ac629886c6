import Records

/// Examination, laboratory, assessment and education in full (体格检查、检验、评估、健康教育).
extension FieldInvention {
    private static let general = [
        "skinHair", "thyroidExam", "lungExam", "heartExam", "liverSpleenExam", "limbsSpineExam",
    ]
    private static let genital = [
        "wPubicHair", "wBreast", "wVulva", "wVagina", "wSecretion", "wCervix", "wAdnexa",
        "hPubicHair", "hAdamsApple", "hPenis", "hEpididymis", "hVasDeferens",
    ]

    static let wholeResults: [String: FieldInvention] = [
        "generalExamAbnormalText": text("见体检单") { person in
            general.contains { person.says($0) }
        },
        "genitalAbnormalText": text("见体检单") { person in genital.contains { person.says($0) } },
        "bmi": FieldInvention { _, person in
            let millimetres = person.measures.heightMillimetres
            let square = millimetres * millimetres
            return .number(
                (person.measures.weightHectograms * 1_000_000 + square / 2) / square, places: 1)
        },
        "pulseRate": FieldInvention { _, person in .number(person.measures.heartRate, places: 0) },
        "mentalState": always("NORMAL"),
        "specialFace": always("NORMAL"),
        "sensoryOrgans": always("NORMAL"),
        "urineAbnormalText": text("尿蛋白弱阳性") { $0.says("urineRoutine") },
        "labOtherText": FieldInvention { _, _ in .text("心电图正常") },
        "labMethod": FieldInvention(codes: ["2", "1", "3"]) { _, person in
            .code(person.more.pick(.method, of: 3))
        },
        "labOrgCode": FieldInvention { couple, _ in .text(couple.institution.code) },
        "hbElectrophoresis": FieldInvention { _, _ in .text("HbA2 2.6%") },
        "thalassemiaGene": always("0"),
        "riskFactorClassB": FieldInvention { couple, person in
            let isAtRisk = person.isAtRisk || couple.isConsanguineous
            return isAtRisk ? .text("检查结果异常，需干预") : .nothing
        },
        "educationForm": FieldInvention(codes: ["1", "2", "4"]) { _, person in
            person.more.pick(.quiz, of: 2) == 0 ? .codes([0]) : .codes([1, 2])
        },
        "knowledgeQuizScore": FieldInvention { _, person in
            number(60 + person.more.pick(.quiz, of: 41))
        },
    ]

    static let wifeResults: [String: FieldInvention] = [
        "amineTest": always("NEG"),
        "vaginalPh": FieldInvention(codes: ["BELOW_4_5", "FROM_4_5"]) { _, person in
            .code(person.says("clueCells") ? 1 : 0)
        },
        "neutrophilPct": percentage(five: 600, three: 600),
        "lymphocytePct": percentage(five: 300, three: 300),
        "monocytePct": percentage(five: 60, three: nil),
        "eosinophilPct": percentage(five: 30, three: nil),
        "basophilPct": percentage(five: 10, three: nil),
        "midCellPct": percentage(five: nil, three: 100),
        "cbcDiffType": FieldInvention(codes: ["2", "1"]) { _, person in
            .code(person.more.pick(.differential, of: 2))
        },
        "ultrasoundText": FieldInvention { _, person in
            .text(["子宫附件未见异常", "子宫肌瘤", "肠气干扰，显示不清"][person.answer("ultrasoundResult")])
        },
        "vaccinationPlan": FieldInvention(codes: ["1", "2"]) { _, person in
            var plan: [Int] = []
            if person.answer("rubellaIgG") == 0 { plan.append(0) }
            if !person.hepatitisB.contains(true), person.more.isOneOf(500, .vaccine) {
                plan.append(1)
            }
            return .codes(plan)
        },
    ]

    /// A part of the white cells, in tenths of a percent, by a five-part or a three-part count.
    private static func percentage(five: Int64?, three: Int64?) -> FieldInvention {
        FieldInvention { _, person in
            let isThree = person.more.pick(.differential, of: 2) == 1
            // What one part has more, the other has less, so that they make up the whole.
            let shift = Int64(person.more.pick(.dose, of: 80))
            guard let part = isThree ? three : five else { return .nothing }
            let moved = part == 600 ? part + shift : part == 300 ? part - shift : part
            return .number(moved, places: 1)
        }
    }
}
