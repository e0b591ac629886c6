import Records
import TestKit
import Testing
import Validation

/// One thing that a rule of prenatal screening says, or that it does not say.
struct PrenatalCase: Sendable, CustomTestStringConvertible {
    let test: CleanPregnancy.Test
    let changes: [String: String]
    /// Findings as `code field effect`, the effect only where it is not quarantine; empty where
    /// the record is clean.
    let expected: [String]
    let arrivedOn: String

    var testDescription: String { "\(test) \(changes) \(expected)" }
}

private let afterBirth = "2017-02-28"

func serum(_ changes: [String: String], _ expected: String..., arrivedOn: String? = nil)
    -> PrenatalCase
{
    PrenatalCase(
        test: .serum, changes: changes, expected: expected, arrivedOn: arrivedOn ?? afterBirth)
}

func nipt(_ changes: [String: String], _ expected: String...) -> PrenatalCase {
    PrenatalCase(test: .nipt, changes: changes, expected: expected, arrivedOn: afterBirth)
}

/// Changes upon a serum screening with recall, diagnosis and outcome.
func followed(_ changes: [String: String], _ expected: String...) -> PrenatalCase {
    PrenatalCase(
        test: .serum, changes: CleanPregnancy.followed.merging(changes) { $1 },
        expected: expected, arrivedOn: afterBirth)
}

func followedNIPT(_ changes: [String: String], _ expected: String...) -> PrenatalCase {
    PrenatalCase(
        test: .nipt, changes: CleanPregnancy.followed.merging(changes) { $1 },
        expected: expected, arrivedOn: afterBirth)
}

/// The rules of prenatal screening, each with a violating, a boundary and a clean record. The last
/// period is 2016-03-01 (DOMAIN 3.1): weeks are counted from it by hand.
struct PrenatalRuleTests {
    private func expect(_ test: PrenatalCase) throws {
        let record = CleanPregnancy(test.test).with(test.changes)
        let outcome = try PrenatalScreening.loaded()
            .examine([record], arrivedOn: test.arrivedOn).outcomes[0]
        let found = outcome.findings.map { finding in
            let effect = finding.effect == .quarantined ? "" : " \(finding.effect)"
            return "\(finding.code) \(finding.field ?? "")\(effect)"
        }
        #expect(found.sorted() == test.expected.sorted())
    }

    /// A sample drawn on a day, with the weeks and the report that go with it.
    private static func drawn(_ day: String, _ days: Int, _ method: String, _ report: String)
        -> [String: String]
    {
        [
            "采血时间": day + " 08:00", "采血孕周天数": "\(days)", "筛查方法": method,
            "报告日期": report,
        ]
    }

    @Test(arguments: [
        serum([:]), nipt([:]), followed([:]),
        followedNIPT([:]),
    ])
    func `a clean record is clean`(_ test: PrenatalCase) throws { try expect(test) }

    @Test(arguments: [
        // 15+0 is day 105, 2016-06-14; 20+6 is day 146, 2016-07-25.
        serum(drawn("2016-06-14", 105, "二联", "2016-06-21")),
        serum(drawn("2016-06-13", 104, "二联", "2016-06-21"), "L-088 sampleTime"),
        serum(drawn("2016-07-25", 146, "三联", "2016-07-30")),
        serum(drawn("2016-07-26", 147, "三联", "2016-07-30"), "L-088 sampleTime"),
        serum(drawn("2016-07-26", 147, "四联", "2016-07-30"), "L-088 sampleTime"),
        // 9+0 is day 63, 2016-05-03; 11+0 is day 77, 2016-05-17; 13+6 is day 97, 2016-06-06.
        serum(drawn("2016-05-03", 63, "早孕期血清", "2016-05-10")),
        serum(drawn("2016-05-02", 62, "早孕期血清", "2016-05-10"), "L-088 sampleTime"),
        serum(drawn("2016-05-17", 77, "早孕期血清+NT", "2016-05-20")),
        serum(drawn("2016-05-16", 76, "早孕期血清+NT", "2016-05-20"), "L-088 sampleTime"),
        serum(drawn("2016-06-06", 97, "早孕期血清", "2016-06-10")),
        serum(drawn("2016-06-07", 98, "早孕期血清", "2016-06-10"), "L-088 sampleTime"),
        // 12+0 is day 84, 2016-05-24; 22+6 is day 160, 2016-08-08; 26+6 is day 188, 2016-09-05.
        nipt(drawn("2016-05-24", 84, "NIPT", "2016-06-01")),
        nipt(drawn("2016-05-23", 83, "NIPT", "2016-06-01"), "L-089 sampleTime"),
        nipt(drawn("2016-08-08", 160, "NIPT", "2016-08-15")),
        nipt(drawn("2016-08-09", 161, "NIPT", "2016-08-15"), "L-089 sampleTime warning"),
        nipt(drawn("2016-09-05", 188, "NIPT", "2016-09-10"), "L-089 sampleTime warning"),
        nipt(drawn("2016-09-06", 189, "NIPT", "2016-09-10"), "L-089 sampleTime"),
    ])
    func `a sample is drawn within the weeks of its method`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    @Test(arguments: [
        // Dated by ultrasound, a week further than the period says: 2016-06-13 is 15+6 then.
        serum(
            drawn("2016-06-13", 111, "二联", "2016-06-21").merging([
                "孕周确认方法": "CRL", "预产期": "2016-11-29",
            ]) { _, new in new }),
        serum(
            drawn("2016-06-07", 104, "二联", "2016-06-21").merging([
                "孕周确认方法": "CRL", "预产期": "2016-11-30",
            ]) { _, new in new }, "L-088 sampleTime"),
        serum(["采血孕周天数": "112"]),
        serum(["采血孕周天数": "113"], "L-087 gaAtSampleDays warning"),
        serum(["采血孕周天数": "97"], "L-087 gaAtSampleDays warning"),
        serum(["采血孕周天数": "120", "孕周确认方法": "BPD"]),
        serum(["预产期": "2016-12-13"]),
        serum(["预产期": "2016-12-14"], "L-087 edd warning"),
    ])
    func `the dating agrees with itself`(_ test: PrenatalCase) throws { try expect(test) }

    @Test(arguments: [
        // 1/270 itself is high.
        serum(["21三体风险": "1/270"], "L-092 serumConclusion"),
        serum(["21三体风险": "1/271"]),
        serum(["21三体风险": "0.0037"], "L-092 serumConclusion"),
        serum(["21三体风险": ">1/50"], "L-092 serumConclusion"),
        serum(["18三体风险": "1/350"], "L-092 serumConclusion"),
        serum(["18三体风险": "1/351"]),
        followed(["21三体风险": "1/270", "血清筛查结论": "高风险"]),
        followed(["21三体风险": "1/271", "血清筛查结论": "高风险"], "L-092 serumConclusion"),
        followed(["18三体风险": "1/350", "血清筛查结论": "高风险"]),
        followed(["AFP MoM": "2.00", "血清筛查结论": "高风险"]),
        followed(["AFP MoM": "1.99", "血清筛查结论": "高风险"], "L-092 serumConclusion"),
        followed(["18三体风险": "", "血清筛查结论": "高风险"]),
        serum(["21三体风险": "1/271", "血清筛查结论": "临界"]),
        serum(["21三体风险": "1/1000", "血清筛查结论": "临界"]),
        serum(["21三体风险": "1/1001", "血清筛查结论": "临界"], "L-092 serumConclusion warning"),
        serum(["21三体风险": "1/270", "血清筛查结论": "临界"], "L-092 serumConclusion warning"),
        serum(["21三体风险": "", "18三体风险": ""]),
        serum(["AFP MoM": "1.99"]),
        serum(["AFP MoM": "2.00"], "L-093 serumConclusion"),
    ])
    func `a serum conclusion fits its risks`(_ test: PrenatalCase) throws { try expect(test) }

    @Test(arguments: [
        serum(["AFP MoM": "0.05"]), serum(["AFP MoM": "0.04"], "L-091 afpMom"),
        serum(["PAPP-A MoM": "20.00"]),
        serum(["PAPP-A MoM": "20.01"], "L-091 pappaMom"),
        serum(["采血日体重kg": ""], "L-091 weightAtSample", "L-070 weightAtSample"),
        nipt(["采血日体重kg": ""], "L-070 weightAtSample"),
        serum(["预产期年龄": "34.9"]),
        serum(["预产期年龄": "35.0"], "L-090 counselAdvice warning"),
        serum(["预产期年龄": "35.0", "医学意见": "建议产前诊断"]),
        serum(["胎数": "2"], "L-090 counselAdvice warning"),
        nipt(["胎数": "2"]),
    ])
    func `multiples and ages are plausible`(_ test: PrenatalCase) throws { try expect(test) }

    @Test(arguments: [
        nipt(["21三体Z值": "2.999"]),
        nipt(["21三体Z值": "3.000"], "L-094 niptConclusion"),
        nipt(["13三体Z值": "12.5"], "L-094 niptConclusion"),
        followedNIPT(["18三体Z值": "3.000", "NIPT结果": "高风险"]),
        followedNIPT(["18三体Z值": "2.999", "NIPT结果": "高风险"], "L-094 niptConclusion"),
        followedNIPT(["18三体Z值": "", "NIPT结果": "高风险"]),
        nipt(["21三体Z值": "-50"]),
        nipt(["21三体Z值": "-50.001"], "L-094 zScoreT21"),
        followedNIPT(["21三体Z值": "100", "NIPT结果": "高风险"]),
        followedNIPT(["21三体Z值": "100.001", "NIPT结果": "高风险"], "L-094 zScoreT21"),
        nipt(["胎儿游离DNA浓度%": "4.00"]),
        nipt(["胎儿游离DNA浓度%": "3.99"], "L-094 niptConclusion"),
        nipt(["胎儿游离DNA浓度%": "3.99", "重采血": "是"]),
        nipt(
            ["胎儿游离DNA浓度%": "3.99", "NIPT结果": "检测失败"],
            "R-41 niptConclusion warning"),
        nipt(
            ["NIPT结果": "检测失败", "21三体Z值": "5"], "L-094 niptConclusion",
            "R-41 niptConclusion warning"),
    ])
    func `an NIPT result fits its scores and its fetal fraction`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    @Test(arguments: [
        nipt(["移植手术": "是"], "L-095 niptConclusion"),
        nipt(["一年内异体输血": "是"], "L-095 niptConclusion"),
        nipt(["异体细胞治疗": "是"], "L-095 niptConclusion"),
        nipt(["肿瘤患者": "是"], "L-095 niptConclusion"),
        nipt(["肿瘤患者": "是", "NIPT结果": "检测失败"], "R-41 niptConclusion warning"),
        nipt(["肿瘤患者": "是", "NIPT结果": ""], "R-41 niptConclusion warning"),
        nipt(["NIPT指征": ""], "R-35 niptIndication warning"),
        serum(["NIPT指征": ""]),
    ])
    func `what rules a test out is asked for`(_ test: PrenatalCase) throws { try expect(test) }

    /// R-33: the institution takes what is hers to bear, no more and no less.
    @Test(
        arguments: [
            serum(["个人缴费元": "70"]), serum(["个人缴费元": "70.00"]), serum(["个人缴费元": ""]),
            serum(["个人缴费元": "70.01"], "L-101 personalCharge"),
            serum(["个人缴费元": "69.99"], "L-101 personalCharge"),
            serum(["个人缴费元": "150"], "L-101 personalCharge"),
            serum(["个人缴费元": "0"], "L-101 personalCharge"),
            nipt(["个人缴费元": "0"]), nipt(["个人缴费元": "0.00"]),
            nipt(["个人缴费元": "0.01"], "L-101 personalCharge"),
            nipt(["个人缴费元": "70"], "L-101 personalCharge"),
        ] as [PrenatalCase])
    func `L-101: she is charged what is hers to bear`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    @Test func `L-101: an export that does not say what was charged is not blamed`() throws {
        let record = CleanPregnancy().without(["个人缴费元"])
        let examined = try PrenatalScreening.loaded().examine([record], without: ["个人缴费元"])
        #expect(examined.outcomes[0].findings.isEmpty)
    }
}
