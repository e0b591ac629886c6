import Foundation
import Records
import Settlements
import Testing

/// Several counties' statements as the city adds them up.
@Suite struct CombinedStatementTests {
    private func pack(
        _ division: String, cases: Int, year: Int = 2012, of name: String = "case"
    ) throws -> (statement: Statement, digest: String, leaves: [UInt8]) {
        var sample = SampleBook()
        sample.accept((0..<cases).map { .sample("\(division)-\(name)-\($0)") })
        let settlement = try SampleFunding.closing(sample, year: year)
        // The same rule for both: only the county's code differs.
        let json = String(decoding: try settlement.statement.json(), as: UTF8.self)
            .replacing("\"division\":\"990101\"", with: "\"division\":\"\(division)\"")
        let lines = try SampleStory.lines(sample, sample.facts.count).map {
            $0.replacing("\"ack_sha256\":\"", with: "\"ack_sha256\":\"\(division)")
        }
        return (
            try Statement(json: Array(json.utf8)), "d-\(division)",
            Array((lines.joined(separator: "\n") + "\n").utf8)
        )
    }

    @Test func `totals and payers are the sums of the counties`() throws {
        let combined = try CombinedStatement([
            pack("990102", cases: 3), pack("990101", cases: 2),
        ])
        #expect(combined.counties.map(\.division) == ["990101", "990102"])
        #expect(combined.totalCases == 5 && combined.totalFen.fen == 120_000)
        #expect(combined.borne(by: "central").fen == 96_000)
        #expect(combined.doubles.isEmpty)
        let table = String(decoding: combined.csv().dropFirst(3), as: UTF8.self)
        #expect(table.contains("990102,3,6,720.00,"), "\(table)")
        #expect(table.contains("合计,5,10,1200.00,"))
        let path = NSTemporaryDirectory() + "combined-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try combined.writeWorkbook(to: path)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `packs that do not go together are refused`() throws {
        #expect(throws: CombinedStatement.Failure.few) {
            try CombinedStatement([pack("990101", cases: 1)])
        }
        #expect(throws: CombinedStatement.Failure.twice(division: "990101")) {
            try CombinedStatement([pack("990101", cases: 1), pack("990101", cases: 2)])
        }
        #expect(throws: CombinedStatement.Failure.mixed(division: "990102")) {
            try CombinedStatement([
                pack("990101", cases: 1), pack("990102", cases: 1, year: 2013),
            ])
        }
        var broken = try pack("990102", cases: 1)
        broken.leaves = Array("{}\n".utf8)
        #expect(throws: CombinedStatement.Failure.lines(division: "990102")) {
            try CombinedStatement([pack("990101", cases: 1), broken])
        }
    }

    /// A case that two counties would be paid for.
    @Test func `what two counties both have is named`() throws {
        let one = try pack("990101", cases: 2)
        var other = try pack("990102", cases: 2)
        let stolen = one.leaves.split(separator: 0x0A)[0]
        other.leaves += Array(stolen) + [0x0A]
        let doubles = try CombinedStatement([one, other]).doubles
        #expect(Set(doubles.map(\.kind)) == [.record, .receipt, .claim])
        #expect(doubles.allSatisfy { $0.divisions == ["990101", "990102"] })
    }
}
