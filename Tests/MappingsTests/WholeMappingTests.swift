import Definitions
import Foundation
import Mappings
import TestKit
import Testing

/// The county hospital's layouts over the whole dictionary.
struct WholeMappingTests {
    /// Of the check and of its follow-ups.
    private func mappings() throws -> [Mapping] {
        let preconception = try Preconception.loaded()
        return [preconception.mapping] + preconception.followUps.values.map(\.mapping)
    }

    @Test func `every field of the programme has a source in the county's layouts`() throws {
        let preconception = try Preconception.loaded()
        let filled = Set(try mappings().flatMap(\.rules).map(\.ordinal))
        let unfilled = preconception.dictionary.elements.filter { element in
            if case .month = element.kind { return false }
            return !filled.contains(element.ordinal)
        }
        #expect(unfilled.map(\.name) == [])
    }

    /// What the first generation's files have is what a file must have.
    @Test func `a column beyond the old ones may be missing, and its field is then not mapped`()
        throws
    {
        let preconception = try Preconception.loaded()
        let mapping = preconception.mapping
        let optional = mapping.rules.filter(\.isOptional)
        let old = preconception.header
        #expect(old.contains("女方血糖") && !old.contains("女方贫血"))
        let without = try mapping.bound(to: old, acceptsInvented: true)
        #expect(optional.allSatisfy { !without.isMapped[$0.ordinal] })
        let with = try mapping.bound(to: old + ["女方贫血"], acceptsInvented: true)
        let anaemia = try #require(preconception.dictionary.ordinal(of: "wife.diseaseAnemia"))
        #expect(optional.filter { with.isMapped[$0.ordinal] }.map(\.ordinal) == [anaemia])
        // What an old file gives is mandatory there.
        let elements = optional.map { preconception.dictionary.elements[$0.ordinal] }
        #expect(elements.filter(\.isRequired).map(\.name) == [])
    }

    @Test func `every table of words is used, and every code can be written in words`() throws {
        let preconception = try Preconception.loaded()
        let dictionary = preconception.dictionary
        let lists = preconception.lists.flatMap(\.mapping.rules).compactMap(\.words?.name)
        var used = Set(lists)
        for rule in try mappings().flatMap(\.rules) {
            guard let words = rule.words else { continue }
            used.insert(words.name)
            let element = dictionary.elements[rule.ordinal]
            let list: CodeList
            switch element.kind {
            case .code(let codes), .set(let codes): list = codes
            default: continue
            }
            let written = Set(words.words.map(\.code))
            #expect(
                Set(list.codes.map(\.code)).subtracting(written).isEmpty, "\(element.name)")
        }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Project.mappings + "/preconception/words")
        let tables = files.filter { $0.hasSuffix(".csv") }.map { "words/" + $0.dropLast(4) }
        #expect(Set(tables).subtracting(used).isEmpty)
    }

    /// DOMAIN 1.6.2: the numbers of the only system that writes each of these.
    @Test(arguments: [
        ("早孕随访结果", "wife.epfResult", ["1": "PREGNANT", "2": "NOT_PREGNANT", "3": "LOST"]),
        ("妊娠结局随访结果", "wife.pofResult", ["1": "DELIVERED", "2": "LOST", "3": "NOT_DELIVERED"]),
        (
            "服用叶酸", "wife.epfFolicAcid",
            ["0": "NONE", "1": "BEFORE_3_MONTHS", "2": "BEFORE_1_MONTH", "3": "AFTER"]
        ),
        (
            "停经后有害因素", "wife.epfHarmful",
            [
                "1": "ANIMALS", "2": "PESTICIDE", "3": "RADIATION", "4": "PASSIVE_SMOKING",
                "5": "OTHER",
            ]
        ),
        (
            "停经后疾病", "wife.epfIllness",
            [
                "1": "BLEEDING", "2": "FEVER", "3": "DIARRHOEA", "4": "ABDOMINAL_PAIN",
                "5": "INFLUENZA", "6": "VIRAL_HEPATITIS", "7": "OTHER",
            ]
        ),
        (
            "分娩机构类型", "wife.deliveryPlaceType",
            [
                "1": "COUNTY_HEALTH", "2": "COUNTY_PLANNING", "3": "TOWN_HEALTH",
                "4": "TOWN_PLANNING", "5": "OTHER",
            ]
        ),
        (
            "确诊早孕机构", "wife.epfDiagnosisOrgType",
            ["1": "OWN", "2": "TRANSCRIBED", "3": "OTHER"]
        ),
        (
            "婴儿性别", "wife.infantSex",
            ["0": "UNKNOWN", "1": "MALE", "2": "FEMALE", "3": "INTERSEX"]
        ),
        ("男方地贫基因检测", "husband.thalassemiaGene", ["无缺失": "0", "杂合": "1", "纯合": "2"]),
        ("女方阴道pH值", "wife.vaginalPh", ["0": "BELOW_4_5", "1": "FROM_4_5", "＞4.5": "FROM_4_5"]),
        // DOMAIN 1.6.3: 痛经 0 is none, 月经量 0 is much.
        ("女方痛经", "wife.dysmenorrhea", ["0": "0", "无": "0", "轻": "1", "重度": "2"]),
        ("女方月经量", "wife.menstrualVolume", ["0": "0", "多": "0", "中": "1", "少": "2"]),
    ])
    func `the numbers of a list mean what their system means`(
        _ column: String, _ field: String, _ codes: [String: String]
    ) throws {
        try expect(codes.map { ($0.key, .text($0.value)) }, in: column, as: field)
    }

    /// DOMAIN 1.6.3.
    @Test func `zero means yes in the column that mirrors a box of none, and no elsewhere`() throws
    {
        let zeroIsYes: [(String, Reading)] = [
            ("0", .text("true")), ("1", .text("false")), ("有", .text("true")),
            ("无", .text("false")), ("", .nothing), ("2", .refused("V-CODE")),
        ]
        try expect(zeroIsYes, in: "女方不良妊娠结局", as: "wife.adverseOutcomeEver")
        let oneIsYes: [(String, Reading)] = [
            ("0", .text("false")), ("1", .text("true")), ("√", .text("true")), ("", .nothing),
        ]
        try expect(oneIsYes, in: "女方分娩过缺陷儿", as: "wife.bornDefectChild")
        try expect(oneIsYes, in: "男方贫血", as: "husband.diseaseAnemia")
        try expect(oneIsYes, in: "死胎死产", as: "wife.outcomeStillbirth")
    }

    @Test func `a tick list holds its codes in the order of the list, or is refused whole`() throws
    {
        try expect(
            [
                ("其他、猫狗", .text("ANIMALS OTHER")), ("猫狗，猫狗", .text("ANIMALS")),
                ("农药;高温", .text("PESTICIDE HEAT")), ("无", .nothing), ("", .nothing),
                ("农药、不认识", .refused("V-CODE")),
            ], in: "男方有害因素", as: "husband.exposureList")
        // There is no agreed numbering of these.
        try expect([("1", .refused("V-CODE"))], in: "女方避孕方法", as: "wife.contraceptionMethods")
        try expect([("1", .refused("V-CODE"))], in: "女方家族疾病", as: "wife.familyDiseaseList")
        try expect(
            [
                ("Q36", .text("Q36")), ("先心病、唇裂", .text("Q24 Q36")),
                ("马蹄内翻足", .text("Q66.0")), ("18三体综合征", .text("Q91")),
                ("Q91.3、Q99", .text("Q91 Q99")), ("Q21.1", .text("Q24")),
                ("Q10.0", .text("Q89.9")), ("Q94", .refused("V-CODE")),
                ("P00", .refused("V-CODE")),
            ], in: "出生缺陷类型", as: "wife.defectTypes")
        try expect(
            [("0635-8212345", .text("06358212345")), ("12345", .refused("V-PHONE"))],
            in: "固定电话", as: "landlinePhone")
        try expect([("≤4.5", .refused("V-CODE"))], in: "女方阴道pH值", as: "wife.vaginalPh")
    }

    @Test(arguments: [
        ("女方每天吸烟支数", "wife.cigarettesPerDay", "0", "200", "201"),
        ("胎数", "wife.multipleBirth", "1", "4", "5"),
        ("婴儿出生体重g", "wife.infantWeightG", "200", "7000", "7001"),
        ("第四婴出生体重g", "wife.infant4WeightG", "200", "7000", "199"),
        ("女方中性粒细胞百分比", "wife.neutrophilPct", "0.0", "100.0", "100.1"),
        ("男方血红蛋白Hb", "husband.hemoglobin", "30", "220", "29"),
        ("男方体重指数", "husband.bmi", "10.0", "80.0", "80.1"),
        ("分娩孕周", "wife.deliveryWeeks", "4", "45", "46"),
    ])
    func `a figure is read within its bounds, and is implausible beyond`(
        _ column: String, _ field: String, _ least: String, _ most: String, _ beyond: String
    ) throws {
        try expect(
            [(least, .text(least)), (most, .text(most)), (beyond, .implausible(beyond))],
            in: column, as: field)
    }
}
