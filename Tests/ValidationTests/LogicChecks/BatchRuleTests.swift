import Definitions
import Mappings
import Records
import TestKit
import Testing
import Validation

/// Checks that look over the rows of a file: L-014, L-016, L-042, L-055, L-072, L-085, L-086.
struct BatchRuleTests {
    /// Everybody is new and entitled.
    private struct Nobody: EntitlementRegister {
        func isTaken(row: Int) -> Bool { false }
        func isInForce(row: Int) -> Bool { false }
        mutating func take(row: Int) {}
    }

    /// Couples that differ in phones and readings, so that nothing repeats by itself.
    private func couples(_ count: Int, _ fields: (Int) -> [String: String] = { _ in [:] })
        -> [[String: String]]
    {
        (0..<count).map { number in
            let phone = String(1000 + number)
            let own = [
                "localFileId": "DEMO-\(number)", "wife.mobilePhone": "1200000" + phone,
                "husband.mobilePhone": "1200001" + phone,
                "wife.heightCm": String(155 + number % 7),
                "husband.heightCm": String(165 + number % 7),
                "wife.hbsAb": number % 3 == 0 ? "NEG" : "POS",
                "husband.hbsAb": number % 3 == 0 ? "NEG" : "POS",
            ]
            return own + fields(number)
        }
    }

    /// What became of each couple, decided in batches of some rows with one watch.
    private func outcomes(
        _ couples: [[String: String]], inBatchesOf size: Int = .max,
        arrivedOn day: String = "2012-03-31", standing: CaseStanding = .due
    ) throws -> [RowOutcome] {
        let preconception = try Preconception.loaded()
        let size = min(size, couples.count)
        var watch = preconception.rules.watch
        var nobody = Nobody()
        var outcomes: [RowOutcome] = []
        for start in stride(from: 0, to: couples.count, by: size) {
            let part = try couples[start..<min(couples.count, start + size)].map {
                try CleanCouple().with(fields: $0, in: preconception.mapping)
            }
            outcomes +=
                preconception.rules.decide(
                    try preconception.examine(part, arrivedOn: day),
                    standing: part.map { _ in standing }, entitlements: &nobody, watch: &watch
                ).outcomes
        }
        return outcomes
    }

    /// The codes of each row.
    private func codes(
        _ couples: [[String: String]], inBatchesOf size: Int = .max,
        arrivedOn day: String = "2012-03-31", standing: CaseStanding = .due
    ) throws -> [[String]] {
        try outcomes(couples, inBatchesOf: size, arrivedOn: day, standing: standing)
            .map { $0.findings.map(\.code) }
    }

    @Test func `rows that differ are said nothing of`() throws {
        let found1 = try codes(couples(40))
        #expect(found1.allSatisfy { $0.isEmpty })
    }

    @Test func `L-014: four of five examinations on the day of arrival are chance, more are not`()
        throws
    {
        // Every fifth has another day: exactly four of five.
        let chance = couples(40) { number in
            number % 5 == 0
                ? ["wife.examDate": "2012-03-02", "husband.examDate": "2012-03-02"] : [:]
        }
        let found2 = try codes(chance, arrivedOn: "2012-03-01")
        #expect(found2.allSatisfy { $0.isEmpty })
        let filled = try codes(couples(25), arrivedOn: "2012-03-01")
        // Said from the twentieth row on: fewer rows prove nothing.
        #expect(filled[..<19].allSatisfy { $0.isEmpty })
        #expect(filled[19...].allSatisfy { $0 == ["L-014", "L-014"] })
        let found3 = try codes(couples(25), arrivedOn: "2012-03-02")
        #expect(found3.allSatisfy { $0.isEmpty })
    }

    @Test(arguments: [Int.max, 4, 1])
    func `L-016: a phone may stand in the files of five couples, across batches`(_ size: Int) throws
    {
        let shared = couples(7) { _ in ["wife.mobilePhone": "12000009999"] }
        let found = try codes(shared, inBatchesOf: size)
        #expect(found.map(\.count) == [0, 0, 0, 0, 0, 1, 1])
        #expect(found[5] == ["L-016"] && found[6] == ["L-016"])
        let five = couples(5) { _ in ["husband.mobilePhone": "12000009999"] }
        let found4 = try codes(five, inBatchesOf: size)
        #expect(found4.allSatisfy { $0.isEmpty })
    }

    @Test func `L-042: ten people in a row may have the same readings, the eleventh is copied`()
        throws
    {
        func same(_ count: Int, butRow row: Int = -1) throws -> [[String]] {
            try codes(
                couples(count) { number in
                    ["wife.heightCm": number == row ? "161" : "160"]
                })
        }
        let found5 = try same(10)
        #expect(found5.allSatisfy { $0.isEmpty })
        let found6 = try same(11)
        #expect(found6[10] == ["L-042"])
        // Another one between begins a new run, another doctor has a run of his own.
        let found7 = try same(20, butRow: 9)
        #expect(found7.allSatisfy { $0.isEmpty })
        let doctors = couples(20) { number in
            ["wife.heightCm": "160", "wife.examDoctor": number % 2 == 0 ? "题医四" : "题医五"]
        }
        let found8 = try codes(doctors)
        #expect(found8.allSatisfy { $0.isEmpty })
    }

    @Test func `L-055: the same five markers in thirty rows are an export's, not nature's`() throws
    {
        let all = try codes(couples(31) { _ in ["wife.hbsAb": "POS"] })
        #expect(all[..<29].allSatisfy { $0.isEmpty })
        #expect(all[29] == ["L-055"] && all[30] == ["L-055"])
        let butOne = try codes(couples(31) { ["wife.hbsAb": $0 == 3 ? "NEG" : "POS"] })
        #expect(butOne.allSatisfy { $0.isEmpty })
    }

    @Test func `L-072: a doctor signs for eighty couples a day`() throws {
        let found9 = try codes(couples(80))
        #expect(found9.allSatisfy { $0.isEmpty })
        let found10 = try codes(couples(81))
        #expect(found10[80] == ["L-072", "L-072"])
        let otherDay = couples(81) { number in
            number == 80 ? ["wife.examDate": "2012-03-02", "husband.examDate": "2012-03-02"] : [:]
        }
        let found11 = try codes(otherDay)
        #expect(found11.allSatisfy { $0.isEmpty })
    }

    @Test func `L-085: one husband has one wife within a year`() throws {
        func decided(_ day: String) throws -> [RowOutcome] {
            var second = born("wife", "1987-05-05") + ["fileOpenedDate": day]
            second["wife.ageYears"] = ""
            let rows = couples(2) { $0 == 0 ? [:] : second }
            return try outcomes(rows, arrivedOn: "2013-12-31")
        }
        let within = try decided("2013-03-01")
        #expect(within[0].findings.isEmpty)
        #expect(within[1].findings.contains(.quarantine("L-085", "husband.idNumber")))
        #expect(within[1].fate == .quarantined)
        let later = try decided("2013-03-02")
        #expect(!later[1].findings.contains { $0.code == "L-085" })
    }

    @Test func `L-085: a row that corrects its own record brings no second wife`() throws {
        var corrected = born("wife", "1987-05-05")
        corrected["wife.ageYears"] = ""
        corrected["localFileId"] = "DEMO-0"
        let rows = couples(2) { $0 == 0 ? [:] : corrected }
        let outcomes = try outcomes(rows)
        #expect(!outcomes[1].findings.contains { $0.code == "L-085" })
    }

    @Test func `the same wife again is no other one`() throws {
        let found12 = try codes(couples(2))
        #expect(found12.allSatisfy { $0.isEmpty })
    }

    @Test func `L-086: a sample's barcode stands once, where a programme asks for it`() throws {
        let preconception = try Preconception.loaded()
        var section = try Section(
            text: """
                rules:
                  - { rule: repeatedKey, code: L-086, key: wife.mobilePhone, most: 1, effect: quarantined, says: { zh: 条码重复, en: Twice }, next: { zh: 核对, en: Check } }
                """, shownAs: "programme.yaml")
        let rules = try RuleSet(&section, dictionary: preconception.dictionary)
        let phones = ["12000000001", "12000000002", "12000000001", "12000000001"]
        // The third is another record; the fourth corrects the first.
        let couples = zip(["A", "B", "C", "A"], phones).map { file, phone in
            CleanCouple(file: file).with(["女方手机号码": phone])
        }
        var nobody = Nobody()
        let outcomes = rules.decide(
            rules.examine(try preconception.read(couples), try preconception.context()),
            standing: couples.map { _ in .due }, entitlements: &nobody
        ).outcomes
        #expect(outcomes.map(\.fate) == [.sent, .sent, .quarantined, .sent])
        #expect(outcomes[2].findings == [.quarantine("L-086", "wife.mobilePhone")])
    }

    @Test func `what is known already is not counted again`() throws {
        let shared = couples(9) { _ in ["wife.mobilePhone": "12000009999"] }
        let found13 = try codes(shared, standing: .unchanged)
        #expect(found13.allSatisfy { $0.isEmpty })
        let found14 = try codes(shared, standing: .waiting)
        #expect(found14[8].contains("L-016"))
    }
}
