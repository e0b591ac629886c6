import Records
import TestKit
import Testing
import Validation

/// What follows a screening: recall, diagnosis, outcome; and what the subsidy asks of a record.
struct PrenatalFollowUpTests {
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

    private static let high = ["21三体风险": "1/100", "血清筛查结论": "高风险"]

    private static func high(_ changes: [String: String]) -> [String: String] {
        high.merging(changes) { _, new in new }
    }

    /// The report is of 2016-06-21: recall until 06-28, diagnosis until 08-05.
    @Test(
        arguments: [
            followed(high(["召回通知时间": "2016-06-28 23:59"])),
            followed(high(["召回通知时间": "2016-06-29 00:00"]), "L-096 recallNoticeTime warning"),
            followed(high(["诊断日期": "2016-08-05", "诊断孕周天数": "157"])),
            followed(high(["诊断日期": "2016-08-06", "诊断孕周天数": "158"]), "L-096 pdDate warning"),
            serum(high, arrivedOn: "2016-06-28"),
            serum(high, "L-096 recallNoticeTime warning", arrivedOn: "2016-06-29"),
            serum(high(["召回通知时间": "2016-06-22 09:00"]), arrivedOn: "2016-08-05"),
            serum(
                high(["召回通知时间": "2016-06-22 09:00"]), "L-096 pdDate warning",
                arrivedOn: "2016-08-06"),
            serum(
                high(["召回通知时间": "2016-06-22 09:00", "召回结果": "失访"]),
                arrivedOn: "2016-08-06"),
            serum(
                high(["召回通知时间": "2016-06-22 09:00", "介入性产前诊断": "拒绝"]),
                arrivedOn: "2016-08-06"),
        ] as [PrenatalCase])
    func `a high risk is followed in time`(_ test: PrenatalCase) throws { try expect(test) }

    /// 16+0 is day 112, 2016-06-21; 28+0 is day 196, 2016-09-13; 14+0 is day 98, 2016-06-07.
    @Test(
        arguments: [
            followed(["诊断日期": "2016-06-21", "诊断孕周天数": "112"]),
            followed(["诊断日期": "2016-06-20", "诊断孕周天数": "111"], "L-097 pdDate"),
            followed(["诊断日期": "2016-09-13", "诊断孕周天数": "196"]),
            followed(["诊断日期": "2016-09-14", "诊断孕周天数": "197"], "L-097 pdDate"),
            followed(["诊断方法": "绒毛", "诊断日期": "2016-06-07", "诊断孕周天数": "98"]),
            followed(
                ["诊断方法": "绒毛", "诊断日期": "2016-06-08", "诊断孕周天数": "99"],
                "L-097 pdDate"),
            followed(["诊断方法": "超声", "诊断日期": "2016-06-01", "诊断孕周天数": "92"]),
            followed(["诊断孕周天数": "141"], "L-087 pdGaDays warning"),
            followed(["诊断孕周天数": "140"]),
        ] as [PrenatalCase])
    func `a procedure is done in its weeks`(_ test: PrenatalCase) throws { try expect(test) }

    /// Nothing is known of a birth.
    private static func unborn(_ changes: [String: String]) -> [String: String] {
        changes.merging(["新生儿出生日期": ""]) { new, _ in new }
    }

    @Test(arguments: [
        "46,XX", "46,XY", "46，XY", "４６，ＸＸ", "46, X Y", "46xy", "47,XXY", "47,XYY",
        "mos 45,X[10]/46,XX[20]", "47,XY,+21",
    ])
    func `a karyotype that tells the sex is refused before birth`(_ text: String) throws {
        try expect(followed(PrenatalFollowUpTests.unborn(["染色体核型": text]), "L-098 pdKaryotype"))
        // The child is born and the file came after: the sex is no secret any more.
        try expect(followed(["染色体核型": text]))
    }

    @Test(arguments: ["46,XN", "47,XN,+21", "47,XN,+18", "45,X", "46,XN,inv(9)(p12q13)", "X"])
    func `a masked karyotype passes`(_ text: String) throws {
        try expect(followed(PrenatalFollowUpTests.unborn(["染色体核型": text])))
    }

    @Test(
        arguments: [
            followed(unborn(["诊断结果描述": "未见异常，胎儿性别：男"]), "L-098 pdResultText"),
            followed(unborn(["医学意见": "女 胎，建议随访"]), "L-098 counselAdvice"),
            followed(unborn(["诊断结果描述": "未见明显异常"])),
            followed(unborn(["其他提示": "性染色体未见异常"])),
            followed(unborn(["其他提示": "提示46,XY"]), "L-098 niptOtherFinding"),
        ] as [PrenatalCase])
    func `neither does any other text tell the sex`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    /// 28 days after the last period are 2016-03-29, 310 are 2017-01-05.
    @Test(
        arguments: [
            followed(["新生儿出生日期": "2017-01-05"]),
            followed(["新生儿出生日期": "2017-01-06"], "L-077 bornDatePs"),
            followed(["新生儿出生日期": "2016-03-28"], "L-077 bornDatePs"),
            followed(["分娩孕周": "28"]), followed(["分娩孕周": "27"], "L-078 followUpGaWeeks"),
            followed(["胎儿随访": "引产"], "L-080 bornAlive", "L-080 bornDatePs"),
            followed(["胎儿随访": "引产", "新生儿出生日期": "", "是否活产": ""]),
            followedNIPT(["是否21三体病儿": "是"], "L-099 bornT21 warning"),
            followed(["是否21三体病儿": "是"]),
            followed(["追访日期": ""], "L-070 followUpDatePs"),
            serum([:]),
        ] as [PrenatalCase])
    func `an outcome is possible and whole`(_ test: PrenatalCase) throws { try expect(test) }

    private static let hospital = "MA0000T2899010111A1001"
    private static let nobody = "MA0000T3699150211G1001"

    @Test(
        arguments: [
            serum(["筛查机构代码": hospital]),
            serum(["筛查机构代码": nobody], "L-100 screeningOrgCode"),
            // The hospital may screen, until the end of 2016, and diagnose; it may not do NIPT.
            nipt(["检测机构代码": hospital], "L-100 niptLabOrgCode"),
            nipt(["筛查机构代码": hospital]),
            followed(["诊断机构代码": nobody], "R-38 pdOrgCode"),
            followed(["诊断机构代码": "MA0000T1X99010111G1001"], "R-38 pdOrgCode"),
        ] as [PrenatalCase])
    func `an institution is qualified for what it did`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    @Test func `a qualification has its first and its last day`() throws {
        let shift = [
            "末次月经": "2016-09-17", "预产期": "2017-06-24", "采血孕周天数": "105",
            "报告日期": "2017-01-05", "筛查机构代码": PrenatalFollowUpTests.hospital,
        ]
        try expect(serum(shift.merging(["采血时间": "2016-12-31 23:59"]) { $1 }))
        try expect(
            serum(
                shift.merging(["采血时间": "2017-01-01 00:00"]) { $1 },
                "L-100 screeningOrgCode"))
    }

    @Test(arguments: [
        serum(["户籍地区划": "371502"]), serum(["户籍地区划": "371581"]),
        serum(["户籍地区划": "370102"], "R-31 pregnantWoman.hukouDivision warning"),
        serum(["证件类型": "护照"], "R-37 pregnantWoman.idType warning"),
        serum(["样本条形码": ""], "R-37 sampleBarcode warning", "L-070 sampleBarcode"),
        serum(["样本条形码": "待补"], "R-37 sampleBarcode warning", "L-070 sampleBarcode"),
        serum(["样本条形码": "#n/a"], "R-37 sampleBarcode warning"),
        serum(["样本条形码": "0000"], "R-37 sampleBarcode warning"),
        serum(["样本条形码": "####"], "R-37 sampleBarcode warning"),
        serum(["样本条形码": "暂缺"]),
        serum(["样本条形码": "1000"]),
        serum(["筛查知情同意": "否"], "R-06 screenConsent held"),
        serum(["筛查知情同意": ""], "L-070 screenConsent"),
        serum(["血清筛查结论": ""], "R-41 serumConclusion warning"),
        serum(["孕次": "3", "产次": "2", "流产次数": "1"]),
        serum(["孕次": "2", "产次": "2", "流产次数": "1"], "L-026 gravida"),
        serum(["报告日期": "2016-06-14"]),
        serum(["报告日期": "2016-06-13"], "L-012 reportDatePs"),
        serum(["报告日期": "2016-07-14"]),
        serum(["报告日期": "2016-07-15"], "L-012 reportDatePs warning"),
        serum([:], arrivedOn: "2016-06-21"),
        serum([:], "L-009 reportDatePs", arrivedOn: "2016-06-20"),
        serum(
            ["证件号码": "990101198411200013", "孕妇出生日期": "1984-11-20"],
            "L-002 pregnantWoman.idNumber"),
        serum(["孕妇出生日期": "1986-03-16"], "L-003 pregnantWoman.birthDate"),
    ])
    func `who she is, where she belongs, and what is missing`(_ test: PrenatalCase) throws {
        try expect(test)
    }

    @Test(
        arguments: [
            (.serum, [:], "serum", nil, true, true, true),
            (.nipt, [:], "nipt", nil, true, true, true),
            (.nipt, ["NIPT结果": "失败"], "nipt", .failed, true, true, true),
            (.nipt, ["重采血": "是"], "nipt", .redraw, true, true, true),
            (.nipt, ["NIPT结果": "失败", "重采血": "是"], "nipt", .failedRedraw, true, true, true),
            (.serum, ["重采血": "是"], "serum", nil, true, true, true),
            (.serum, ["血清筛查结论": ""], "serum", nil, false, true, true),
            (.serum, ["户籍地区划": "370102"], "serum", nil, true, false, true),
            (.serum, ["证件类型": "护照"], "serum", nil, true, true, false),
        ]
            as [(
                CleanPregnancy.Test, [String: String], String, TestAttempt?, Bool, Bool, Bool
            )])
    func `what settlement will ask of a record`(
        _ test: CleanPregnancy.Test, _ changes: [String: String], _ service: String,
        _ attempt: TestAttempt?, _ isComplete: Bool, _ isLocal: Bool, _ isRealName: Bool
    ) throws {
        let traits = try PrenatalScreening.loaded()
            .examine([CleanPregnancy(test).with(changes)]).outcomes[0].traits
        #expect(
            traits
                == SettlementTraits(
                    isFree: true, spouses: [true], isComplete: isComplete, service: service,
                    attempt: attempt, isLocal: isLocal, isRealName: isRealName))
    }

    @Test func `a barcode stands in one record of an item`() throws {
        func record(_ number: Int, _ barcode: String) -> CleanPregnancy {
            CleanPregnancy(record: "DEMO-PS-\(number)").with(["样本条形码": barcode])
        }
        let decided = try PrenatalScreening.loaded().check([
            record(1, "DEMO-B-1"), record(2, "DEMO-B-2"), record(3, "DEMO-B-1"),
            // The same record once more, with another height: its correction.
            record(1, "DEMO-B-1").with(["身高cm": "144.5"]),
        ])
        #expect(decided.outcomes.map(\.fate) == [.sent, .sent, .quarantined, .sent])
        #expect(
            decided.outcomes[2].findings
                == [Finding(code: "L-086", effect: .quarantined, field: "sampleBarcode")])
    }

    @Test func `weeks, due date and age are reckoned where the register has no column for them`()
        throws
    {
        let programme = try PrenatalScreening.loaded()
        let record = CleanPregnancy().with(["预产期": "", "采血孕周天数": "", "预产期年龄": ""])
        for without in [[], ["预产期", "采血孕周天数", "预产期年龄"]] as [Set<String>] {
            let kept = without.isEmpty ? record : record.without(without)
            let examined = try programme.examine([kept], without: without)
            #expect(examined.outcomes[0].findings.isEmpty)
            #expect(try examined.batch.text("edd") == "2016-12-06")
            #expect(try examined.batch.text("gaAtSampleDays") == "105")
            // Born on 1986-03-15: 30 years and 8 months at the due date.
            #expect(try examined.batch.text("pregnantWoman.ageAtEdd") == "30.7")
        }
    }

    @Test func `a field that the source does not have is not missed`() throws {
        let outcome = try PrenatalScreening.loaded().examine(
            [CleanPregnancy(.nipt)], without: ["医学意见"]
        ).outcomes[0]
        #expect(outcome.findings.isEmpty && outcome.fate == .sent)
    }
}
