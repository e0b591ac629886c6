import Evidence
import Records
import Settlements

extension CaseBook {
    /// Reads facts as if a ledger had written one a second.
    init(_ facts: [Fact], programme: String = SampleBook.programme) {
        self.init(programme: programme)
        for (index, fact) in facts.enumerated() {
            add(
                fact, seq: Int64(index + 1),
                at: Timestamp(microseconds: 1_330_000_000_000_000).adding(seconds: Int64(index)))
        }
    }
}

extension Balance {
    init(_ sample: SampleBook) {
        self.init(CaseBook(sample.facts))
    }

    /// The one line that the book has.
    var only: Line? { lines.count == 1 ? lines[0] : nil }

    /// Classes that are not 0, by name, as a short text.
    static func shown(_ line: Line?) -> String {
        guard let line else { return "no single line" }
        let classes = BalanceClass.allCases.filter { line[$0] > 0 }
        return classes.map { "\($0) \(line[$0])" }.joined(separator: ", ")
    }
}
