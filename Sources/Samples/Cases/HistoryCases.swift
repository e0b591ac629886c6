/// What they say of themselves (病史): L-024 to L-038.
extension RuleCase {
    static let history: [RuleCase] = [
        bad("L-024 menarche-7", ["L-024"], ["wife.menarcheAge": .text("7")]),
        fine("L-024 menarche-8", ["wife.menarcheAge": .text("8")]),
        bad("L-024 not-yet", ["L-024"], ["wife.menarcheAge": .text("20")])
            .wishing {
                $0.wifeAge = 20
                $0.birthdayOf = .wife
            },
        fine("L-024 a-year-ago", ["wife.menarcheAge": .text("20")]).wishing { $0.wifeAge = 21 },
        bad("L-025 period-16-days", ["L-025"], ["wife.periodDaysMax": .text("16")]),
        fine("L-025 period-15-days", ["wife.periodDaysMax": .text("15")]),
        bad("L-025 period-reversed", ["L-025"], ["wife.periodDaysMin": .text("6")]),
        fine("L-025 period-same", ["wife.periodDaysMin": .text("5")]),
        bad("L-025 cycle-14-days", ["L-025"], ["wife.cycleDaysMin": .text("14")]),
        fine("L-025 cycle-15-days", ["wife.cycleDaysMin": .text("15")]),
        bad("L-025 cycle-91-days", ["L-025"], ["wife.cycleDaysMax": .text("91")]),
        fine("L-025 cycle-90-days", ["wife.cycleDaysMax": .text("90")]),
        bad(
            "L-025 period-as-cycle", ["L-025"],
            ["wife.periodDaysMax": .text("15"), "wife.cycleDaysMin": .text("15")]),
        fine(
            "L-025 period-below-cycle",
            ["wife.periodDaysMax": .text("14"), "wife.cycleDaysMin": .text("15")]),
        bad("L-033 no-but-anaemia", ["L-033"], ["wife.diseaseAnemia": .yes]),
        bad("L-033 yes-but-which", ["L-033"], ["husband.hadDisease": .yes]),
        fine("L-033 yes-anaemia", ["wife.hadDisease": .yes, "wife.diseaseAnemia": .yes]),
        bad("L-033 vaccine-not-named", ["L-033"], ["wife.vaccinated": .yes]),
        bad("L-033 vaccine-denied", ["L-033"], ["husband.vaccineHepatitisB": .yes]),
        bad("L-033 contraception-denied", ["L-033"], ["wife.contraceptionMethods": .code("PILL")]),
        bad("L-033 family-denied", ["L-033"], ["wife.familyDiseaseList": .code("HEART")]),
        bad("L-033 exposure-not-named", ["L-033"], ["husband.exposureAny": .yes]),
        warned("L-034 other-not-said", ["L-034"], ["wife.occupation": .code("OTHER")]),
        warned("L-034 said-not-ticked", ["L-034"], ["husband.occupationOther": .text("司机")]),
        fine(
            "L-034 other-said",
            ["wife.occupation": .code("OTHER"), "wife.occupationOther": .text("司机")]),
        warned("L-034 disease-not-said", ["L-034"], ["wife.gynDisease": .code("9")]),
        warned(
            "L-034 method-not-said", ["L-034"],
            [
                "wife.contraceptionUsed": .yes, "wife.contraceptionMethods": .code("OTHER"),
                "wife.contraceptionStopped": .yes,
            ]),
        warned(
            "L-034 family-not-said", ["L-034"],
            ["husband.familyDisease": .yes, "husband.familyDiseaseList": .code("OTHER")]),
        warned(
            "L-034 exposure-not-said", ["L-034"],
            ["wife.exposureAny": .yes, "wife.exposureList": .code("OTHER")]),
        bad("L-035 medicine-not-named", ["L-035"], ["husband.takingMedicine": .yes]),
        fine(
            "L-035 medicine-named",
            ["wife.takingMedicine": .yes, "wife.medicineNames": .text("叶酸")]),
        bad("L-036 five-a-day-of-none", ["L-036"], ["husband.cigarettesPerDay": .text("5")]),
        bad(
            "L-036 101-a-day", ["L-036"],
            ["husband.smokes": .yes, "husband.cigarettesPerDay": .text("101")]),
        fine(
            "L-036 100-a-day",
            ["husband.smokes": .yes, "husband.cigarettesPerDay": .text("100")]),
        fine("L-036 none-a-day", ["husband.cigarettesPerDay": .text("0")]),
        warned("L-037 stopped-tomorrow", ["L-037"], contraception("PILL", stopped: 1)),
        fine("L-037 stopped-today", contraception("PILL", stopped: 0)),
        warned("L-037 prepared-with-iud", ["L-037"], contraception("IUD", stopped: nil)),
        fine("L-037 prepared-with-pill", contraception("PILL", stopped: nil)),
        bad(
            "L-038 consanguineous-general", ["L-038"],
            ["consanguineous": .yes, "consanguinityRelation": .text("表兄妹")]),
        bad("L-038 which-relation", ["L-038"], atRisk("3", ["consanguineous": .yes])),
        fine(
            "L-038 consanguineous-risk",
            atRisk("3", ["consanguineous": .yes, "consanguinityRelation": .text("表兄妹")])),
    ]

    private static func contraception(_ method: String, stopped: Int?) -> [String: Said] {
        [
            "wife.contraceptionUsed": .yes, "wife.contraceptionMethods": .code(method),
            "wife.contraceptionStopped": stopped == nil ? .no : .yes,
            "wife.contraceptionStopDate": stopped.map { .day($0) } ?? .nothing,
            "wife.preparedForPregnancy": .yes,
        ]
    }

    static let pregnancies: [RuleCase] = [
        bad("L-026 fewer-than-losses", ["L-026"], counts(1, spontaneous: 1, induced: 1)),
        fine("L-026 as-many-as-losses", counts(2, spontaneous: 1, induced: 1)),
        warned("L-026 twins", ["L-026"], counts(1, term: 2)),
        bad("L-026 triplets", ["L-026"], counts(1, term: 3)),
        bad(
            "L-027 born-when", ["L-027"],
            counts(1, term: 1).merging(["wife.termLiveBirths": .text("0")]) { _, own in own }),
        fine("L-027 term-and-preterm", counts(2, term: 1, preterm: 1)),
        bad(
            "L-028 never-but-once", ["L-028"],
            counts(1, induced: 1).merging(["wife.everPregnant": .no]) { _, own in own }),
        bad("L-028 never-but-adverse", ["L-028"], ["wife.adverseOutcomeEver": .yes]),
        fine("L-028 never", ["wife.gravidity": .text("0")]),
        warned(
            "L-029 more-children-than-births", ["L-029"],
            ["livingChildren": .text("1"), "childOrder": .text("2")]),
        fine(
            "L-029 as-many-children",
            counts(1, term: 1).merging(
                ["livingChildren": .text("1"), "childOrder": .text("2")]) { _, own in own }),
        warned("L-030 second-before-first", ["L-030"], ["childOrder": .text("2")]),
        fine("L-030 first", ["childOrder": .text("1")]),
        bad(
            "L-031 defect-not-named", ["L-031"],
            counts(1, term: 1).merging(["wife.bornDefectChild": .yes]) { _, own in own }),
        bad(
            "L-031 never-pregnant", ["L-031"],
            ["wife.bornDefectChild": .yes, "wife.defectChildDisease": .text("唇裂")]),
        fine(
            "L-031 defect-named",
            counts(1, term: 1).merging(
                ["wife.bornDefectChild": .yes, "wife.defectChildDisease": .text("唇裂")]
            ) { _, own in own }),
        // Three months a pregnancy and seven more a birth, back from the day she is 20.
        bad("L-032 first-at-15", ["L-032"], counts(7, term: 4, induced: 3)).at20,
        fine("L-032 first-at-16", counts(9, term: 3, spontaneous: 6)).at20,
    ]

    private var at20: RuleCase {
        wishing {
            $0.wifeAge = 20
            $0.birthdayOf = .wife
        }
    }

    private static func counts(
        _ gravidity: Int, term: Int = 0, preterm: Int = 0, spontaneous: Int = 0, induced: Int = 0
    ) -> [String: Said] {
        [
            "wife.everPregnant": .yes, "wife.gravidity": .text("\(gravidity)"),
            "wife.liveBirths": .text("\(term + preterm)"),
            "wife.termLiveBirths": .text("\(term)"), "wife.pretermBirths": .text("\(preterm)"),
            "wife.spontaneousAbortionCount": .text("\(spontaneous)"),
            "wife.inducedAbortionCount": .text("\(induced)"),
            "wife.adverseOutcomeEver": spontaneous > 0 ? .yes : .no,
        ]
    }
}
