import Records
import Testing

/// What a file or a column is called may name a person by number; that is not kept and not shown.
@Suite struct PersonalSignsTests {
    @Test(arguments: [
        ("测试丽990101198603150022.csv", "….csv"), ("12000000002", "…"),
        ("９９０１０１＊１９９１０４０１＊１６０４", "…"), ("99010119860315002X.xlsx", "…X.xlsx"),
        ("a 990101-19860315-0022", "a …"), ("123456", "…"),
        ("19860315", "…"), ("20161399", "…"), ("138-1234-5678", "…"),
        ("138 1234 5679.csv", "….csv"),
        ("138.1234.5678", "…"), ("1_3_8_1_2_3_4_5_6_7_8.csv", "….csv"), ("139-2012-2013", "…"),
        ("dob1986-03-18.csv", "dob….csv"), ("1986.3.18", "…"),
        ("139—1234—5678", "…"), ("139−1234−5678", "…"), ("139‑1234‑5678", "…"),
        ("139~1234~5678", "…"),
        ("139，1234，5678", "…"), ("139(1234)5678", "…"), ("139/1234/5678", "…"),
        ("1986年3月15日", "…日"),
        ("86年3月15日", "…日"), ("86.3.15 出生.csv", "… 出生.csv"), ("①③⑨1234⑤⑥⑦⑧.csv", "….csv"),
        ("139 - 1234 - 5678", "…"), ("2012-03-01-138-1234-5678", "2012-03-01-…"),
        ("990101-20120315-0022", "…"), ("样乙二990101198603150022.csv", "….csv"),
        ("样乙二_990101198603150022_一次.csv", "….csv"), ("13812345678 测甲一", "…"),
        ("甲乙丙丁戊990101198603150022.csv", "甲乙丙丁戊….csv"), ("样乙二19860315.csv", "样乙二….csv"),
    ])
    func `a number that may be a person's is masked`(text: String, shown: String) {
        #expect(PersonalSigns.masked(text) == shown)
        #expect(PersonalSigns.areIn(text))
    }

    @Test(arguments: [
        ("骉驫猋990101198808080021", "…"), ("990101198808080021", "…"), ("13800001111", "…"),
        ("Unexpected argument '骉驫猋990101198808080021'", "Unexpected argument '…'"),
        ("/data/99010119880808002X.zip", "/data/…X.zip"), ("138 0000 1111", "…"),
        ("19880808", "…"), ("a13800001111", "a…"), ("990101880808002", "…"),
    ])
    func `a number that was typed is not repeated`(text: String, shown: String) {
        #expect(PersonalSigns.masked(typed: text) == shown)
    }

    @Test(arguments: [
        "0123456789abcdef0123456789abcdef", "9901011988080abc", "990101001001", "2026-03-06",
        "deadbeef", "MA0000T1X99010111G1001", "--year 2012", "127.0.0.1:8443",
    ])
    func `an id, a division and a day that were typed stay`(text: String) {
        #expect(PersonalSigns.masked(typed: text) == text)
    }

    @Test(arguments: [
        "couples-400-seed-5.csv", "检验结果201603.csv", "lis-20160330.hl7", "20160330101500",
        "21三体风险", "12345", "HBV5项", "2012-03-01_2012-03-31.csv", "20120301-20120331",
        "export 2012-3-1 10.20.30", "2012-2013年", "lis-2016-03.csv", "2016.03.30-1015", "v1.2.10",
        "1/2/3/4/5/6", "2012年3月1日", "第1-12周(3,4)", "10.1.12",
    ])
    func `days of an export and short numbers stay`(text: String) {
        #expect(PersonalSigns.masked(text) == text)
        #expect(!PersonalSigns.areIn(text))
    }

    @Test(arguments: [
        ("/data/990101/990101198603150022/a.csv", "/data/990101/…/a.csv"),
        ("/in/138-1234-5678/张/lis-201603.csv", "/in/…/张/lis-201603.csv"),
        ("/in/1986-03-15/dob1986-03-15.csv", "/in/…/dob….csv"), ("12000000002.csv", "….csv"),
        ("/in/2016-03-30/x.csv", "/in/2016-03-30/x.csv"),
        (
            "/tmp/E621E1F8-C36C-495A-93FC-0C247A3E6E5F/a",
            "/tmp/E621E1F8-C36C-495A-93FC-0C247A3E6E5F/a"
        ),
    ])
    func `a path is masked in every part`(path: String, shown: String) {
        #expect(PersonalSigns.masked(path: path) == shown)
    }

    @Test func `a long text is cut`() {
        let long = String(repeating: "字", count: 61)
        #expect(PersonalSigns.masked(long) == String(repeating: "字", count: 60) + "…")
        #expect(PersonalSigns.masked(long, most: 61) == long)
    }

    @Test(arguments: [
        ("990101*19910401*1604", "…"), ("990101:19910401:1604", "…"),
        ("990101|1991|04|01|1604", "…"), ("2 990101:19910401:1604 x", "2 … x"),
        ("99010119910401\u{200B}1604", "…"), ("9901\u{FEFF}01199104\u{2060}011604", "…"),
        ("138*1234*5678", "…"), ("138:1234:5678 来电", "…"), ("990101*19910401*160*X", "…*X"),
        ("９９０１０１＊１９９１０４０１＊１６０４", "…"), ("138\u{200B}12345678", "…"),
    ])
    func `any mark between the groups, and what nobody sees, hides nothing`(
        text: String, shown: String
    ) {
        #expect(PersonalSigns.maskedPersons(text) == shown)
        #expect(PersonalSigns.arePersons(in: text))
    }

    @Test(arguments: [
        "国卫函〔2026〕123号，2026-03-06", "2026-03-06 10:15:00.123", "10:15:00 2012-03-01",
        "10.20.30.40:5432", "1:2:3:4", "a*b*c", "12:34:56 78:90",
        "第3版：12项/456行/7890份",
    ])
    func `times, addresses and numbers of letters stay`(text: String) {
        #expect(PersonalSigns.maskedPersons(text) == text)
    }

    /// A number of an invented person, however it is broken up by single marks, is not kept.
    @Test func `a number is found whatever stands between its groups`() {
        let marks = Array("*:|#+=;!\u{200B}")
        for seed in 0..<200 {
            let number = Array("99010119\(10 + seed % 90)0\(1 + seed % 9)\(10 + seed % 18)1604")
            var text = ""
            for (place, digit) in number.enumerated() {
                text.append(digit)
                let isCut = place < 17 && (place == seed % 17 || (seed >> (place % 8)) & 1 == 1)
                if isCut { text.append(marks[(seed + place) % marks.count]) }
            }
            #expect(PersonalSigns.maskedPersons("甲 \(text)；") == "…；", "\(text)")
        }
    }
}
