import Records
import TestKit
import Testing
import Validation

/// What the register of earlier items adds to the rules of one: L-083, L-085.
struct AcrossFilesTests {
    private struct Known: EntitlementRegister {
        var repeated: Set<Int> = []
        var hasEarlier: Bool?

        func isTaken(row: Int) -> Bool { false }
        func isInForce(row: Int) -> Bool { false }
        mutating func take(row: Int) {}
        func isRepeated(row: Int, memory: Int) -> Bool { memory == 0 && repeated.contains(row) }
        func hasEarlierFollowUp(row: Int) -> Bool? { hasEarlier }
    }

    private func decide(
        _ couples: [CleanCouple], repeated: Set<Int>, _ standing: CaseStanding = .due
    ) throws -> [RowOutcome] {
        let preconception = try Preconception.loaded()
        var register = Known(repeated: repeated)
        return preconception.rules.decide(
            try preconception.examine(couples), standing: couples.map { _ in standing },
            entitlements: &register
        ).outcomes
    }

    @Test func `L-085: a husband with another wife in an earlier file is found, once`() throws {
        let couples = ["A", "B"].map { CleanCouple(file: $0).with(["付费方式": "自费"]) }
        let found = try decide(couples, repeated: [1])
        #expect(found[0].fate == .sent && found[0].findings.isEmpty)
        #expect(found[1].fate == .quarantined)
        #expect(found[1].findings == [.quarantine("L-085", "husband.idNumber")])
        // A file that says nothing new is not judged again.
        #expect(try decide(couples, repeated: [1], .unchanged)[1].findings.isEmpty)
    }

    @Test func `of all rules over rows only the husband's is remembered beyond its file`() throws {
        let rules = try Preconception.loaded().rules
        #expect(rules.remembered.map(\.name) == ["L-085 husband.idNumber"])
        #expect(rules.remembered[0].days == 365 && rules.remembered[0].most == 1)
        let prenatal = try PrenatalScreening.loaded().rules
        #expect(prenatal.remembered.map(\.name) == ["L-086 sampleBarcode"])
        #expect(prenatal.remembered[0].owner.isEmpty && prenatal.remembered[0].on == nil)
    }

    /// An outcome of a delivery; `column` is what it says of the early follow-up, `nil` for none.
    private func outcome(column: String?, result: String = "DELIVERED", _ hasEarlier: Bool?)
        throws -> [Finding]
    {
        let preconception = try Preconception.loaded()
        let followUp = try #require(preconception.followUps["outcomeFollowUp"])
        var fields = ["wife.pofResult": result]
        if let column { fields["wife.epfResult"] = column }
        let examined = try followUp.examine(fields, designated: preconception.designated)
        var register = Known(hasEarlier: hasEarlier)
        return followUp.rules.decide(examined, standing: [.due], entitlements: &register)
            .outcomes[0].findings
    }

    private let missing = Finding(code: "L-083", effect: .warning, field: "wife.epfResult")

    @Test(arguments: [nil, false] as [Bool?])
    func `L-083: an empty column is told, unless the county has the early follow-up`(
        _ hasEarlier: Bool?
    ) throws {
        #expect(try outcome(column: "", hasEarlier).contains(missing))
        #expect(try !outcome(column: "", true).contains(missing))
        #expect(try !outcome(column: "PREGNANT", hasEarlier).contains(missing))
    }

    @Test func `L-083: without the column the register alone tells`() throws {
        #expect(try outcome(column: nil, false).contains(missing))
        #expect(try !outcome(column: nil, true).contains(missing))
        // A preview has no register.
        #expect(try !outcome(column: nil, nil).contains(missing))
        #expect(try !outcome(column: nil, result: "NOT_DELIVERED", false).contains(missing))
    }
}
