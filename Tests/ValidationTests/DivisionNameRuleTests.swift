import Definitions
import Mappings
import Records
import TestKit
import Testing
import Validation

/// L-017: the code exists and bears the given name at the file date; county in city, city in
/// province.
struct DivisionNameRuleTests {
    /// The rule alone, over the household of the wife.
    private func rules(_ options: String) throws -> RuleSet {
        var section = try Section(
            text: """
                rules:
                  - rule: divisionName
                    code: L-017
                \(options)
                    says: { zh: 某, en: Some }
                    next: { zh: 某, en: Some }
                """, shownAs: "programme.yaml")
        return try RuleSet(&section, dictionary: try Preconception.loaded().dictionary)
    }

    private static let household = """
            on: fileOpenedDate
            places:
              - { division: wife.hukouDivisionCode, county: wife.hukouCounty, city: wife.hukouCity, province: wife.hukouProvince }
              - { division: wife.residenceDivisionCode, county: wife.residenceCounty }
        """

    /// The fields of which the rule says that they do not fit the code.
    private func found(_ changes: [String: String]) throws -> [String] {
        let preconception = try Preconception.loaded()
        let batch = try preconception.read([CleanCouple().with(changes)])
        let outcome = try rules(DivisionNameRuleTests.household)
            .examine(batch, try preconception.context()).outcomes[0]
        let own = outcome.findings.filter { $0.code == "L-017" }
        #expect(own.allSatisfy { $0.effect == .quarantined })
        return own.compactMap(\.field)
    }

    @Test func `a couple of the example county is where it says`() throws {
        #expect(try found([:]).isEmpty)
    }

    private func county(_ code: String, _ county: String, on day: String) throws -> [String] {
        try found([
            "女方户籍区划代码": code, "女方户口所在县": county, "女方户口所在市": "", "女方户口所在省": "",
            "建档日期": day,
        ])
    }

    /// Code, the county as written, the file's day, and whether it is the same place.
    @Test(arguments: [
        // The reuse of 500110 and 500111 (DOMAIN 0.4).
        ("500110", "万盛区", "2011-10-21", true), ("500110", "綦江区", "2011-10-21", false),
        ("500110", "綦江区", "2011-10-22", true), ("500110", "万盛区", "2011-10-22", false),
        ("500111", "双桥区", "2011-10-21", true), ("500111", "大足区", "2011-10-22", true),
        ("500111", "双桥区", "2011-10-22", false), ("500111", "大足区", "2011-10-21", false),
        // The suffix may be missing; another one is another place.
        ("500110", "綦江", "2012-03-01", true), ("500110", "綦江县", "2012-03-01", false),
        ("500222", "綦江县", "2011-10-21", true), ("500222", "綦江", "2011-10-21", true),
        ("500222", "綦江区", "2011-10-21", false), ("500110", "万盛", "2012-03-01", false),
        ("500110", "区", "2012-03-01", false), ("500233", "忠县", "2012-03-01", true),
        ("500234", "开县", "2016-06-07", true), ("500154", "开州", "2016-06-08", true),
        // More of the path than the county, and twelve digits.
        ("500110", "重庆市綦江区", "2012-03-01", true),
        ("371523", "茌平县", "2016-12-20", true), ("371523", "聊城市茌平县", "2016-12-20", true),
        ("371523", "山东省聊城市茌平县", "2016-12-20", true), ("371523", "茌平区", "2016-12-20", false),
        ("371503", "茌平区", "2019-06-27", true), ("371581", "临清", "2016-12-20", true),
        ("371581", "临清市", "2016-12-20", true), ("371581", "临清县", "2016-12-20", false),
        ("500110101001", "綦江区", "2012-03-01", true), ("500110101", "大足区", "2012-03-01", false),
        // Autonomous counties are called by their first word.
        ("500240", "石柱土家族自治县", "2012-03-01", true), ("500240", "石柱县", "2012-03-01", true),
        ("500240", "石柱", "2012-03-01", true), ("500240", "石柱区", "2012-03-01", false),
        ("500243", "石柱县", "2012-03-01", false), ("500243", "彭水县", "2012-03-01", true),
        // A code that no longer holds is said by codesHoldOnDay; a name alone says nothing.
        ("500222", "某县", "2012-03-01", true), ("", "綦江县", "2012-03-01", true),
        ("500110", "", "2012-03-01", true),
    ])
    func `the county bears the code's name on the day of the file`(
        _ code: String, _ county: String, _ day: String, _ isSame: Bool
    ) throws {
        #expect(
            try self.county(code, county, on: day) == (isSame ? [] : ["wife.hukouCounty"]))
    }

    /// Code, city, province, and the fields that do not fit.
    @Test(arguments: [
        ("371523", "聊城市", "山东省", []), ("371523", "聊城", "山东", []),
        ("371523", "德州市", "山东省", ["wife.hukouCity"]),
        ("371523", "聊城市", "河南省", ["wife.hukouProvince"]),
        ("371523", "德州市", "河南", ["wife.hukouCity", "wife.hukouProvince"]),
        ("500112", "重庆市", "重庆市", []), ("500112", "市辖区", "重庆", []),
        ("500112", "重庆", "重庆市", []),
        ("500112", "成都市", "四川省", ["wife.hukouCity", "wife.hukouProvince"]),
        ("500229", "县", "重庆市", []), ("990102", "样例市", "示例省", []),
        ("990102", "样例", "示例", []), ("990102", "示范市", "示例省", ["wife.hukouCity"]),
        ("450123", "南宁市", "广西", []), ("450123", "南宁市", "广西壮族自治区", []),
        ("422823", "恩施土家族苗族自治州", "湖北省", []), ("422823", "恩施州", "湖北", []),
        ("371523", "", "", []),
    ])
    func `the county lies in the city, the city in the province`(
        _ code: String, _ city: String, _ province: String, _ wrong: [String]
    ) throws {
        #expect(
            try found([
                "女方户籍区划代码": code, "女方户口所在县": "", "女方户口所在市": city,
                "女方户口所在省": province, "建档日期": "2016-12-01",
            ]) == wrong)
    }

    @Test func `each place is judged by itself`() throws {
        #expect(
            try found(["女方户口所在县": "样板区", "女方现住县": "测试区"])
                == ["wife.hukouCounty", "wife.residenceCounty"])
        #expect(
            try found(["女方现住地区划代码": "990103", "女方现住县": "测试"]) == [])
        #expect(try found(["建档日期": ""]) == [])
    }

    @Test(arguments: [
        ("    on: fileOpenedDate", "at least one place"),
        (
            "    on: fileOpenedDate\n    places: [{ division: wife.hukouCity, county: wife.hukouCounty }]",
            "must hold a division"
        ),
        (
            "    on: fileOpenedDate\n    places: [{ division: wife.hukouDivisionCode }]",
            "county is missing"
        ),
        (
            "    on: fileOpenedDate\n    places: [{ division: wife.hukouDivisionCode, county: x }]",
            "no field x"
        ),
    ])
    func `a wrong option is refused`(_ options: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try rules(options) }
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error?.problem))")
    }
}
