import Definitions
import Mappings
import Records
import Samples
import Testing
import Validation

/// Invented couples of whom nothing is wrong, before the rules of their programme.
struct SampleRuleTests {
    /// The findings of every row by the rules alone.
    private func findings(couples: Int, seed: UInt64) throws -> [[Finding]] {
        let mapping = try SampleFixture.mapping()
        var programme = try Section(path: SampleFixture.folder + "/programme.yaml")
        let rules = try RuleSet(&programme, dictionary: mapping.dictionary)
        let sample = try SampleFixture.write(
            SampleRequest(couples: couples, seed: seed, defectFraction: 0, encoding: .utf8),
            mapping)
        let header = sample.rows[0].map { String(decoding: $0, as: UTF8.self) }
        let bound = try mapping.bound(to: header, acceptsInvented: true)
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var places: [SourceBatch.RowPlace] = []
        for (number, row) in sample.rows.enumerated().dropFirst() {
            places.append(SourceBatch.RowPlace(row: number + 1, raw: 0..<0))
            for cell in row {
                let start = UInt32(bytes.count)
                bytes += cell
                cells.append(start..<UInt32(bytes.count))
            }
        }
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: cells, columnCount: header.count, places: places,
                unreadable: []))
        let arrived = try #require(CalendarDate(iso: "2013-01-31"))
        let context = RuleContext(
            arrivedOn: arrived, designated: try SampleFixture.designated(),
            county: ServedCounty(region: "990101", fundingArea: nil), isMapped: bound.isMapped)
        return rules.examine(batch, context).outcomes.map(\.findings)
    }

    @Test(arguments: [7, 2012]) func `no check finds anything in a clean file`(_ seed: UInt64)
        throws
    {
        let found = try findings(couples: 2000, seed: seed)
        #expect(found.count == 2000)
        for (row, findings) in found.enumerated() where !findings.isEmpty {
            Issue.record("row \(row + 2): \(findings.map { "\($0.code) \($0.field ?? "")" })")
        }
    }
}
