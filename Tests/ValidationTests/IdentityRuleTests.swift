import Mappings
import Records
import TestKit
import Testing
import Validation

/// L-002, L-003, L-007, L-015: who a person is.
struct IdentityRuleTests {
    @Test func `a clean couple passes every rule without a word`() throws {
        let outcome = try outcome()
        #expect(outcome.findings.isEmpty && outcome.fate == .sent)
        #expect(outcome.traits.isFree && outcome.traits.isComplete)
        #expect(outcome.traits.spouses == [true, true])
    }

    @Test func `L-002: the 17th digit says the person's sex`() throws {
        // A man's number of the same birthday.
        try expect(
            ["女方身份证号": "99010119860315009X"], .quarantined,
            .quarantine("L-002", "wife.idNumber"))
        try expect(
            ["男方身份证号": "990101198411200021", "男方出生日期": "1984-11-20"], .quarantined,
            .quarantine("L-002", "husband.idNumber"))
    }

    @Test func `L-003: the birth date is the number's`() throws {
        try expect(
            ["女方出生日期": "1986-03-16"], .quarantined, .quarantine("L-003", "wife.birthDate"))
        try expect(
            ["男方出生日期": "1984-11-19"], .quarantined, .quarantine("L-003", "husband.birthDate"))
    }

    @Test func `L-005, L-006: nobody is born after the file was opened`() throws {
        try expect(
            ["女方出生日期": "2012-03-02"], .quarantined,
            .quarantine("L-003", "wife.birthDate"), .quarantine("L-005", "wife.birthDate"))
        try expect(
            ["男方出生日期": "2031-01-01"], .quarantined,
            .quarantine("L-003", "husband.birthDate"), .quarantine("L-006", "husband.birthDate"))
    }

    @Test func `a number that cannot be read is said once and judged no further`() throws {
        try expect(
            ["女方身份证号": "990101198603150032"], .quarantined,
            .quarantine("L-001", "wife.idNumber"))
    }

    @Test func `L-001: a number's birthday is not after the day of arrival`() throws {
        func number(_ born: String) -> String {
            let seventeen = Array("990101\(born)002".utf8)
            let check = IDNumber.checkCharacter(of: seventeen)
            return String(decoding: seventeen + [check], as: UTF8.self)
        }
        // Born on the day of arrival: all else is wrong, but not this.
        #expect(
            try !codes(["女方身份证号": number("20120331")], arrivedOn: "2012-03-31")
                .contains("L-001"))
        #expect(
            try codes(["女方身份证号": number("20120401")], arrivedOn: "2012-03-31")
                .contains("L-001"))
    }

    private func codes(_ changes: [String: String], arrivedOn day: String) throws -> [String] {
        try outcome(changes, arrivedOn: day).findings.map(\.code)
    }

    /// L-015: only a resident card's number has a sex, a birthday and a check digit.
    @Test func `another document's number is not judged as a resident card's`() throws {
        for (document, number) in [
            ("护照", "G12345678"), ("军官证", "军字第1234567号"), ("护照", "990101198603150032"),
        ] {
            try expect(["女方证件类型": document, "女方身份证号": number], .sent)
        }
        // A citizen's number in a household register is a citizen's number.
        try expect(
            ["女方证件类型": "户口簿", "女方身份证号": "99010119860315009X"], .quarantined,
            .quarantine("L-002", "wife.idNumber"))
    }

    @Test func `L-007: two persons have two numbers`() throws {
        // All that is wrong is listed: the same number is also no man's.
        try expect(
            [
                "男方身份证号": "990101198603150022", "男方出生日期": "1986-03-15", "男方年龄": "25",
            ], .quarantined, .quarantine("L-002", "husband.idNumber"),
            .quarantine("L-007", "husband.idNumber"))
    }

    /// DOMAIN 0.4: 15 digits pass with a warning in files up to 2012-12-31, later ones do not.
    @Test func `L-015: fifteen digits until the end of 2012`() throws {
        let wife = ["女方身份证号": "990101860315002"]
        let both = wife.merging(["男方身份证号": "990101841120001"]) { _, new in new }
        let last = try CleanCouple.opened(on: "2012-12-31")
        let first = try CleanCouple.opened(on: "2013-01-01")
        try expect(
            last.merging(wife) { _, new in new }, arrivedOn: "2013-01-31", .sent,
            .warn("V-ID-15", "wife.idNumber"))
        try expect(
            first.merging(wife) { _, new in new }, arrivedOn: "2013-01-31", .quarantined,
            .warn("V-ID-15", "wife.idNumber"), .quarantine("L-015", "wife.idNumber"))
        try expect(
            first.merging(both) { _, new in new }, arrivedOn: "2013-01-31", .quarantined,
            .warn("V-ID-15", "wife.idNumber"), .warn("V-ID-15", "husband.idNumber"),
            .quarantine("L-015", "wife.idNumber"), .quarantine("L-015", "husband.idNumber"))
    }
}
