import Definitions
import Records
import TestKit
import Testing
import Validation

/// The register of a test: who holds the free check of which wife and child order.
private struct FreeChecks: EntitlementRegister {
    /// For each row its case and what it claims.
    let rows: [(number: String, claim: String)]
    var holders: [String: String] = [:]

    func isTaken(row: Int) -> Bool {
        holders[rows[row].claim].map { $0 != rows[row].number } ?? false
    }

    /// Rows whose case the nation has.
    var inForce: Set<Int> = []

    func isInForce(row: Int) -> Bool { inForce.contains(row) }

    mutating func take(row: Int) { holders[rows[row].claim] = rows[row].number }
}

/// R-05 and what is known of a case already: decided in the order of the rows.
struct DecisionTests {
    @Test func `R-06: only what the nation has is taken back, and only where nobody consents`()
        throws
    {
        let preconception = try Preconception.loaded()
        func fate(_ consent: String, inForce: Bool, _ standing: CaseStanding = .due) throws
            -> DecidedBatch
        {
            let examined = try preconception.examine([
                CleanCouple().with(["知情同意书签署情况": consent])
            ])
            var register = FreeChecks(rows: [("1", "wife/1")], inForce: inForce ? [0] : [])
            return preconception.rules.decide(
                examined, standing: [standing], entitlements: &register)
        }
        #expect(try fate("均未签署", inForce: true).outcomes[0].fate == .withdrawn)
        #expect(try fate("均未签署", inForce: true).checked.rows.isEmpty)
        #expect(try fate("均未签署", inForce: false).outcomes[0].fate == .held)
        // No answer is no withdrawal.
        #expect(try fate("", inForce: true).outcomes[0].fate == .quarantined)
        #expect(try fate("双方签署", inForce: true).outcomes[0].fate == .sent)
        let waiting = try fate("均未签署", inForce: true, .waiting).outcomes[0]
        #expect(waiting.fate == .held)
        #expect(waiting.findings.map(\.code).sorted() == ["H-WAITING", "R-06"])
    }

    private struct Row {
        var number: String
        var order = "1"
        var payer = "免费"
        var standing = CaseStanding.due
        var changes: [String: String] = [:]
    }

    private func decide(_ rows: [Row], holders: [String: String] = [:]) throws -> DecidedBatch {
        let preconception = try Preconception.loaded()
        let examined = try preconception.examine(
            rows.map { row in
                CleanCouple(file: row.number)
                    .with(["孩次": row.order, "现有子女数": row.order == "1" ? "0" : "1"])
                    .with(["付费方式": row.payer]).with(row.changes)
            })
        var register = FreeChecks(
            rows: rows.map { ($0.number, "wife/" + $0.order) }, holders: holders)
        return preconception.rules.decide(
            examined, standing: rows.map(\.standing), entitlements: &register)
    }

    private let second = Finding(code: "R-05", effect: .quarantined, field: "payerType")

    @Test func `the first free check of a child order counts, a second is the clinic's to decide`()
        throws
    {
        let decided = try decide([Row(number: "A"), Row(number: "B")])
        #expect(decided.outcomes.map(\.fate) == [.sent, .quarantined])
        #expect(decided.outcomes[0].findings.isEmpty && decided.outcomes[1].findings == [second])
        #expect(decided.checked.rows == [0])
    }

    @Test func `a second check that is paid for is sent, with a word on it`() throws {
        let decided = try decide([Row(number: "A"), Row(number: "B", payer: "自费")])
        #expect(decided.outcomes.map(\.fate) == [.sent, .sent])
        #expect(
            decided.outcomes[1].findings
                == [Finding(code: "R-05", effect: .warning, field: "payerType")])
        #expect(!decided.outcomes[1].traits.isFree)
        #expect(decided.checked.rows == [0, 1])
    }

    @Test func `a check that was paid for takes nothing`() throws {
        let decided = try decide([Row(number: "A", payer: "自费"), Row(number: "B")])
        #expect(decided.outcomes.allSatisfy { $0.fate == .sent && $0.findings.isEmpty })
    }

    @Test func `another child order is another check, and a case does not stand in its own way`()
        throws
    {
        let decided = try decide([
            Row(number: "A"), Row(number: "B", order: "2"), Row(number: "A"),
        ])
        #expect(decided.outcomes.allSatisfy { $0.fate == .sent && $0.findings.isEmpty })
        let later = try decide([Row(number: "A"), Row(number: "B")], holders: ["wife/1": "B"])
        #expect(later.outcomes.map(\.fate) == [.quarantined, .sent])
    }

    @Test(arguments: [
        ["是否符合生育政策": "否"], ["档案完成状态": "未完成"], ["女方年龄": "x"],
        ["知情同意书签署情况": "均未签署"],
    ])
    func `a record that does not leave takes nothing`(_ changes: [String: String]) throws {
        let decided = try decide([Row(number: "A", changes: changes), Row(number: "B")])
        #expect(decided.outcomes[0].fate != .sent)
        #expect(decided.outcomes[1].fate == .sent && decided.outcomes[1].findings.isEmpty)
        #expect(decided.checked.rows == [1])
    }

    @Test func `what is known already goes no further and takes nothing`() throws {
        let decided = try decide([
            Row(number: "A", standing: .unchanged), Row(number: "B", standing: .copy),
            Row(number: "C", standing: .waiting),
            Row(number: "D", standing: .waiting, changes: ["女方年龄": "x"]), Row(number: "E"),
        ])
        #expect(
            decided.outcomes.map(\.fate)
                == [.unchanged, .superseded, .held, .quarantined, .sent])
        #expect(decided.outcomes[1].findings.map(\.code) == ["S-COPY"])
        #expect(decided.outcomes[2].findings.map(\.code) == ["H-WAITING"])
        #expect(decided.outcomes[3].findings.map(\.code) == ["V-NUMBER"])
        #expect(decided.checked.rows == [4])
    }
}

struct RuleSetTests {
    private func rules(_ line: String) throws(DefinitionError) -> RuleSet {
        let dictionary: ElementDictionary
        do {
            dictionary = try Preconception.loaded().dictionary
        } catch {
            throw DefinitionError(file: "", problem: Wording(zh: "", en: "\(error)"))
        }
        var section = try Section(
            text: """
                rules:
                  - { \(line), code: X-1, says: { zh: 甲, en: A }, next: { zh: 乙, en: B } }
                """, shownAs: "programme.yaml")
        return try RuleSet(&section, dictionary: dictionary)
    }

    @Test(arguments: [
        ("rule: residense", "known: ageGiven"),
        ("rule: notBefore, field: fileOpened, day: 2010-04-01", "no field fileOpened"),
        ("rule: notBefore, field: fileOpenedDate", "day is missing"),
        ("rule: notAfterArrival, field: fileOpenedDate, days: 1", "Unknown key days"),
        ("rule: sexOfIdNumber, subject: child, sex: '1'", "no subject child"),
        ("rule: sexOfIdNumber, subject: wife, sex: F", "1 (male) or 2 (female)"),
        ("rule: finished, field: fileCompleteStatus, value: done", "has no done"),
        ("rule: finished, field: fileOpenedDate, value: x", "has no x"),
        ("rule: residence, least: few", "localWife is missing"),
        (
            "rule: completeness, notDone: N, items: [ { item: 1, zh: a, en: b, fields: [x] } ]",
            "no field x"
        ),
    ])
    func `a wrong rule is refused where it stands`(_ line: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try rules(line) }
        #expect(error?.line == 2)
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error?.problem))")
    }

    @Test func `every code of the programme is explained in both languages`() throws {
        let preconception = try Preconception.loaded()
        var codes = preconception.rules.codes
        for code in preconception.followUps.values.flatMap(\.rules.codes)
        where !codes.contains(where: { $0.code == code.code }) { codes.append(code) }
        #expect(
            Set(codes.map(\.code)) == [
                "L-001", "L-002", "L-003", "L-004", "L-005", "L-006", "L-007", "L-008", "L-009",
                "L-010",
                "L-011", "L-012", "L-013", "L-014", "L-015", "L-017", "L-018", "L-019", "L-020",
                "L-021", "L-022", "L-023", "L-024", "L-025", "L-026", "L-027", "L-028", "L-029",
                "L-030", "L-031", "L-032", "L-033", "L-034", "L-035", "L-036", "L-037", "L-038",
                "L-039", "L-040", "L-041", "L-042", "L-043", "L-045", "L-046", "L-047", "L-048",
                "L-049", "L-050", "L-051", "L-052", "L-053", "L-054", "L-055", "L-056", "L-057",
                "L-058", "L-059", "L-060", "L-061", "L-062", "L-063", "L-064", "L-065", "L-066",
                "L-067", "L-068", "L-069", "L-070", "L-071", "L-072", "L-073", "L-074", "L-075",
                "L-076", "L-077", "L-078", "L-079", "L-080", "L-081", "L-082", "L-083", "L-085",
                "R-01", "R-02", "R-05", "R-06", "R-07", "R-08", "R-09", "R-10", "R-11", "R-19",
            ])
        for entry in codes {
            for text in [entry.what.zh, entry.what.en, entry.next.zh, entry.next.en] {
                #expect(!text.isEmpty)
            }
        }
    }
}
