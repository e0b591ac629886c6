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
        try expect(
            floating("", ""), .excluded, .exclude("R-02", "residenceMonthsWife"),
            .exclude("R-02", "residenceMonthsHusband"))
    }

    @Test func `R-02: a file of one spouse says nothing of the other's residence`() throws {
        let wife = CleanCouple().without(.husband)
        #expect(try outcome(of: wife.with(floating("6", ""))).fate == .sent)
        #expect(try outcome(of: wife.with(floating("5", ""))).fate == .excluded)
    }

    @Test func `R-03: a floating couple is one that is registered elsewhere`() throws {
        try expect(["流动人口夫妇": "是"], .sent, .warn("R-03", "floatingCouple"))
        try expect(
            ["流动人口夫妇": "是", "女方本地户籍": "否"], .sent, .warn("R-03", "floatingCouple"))
        try expect(
            floating("6", "6").merging(["流动人口夫妇": "否"]) { _, new in new }, .sent,
            .warn("R-03", "floatingCouple"))
    }

    @Test func `R-08: the institution is designated on the day, first and last day included`()
        throws
    {
        try expect(["建档日期": "2012-01-01"], .sent)
        try expect(
            ["建档日期": "2011-12-31"], .quarantined, .quarantine("R-08", "servingOrgCode"))
        try expect(["建档日期": "2011-12-31", "服务机构代码": ended], .sent)
        try expect(
            ["建档日期": "2012-01-01", "服务机构代码": ended], .quarantined,
            .quarantine("R-08", "servingOrgCode"))
        // A right code that nobody designated.
        try expect(
            ["服务机构代码": "MA0000T3699150211G1001"], .quarantined,
            .quarantine("R-08", "servingOrgCode"))
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
        try expect(["建档日期": "2010-04-01", "服务机构代码": early, "计划怀孕时间": "2010-09-01"], .sent)
        try expect(
            ["建档日期": "2010-03-31", "服务机构代码": early, "计划怀孕时间": "2010-09-01"],
            .quarantined, .quarantine("L-009", "fileOpenedDate"),
            .quarantine("R-08", "servingOrgCode"))
        try expect([:], arrivedOn: "2012-03-01", .sent)
        try expect(
            [:], arrivedOn: "2012-02-29", .quarantined, .quarantine("L-009", "fileOpenedDate"))
    }

    /// 990110 has changed hands as 500110 did; 990222 ended with 2011-10-21, 990120 is of 2014.
    @Test func `L-017: a code holds on the day of the file`() throws {
        let before = [
            "建档日期": "2011-10-21", "服务机构代码": early, "计划怀孕时间": "2012-03-01",
        ]
        let after = before.merging(["建档日期": "2011-10-22"]) { _, new in new }
        func with(_ day: [String: String], _ column: String, _ code: String) -> [String: String] {
            day.merging([column: code]) { _, new in new }
        }
        for code in ["990222", "990222001", "990222001001"] {
            try expect(with(before, "女方户籍区划代码", code), .sent)
            try expect(
                with(after, "女方户籍区划代码", code), .quarantined,
                .quarantine("L-017", "wife.hukouDivisionCode"))
        }
        for column in ["女方户籍区划代码", "男方户籍区划代码", "女方现住地区划代码", "服务地区划代码"] {
            try expect(with(before, column, "990110"), .sent)
            try expect(with(after, column, "990110"), .sent)
        }
        try expect(
            ["服务地区划代码": "990120", "经费结算区域": "990120"], .quarantined,
            .quarantine("L-017", "divisionCode"), .quarantine("L-017", "fundingAreaCode"))
    }
}
