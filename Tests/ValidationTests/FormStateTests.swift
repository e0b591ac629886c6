import Definitions
import Mappings
import Records
import TestKit
import Testing
import Validation

/// DOMAIN 1.3: each form is 0 not filled in, 1 begun, 2 complete, and only a tick completes it.
struct FormStateTests {
    private func states(_ couple: CleanCouple) throws -> [String: FormState] {
        let preconception = try Preconception.loaded()
        let batch = try preconception.read([couple])
        let row = RecordRow(batch: batch, row: 0)
        var states: [String: FormState] = [:]
        for (number, form) in preconception.dictionary.forms.enumerated() {
            states[form.name] = row.state(ofForm: number)
        }
        return states
    }

    @Test func `the numbers are those of the programme's list`() {
        #expect(FormState.allCases.map(\.rawValue) == [0, 1, 2])
    }

    @Test func `a finished file has its forms complete and those of later empty`() throws {
        let states = try states(CleanCouple())
        let empty: Set = [
            "wifeHaemoglobin", "husbandHaemoglobin", "wifeGeneTest", "husbandGeneTest",
            "wifeRiskFactors", "husbandRiskFactors", "earlyFollowUp", "outcomeFollowUp",
        ]
        for (form, state) in states {
            #expect(state == (empty.contains(form) ? .notFilled : .complete), "\(form)")
        }
    }

    @Test(arguments: [
        // The tick decides, whatever else stands there.
        (["女方检验完成": "否"], "wifeLaboratory", FormState.unfinished),
        (["女方检验完成": ""], "wifeLaboratory", .unfinished),
        (["女方血糖": ""], "wifeLaboratory", .complete),
        (["男方检验完成": "否"], "wifeLaboratory", .complete),
        // A tick of another form counts once something stands in this one.
        (["女方体格检查完成": "否"], "wifeGenital", .unfinished),
        (["女方不宜妊娠风险因素": "某因素"], "wifeRiskFactors", .complete),
        (["女方不宜妊娠风险因素": "某因素", "评估告知完成": "否"], "wifeRiskFactors", .unfinished),
        (["女方不宜妊娠风险因素": ""], "wifeRiskFactors", .notFilled),
        // Without a tick: what is mandatory must be there.
        (["女方健康教育日期": ""], "wifeEducation", .unfinished),
        (["女方健康教育日期": "", "女方健康教育": ""], "wifeEducation", .notFilled),
    ])
    func `a form is what was filled into it`(
        _ cells: [String: String], _ form: String, _ expected: FormState
    ) throws {
        #expect(try states(CleanCouple().with(cells))[form] == expected, "\(cells)")
    }

    @Test(arguments: [
        ([:], FormState.complete), (["早孕随访人员": ""], .unfinished),
        (["早孕随访结果": "", "早孕随访日期": "", "早孕失访": ""], .unfinished),
        (
            ["早孕随访结果": "", "早孕随访日期": "", "早孕失访": "", "早孕随访人员": ""],
            .notFilled
        ),
        // Not done is written down, and so begun.
        (
            [
                "早孕随访结果": "", "早孕随访日期": "", "早孕失访": "", "早孕随访人员": "",
                "妊娠试验HCG": "未查",
            ], .unfinished
        ),
    ])
    func `a follow-up without a tick is complete once what is mandatory is there`(
        _ cells: [String: String], _ expected: FormState
    ) throws {
        let followUp = try #require(try Preconception.loaded().followUps["earlyFollowUp"])
        let batch = try followUp.read(followUp.clean.with(cells))
        let form = try #require(
            followUp.dictionary.forms.firstIndex { $0.name == "earlyFollowUp" })
        #expect(RecordRow(batch: batch, row: 0).state(ofForm: form) == expected)
    }

    @Test func `an empty form is ticked all the same where the tick is its own`() throws {
        var cells: [String: String] = [:]
        for column in ["妇科B超", "B超检查日期", "B超医师"] { cells["女方" + column] = "" }
        #expect(try states(CleanCouple().with(cells))["ultrasound"] == .complete)
        cells["女方B超完成"] = "否"
        #expect(try states(CleanCouple().with(cells))["ultrasound"] == .notFilled)
    }
}
