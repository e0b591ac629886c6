import Definitions
import Mappings
import Records
import TestKit
import Testing

/// DOMAIN 5.3: the spellings that were seen.
struct CellTests {
    @Test func `every spelling of a day that the mapping names`() throws {
        let right: [(cell: String, reading: Reading)] = [
            "2012-03-01", "2012-3-1", "2012/03/01", "2012/3/1", "20120301", "2012年3月1日",
            "2012年03月01日", "2012.3.1", "2012.03.01", " 2012-03-01 ", "２０１２－０３－０１",
            "２０１２年３月１日", "2012-03-01 00:00:00", "2012/3/1 0:00", "2012/3/1 0:00:00",
        ].map { ($0, .text("2012-03-01")) }
        try expect(right, in: "结婚日期", as: "marriageDate")
        try expect(
            [
                ("1992-02-29", .text("1992-02-29")), ("", .nothing), ("—", .nothing),
                ("1900-01-01", .nothing), ("1900/1/1", .nothing), ("0000-00-00", .nothing),
            ],
            in: "结婚日期", as: "marriageDate")
    }

    @Test func `what is no day is refused, never guessed`() throws {
        let wrong: [(cell: String, reading: Reading)] = [
            "0000-00-01", "1990-02-29", "2012-13-01", "2012-00-10", "2012-04-31", "20120230",
            "2012.03", "2012-03", "2012", "42430", "99-1-1", "1-3-2012", "2012-3/1", "2012-03-01-",
            "2012-03-01 08:30:00", "2012-03-011", "201203011", "2012年3月1", "三月一日", "-2012-03-01",
        ].map { ($0, .refused("V-DATE")) }
        try expect(wrong, in: "结婚日期", as: "marriageDate")
    }

    @Test func `numbers in their spellings and their bounds`() throws {
        try expect(
            [
                ("１２８", .text("128")), ("128", .text("128")), ("128.0", .text("128")),
                (" 128 ", .text("128")), ("30", .text("30")), ("220", .text("220")),
                ("29", .implausible("29")), ("221", .implausible("221")),
                ("1000000000", .implausible("1000000000")), ("1000000001", .refused("V-RANGE")),
                ("12.8", .implausible("12")), ("128.5", .refused("V-PLACES")),
                ("128g/L", .refused("V-NUMBER")),
                ("-128", .refused("V-NUMBER")), ("", .nothing), ("/", .nothing),
                ("999999999999999999999", .refused("V-NUMBER")),
            ], in: "女方血红蛋白Hb", as: "wife.hemoglobin")
        try expect(
            [
                ("5.12", .text("5.12")), ("5.1", .text("5.10")), ("5", .text("5.00")),
                ("５．１２", .text("5.12")), ("5.120", .text("5.12")), ("1", .text("1.00")),
                ("35", .text("35.00")), ("5.123", .refused("V-PLACES")),
                ("0.99", .implausible("0.99")), ("35.01", .implausible("35.01")),
                // The bounds and the number themselves are outside the field's range.
                ("<0.01", .refused("V-RANGE")), (">100", .refused("V-RANGE")),
                ("1.2E3", .refused("V-RANGE")), ("1，5", .refused("V-COMMA")),
                ("1,5", .refused("V-COMMA")), (".5", .refused("V-NUMBER")),
                ("5.", .refused("V-NUMBER")), ("5.1.2", .refused("V-NUMBER")),
                ("+5", .refused("V-NUMBER")), ("阴性", .refused("V-NUMBER")),
            ], in: "女方血糖", as: "wife.bloodGlucose")
        try expect(
            [("0.001", .text("0.001")), ("0", .implausible("0.000")), ("150", .text("150.000"))],
            in: "女方促甲状腺激素TSH", as: "wife.tsh")
    }

    @Test func `what was not done is present and no result`() throws {
        let preconception = try Preconception.loaded()
        let tsh = try #require(preconception.dictionary.ordinal(of: "wife.tsh"))
        let words = ["未查", "未做", "拒查", "—", "/", "－", "-", "——", "无", ""]
        let batch = try preconception.read(
            words.map { CleanCouple().with(["女方促甲状腺激素TSH": $0]) })
        #expect(batch.findings.isEmpty)
        #expect(
            words.indices.map { batch.value($0, tsh).kind }
                == Array(repeating: .notDone, count: 8) + [.absent, .absent])
        // Who counts, and does not measure, leaves it out.
        let age = try #require(preconception.dictionary.ordinal(of: "wife.menarcheAge"))
        let strokes = try preconception.read([CleanCouple().with(["女方初潮年龄": "/"])])
        #expect(strokes.value(0, age).kind == .absent)
    }

    @Test func `results in words`() throws {
        try expect(
            [
                ("阴性(-)", .text("NEG")), ("阴性（-）", .text("NEG")), ("阴性（－）", .text("NEG")),
                ("-", .text("NEG")), ("+", .text("POS")), ("＋", .text("POS")),
                ("阳性", .text("POS")), ("±", .text("SUSPECT")), ("弱阳性", .text("SUSPECT")),
                ("临界", .text("SUSPECT")), ("未查", .text("NOT_DONE")), ("/", .text("NOT_DONE")),
                ("—", .text("NOT_DONE")), ("0", .text("NEG")), ("1", .text("POS")), ("", .nothing),
                ("阴性（0.02）", .text("NEG")), ("阳性 3.5", .text("POS")),
                ("阴性(＋)", .refused("V-CONTRADICTION")), ("2", .refused("V-CODE")),
                ("阴性?", .refused("V-CODE")),
            ], in: "女方乙肝表面抗原HBsAg", as: "wife.hbsAg")
    }

    @Test func `digits that mean different things in different systems are not guessed`() throws {
        for (column, field) in [
            ("女方文化程度", "wife.education"), ("女方户口性质", "wife.hukouType"),
            ("女方妇科B超", "wife.ultrasoundResult"), ("女方皮肤毛发", "wife.skinHair"),
            ("女方Rh血型", "wife.rhType"),
        ] {
            try expect(
                [("1", .refused("V-CODE")), ("2", .refused("V-CODE"))], in: column, as: field)
        }
    }

    @Test func `in some columns 0 means yes`() throws {
        try expect(
            [
                ("0", .text("true")), ("1", .text("false")), ("是", .text("true")),
                ("无", .text("false")), ("2", .refused("V-CODE")),
            ], in: "女方疾病史", as: "wife.hadDisease")
        try expect(
            [("0", .text("false")), ("1", .text("true"))], in: "女方吸烟", as: "wife.smokes")
    }

    @Test func `names are NFC with one middle dot`() throws {
        let dotted = "测试古丽\u{B7}样例汗"
        try expect(
            [
                ("测试古丽\u{B7}样例汗", .text(dotted)), ("测试古丽\u{2022}样例汗", .text(dotted)),
                ("测试古丽\u{30FB}样例汗", .text(dotted)), ("测试古丽\u{FF0E}样例汗", .text(dotted)),
                (" 样乙二\u{3000}", .text("样乙二")), ("\t样乙二 ", .text("样乙二")),
                ("样\u{3000}乙", .text("样\u{3000}乙")), ("样", .text("样")),
                ("Ame\u{301}lie", .text("Am\u{E9}lie")), ("\u{F900}", .text("\u{8C48}")),
                ("䶮𠮷㛃喆〇", .text("䶮𠮷㛃喆〇")), ("样\u{1}乙", .refused("V-TEXT")),
                ("样\n乙", .refused("V-TEXT")), ("样\u{7F}乙", .refused("V-TEXT")),
                (String(repeating: "样", count: 30), .text(String(repeating: "样", count: 30))),
                (String(repeating: "𠮷", count: 30), .text(String(repeating: "𠮷", count: 30))),
                (String(repeating: "样", count: 31), .refused("V-LENGTH")),
            ], in: "女方姓名", as: "wife.name")
        // Texts keep their dots; only their ends are trimmed.
        try expect(
            [
                ("一院\u{FF0E}\u{2022}二部 ", .text("一院\u{FF0E}\u{2022}二部")),
                ("一院\r\n二部", .text("一院 二部")),
            ],
            in: "服务机构名称", as: "servingOrgName")
        // Swift compares text by meaning, so the bytes are looked at apart.
        let amelie = try #require(try read(["Ame\u{301}lie"], in: "女方姓名", as: "wife.name")[0].text)
        #expect(Array(amelie.utf8) == Array("Am".utf8) + [0xC3, 0xA9] + Array("lie".utf8))
    }
}
