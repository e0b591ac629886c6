import Records

/// The history in full (病史询问): a tick list says what its question says.
extension FieldInvention {
    private static let diseases = [
        "diseaseAnemia", "diseaseHypertension", "diseaseHeart", "diseaseEpilepsy",
        "diseaseThyroid", "diseaseNephritis", "diseaseTumor", "diseaseTuberculosis",
        "diseaseSti", "diseaseMental", "diseaseDiabetes", "diseaseHepatitisB",
    ]
    private static let families = [
        "THALASSAEMIA", "ALBINISM", "HEART", "DIABETES", "HEARING", "VISION", "OTHER",
    ]
    private static let exposures = [
        "ANIMALS", "RADIATION", "PESTICIDE", "NOISE", "SOLVENT", "HEAT", "HEAVY_METAL", "OTHER",
    ]
    static let contraceptives = ["CONDOM", "IUD", "PILL", "TOPICAL", "NATURAL", "OTHER"]

    static let wholeHistory: [String: FieldInvention] = {
        var fields = words.merging(habits) { first, _ in first }
        for (place, name) in diseases.enumerated() {
            fields[name] = flag {
                $0.says("hadDisease") && $0.more.pick(.disease, of: diseases.count + 1) == place
            }
        }
        return fields
    }()

    private static let words: [String: FieldInvention] = [
        "occupationOther": text("自由职业") { $0.answer("occupation") == 6 },
        "nationality": always("CHN"),
        "maritalStatus": always("21"),
        "hukouAddressText": FieldInvention { _, person in
            .text("示例省样例市" + person.household.county + person.town + person.village)
        },
        "diseaseOtherText": text("慢性胃炎") {
            $0.says("hadDisease") && $0.more.pick(.disease, of: 13) == 12
        },
        "birthDefectName": text("先天性近视") { $0.says("hasBirthDefect") },
        "medicineNames": text("维生素、钙片") { $0.says("takingMedicine") },
        "vaccineOther": FieldInvention { _, _ in .nothing },
        "ancestorConsanguinityRelation": text("姨表") { $0.says("ancestorConsanguinity") },
        "familyDiseaseList": FieldInvention(codes: families) { _, person in
            person.says("familyDisease")
                ? .codes([person.more.pick(.familyDisease, of: families.count)]) : .codes([])
        },
        "familyDiseaseOther": text("痛风") {
            $0.says("familyDisease") && $0.more.pick(.familyDisease, of: families.count) == 6
        },
        "familyPatientRelation": text("父亲") { $0.says("familyDisease") },
        "exposureList": FieldInvention(codes: exposures) { _, person in
            person.says("exposureAny")
                ? .codes([person.more.pick(.exposure, of: exposures.count)]) : .codes([])
        },
        "exposureOther": text("粉尘") {
            $0.says("exposureAny") && $0.more.pick(.exposure, of: exposures.count) == 7
        },
    ]

    private static let habits: [String: FieldInvention] = [
        "cigarettesPerDay": FieldInvention { _, person in
            person.says("smokes") ? number(1 + person.more.pick(.dose, of: 40)) : .nothing
        },
        "passiveSmokingMinutes": FieldInvention { _, person in
            person.says("passiveSmoking") ? number(5 + person.more.pick(.dose, of: 120)) : .nothing
        },
        "drinkMlPerDay": FieldInvention { _, person in
            person.says("drinks") ? number(20 + person.more.pick(.dose, of: 200)) : .nothing
        },
        "halitosis": flag { $0.more.isOneOf(40, .halitosis) },
        "gumBleeding": flag { $0.more.isOneOf(60, .gums) },
    ]

    static let wifeHistory: [String: FieldInvention] = [
        "gynDisease": FieldInvention(codes: ["1", "9"]) { _, person in
            person.more.isOneOf(60, .gynaecology)
                ? .codes([person.more.isOneOf(20, .gynaecology) ? 1 : 0]) : .codes([])
        },
        "gynDiseaseOther": text("宫颈纳氏囊肿") { $0.more.isOneOf(20, .gynaecology) },
        // Vaccinated and not immune would be a finding of its own (L-060).
        "vaccineRubella": flag { $0.says("vaccinated") && $0.answer("rubellaIgG") == 1 },
        "vaccineHepatitisB": flag { $0.says("vaccinated") },
        "contraceptionMethods": FieldInvention(codes: contraceptives) { _, person in
            person.says("contraceptionUsed") ? .codes([person.contraceptive]) : .codes([])
        },
        "contraceptionOther": text("皮贴") { $0.says("contraceptionUsed") && $0.contraceptive == 5 },
        "contraceptionDuration": FieldInvention { _, person in
            person.says("contraceptionUsed")
                ? number(1 + person.more.pick(.dose, of: 60)) : .nothing
        },
        "contraceptionStopped": FieldInvention { _, person in
            person.says("contraceptionUsed") ? .flag(true) : .nothing
        },
        "contraceptionStopDate": FieldInvention { couple, person in
            person.says("contraceptionUsed")
                ? .day(couple.fileDate.adding(days: -person.more.pick(.dose, of: 300))) : .nothing
        },
        "periodDaysMin": FieldInvention { _, _ in number(3) },
        "periodDaysMax": FieldInvention { _, person in number(5 + person.more.pick(.dose, of: 3)) },
        "cycleDaysMin": FieldInvention { _, _ in number(26) },
        "cycleDaysMax": FieldInvention { _, person in number(28 + person.more.pick(.dose, of: 8)) },
        "menstrualVolume": always("1"),
        "dysmenorrhea": always("0"),
        "gravidity": FieldInvention { couple, _ in number(couple.livingChildren + couple.losses) },
        "liveBirths": FieldInvention { couple, _ in number(couple.livingChildren) },
        "termLiveBirths": FieldInvention { couple, _ in
            number(couple.livingChildren - couple.pretermBirths)
        },
        "pretermBirths": FieldInvention { couple, _ in number(couple.pretermBirths) },
        "adverseOutcomeEver": FieldInvention { couple, _ in .flag(couple.miscarriages > 0) },
        "stillbirthCount": FieldInvention { _, _ in number(0) },
        "spontaneousAbortionCount": FieldInvention { couple, _ in number(couple.miscarriages) },
        "inducedAbortionCount": FieldInvention { couple, _ in
            number(couple.losses - couple.miscarriages)
        },
        "bornDefectChild": flag { _ in false },
    ]
}

extension InventedPerson {
    fileprivate var contraceptive: Int {
        more.pick(.contraception, of: FieldInvention.contraceptives.count)
    }
}

extension InventedCouple {
    /// Pregnancies that ended without a child: whoever was pregnant and has none had one.
    fileprivate var losses: Int {
        guard hasBeenPregnant else { return 0 }
        return livingChildren == 0 || wife.more.isOneOf(150, .loss) ? 1 : 0
    }

    fileprivate var miscarriages: Int { wife.more.pick(.preterm, of: 2) == 1 ? losses : 0 }

    fileprivate var pretermBirths: Int {
        livingChildren > 0 && wife.more.isOneOf(70, .preterm) ? 1 : 0
    }
}
