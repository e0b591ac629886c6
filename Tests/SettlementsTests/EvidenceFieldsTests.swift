import Definitions
import Foundation
import Records
import Settlements
import Testing

/// `funding/evidence-fields.csv` says where a statement carries each field; a real one is asked.
@Suite struct EvidenceFieldsTests {
    /// The steps of `payers[payer=city].totalFen`: keys, and choices in lists.
    private func steps(_ path: String) -> [String] {
        path.matches(of: /\[[^\]]*\]|[^.\[]+/).map { String($0.output) }
    }

    /// What is at a path of the JSON; `[]` takes the first that has the rest.
    private func value(_ steps: ArraySlice<String>, in json: Any) -> Any? {
        guard let step = steps.first else { return json }
        let rest = steps.dropFirst()
        guard step.hasPrefix("[") else {
            return (json as? [String: Any])?[step].flatMap { value(rest, in: $0) }
        }
        let choice = step.dropFirst().dropLast().split(separator: "=").map(String.init)
        for line in (json as? [[String: Any]]) ?? [] {
            if choice.count == 2, line[choice[0]] as? String != choice[1] { continue }
            if let found = value(rest, in: line) { return found }
        }
        return nil
    }

    /// Statements of both rules; in Liaocheng a municipal district, and a county that the province
    /// manages.
    private func statements() throws -> [String: [Any]] {
        let counts = NationalCounts(
            institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3),
            accepted: 2, rejected: 0, duplicate: 0)
        let checks = try SampleFunding.closing(SampleFunding.couples(2), national: [counts])
        var tests = SampleScreening.tests(2, "serum")
        tests.accept([.test("nipt-0", "nipt")])
        let screening = try ["371502", "371525"].map { division in
            try SampleScreening.closing(
                tests, SampleScreening.text(remainder: "province"), division: division,
                national: [
                    NationalCounts(
                        institution: SampleBook.clinic, month: CalendarMonth(year: 2016, month: 7),
                        accepted: 3, rejected: 0, duplicate: 0)
                ])
        }
        func read(_ settlement: Settlement) throws -> Any {
            try JSONSerialization.jsonObject(with: Data(try settlement.statement.json()))
        }
        return ["chongqing-2012": [try read(checks)], "liaocheng-2016": try screening.map(read)]
    }

    @Test func `a statement and its pack have every field where the list says`() throws {
        let statements = try statements()
        let table = try CodeTable(
            path: SamplePack.root.path + "/mappings/funding/evidence-fields.csv")
        let column = try #require(table.header.firstIndex(of: "carriedBy"))
        var nowhere: [String] = []
        var missing: [String] = []
        for row in table.rows {
            let parts = row.cells[column].split(separator: ";").map { part in
                part.split(separator: " ").map(String.init)
            }
            #expect(parts.allSatisfy { $0.count == 2 }, "\(row.cells)")
            let stored = parts.filter { $0[0] != "settlement.json" }
            #expect(
                stored.allSatisfy {
                    ["ledger/leaves.jsonl", "ledger/tree-head.txt"].contains($0[0])
                })
            let paths = parts.filter { $0[0] == "settlement.json" }.map { $0[1] }
            func found(_ path: String, in all: [Any]) -> Bool {
                all.contains { value(steps(path)[...], in: $0) != nil }
            }
            for path in paths where !statements.values.contains(where: { found(path, in: $0) }) {
                nowhere.append("\(row.cells[1]) \(path)")
            }
            for (rule, all) in statements where !paths.isEmpty {
                if !paths.contains(where: { found($0, in: all) }) {
                    missing.append("\(rule) \(row.cells[1])")
                }
            }
        }
        #expect(nowhere == [])
        // Nobody pays for a preconception check, and the centre pays for no screening.
        #expect(
            missing.sorted() == [
                "chongqing-2012 personalShareFen", "liaocheng-2016 centralShareFen",
            ])
    }
}
