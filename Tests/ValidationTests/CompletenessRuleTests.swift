import Definitions
import Mappings
import Records
import TestKit
import Testing
import Validation

/// L-070: what a file must hold, and what may leave of it.
struct CompletenessRuleTests {
    @Test func `R-06: nothing leaves without consent`() throws {
        try expect(["知情同意书签署情况": "均未签署"], .held, .hold("R-06", "consentStatus"))
        // An empty answer is also a mandatory field that is missing.
        try expect(
            ["知情同意书签署情况": ""], .quarantined, .hold("R-06", "consentStatus"),
            .quarantine("L-070", "consentStatus"))
    }

    @Test(arguments: [("仅女方签署", 0, 1), ("仅男方签署", 1, 0)])
    func `R-06: what one did not agree to stays at home, the other's part leaves`(
        _ consent: String, _ stays: Int, _ withheld: Int
    ) throws {
        let preconception = try Preconception.loaded()
        let examined = try preconception.examine([
            CleanCouple().with(["知情同意书签署情况": consent])
        ])
        let outcome = examined.outcomes[0]
        #expect(outcome.fate == .sent)
        #expect(Set(outcome.findings.map(\.code)) == ["R-06", "R-11"])
        #expect(outcome.traits.spouses == [stays == 0, stays == 1])
        let dictionary = preconception.dictionary
        for element in dictionary.elements where dictionary.subject(of: element) == withheld {
            #expect(examined.batch.value(0, element.ordinal).isAbsent, "\(element.name)")
        }
        #expect(examined.batch.hasSubject(0, stays))
    }

    @Test(arguments: [("女方", [true, false]), ("男方", [false, true])])
    func `R-11: a couple of whom one was examined is settled as a one-spouse file`(
        _ answer: String, _ examined: [Bool]
    ) throws {
        let outcome = try Preconception.loaded().examine([
            CleanCouple().with(["实际受检方": answer])
        ]).outcomes[0]
        #expect(outcome.fate == .sent)
        #expect(
            outcome.findings == [
                Finding(code: "R-11", effect: .warning, field: "spousesExamined")
            ])
        #expect(outcome.traits.spouses == examined)
    }

    @Test func `R-06: what another part says of the withheld person stays at home too`() throws {
        let preconception = try Preconception.loaded()
        let dictionary = preconception.dictionary
        let about = dictionary.elements.filter { $0.about != nil }
        let family = about.filter { !$0.name.hasPrefix("wife.epf") }
        #expect(
            Set(about.map(\.name)) == [
                "consentWifeDate", "consentHusbandDate", "localHukouWife", "localHukouHusband",
                "residenceMonthsWife", "residenceMonthsHusband", "wife.epfHusbandQuitSmoking",
                "wife.epfHusbandDrinking",
            ])
        let answers = [
            "女方本地居住月数": "7", "男方本地居住月数": "8",
        ]
        for (consent, withheld) in [("仅女方签署", 1), ("仅男方签署", 0), ("双方签署", nil)] {
            let examined = try preconception.examine([
                CleanCouple().with(answers).with(["知情同意书签署情况": consent])
            ])
            #expect(examined.outcomes[0].fate == .sent)
            for element in family {
                let isAbsent = examined.batch.value(0, element.ordinal).isAbsent
                let stays = element.about == withheld || dictionary.subject(of: element) == withheld
                // `nil` is the whole family's part, which is never withheld.
                #expect(isAbsent == (withheld != nil && stays), "\(consent) \(element.name)")
            }
            let status = try #require(preconception.dictionary.ordinal(of: "consentStatus"))
            #expect(!examined.batch.value(0, status).isAbsent)
        }
        // The husband's registration made them eligible: that is decided before it is taken out.
        let eligible = CleanCouple().with([
            "知情同意书签署情况": "仅女方签署", "女方本地户籍": "否", "女方本地居住月数": "1",
        ])
        #expect(try outcome(of: eligible).fate == .sent)
    }

    @Test(arguments: ["仅女方签署", "仅男方签署", "双方签署"])
    func `R-06: what tells of both leaves only where both agreed`(_ consent: String) throws {
        let preconception = try Preconception.loaded()
        let dictionary = preconception.dictionary
        let both = dictionary.elements.filter(\.isAboutBoth)
        let assessment = try #require(dictionary.forms.firstIndex { $0.name == "assessment" })
        #expect(
            Set(both.filter { $0.location != .form(assessment) }.map(\.name)) == [
                "childrenDiseaseName", "childrenHealth", "consanguineous", "consanguinityRelation",
                "floatingCouple", "spousesExamined",
            ])
        let apart = dictionary.elements(at: .form(assessment)).filter { !$0.isAboutBoth }
        #expect(apart.isEmpty)
        let risky = [
            "风险评估结论": "风险人群", "高风险方": "双方", "女方可干预风险因素": "贫血",
            "评估建议": "女方贫血，男方戒烟",
        ]
        let examined = try preconception.examine([
            CleanCouple().with(risky).with(["知情同意书签署情况": consent])
        ])
        #expect(examined.outcomes[0].fate == .sent)
        #expect(examined.outcomes[0].traits.isComplete)
        let isWithheld = consent != "双方签署"
        for field in ["riskLevel", "highRiskParty", "adviceText", "adviceDate", "consanguineous"] {
            let text = try examined.batch.text(field)
            #expect((text == nil) == isWithheld, "\(field)")
        }
        // A file of one spouse, who agreed, is about nobody else.
        let alone = try preconception.examine([
            CleanCouple().without(.husband).with(["知情同意书签署情况": "仅女方签署", "实际受检方": "女方"])
        ])
        #expect(alone.outcomes[0].fate == .sent)
        #expect(try alone.batch.text("adviceText") == "注意营养")
    }

    @Test func `R-06: what is wrong in a part that stays at home stops nobody else's`() throws {
        let consent = ["知情同意书签署情况": "仅女方签署"]
        let usual: [Finding] = [.warn("R-06", "consentStatus"), .warn("R-11", "husband.name")]
        func expectSent(_ changes: [String: String], _ more: Finding...) throws {
            let outcome = try outcome(changes.merging(consent) { _, new in new })
            #expect(Set(outcome.findings) == Set(usual + more), "\(changes)")
            #expect(outcome.fate == .sent && outcome.traits.isComplete)
        }
        try expectSent([:])
        try expectSent(["男方民族": ""])
        try expectSent(["男方梅毒螺旋体": "未查", "男方检验完成": "否", "男方身份证号": ""])
        // What could not be read is told all the same.
        try expectSent(["男方民族": "火星"], .warn("V-CODE", "husband.ethnicity"))
        // The other's own part is judged as ever.
        let hers = try outcome(consent.merging(["女方民族": ""]) { _, new in new })
        #expect(hers.fate == .quarantined)
        #expect(hers.findings.contains(.quarantine("L-070", "wife.ethnicity")))
    }

    @Test func `R-11: a file of one spouse has no answer about the other`() throws {
        let cells = CleanCouple().without(.husband).with([
            "男方知情同意日期": "", "男方本地户籍": "", "男方本地居住月数": "", "实际受检方": "女方",
            "知情同意书签署情况": "仅女方签署",
        ])
        let outcome = try outcome(of: cells)
        #expect(outcome.findings == [.warn("R-11", "husband.name")])
        #expect(outcome.fate == .sent)
        // Of whoever is in the file it must be there.
        try expect(["男方本地户籍": ""], .quarantined, .quarantine("L-070", "localHukouHusband"))
    }

    @Test func `L-070: whoever has no number yet waits for it`() throws {
        for (column, field) in [("女方身份证号", "wife.idNumber"), ("男方身份证号", "husband.idNumber")] {
            try expect([column: ""], .held, .hold("L-070", field))
        }
    }

    @Test func `R-09: a repeat visit to the laboratory alone is no check that is paid`() throws {
        for (column, field) in [
            ("女方首诊随诊", "wife.labVisitType"), ("男方首诊随诊", "husband.labVisitType"),
        ] {
            try expect([column: "随诊"], .sent, .warn("R-09", field))
            #expect(try !outcome([column: "随诊"]).traits.isComplete)
        }
    }

    @Test(arguments: [("BOTH", false), ("WIFE", true)])
    func `R-06: a follow-up says nothing of a husband who does not consent`(
        _ consent: String, _ isWithheld: Bool
    ) throws {
        let preconception = try Preconception.loaded()
        let followUp = try #require(preconception.followUps["earlyFollowUp"])
        let examined = try followUp.examine(
            [
                "consentStatus": consent, "wife.epfHusbandQuitSmoking": "2",
                "wife.epfHusbandDrinking": "2",
            ], designated: preconception.designated)
        #expect(examined.outcomes[0].fate == .sent && examined.outcomes[0].findings.isEmpty)
        for field in ["wife.epfHusbandQuitSmoking", "wife.epfHusbandDrinking"] {
            #expect(try (examined.batch.text(field) == nil) == isWithheld, "\(field)")
        }
        #expect(try examined.batch.text("wife.epfResult") == "NOT_PREGNANT")
    }

    @Test func `R-06: a follow-up without consent is held`() throws {
        let preconception = try Preconception.loaded()
        for (record, followUp) in preconception.followUps {
            for consent in ["NONE", "HUSBAND"] {
                let outcome = try followUp.examine(
                    ["consentStatus": consent], designated: preconception.designated
                ).outcomes[0]
                #expect(outcome.fate == .held, "\(record) \(consent)")
                #expect(outcome.findings.map(\.code) == ["R-06"], "\(record) \(consent)")
                #expect(outcome.isConsentWithdrawn == (consent == "NONE"))
            }
        }
    }

    @Test func `R-06: the consent of somebody else is none`() throws {
        let wife = CleanCouple().without(.husband)
        let other = try outcome(of: wife.with(["知情同意书签署情况": "仅男方签署"]))
        #expect(other.fate == .held && other.findings.contains { $0.code == "R-06" })
        let own = try outcome(of: wife.with(["知情同意书签署情况": "仅女方签署"]))
        #expect(own.fate == .sent && own.findings.map(\.code) == ["R-11"])
    }

    @Test func `R-09: what was not done is sent and not settled`() throws {
        for (column, field) in [
            ("女方妇科B超", "wife.ultrasoundResult"), ("女方促甲状腺激素TSH", "wife.tsh"),
            ("男方梅毒螺旋体", "husband.syphilis"), ("女方阴道清洁度", "wife.vaginalCleanliness"),
            ("男方谷丙转氨酶ALT", "husband.alt"),
        ] {
            try expect([column: "未查"], .sent, .warn("R-09", field))
            #expect(try !outcome([column: "未查"]).traits.isComplete)
        }
        try expect(
            ["女方妇科B超": "拒查", "男方尿常规": "未做"], .sent,
            .warn("R-09", "wife.ultrasoundResult"), .warn("R-09", "husband.urineRoutine"))
    }

    @Test func `R-09: a service that was not given is not done`() throws {
        for (column, field) in [
            ("女方健康教育", "wife.educationDelivered"), ("男方健康教育", "husband.educationDelivered"),
        ] {
            try expect([column: "否"], .sent, .warn("R-09", field))
        }
        // Other answers of no are results.
        try expect(["女方疾病史": "否", "女方月经周期规律": "否"], .sent)
    }

    @Test func `R-10: an unfinished file waits, and may have gaps`() throws {
        try expect(
            ["档案完成状态": "未完成", "女方民族": ""], .held, .hold("R-10", "fileCompleteStatus"))
    }

    /// A complete file with an unfinished form contradicts itself.
    @Test func `R-10: a form that is not complete holds the file`() throws {
        for (column, field) in [
            ("女方检验完成", "wife.labComplete"), ("男方体格检查完成", "husband.examComplete"),
            ("女方B超完成", "wife.ultrasoundComplete"),
        ] {
            try expect([column: "否"], .held, .hold("R-10", field))
        }
        for (column, field) in [
            ("男方病史询问完成", "husband.historyComplete"), ("评估告知完成", "adviceComplete"),
        ] {
            try expect([column: "否"], .held, .hold("R-10", field), .warn("R-09", field))
        }
        try expect(
            ["档案完成状态": "未完成", "女方检验完成": "否"], .held, .hold("R-10", "fileCompleteStatus"),
            .hold("R-10", "wife.labComplete"))
    }

    @Test func `R-11: one spouse is sent and named`() throws {
        let outcome = try outcome(of: CleanCouple().without(.husband))
        #expect(outcome.findings == [.warn("R-11", "husband.name")])
        #expect(outcome.fate == .sent)
        #expect(outcome.traits.spouses == [true, false] && outcome.traits.isComplete)
        let wife = try ValidationTests.outcome(of: CleanCouple().without(.wife))
        #expect(
            wife.findings == [.warn("R-11", "wife.name")] && wife.traits.spouses == [false, true])
    }

    @Test func `L-070: a complete file lacks nothing that this source fills`() throws {
        for (column, field) in [
            ("女方民族", "wife.ethnicity"), ("男方姓名", "husband.name"), ("档案编号", "localFileId"),
            ("评估建议", "adviceText"), ("是否符合生育政策", "policyEligible"),
        ] {
            try expect([column: ""], .quarantined, .quarantine("L-070", field))
        }
        // What is not mandatory may be missing.
        try expect(["女方户口所在村": ""], .sent)
        // What could not be read was said already.
        try expect(["女方民族": "火星"], .quarantined, .quarantine("V-CODE", "wife.ethnicity"))
    }

    @Test func `L-070: an empty result is missing and not done`() throws {
        try expect(
            ["女方血糖": ""], .quarantined, .quarantine("L-070", "wife.bloodGlucose"),
            .warn("R-09", "wife.bloodGlucose"))
    }

    @Test func `the strongest finding decides, and all are listed`() throws {
        try expect(
            ["现有子女数": "1", "女方妇科B超": "未查"], .sent,
            .warn("L-030", "childOrder"), .warn("R-09", "wife.ultrasoundResult"))
        try expect(
            ["现有子女数": "1", "档案完成状态": "未完成"], .held,
            .warn("L-030", "childOrder"), .hold("R-10", "fileCompleteStatus"))
        try expect(
            ["档案完成状态": "未完成", "是否符合生育政策": "否"], .excluded,
            .hold("R-10", "fileCompleteStatus"), .exclude("R-01", "policyEligible"))
        try expect(
            ["档案完成状态": "未完成", "是否符合生育政策": "否", "女方年龄": "二十五"], .quarantined,
            .hold("R-10", "fileCompleteStatus"), .exclude("R-01", "policyEligible"),
            .quarantine("V-NUMBER", "wife.ageYears"))
    }
}
