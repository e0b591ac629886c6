import Definitions
import Foundation
import LibCrypto
import Mappings
import Privacy
import Records
import Testing

struct ReviewSheetTests {
    private func page(_ mapping: Mapping, since earlier: ReviewSheet? = nil) throws -> String {
        String(decoding: try makeSheet(mapping).html(comparedWith: earlier), as: UTF8.self)
    }

    @Test func `Every field of the programme stands on the sheet exactly once`() throws {
        let mapping = try makeMapping(ignored: "备注, 录入员")
        let sheet = try makeSheet(mapping)
        let names = (sheet.sent + sheet.readOnly).map(\.name) + sheet.unfilled.map(\.name)
        #expect(names.sorted() == mapping.dictionary.elements.map(\.name).sorted())
        let html = try page(mapping)
        let text = sheet.plainText()
        for element in mapping.dictionary.elements {
            #expect(html.contains(element.number) && html.contains(element.title.zh))
            #expect(text.contains(element.number) && text.contains(element.title.zh))
        }
        for column in mapping.columns + mapping.ignored {
            #expect(html.contains(column) && text.contains(column))
        }
        #expect(html.contains(sheet.content.sha256) && html.contains(sheet.content.sm3))
        #expect(html.contains(sheet.sha256) && text.contains(sheet.sha256))
        for page in [html, text] {
            #expect(page.contains("nat-2026 · reference-1") && page.contains(recipient.key ?? "?"))
        }
    }

    @Test func `Each field shows how it is protected, and an invented example of it`() throws {
        let sheet = try makeSheet(try makeMapping())
        func line(_ name: String) throws -> ReviewSheet.Field {
            try #require((sheet.sent + sheet.readOnly).first { $0.name == name })
        }
        let id = try line("wife.idNumber")
        #expect(id.technique == .encrypt && id.isRequired && id.privacyClass == "DI")
        #expect(id.after == "GWF1.…（990101********0022）")
        #expect(id.keyDomain.contains("out/nat-test"))
        let month = try line("wife.birthMonth")
        #expect(month.technique == .month && month.source == "女方生日")
        #expect(month.before == "1986/3/15" && month.after == "1986-03")
        #expect(try line("wife.birthDate").after == "GWF1.…（1986-**-**）")
        let result = try line("wife.result")
        #expect(result.before == "阴性(-)" && result.after == "NEG 阴性")
        #expect(result.technique == .keep && result.reason == "检查结果")
        #expect(try line("orgCode").isConstant)
        #expect(sheet.readOnly.map(\.name) == ["localFileId"])
        #expect(try line("localFileId").keyDomain.contains("case-id"))
        #expect(sheet.unfilled.map(\.name) == ["wife.weight"] && sheet.unfilled[0].isRequired)
        #expect(try line("advice").isFreeText)
    }

    @Test func `A page neither runs nor loads anything that a mapping says`() throws {
        let mapping = try makeMapping(
            legalBasis: "\"<script>alert(1)</script><img src=x onerror=alert(2)>\"",
            resultColumn: "\"a\\u202Eb\\u2028<b>'x'&\\\"\"")
        let html = try page(mapping)
        #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>'x'"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("&lt;b&gt;&#39;x&#39;&amp;&quot;"))
        #expect(!html.unicodeScalars.contains("\u{202E}"))
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("url("))
        #expect(!html.contains("style=\""))
        let text = try makeSheet(try makeMapping(resultColumn: "\"a\\e[2Jb\"")).plainText()
        #expect(!text.contains("\u{1B}") && text.contains("a\u{FFFD}[2Jb"))
    }

    @Test func `The page allows its own style by digest and nothing else`() throws {
        let html = try page(try makeMapping())
        let style = try #require(html.firstMatch(of: /<style>((?s:.*))<\/style>/)?.output.1)
        let digest = Base64.standard.encode(Hash.sha256.digest(Array(style.utf8)))
        #expect(html.contains("content=\"default-src 'none'; style-src 'sha256-\(digest)'\""))
    }

    @Test func `A sound mapping has no findings`() throws {
        #expect(try makeSheet(try makeMapping()).findings.isEmpty)
    }

    @Test func `Identifiers, free text and case numbers in the clear are findings`() throws {
        func codes(_ mapping: Mapping) throws -> [String] {
            try makeSheet(mapping).findings.map { "\($0.code) \($0.field)" }
        }
        #expect(try codes(makeMapping(phone: "keep: x")) == ["M01 wife.phone"])
        #expect(try codes(makeMapping(advice: "keep: x")) == ["M04 advice"])
        #expect(try codes(makeMapping(file: "keep: x")) == ["M15 localFileId"])
        let html = try page(try makeMapping(advice: "keep: x"))
        #expect(html.contains("M04") && html.contains("<tr class=\"free\">"))
    }

    /// Valid by its check digit, in a division where nobody is registered; in two pieces, so
    /// that no such number stands in a file.
    private static let realID = "110000" + "1990010100" + "3X"
    private static let realPhone = "139" + "00000000"

    @Test(arguments: [
        realID, "本人\(realID)。", "110000 19900101 " + "003x", "１１００００" + "１９９００１０１００３ｘ",
        realPhone, "+86 139-" + "0000-0000", "电话１３９" + "００００００００",
    ])
    func `An example that somebody may bear is a finding, and is not shown`(_ example: String)
        throws
    {
        let sheet = try makeSheet(try makeMapping(example: example))
        #expect(sheet.findings.map(\.code) == ["M14", "M14"])
        #expect(sheet.findings.map(\.field) == ["wife.idNumber", "女方身份证号"])
        let shown = sheet.html() + sheet.json + Array(sheet.plainText().utf8)
        #expect(!String(decoding: shown, as: UTF8.self).contains(example))
    }

    @Test(arguments: [
        "990101198603150022", "12012345678", "2012-03-01", "110000199001011234", "12345678901234",
        "20120301000000", "NEG",
    ])
    func `Invented and impossible numbers are no finding`(_ example: String) throws {
        #expect(try makeSheet(try makeMapping(example: example)).findings.isEmpty)
    }

    @Test func `The sheet's JSON reads back the same, and a changed one is not read`() throws {
        let sheet = try makeSheet(try makeMapping())
        #expect(ReviewSheet(json: sheet.json) == sheet)
        #expect(ReviewSheet(json: sheet.json + [0x20]) == nil)
    }

    @Test func `Changes say what leaves more and what leaves less`() throws {
        let before = try makeSheet(try makeMapping())
        func changes(_ mapping: Mapping) throws -> [String] {
            try makeSheet(mapping).changes(since: before).map {
                let mark = $0.direction == .worse ? "+" : $0.direction == .better ? "-" : "."
                return "\(mark) \($0.what.en)"
            }
        }
        #expect(try changes(makeMapping()) == [])
        #expect(
            try changes(makeMapping(phone: "keep: x")) == [
                "+ wife.phone: sealed → as it is", "+ New finding M01: wife.phone",
            ])
        #expect(
            try changes(makeMapping(advice: "drop: x")) == ["- advice: sealed → stays here"])
        #expect(try changes(makeMapping(legalBasis: "另一份")) == ["+ Legal basis"])
        #expect(
            try changes(makeMapping(resultColumn: "结果二"))
                == ["+ wife.result: from 检查结果 → 结果二"])
        let html = try page(try makeMapping(phone: "keep: x"), since: before)
        #expect(html.contains("<li class=\"worse\"><b>+</b> 手机（wife.phone）：加密 → 原样"))
    }

    @Test func `A finding names its field by its title first`() throws {
        let sheet = try makeSheet(try makeMapping(phone: "keep: x", advice: "keep: x"))
        let pages = [sheet.plainText(), String(decoding: sheet.html(), as: UTF8.self)]
        for page in pages {
            #expect(page.contains("女方 手机（wife.phone）"))
            #expect(page.contains("基本信息 建议（advice）"))
        }
    }

    @Test func `What is kept shows the reason for that, whatever else is said of the field`() throws
    {
        let mapping = try makeMapping(advice: "keep: 表上的选项 (a choice of the form)")
        let kept = try makeSheet(mapping)
        #expect(kept.plainText().contains("；表上的选项；必要性：咨询；例 "))
        let html = String(decoding: kept.html(), as: UTF8.self)
        #expect(html.contains("表上的选项 <small>a choice of the form</small>"))
        #expect(html.contains("必要性：咨询 <small>for counselling</small>"))

        // A ground that speaks of sealing contradicts it, and is not shown as one.
        var texts = privacyTexts
        texts.fields = "field,level,zh,en\nphone,,随访,to follow up\nadvice,,咨询，密封,sealed\n"
        let ground = try makeGround(texts)
        let odd = try makeSheet(mapping, on: ground)
        for page in [odd.plainText(), String(decoding: odd.html(), as: UTF8.self)] {
            #expect(page.contains("表上的选项") && page.contains("与处理不符"))
            #expect(!page.contains("咨询，密封"))
        }
        let sealed = try makeSheet(try makeMapping(), on: ground)
        #expect(sealed.plainText().contains("必要性：咨询，密封"))
    }

    @Test func `Each mark of the list of changes is explained`() throws {
        let before = try makeSheet(try makeMapping())
        let after = try makeSheet(try makeMapping(resultColumn: "结果二"))
        let page = String(decoding: after.html(comparedWith: before), as: UTF8.self)
        for text in [page, after.plainText(comparedWith: before)] {
            for mark in ["+ 增加隐私影响", "− 减少", "· 不增不减"] { #expect(text.contains(mark)) }
        }
    }

    @Test func `Who opens our own sealed submissions alone stands among the risks`() throws {
        let risks = try makeSheet(try makeMapping()).risks.map(\.zh)
        #expect(risks.contains { $0.contains("ownCopy") && $0.contains("root、口令、密钥环的一个人") })
        let open = try makeSheet(
            try makeMapping(
                phone: "drop: x", advice: "drop: x", birthDate: "", idNumber: "drop: x"))
        let isSealed = open.sent.contains { $0.technique == .encrypt }
        #expect(open.risks.contains { $0.zh.contains("ownCopy") } == isSealed)
    }

    @Test func `A change that the sheet cannot show is said to be in the files`() throws {
        let before = try makeSheet(try makeMapping())
        let after = try makeSheet(
            makeMapping(), content: MappingContent.digest(of: [("x", [1])]))
        #expect(after.changes(since: before).map(\.direction) == [.neither])
    }
}

struct MaskingTests {
    @Test(arguments: [
        ("990101198603150022", "990101********0022"), ("99010119860315002X", "990101********002X"),
        ("990101860315002", "********"), ("", "********"),
    ])
    func `An ID number shows six and four`(_ text: String, _ shown: String) {
        #expect(Masking.idNumber(text.utf8) == shown)
    }

    @Test(arguments: [("测试甲", "测*"), ("测甲", "测*"), ("测试古丽·样例汗", "测*"), ("测", "*"), ("", "*")])
    func `A name shows its first character, not its length`(_ text: String, _ shown: String) {
        #expect(Masking.personName(text.utf8) == shown)
    }

    @Test(arguments: [("12012345678", "********678"), ("678", "********")])
    func `A phone shows three digits`(_ text: String, _ shown: String) {
        #expect(Masking.phone(text.utf8) == shown)
    }

    @Test(arguments: [
        ("重庆市开州区汉丰街道1号", "重庆市开州区*"), ("河北省正定县某镇某村", "河北省正定县*"),
        ("内蒙古自治区呼和浩特市玉泉区某街", "内蒙古自治区呼和浩特市玉泉区*"),
        ("江苏省昆山市玉山镇花园小区3栋", "江苏省昆山市*"), ("玉山镇菜市场5号", "*"),
        ("江西省景德镇市某区", "江西省*"), ("某小区3栋", "*"), ("", "*"),
    ])
    func `An address ends at the county, or earlier`(_ text: String, _ shown: String) {
        #expect(Masking.address(text.utf8) == shown)
    }

    @Test(arguments: [
        ("1986-03-15", "1986-**-**"), ("19860315", "1986-**-**"), ("86-3-15", "********"),
    ])
    func `A birthday shows its year`(_ text: String, _ shown: String) {
        #expect(Masking.birthDate(text.utf8) == shown)
    }
}

struct PrivacyCodeTests {
    @Test func `Every code is there once and speaks both languages`() {
        let codes = privacyCodes.map(\.code)
        #expect(Set(codes).count == codes.count)
        let listed: Set = ["E-KEY-PASSPHRASE", "E-KEY-CHANGED", "E-APPROVAL-FORGED", "M14"]
        #expect(listed.isSubset(of: codes))
        for entry in privacyCodes {
            for text in [entry.what, entry.next] {
                #expect(text.zh.contains { $0 >= "\u{4E00}" } && text.en.allSatisfy(\.isASCII))
            }
        }
    }
}
