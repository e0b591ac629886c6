import Foundation
import LibCrypto
import Records
import Settlements
import Testing

/// The page and the table of a pack say what its `settlement.json` says, and nothing else.
@Suite struct PackPageTests {
    /// A change of the page or the table that a reader would believe.
    struct Change: Sendable, CustomTestStringConvertible {
        let file: String
        let old: String
        let new: String
        let found: String

        init(_ file: String, _ old: String, _ new: String, _ found: String) {
            self.file = file
            self.old = old
            self.new = new
            self.found = found
        }

        var testDescription: String { "\(file): \(new)" }
    }

    static let changes = [
        // Amounts that both stand in the statement, one in the other's place.
        Change("html", "<td class=\"n\">960.00</td>", "<td class=\"n\">120.00</td>", "line"),
        Change("html", "<td class=\"n\">1200.00</td>", "<td class=\"n\">9200</td>", "line"),
        Change("html", "<td class=\"n\">5</td>", "<td class=\"n\">9</td>", "line"),
        Change("html", "结算合计", "应付合计", "line"),
        Change("html", "</body>", "<script>document.title='x'</script></body>", "line"),
        Change("html", "</body>", "<img src=\"https://example.org/a.png\"></body>", "line"),
        Change("html", "</html>\n", "</html>\n<p>9200</p>\n", "line"),
        Change("html", "text-align: right", "display: none", "the style of settlement.html"),
        Change("html", "</head>", "<style>.n { display: none }</style></head>", "line"),
        Change("csv", "paid.couple,结算", "paid.couple,多付", "differ at paid.couple"),
        Change("csv", ",5,10,120000,", ",9,18,120000,", "differ at paid.couple"),
        Change("csv", "960.00", "970.00", "differ at due.central"),
        Change("csv", "national.accepted,国家计数,国家生效", "national.accepted,国家计数,国家退回", "national"),
        Change(
            "csv", "balance.taken,", "paid.more,结算,奖励,,,,1,2,100,1.00,\r\nbalance.taken,",
            "differ at balance.taken"),
    ]

    @Test(arguments: changes)
    func `What the page or the table says otherwise is found`(change: Change) async throws {
        let sample = try await SamplePack.make()
        try sample.replace("settlement.\(change.file)") { text in
            #expect(text.contains(change.old))
            return text.replacing(change.old, with: change.new)
        }
        try sample.rebuildManifests()
        let checked = try sample.recount()
        #expect(checked.status == 1)
        let wrong = checked.output.split(separator: "\n").filter {
            $0.contains("WRONG") && $0.contains(change.file == "csv" ? "CSV" : "settlement.html")
        }
        #expect(wrong.count == 1, "\(checked.output)")
        #expect(wrong.first?.contains(change.found) == true, "\(checked.output)")
    }

    @Test(arguments: CipherSuite.allCases)
    func `A draft holds too: nothing shared out, and not compared`(suite: CipherSuite) async throws
    {
        let sample = try await SamplePack.make(
            suite: suite, funding: SampleFunding.text(shares: "{ central: 4/5 }")
        ) { _ in nil }
        #expect(!sample.settlement.statement.isClosed)
        #expect(sample.settlement.statement.payers.isEmpty)
        let checked = try sample.recount(SamplePack.allKeys)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.contains("this statement is a draft"))
    }

    @Test func `Differing counts and a warning hold too`() async throws {
        let years = SampleFunding.years(
            (2012, "forecast: 10, prepaid: { central: 5 }, carryOver: { central: 0, city: 0 }"))
        let sample = try await SamplePack.make(
            funding: SampleFunding.text(localPrice: 20_000, years: years)
        ) { Array($0.counts.dropLast()) }
        #expect(sample.settlement.statement.discrepancies.count > 1)
        #expect(sample.settlement.statement.warnings.count == 2)
        let checked = try sample.recount(SamplePack.allKeys)
        #expect(checked.status == 0, "\(checked.output)")
    }
}
