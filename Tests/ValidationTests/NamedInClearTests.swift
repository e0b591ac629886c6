import Records
import TestKit
import Testing
import Validation

/// V-PERSON: no text that leaves as it is says who the record is about.
struct NamedInClearTests {
    private let field = "servingOrgName"

    private func codes(_ changes: [String: String]) throws -> [Finding] {
        try outcome(changes).findings.filter { $0.code == "V-PERSON" }
    }

    @Test(
        arguments: [
            // The name as a column of its own, with other signs around it, with blanks in it.
            "样乙二", "样 乙 二", "示例医院（样乙二）", "测甲一家", "样乙二之家",
            // Numbers of the record's own, however they are written.
            "990101198603150022", "990101 19860315 0022", "９９０１０１１９８６０３１５００２２",
            "12000000002", "120-0000-0002", "甲医院电话12000000001",
            // Somebody else's.
            "联系人 13" + "800001234", "甲医院 138-0000-" + "1234", "990101198001010029",
            // The village, and nothing else.
            "一村",
        ])
    func `a name, number or address keeps the row at home`(_ text: String) throws {
        #expect(try codes(["服务机构名称": text]) == [.quarantine("V-PERSON", field)])
        #expect(try outcome(["服务机构名称": text]).fate == .quarantined)
    }

    @Test(
        arguments: [
            "示例区妇幼保健院", "甲镇一村卫生室", "示例区第101医院", "解放军第302医院", "示例医院（总院）",
            "示例省示例市示例区甲镇中心卫生院", "120急救中心", "示例医院2012年体检中心", "样乙卫生院",
        ])
    func `the names of institutions pass`(_ text: String) throws {
        #expect(try codes(["服务机构名称": text]).isEmpty)
    }

    /// 安宁 is a woman, a city and a hospital.
    @Test func `a name of two characters counts as a word of its own alone`() throws {
        func isRefused(_ text: String) throws -> Bool {
            try !codes(["女方姓名": "安宁", "服务机构名称": text]).isEmpty
        }
        for text in ["安宁", "安 宁", "示例医院 安宁", "安宁（女）", "病人：安宁"] {
            #expect(try isRefused(text), "\(text)")
        }
        for text in ["安宁市妇幼保健院", "示例安宁医院", "安宁医院"] {
            #expect(try !isRefused(text), "\(text)")
        }
    }

    @Test func `a zero in a name is a letter, and an old number of 15 digits is hers`() throws {
        #expect(try codes(["女方姓名": "题〇〇", "服务机构名称": "题〇〇"]).count == 1)
        #expect(try codes(["女方姓名": "题〇", "服务机构名称": "题〇医院"]).isEmpty)
        #expect(try codes(["服务机构名称": "990101860315002"]).count == 1)
    }

    @Test func `Latin names count as words`() throws {
        func isRefused(_ text: String) throws -> Bool {
            try !codes(["女方姓名": "Ann Li", "服务机构名称": text]).isEmpty
        }
        #expect(try isRefused("clinic of ANN LI"))
        #expect(try !isRefused("Joann Lin Clinic"))
    }

    @Test func `the man is looked for where consent covers the woman alone`() throws {
        let changes = ["知情同意书签署情况": "女方签署", "服务机构名称": "测甲一诊所"]
        #expect(try codes(changes) == [.quarantine("V-PERSON", field)])
    }

    @Test func `prenatal screening is looked at alike, and a version is no person`() throws {
        func codes(_ changes: [String: String]) throws -> [String] {
            let record = CleanPregnancy(.serum).with(changes)
            return try PrenatalScreening.loaded().examine([record]).outcomes[0].findings
                .filter { $0.code == "V-PERSON" }.compactMap(\.field)
        }
        #expect(try codes([:]).isEmpty)
        #expect(try codes(["风险计算软件及版本": "示例软件 4.0.12 (2011-05-06)"]).isEmpty)
        #expect(try codes(["风险计算软件及版本": "样乙二"]) == ["riskSoftware"])
        #expect(try codes(["采血机构": "990101198603150022"]) == ["samplePlace"])
    }
}
