import Definitions
import Mappings
import Records
import TestKit
import Testing
import Validation

/// The logic checks of DOMAIN 5.5 that look at one couple: what violates them, the last value that
/// passes, and an ordinary record.
struct LogicCheckTests {
    private static let checks =
        personChecks + historyChecks + examinationChecks + laboratoryChecks + followUpChecks

    @Test(arguments: checks.flatMap(\.cases))
    func `a check says what it must of a record, and nothing else is said`(_ one: CheckCase) throws
    {
        let outcome = try one.outcome()
        let found = Set(outcome.findings.map(\.code))
        #expect(found == one.expected, "\(outcome.findings)")
        #expect(Set(outcome.findings).count == outcome.findings.count, "\(outcome.findings)")
    }

    /// DOMAIN 5.5 and the decisions of 0.4: R and Q quarantine, W warns.
    private static let warnings: Set<String> = [
        "L-004", "L-011", "L-016", "L-018", "L-023", "L-029", "L-030", "L-034", "L-037", "L-043",
        "L-048",
        "L-050", "L-053", "L-057", "L-058", "L-059", "L-060", "L-062", "L-064", "L-065", "L-067",
        "L-074", "L-083",
    ]
    /// Whose second half is softer: the order of days and sums of numbers decide, the rest warns.
    private static let both: Set<String> = [
        "L-007", "L-012", "L-021", "L-026", "L-039", "L-075",
    ]

    @Test(arguments: checks.flatMap(\.cases).filter { $0.kind == .violating })
    func `a finding does what the decisions say`(_ one: CheckCase) throws {
        let findings = try one.outcome().findings
        for finding in findings where finding.code == one.code {
            if LogicCheckTests.warnings.contains(one.code) {
                #expect(finding.effect == .warning)
            } else if !LogicCheckTests.both.contains(one.code) {
                #expect(finding.effect == .quarantined)
            }
        }
    }

    @Test(arguments: both.sorted())
    func `the second half of a check is softer than the first`(_ code: String) throws {
        var effects: Set<FindingEffect> = []
        for one in LogicCheckTests.checks.flatMap(\.cases)
        where one.code == code && one.kind == .violating {
            let findings = try one.outcome().findings
            effects.formUnion(findings.filter { $0.code == code }.map(\.effect))
        }
        #expect(effects == [.warning, .quarantined])
    }

    /// What no couple alone can show: L-009 and L-015 depend on the day of arrival or on the file
    /// date (`EligibilityRuleTests`, `IdentityRuleTests`), L-014, L-042, L-072 and L-085 on rows
    /// around (`BatchRuleTests`), L-084 is R-05 (`DecisionTests`), L-086 asks for barcodes, which
    /// prenatal samples have, and L-044 is the dictionary's own test below.
    private static let elsewhere: Set<String> = [
        "L-009", "L-014", "L-015", "L-042", "L-044", "L-072", "L-084", "L-085", "L-086",
    ]

    @Test func `every check of the programme has a violating, a boundary and a clean record`() {
        for number in 1...86 {
            let text = String(number)
            let code = "L-" + String(repeating: "0", count: 3 - text.count) + text
            if LogicCheckTests.elsewhere.contains(code) { continue }
            let kinds = Set(
                LogicCheckTests.checks.filter { $0.code == code }.flatMap(\.cases).map(\.kind))
            #expect(kinds == Set(CheckCase.Kind.allCases), "\(code)")
        }
    }

    @Test func `L-043, L-044: what one spouse alone is asked has no field of the other`() throws {
        let dictionary = try Preconception.loaded().dictionary
        let wife = [
            "clueCells", "vaginalCleanliness", "redCells", "bloodGlucose", "tsh", "rubellaIgG",
            "cmvIgM", "toxoIgM", "ultrasoundResult", "wUterusSize", "lastMenstrualPeriod",
        ]
        let husband = ["hPenis", "hTestis", "hVaricocele", "andrologyDisease"]
        for field in wife {
            #expect(dictionary.ordinal(of: "wife." + field) != nil, "\(field)")
            #expect(dictionary.ordinal(of: "husband." + field) == nil, "\(field)")
        }
        for field in husband {
            #expect(dictionary.ordinal(of: "husband." + field) != nil, "\(field)")
            #expect(dictionary.ordinal(of: "wife." + field) == nil, "\(field)")
        }
    }

    /// A check of both needs both: a file of one spouse says nothing of the other.
    @Test func `L-063, L-066: a file of one spouse is not blamed for the other`() throws {
        let preconception = try Preconception.loaded()
        let fields = risk("1") + ["wife.syphilis": "POS", "wife.rhType": "NEG"]
        let couple = try CleanCouple().without(.husband)
            .with(fields: fields, in: preconception.mapping)
        let outcome = try preconception.examine([couple]).outcomes[0]
        #expect(outcome.findings.map(\.code) == ["R-11"] && outcome.fate == .sent)
    }

    /// Reading says that a number is implausible; the check that knows why takes its place.
    @Test func `a number out of range is said once, by the check that knows it`() throws {
        let outcome = try outcome(["女方血红蛋白Hb": "13"])
        #expect(
            outcome.findings.filter { $0.field == "wife.hemoglobin" }.map(\.code) == [
                "L-045", "L-048",
            ])
        let rate = try ValidationTests.outcome(["女方心率": "221"])
        #expect(rate.findings.map(\.code) == ["V-RANGE"])
    }
}
