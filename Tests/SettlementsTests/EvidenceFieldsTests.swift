import Definitions
import Foundation
import Records
import Settlements
import Testing

/// `funding/evidence-fields.csv` says where a statement carries each field; a real one is asked.
@Suite struct EvidenceFieldsTests {
    /// The steps of `payers[payer=city].totalFen`: keys, and choices in lists.
    private func steps(_ path: String) -> [String] {
        path.replacing("[", with: ".[").split(separator: ".").map(String.init)
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

    @Test func `a statement and its pack have every field where the list says`() throws {
        let sample = SampleFunding.couples(2)
        let counts = NationalCounts(
            institution: SampleBook.clinic, month: CalendarMonth(year: 2012, month: 3),
            accepted: 2, rejected: 0, duplicate: 0)
        let settlement = try SampleFunding.closing(sample, national: [counts])
        let json = try JSONSerialization.jsonObject(with: Data(try settlement.statement.json()))
        let table = try CodeTable(
            path: SamplePack.root.path + "/mappings/funding/evidence-fields.csv")
        let column = try #require(table.header.firstIndex(of: "carriedBy"))
        var missing: [String] = []
        for row in table.rows {
            for part in row.cells[column].split(separator: ";") {
                let words = part.split(separator: " ").map(String.init)
                try #require(words.count == 2, "\(part)")
                guard words[0] == "settlement.json" else {
                    #expect(["ledger/leaves.jsonl", "ledger/tree-head.txt"].contains(words[0]))
                    continue
                }
                if value(steps(words[1])[...], in: json) == nil {
                    missing.append("\(row.cells[1]) \(words[1])")
                }
            }
        }
        // Nobody pays for a preconception check.
        #expect(missing == ["personalShareFen payers[payer=person].totalFen"])
    }
}
