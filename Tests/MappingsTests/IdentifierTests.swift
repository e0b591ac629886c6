import Mappings
import Records
import TestKit
import Testing

/// DOMAIN 2.1 to 2.3 and 2.5, example by example.
struct IdentifierTests {
    private let wife = "女方身份证号"

    @Test func `the ID numbers of the reference pages`() throws {
        try expect(
            [
                ("11010519491231002X", .text("11010519491231002X")),
                ("440524188001010014", .text("440524188001010014")),
                ("990101198603150022", .text("990101198603150022")),
                ("990101198411200013", .text("990101198411200013")),
                ("99150219880808024X", .text("99150219880808024X")),
                ("990243199202290466", .text("990243199202290466")),
                ("990102199002290020", .refused("L-001")),
                ("990101198603150032", .refused("L-001")),
                ("99150219880808024x", .text("99150219880808024X", "V-ID-SPELLING")),
                (
                    "９９０１０１１９８６０３１５００２２",
                    .text("990101198603150022", "V-ID-SPELLING")
                ),
                ("9.90101E+17", .refused("E-ID-SCI")),
                ("990101198603150000", .refused("E-ID-SCI")),
                ("９．９０１０１Ｅ＋１７", .refused("E-ID-SCI")),
            ], in: wife, as: "wife.idNumber")
    }

    @Test func `fifteen digits become eighteen, with a warning`() throws {
        try expect(
            [
                ("110105491231002", .text("11010519491231002X", "V-ID-15")),
                ("990101860315002", .text("990101198603150022", "V-ID-15")),
                ("991502880808024", .text("99150219880808024X", "V-ID-15")),
                // 1990-02-29 is no day of fifteen digits either.
                ("990102900229002", .refused("L-001")), ("99010186031500A", .refused("L-001")),
            ], in: wife, as: "wife.idNumber")
    }

    @Test func `numbers are typed in groups, or not at all`() throws {
        try expect(
            [
                (" 990101 19860315 0022 ", .text("990101198603150022")),
                ("990101-19860315-0022", .text("990101198603150022")), ("", .nothing),
                ("/", .nothing), ("99010119860315002", .refused("L-001")),
                ("9901011986031500221", .refused("L-001")),
                ("99010119860315002Y", .refused("L-001")),
                ("X90101198603150022", .refused("L-001")), ("护照", .refused("L-001")),
            ], in: wife, as: "wife.idNumber")
    }

    @Test func `invented people pass in rehearsal only`() throws {
        try expect(
            [
                ("990101198603150022", .refused("L-001")), ("990101860315002", .refused("L-001")),
                ("11010519491231002X", .text("11010519491231002X")),
            ], in: wife, as: "wife.idNumber", acceptsInvented: false)
    }

    /// DOMAIN 2.1: the prefixes of GB/T 2260, 83, and foreigners' cards with 9; no other.
    @Test func `a province must be one`() {
        let real =
            [11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 81...83].joined() + [71, 91]
        for prefix in 10...99 {
            let seventeen = Array("\(prefix)010119900307854".utf8)
            let number = seventeen + [IDNumber.checkCharacter(of: seventeen)]
            #expect(IDNumber.isValid(number, acceptsInvented: false) == real.contains(prefix))
            #expect(
                IDNumber.isValid(number, acceptsInvented: true)
                    == (real.contains(prefix) || prefix == 99))
        }
    }

    /// Position by position: any single wrong digit is noticed (mod 11-2 of the standard).
    @Test func `no single digit can be wrong unnoticed`() {
        let right = Array("990101198603150022".utf8)
        #expect(IDNumber.isValid(right, acceptsInvented: true))
        for position in 6..<18 {
            for digit in UInt8(0x30)...0x39 where digit != right[position] {
                var wrong = right
                wrong[position] = digit
                #expect(!IDNumber.isValid(wrong, acceptsInvented: true))
            }
        }
    }

    @Test func `check character, sex and birthday are those of the page`() throws {
        for (number, isMale, born) in [
            ("11010519491231002X", false, "1949-12-31"),
            ("990101198603150022", false, "1986-03-15"),
            ("990101198411200013", true, "1984-11-20"), ("99150219880808024X", false, "1988-08-08"),
            ("990243199202290466", false, "1992-02-29"), ("990110197901010070", true, "1979-01-01"),
            ("990110199512310087", false, "1995-12-31"), ("991502198701010137", true, "1987-01-01"),
            ("991525200106156662", false, "2001-06-15"), ("99010119860315009X", true, "1986-03-15"),
            ("99010119860315017X", true, "1986-03-15"), ("99010119860315025X", true, "1986-03-15"),
            ("99010119860315033X", true, "1986-03-15"),
        ] {
            let bytes = Array(number.utf8)
            #expect(IDNumber.checkCharacter(of: bytes.dropLast()) == bytes.last)
            #expect(IDNumber.isMale(bytes[...]) == isMale)
            #expect(IDNumber.birthDate(of: bytes[...])?.description == born)
        }
        #expect(IDNumber.birthDate(of: Array("990102199002290020".utf8)[...]) == nil)
        #expect(IDNumber.birthDate(of: Array("990102".utf8)[...]) == nil)
    }

    @Test func `institution codes of the reference pages`() throws {
        try expect(
            [
                ("91350100M000100Y43", .text("91350100M000100Y43")),
                ("12990101MA0000T1XF", .text("12990101MA0000T1XF")),
                ("12991500MA0000T282", .text("12991500MA0000T282")),
                ("12991502MA0000T36R", .text("12991502MA0000T36R")),
                ("91350100M000100Y44", .refused("V-INSTITUTION")),
                ("12990101MA0000S1XF", .refused("V-INSTITUTION")),
                ("MA0000T3699150211G1001", .text("MA0000T3699150211G1001")),
                ("MA0000T1-X99010111G1001", .text("MA0000T1X99010111G1001")),
                ("ma0000t3699150211g1001", .text("MA0000T3699150211G1001")),
                ("ＭＡ0000Ｔ3699150211Ｇ1001", .text("MA0000T3699150211G1001")),
                ("MA0000T3799150211G1001", .refused("V-INSTITUTION")),
                ("MA0000T369915021AG1001", .refused("V-INSTITUTION")),
                ("MA0000T3699150211G100A", .refused("V-INSTITUTION")),
                ("MA0000T36", .text("MA0000T36", "V-INSTITUTION-LOCAL")),
                ("示例区妇幼", .refused("V-INSTITUTION")),
            ], in: "受托检查机构代码", as: "cooperatingOrgCode")
    }

    @Test func `mobile numbers are brought to eleven digits`() throws {
        let all: [(cell: String, reading: Reading)] = [
            ("13000000000", .text("13000000000")), ("+86 130-0000-0000", .text("13000000000")),
            ("008613000000000", .text("13000000000")), ("１３０００００００００", .text("13000000000")),
            ("19900000000", .text("19900000000")), ("1300000000", .refused("L-016")),
            ("130000000001", .refused("L-016")), ("11000000000", .refused("L-016")),
            ("023-60000000", .refused("L-016")), ("1300000000a", .refused("L-016")),
            ("23000000000", .refused("L-016")), ("", .nothing),
        ]
        try expect(all, in: "女方手机号码", as: "wife.mobilePhone", acceptsInvented: false)
        try expect(
            [("12000000002", .refused("L-016"))], in: "女方手机号码", as: "wife.mobilePhone",
            acceptsInvented: false)
        try expect(
            all + [("12000000002", .text("12000000002")), ("12100000002", .refused("L-016"))],
            in: "女方手机号码", as: "wife.mobilePhone")
    }

    @Test func `divisions have 6, 9 or 12 digits of a known place`() throws {
        try expect(
            [
                ("990101", .text("990101")), ("990101001", .text("990101001")),
                ("990101001001", .text("990101001001")), ("500110", .text("500110")),
                ("990199", .refused("V-DIVISION")), ("990199001", .refused("V-DIVISION")),
                ("99010", .refused("V-DIVISION")), ("9901010", .refused("V-DIVISION")),
                ("示例区", .refused("V-DIVISION")),
            ], in: "女方户籍区划代码", as: "wife.hukouDivisionCode")
    }
}
