import Mappings
import Testing

/// L-015, DOMAIN 2.1 to 2.5: documents other than the resident card, landlines, codes of one place.
struct DocumentTests {
    private func clinic() throws -> SmallClinic {
        // The number stands before its document: the order of the columns does not matter.
        try SmallClinic(
            [
                "field: contact, kind: phone, landline: true", "field: mobile, kind: phone",
                "field: lab, kind: institution",
            ],
            [
                "field: woman.idNumber, from: 号码", "field: woman.idType, from: 证件",
                "field: woman.contact, from: 电话", "field: woman.mobile, from: 手机",
                "field: woman.org, from: 机构", "field: woman.lab, from: 检测机构",
            ])
    }

    @Test(arguments: [
        ("01", "990101198603150022", "990101198603150022"), ("01", "G12345678", "L-001!"),
        ("", "G12345678", "L-001!"), ("03", "G12345678", "G12345678"),
        ("03", "g1234 5678", "G12345678"), ("03", "Ｇ１２３４５６７８", "G12345678"),
        ("03", "990101198603150022", "990101198603150022"),
        ("03", "990101198603150032", "990101198603150032"), ("06", "H12345678", "H12345678"),
        ("07", "01234567", "01234567"), ("04", "军字第1234567号", "军字第1234567号"),
        ("99", "A", "A"), ("99", "ABCDEFGHIJKLMNOPQR", "ABCDEFGHIJKLMNOPQR"),
        ("99", "ABCDEFGHIJKLMNOPQRS", "V-ID-DOCUMENT!"), ("03", "G1234_678", "V-ID-DOCUMENT!"),
        ("03", "é123", "V-ID-DOCUMENT!"), ("03", "1.23457E+11", "E-ID-SCI!"), ("03", "/", ""),
        ("55", "G12345678", "L-001!"),
    ])
    func `only a resident card has a check digit`(
        _ document: String, _ number: String, _ expected: String
    ) throws {
        let found = try clinic().read(["证件": document, "号码": number])
        #expect(found["idNumber"] ?? "" == expected)
    }

    @Test func `one row's document says nothing of the next row's number`() throws {
        let clinic = try clinic()
        #expect(try clinic.read(["证件": "03", "号码": "G1"])["idNumber"] == "G1")
        #expect(try clinic.read(["证件": "", "号码": "G1"])["idNumber"] == "L-001!")
    }

    /// 0.4: a number that ends in 000 is refused as cut only if its check digit disagrees too.
    @Test(arguments: [
        // 990101 19860315 000: the check digit of a cut number, and one that passes by chance.
        ("990101198603150000", "E-ID-SCI!"), ("990101198603151000", "E-ID-SCI!"),
        ("990101198603150022", "990101198603150022"),
    ])
    func `three zeros at the end`(_ number: String, _ expected: String) throws {
        #expect(try clinic().read("号码", number, as: "idNumber") == expected)
    }

    @Test func `three zeros with the right check digit pass with a warning`() throws {
        // Of the days of a year, some give 0 as the check character behind a sequence of x00.
        var found = 0
        for day in 10...31 {
            let seventeen = Array("990101198603\(day)200".utf8)
            guard IDNumber.checkCharacter(of: seventeen) == 0x30 else { continue }
            found += 1
            let number = String(decoding: seventeen, as: UTF8.self) + "0"
            #expect(
                try clinic().read("号码", number, as: "idNumber") == number + " V-ID-ZEROS")
        }
        #expect(found > 0)
    }

    @Test(arguments: [
        ("0635-8212345", "06358212345"), ("(0635)8212345", "V-PHONE!"),
        ("023 6000 0000", "02360000000"), ("０６３５－８２１２３４５", "06358212345"),
        ("010-65432109", "01065432109"), ("+86 635 8212345", "06358212345"),
        ("008602360000000", "02360000000"), ("+8613000000000", "13000000000"),
        ("13000000000", "13000000000"), ("12012345678", "12012345678"), ("8212345", "V-PHONE!"),
        ("0035-8212345", "V-PHONE!"), ("0635-821234", "V-PHONE!"), ("0635-821234567", "V-PHONE!"),
        ("0000-1234567", "00001234567"), ("0000-123456", "V-PHONE!"),
        ("0635-8212345转801", "V-PHONE!"), ("11000000000", "V-PHONE!"), ("/", ""), ("", ""),
    ])
    func `landlines pass where the programme says so`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("电话", cell, as: "contact") == expected)
        if expected.hasPrefix("0") {
            #expect(try clinic().read("手机", cell, as: "mobile") == "L-016")
        }
    }

    @Test(arguments: [
        ("MA0000T3699150211G1001", "MA0000T3699150211G1001"),
        ("12990101MA0000T1XF", "12990101MA0000T1XF"),
        ("MA0000T1-X990101ZZ", "MA0000T1X990101ZZZZZZZ V-INSTITUTION-ZZ"),
        ("MA0000T1X990101ZZZZZZZ", "MA0000T1X990101ZZZZZZZ V-INSTITUTION-ZZ"),
        ("MA0000T1X990101ZZZ", "V-INSTITUTION!"), ("MA0000T17990101ZZ", "V-INSTITUTION!"),
        ("MA0000T1X99010AZZ", "V-INSTITUTION!"),
        ("MA0000T1-X", "MA0000T1X V-INSTITUTION-LOCAL"),
        ("M000100Y4", "M000100Y4 V-INSTITUTION-LOCAL"),
        ("MA0000T28", "MA0000T28 V-INSTITUTION-LOCAL"),
        ("MA0000T36", "MA0000T36 V-INSTITUTION-LOCAL"), ("MA0000T37", "V-INSTITUTION!"),
        ("990101000101", "990101000101 V-INSTITUTION-LOCAL"), ("99010100010A", "V-INSTITUTION!"),
        ("99010100010", "V-INSTITUTION!"),
    ])
    func `institutions without a national code are flagged`(_ cell: String, _ expected: String)
        throws
    {
        #expect(try clinic().read("检测机构", cell, as: "lab") == expected)
        // The frame of a record names the serving institution and takes national codes only.
        let serving = expected.hasSuffix("V-INSTITUTION-LOCAL") ? "V-INSTITUTION!" : expected
        #expect(try clinic().read("机构", cell, as: "org") == serving)
    }
}
