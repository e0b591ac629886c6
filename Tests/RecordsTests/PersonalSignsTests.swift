import Records
import Testing

/// What a file or a column is called may name a person by number; that is not kept and not shown.
@Suite struct PersonalSignsTests {
    @Test(arguments: [
        ("测试丽990101198603150022.csv", "测试丽….csv"), ("12000000002", "…"),
        ("９９０１０１１９８６０３１５００２２", "…"), ("99010119860315002X.xlsx", "…X.xlsx"),
        ("a 990101-19860315-0022", "a …-…-0022"), ("123456", "…"),
        ("19860315", "…"), ("20161399", "…"),
    ])
    func `a number that may be a person's is masked`(text: String, shown: String) {
        #expect(PersonalSigns.masked(text) == shown)
        #expect(PersonalSigns.areIn(text))
    }

    @Test(arguments: [
        "couples-400-seed-5.csv", "检验结果201603.csv", "lis-20160330.hl7", "20160330101500",
        "21三体风险", "12345", "HBV5项",
    ])
    func `days of an export and short numbers stay`(text: String) {
        #expect(PersonalSigns.masked(text) == text)
        #expect(!PersonalSigns.areIn(text))
    }

    @Test func `a long text is cut`() {
        let long = String(repeating: "字", count: 61)
        #expect(PersonalSigns.masked(long) == String(repeating: "字", count: 60) + "…")
        #expect(PersonalSigns.masked(long, most: 61) == long)
    }
}
