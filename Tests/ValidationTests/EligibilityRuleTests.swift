import Records
import TestKit
import Testing
import Validation

/// L-009, L-017: who is entitled, where and when.
struct EligibilityRuleTests {
    /// Designated since 2010-04-01, for files of the first two years.
    private let early = "MA0000T3699010111G3001"
    private let ended = "MA0000T4499010111G3001"

    @Test func `R-01: within the policy`() throws {
        try expect(["是否符合生育政策": "否"], .excluded, .exclude("R-01", "policyEligible"))
    }

    /// After the file date, and at most 24 months; the file is of 2012-03-01.
    @Test(arguments: [
        ("2012-03-02", true), ("2014-03-01", true), ("2014-02-28", true), ("2014-03-02", false),
        ("2012-03-01", false), ("2012-02-29", false), ("", false),
    ])
    func `R-01: a pregnancy is planned within 24 months`(_ day: String, _ passes: Bool) throws {
        if passes {
            try expect(["计划怀孕时间": day], .sent)
        } else {
            try expect(
                ["计划怀孕时间": day], .excluded, .exclude("R-01", "plannedPregnancyDate"))
        }
    }

    @Test func `R-01: a day that cannot be read decides nothing`() throws {
        try expect(
            ["计划怀孕时间": "明年"], .quarantined, .quarantine("V-DATE", "plannedPregnancyDate"))
    }

    private func floating(_ wife: String, _ husband: String) -> [String: String] {
        [
            "女方本地户籍": "否", "男方本地户籍": "否", "流动人口夫妇": "是",
            "女方本地居住月数": wife, "男方本地居住月数": husband,
        ]
    }

    @Test func `R-02: registered here on one side, or half a year of residence on both`() throws {
        try expect(["女方本地户籍": "否"], .sent)
        try expect(["男方本地户籍": "否"], .sent)
        try expect(floating("6", "6"), .sent)
        try expect(floating("5", "6"), .excluded, .exclude("R-02", "residenceMonthsWife"))
        try expect(floating("120", "0"), .excluded, .exclude("R-02", "residenceMonthsHusband"))
    }

    /// The file is of 2012-03-01; the same day of the month is full.
    @Test func `R-02: months that nobody wrote are counted from the first day of residence`()
        throws
    {
        func since(_ wife: String, _ husband: String) -> [String: String] {
            floating("", "").merging(["女方现住地居住起始日期": wife, "男方现住地居住起始日期": husband]) {
                _, new in new
            }
        }
        try expect(since("2010-05-01", "2011-09-01"), .sent)
        try expect(
            since("2010-05-01", "2011-09-02"), .excluded,
            .exclude("R-02", "residenceMonthsHusband"))
        try expect(
            since("2012-03-02", "2011-09-01"), .quarantined,
            .exclude("R-02", "residenceMonthsWife"), .quarantine("L-019", "wife.residenceSince"))
        try expect(
            since("", "2011-09-01"), .quarantined, .exclude("R-02", "residenceMonthsWife"),
            .quarantine("L-019", "wife.residenceSince"))
        // What is written is what counts.
        try expect(
            floating("5", "6"), .excluded, .exclude("R-02", "residenceMonthsWife"))
    }

    @Test func `R-01: who was found not eligible is excluded, who is not decided on waits`() throws
    {
        try expect(["资格确认结果": "不符合"], .excluded, .exclude("R-01", "eligibilityDecision"))
        try expect(["资格确认结果": "待定"], .held, .hold("H-ELIGIBILITY", "eligibilityDecision"))
        try expect(["资格确认结果": "符合"], .sent)
    }

    @Test func `R-12: another county's case is not sent from here`() throws {
        try expect(
            ["服务地区划代码": "990102"], .quarantined, .quarantine("R-12", "divisionCode"),
            .warn("R-12", "servingOrgCode"))
        try expect(["经费结算区域": "990102"], .quarantined, .quarantine("R-12", "fundingAreaCode"))
        try expect(["服务地区划代码": "990101100"], .sent)
    }

    /// 990222 went into 990110 on 2011-10-22, and so did the old 990110.
    @Test(
        arguments: [
            ("990110", nil, "990110", "990110", "2012-03-01", []),
            ("990110", nil, "990222", "990222", "2011-10-21", []),
            ("990110", nil, "990110", "990110", "2011-10-21", []),
            ("990110", nil, "990225", "990225", "2011-10-21", ["divisionCode", "fundingAreaCode"]),
            ("500110", "CQ-WSJKQ", "500110", "CQ-WSJKQ", "2012-03-01", []),
            ("500110", "CQ-WSJKQ", "500110", "500110", "2012-03-01", ["fundingAreaCode"]),
            ("500110", nil, "500110", "CQ-WSJKQ", "2012-03-01", ["fundingAreaCode"]),
        ] as [(String, String?, String, String, String, [String])])
    func `R-12: a county has what it took over, and a zone its own money`(
        _ region: String, _ area: String?, _ served: String, _ paid: String, _ day: String,
        _ wrong: [String]
    ) throws {
        let preconception = try Preconception.loaded()
        let couple = CleanCouple().with(try CleanCouple.opened(on: day))
            .with(["服务地区划代码": served, "经费结算区域": paid])
        let usual = try preconception.context()
        let context = RuleContext(
            arrivedOn: usual.arrivedOn, designated: usual.designated,
            county: ServedCounty(region: region, fundingArea: area), isMapped: usual.isMapped)
        let outcome = preconception.rules.examine(try preconception.read([couple]), context)
            .outcomes[0]
        let found = outcome.findings.filter { $0.code == "R-12" && $0.effect == .quarantined }
        #expect(found.compactMap(\.field) == wrong)
    }

    @Test func `R-02: a file of one spouse says nothing of the other's residence`() throws {
        let wife = CleanCouple().without(.husband)
        #expect(try outcome(of: wife.with(floating("6", ""))).fate == .sent)
        #expect(try outcome(of: wife.with(floating("5", ""))).fate == .excluded)
    }

    @Test func `L-020: a floating couple is one that is registered elsewhere`() throws {
        let wrong = Finding.quarantine("L-020", "floatingCouple")
        try expect(["流动人口夫妇": "是"], .quarantined, wrong)
        try expect(["流动人口夫妇": "是", "女方本地户籍": "否"], .quarantined, wrong)
        try expect(
            floating("6", "6").merging(["流动人口夫妇": "否"]) { _, new in new }, .quarantined,
            wrong)
    }

    /// The seed: "享受与户籍人口同等服务".
    @Test func `R-03: a floating couple is served like any other`() throws {
        let outcome = try outcome(floating("6", "6"))
        #expect(outcome.fate == .sent && outcome.findings.isEmpty)
        #expect(outcome.traits.isFree && outcome.traits.isComplete)
    }

    @Test func `R-08: the institution is designated on the day, first and last day included`()
        throws
    {
        let last = try CleanCouple.opened(on: "2011-12-31")
        let first = try CleanCouple.opened(on: "2012-01-01")
        try expect(first, .sent)
        try expect(last, .quarantined, .quarantine("R-08", "servingOrgCode"))
        try expect(last.merging(["服务机构代码": ended]) { _, new in new }, .sent)
        try expect(
            first.merging(["服务机构代码": ended]) { _, new in new }, .quarantined,
            .quarantine("R-08", "servingOrgCode"))
        // A right code that nobody designated.
        try expect(
            ["服务机构代码": "MA0000T3699150211G1001"], .quarantined,
            .quarantine("R-08", "servingOrgCode"), .warn("R-12", "servingOrgCode"))
    }

    @Test func `R-07: so is the entrusted one, if there is one`() throws {
        try expect(["受托检查机构代码": early], .sent)
        try expect(["受托检查机构代码": "/"], .sent)
        for code in [ended, "MA0000T3699150211G1001"] {
            try expect(
                ["受托检查机构代码": code], .quarantined,
                .quarantine("R-07", "cooperatingOrgCode"))
        }
    }

    @Test func `L-009: a file is not older than the programme and not newer than today`() throws {
        func opened(on day: String) throws -> [String: String] {
            try CleanCouple.opened(on: day).merging(["服务机构代码": early]) { _, new in new }
        }
        try expect(try opened(on: "2010-04-01"), .sent)
        try expect(
            try opened(on: "2010-03-31"), .quarantined, .quarantine("L-009", "fileOpenedDate"),
            .quarantine("R-08", "servingOrgCode"))
        try expect([:], arrivedOn: "2012-03-01", .sent)
        try expect(
            [:], arrivedOn: "2012-02-29", .quarantined, .quarantine("L-009", "fileOpenedDate"))
    }

    /// 990110 has changed hands as 500110 did; 990222 ended with 2011-10-21, 990120 is of 2014.
    @Test func `L-017: a code holds on the day of the file`() throws {
        func opened(on day: String) throws -> [String: String] {
            try CleanCouple.opened(on: day).merging(["服务机构代码": early]) { _, new in new }
        }
        let before = try opened(on: "2011-10-21")
        let after = try opened(on: "2011-10-22")
        func with(_ day: [String: String], _ column: String, _ code: String) -> [String: String] {
            day.merging([column: code]) { _, new in new }
        }
        for code in ["990222", "990222001", "990222001001"] {
            try expect(with(before, "女方户籍区划代码", code), .sent)
            try expect(
                with(after, "女方户籍区划代码", code), .quarantined,
                .quarantine("L-017", "wife.hukouDivisionCode"))
        }
        for column in ["女方户籍区划代码", "男方户籍区划代码"] {
            try expect(with(before, column, "990110"), .sent)
            try expect(with(after, column, "990110"), .sent)
        }
        // The code must bear the name, and a code that changed hands bears another from that day.
        let moved = with(before, "女方现住地区划代码", "990110")
        try expect(with(moved, "女方现住县", "旧样例区"), .sent)
        try expect(
            with(moved, "女方现住县", "新样例区"), .quarantined,
            .quarantine("L-017", "wife.residenceCounty"))
        let later = with(after, "女方现住地区划代码", "990110100")
        try expect(with(later, "女方现住县", "新样例"), .sent)
        try expect(
            with(later, "女方现住县", "旧样例区"), .quarantined,
            .quarantine("L-017", "wife.residenceCounty"))
        try expect(
            ["服务地区划代码": "990120", "经费结算区域": "990120"], .quarantined,
            .quarantine("L-017", "divisionCode"), .quarantine("L-017", "fundingAreaCode"),
            .quarantine("R-12", "divisionCode"), .quarantine("R-12", "fundingAreaCode"),
            .warn("R-12", "servingOrgCode"))
    }
}
