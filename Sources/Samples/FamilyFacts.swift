import Records

extension FieldInvention {
    /// Fields of the whole family by their names on the wire (blocks A, C and G of the programme).
    static let family = opening.merging(consent) { first, _ in first }
        .merging(assessment) { first, _ in first }

    private static let opening: [String: FieldInvention] = [
        "localFileId": FieldInvention { couple, _ in
            .text(
                InventedIDNumber.digits(of: couple.fileDate)
                    + InventedIDNumber.padded(couple.fileNumber, 5))
        },
        "fileSchemaVersion": FieldInvention(codes: ["G1"]) { _, _ in .code(0) },
        "fileType": FieldInvention(codes: ["1"]) { _, _ in .code(0) },
        "servingOrgCode": FieldInvention { couple, _ in .text(couple.institution.code) },
        "servingOrgName": FieldInvention { couple, _ in .text(couple.institution.name) },
        "servingOrgLevel": FieldInvention(codes: ["4"]) { _, _ in .code(0) },
        "divisionCode": FieldInvention { couple, _ in .text(couple.institution.division) },
        "childOrder": FieldInvention { couple, _ in number(couple.childOrder) },
        "livingChildren": FieldInvention { couple, _ in number(couple.livingChildren) },
        "marriageDate": FieldInvention { couple, _ in .day(couple.marriageDate) },
        "consanguineous": FieldInvention { couple, _ in .flag(couple.isConsanguineous) },
        "plannedPregnancyDate": FieldInvention { couple, _ in
            .day(couple.fileDate.adding(days: couple.plannedAfterDays))
        },
        "freeCheckSequence": FieldInvention { couple, _ in number(couple.checkSequence) },
        "payerType": FieldInvention(codes: ["1", "2"]) { couple, _ in .code(couple.isFree ? 0 : 1)
        },
        "spousesExamined": FieldInvention(codes: ["1", "2", "3"]) { couple, _ in
            .code(couple.isWifePresent ? (couple.isHusbandPresent ? 2 : 1) : 0)
        },
        "fileOpenedDate": FieldInvention { couple, _ in .day(couple.fileDate) },
        "fileOpenedBy": staff(0),
        "fileCompleteStatus": FieldInvention(codes: ["2", "1"]) { couple, _ in
            .code(couple.isComplete ? 0 : 1)
        },
    ]

    private static let consent: [String: FieldInvention] = [
        "consentStatus": FieldInvention(codes: InventedCouple.Consent.codes) { couple, _ in
            .code(couple.consent.rawValue)
        },
        "consentWifeDate": FieldInvention { couple, _ in
            couple.consent == .both || couple.consent == .wife ? .day(couple.fileDate) : .nothing
        },
        "consentHusbandDate": FieldInvention { couple, _ in
            couple.consent == .both || couple.consent == .husband
                ? .day(couple.fileDate) : .nothing
        },
        "policyEligible": FieldInvention { couple, _ in .flag(couple.isPolicyEligible) },
        "localHukouWife": FieldInvention { couple, _ in .flag(couple.wife.isLocal) },
        "localHukouHusband": FieldInvention { couple, _ in .flag(couple.husband.isLocal) },
        "floatingCouple": FieldInvention { couple, _ in .flag(couple.isFloating) },
        "residenceMonthsWife": FieldInvention { couple, _ in residenceMonths(couple, couple.wife) },
        "residenceMonthsHusband": FieldInvention { couple, _ in
            residenceMonths(couple, couple.husband)
        },
        "eligibilityDecision": FieldInvention(codes: ["0", "1"]) { couple, _ in
            .code(couple.isPolicyEligible ? 1 : 0)
        },
        "eligibilityDecidedBy": FieldInvention { couple, _ in
            .text(couple.county.county + "人口和计划生育委员会")
        },
        "eligibilityDate": FieldInvention { couple, _ in .day(couple.fileDate) },
    ]

    private static let assessment: [String: FieldInvention] = [
        "riskLevel": FieldInvention(codes: ["GENERAL", "RISK"]) { couple, _ in
            .code(couple.partyAtRisk == 0 ? 0 : 1)
        },
        "highRiskParty": FieldInvention(codes: ["0", "1", "2", "3"]) { couple, _ in
            .code(couple.partyAtRisk)
        },
        "adviceTemplate": FieldInvention(codes: ["1", "2", "3"]) { couple, _ in
            let isAlone = !couple.isWifePresent || !couple.isHusbandPresent
            return .code(isAlone ? 1 : couple.partyAtRisk == 0 ? 0 : 2)
        },
        "adviceText": FieldInvention { couple, _ in .text(advice(couple)) },
        "adviceDate": FieldInvention { couple, _ in
            .day(couple.fileDate.adding(days: couple.adviceAfterDays))
        },
        "adviceDoctor": staff(5),
        "adviceAcknowledged": FieldInvention { _, _ in .flag(true) },
        "adviceComplete": FieldInvention { _, _ in .flag(true) },
    ]

    static func number(_ number: Int) -> Fact { .number(Int64(number), places: 0) }

    /// One of the institution's few people, by the part of the file that they sign. A large file
    /// has others after some thousand rows: nobody signs for more than 80 couples a day (L-072).
    static func staff(_ part: Int) -> FieldInvention {
        FieldInvention { couple, _ in
            let shift = couple.number / 2000 * 2
            return .text(InventedNames.staff(couple.institutionNumber * 6 + part + shift))
        }
    }

    /// Asked only where nobody is registered locally and the person is in the file.
    private static func residenceMonths(_ couple: InventedCouple, _ person: InventedPerson) -> Fact
    {
        guard couple.isFloating, couple.isPresent(person.spouse) else { return .nothing }
        return number(min(999, person.residenceSince.completedMonths(to: couple.fileDate)))
    }

    /// What a doctor would write, made of the results.
    private static func advice(_ couple: InventedCouple) -> String {
        var text =
            couple.partyAtRisk == 0 ? "未发现风险因素，建议定期接受优生健康教育。" : "发现风险因素，建议进一步咨询与诊治。"
        guard couple.isWifePresent else { return text }
        let wife = couple.wife
        if wife.choices[InventedPerson.rubella] == 0 {
            text += "风疹IgG阴性，先做妊娠试验，再接种风疹疫苗，三个月后再怀孕。"
        }
        if wife.choices[InventedPerson.cytomegalovirus] == 1 {
            text += "巨细胞病毒IgM阳性，先做妊娠试验，治愈前暂缓怀孕。"
        }
        if InventedPerson.contagious.contains(where: { wife.choices[$0] == 1 }) {
            text += "夫妻同时检查、同时治疗。"
        }
        if wife.measures.hemoglobin < 110 { text += "血红蛋白偏低，建议纠正贫血。" }
        if wife.choices[InventedPerson.bloodGroup] == 2, couple.isHusbandPresent,
            couple.husband.choices[InventedPerson.bloodGroup] != 2
        {
            text += "注意母儿ABO血型不合。"
        }
        return text
    }
}
