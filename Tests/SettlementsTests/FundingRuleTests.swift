import Definitions
import Evidence
import Foundation
import Records
import Settlements
import Testing

@Suite struct FundingRuleTests {
    @Test(arguments: [
        ("", "areas[990101].shares.central", "E-SHARES-UNSET"),
        ("{ central: 4/5 }", "areas[990101].shares.city", "E-SHARES-UNSET"),
    ])
    func `An unset share blocks, names the parameter, and shares nothing out`(
        shares: String, parameter: String, code: String
    ) throws {
        let text = SampleFunding.text(shares: shares)
        let settlement = try SampleFunding.closing(SampleFunding.couples(2), text, national: [])
        let blocker = try #require(settlement.statement.blocked.first { $0.code == code })
        #expect(blocker.parameter == parameter)
        #expect(blocker.wording.zh.contains(parameter) && blocker.wording.zh.contains("257号"))
        #expect(blocker.wording.en.contains("finance bureau"))
        #expect(settlement.statement.payers.isEmpty)
        #expect(!settlement.statement.isClosed)
        #expect(settlement.statement.totalFen.fen == 48_000)
    }

    @Test func `A county that the file does not name blocks`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(1), division: "990102")
            .statement
        #expect(statement.blocked.contains { $0.code == "E-DISTRICT-UNSET" })
        #expect(statement.payers.isEmpty)
    }

    @Test func `Without a forecast or a carry-over there is no prepayment, and it blocks`() throws {
        var sample = SampleBook()
        sample.accept([.sample("a", on: "2013-05-06")])
        let text = SampleFunding.text(years: "- { year: 2013 }")
        let statement = try SampleFunding.closing(sample, text, year: 2013).statement
        let codes = statement.blocked.map(\.code)
        #expect(codes.filter { $0 == "E-FORECAST-UNSET" }.count == 1)
        #expect(codes.filter { $0 == "E-CARRY-UNSET" }.count == 2)
        #expect(statement.payer("central")?.dueFen.fen == 19_200)
        #expect(statement.payer("central")?.prepayment == nil)
    }

    @Test func `Before the first year of money nothing can be carried over`() throws {
        let text = SampleFunding.text(years: SampleFunding.years((2012, "forecast: 3")))
        let statement = try SampleFunding.closing(SampleFunding.couples(1), text).statement
        #expect(statement.payer("central")?.prepayment?.carryInFen == .zero)
        #expect(!statement.blocked.contains { $0.code == "E-CARRY-UNSET" })
    }

    @Test(arguments: [
        ("central: 4/5", "central: 0.8", "4/5"),
        ("central: 4/5", "central: 19/20", "more than 1"),
        ("central: 4/5", "central: 9/5", "4/5"),
        ("central: 4/5", "centre: 4/5", "central"),
        ("priceFen: 24000", "priceFen: 240.00", "priceFen"),
        ("priceFen: 24000", "priceFen: area", "first item"),
        ("share: area", "fen: 5", "by a share alone"),
        ("localPrice: R-15", "localCost: R-15", "localPrice"),
        ("starts: 2012-01-01", "started: 2012-01-01", "starts"),
        ("forecast: 10", "forecast: -1", "forecast"),
        ("programme: preconception-check", "programmes: some", "programme"),
    ])
    func `A wrong file is refused with its place and what to write`(
        old: String, new: String, named: String
    ) throws {
        let text = SampleFunding.text()
        #expect(text.contains(old))
        let error = #expect(throws: DefinitionError.self) {
            try SampleFunding.rule(text.replacingOccurrences(of: old, with: new))
        }
        #expect(error?.problem.en.contains(named) == true)
        #expect(error?.place?.hasPrefix("test.yaml:") == true)
    }

    @Test func `The file of the notice can be read, and real districts block`() throws {
        let path = "mappings/funding/chongqing-2012.yaml"
        let file = SamplePack.root.appending(path: path)
        let rule = try FundingScheme(
            text: String(contentsOf: file, encoding: .utf8), shownAs: path)
        let account = rule.account(year: 2012, division: "500101", lines: [])
        #expect(account.blocked.map(\.code) == ["E-SHARES-UNSET", "E-SHARES-UNSET"])
        #expect(rule.account(year: 2012, division: "990101", lines: []).blocked.isEmpty)
    }

    @Test
    func `Self-paid, one-spouse, incomplete and early cases have lines of their own at 0 fen`()
        throws
    {
        var sample = SampleFunding.couples(2)
        sample.accept([
            .sample("self", isFree: false), .sample("one", spouses: [true, false]),
            .sample("part", isComplete: false), .sample("early", on: "2011-12-31"),
        ])
        let statement = try SampleFunding.closing(sample).statement
        #expect(statement.unpaid.map(\.reason) == [.selfPaid, .oneSpouse, .incomplete])
        #expect(statement.unpaid.map(\.rule) == ["R-05", "R-11", "R-09"])
        #expect(statement.unpaid.map(\.persons) == [2, 1, 2])
        #expect(statement.totalCases == 2 && statement.lines.first?.persons == 4)
        let before = try SampleFunding.closing(sample, year: 2011).statement
        #expect(before.unpaid.map(\.reason) == [.beforeStart])
        #expect(before.totalFen == .zero)
    }

    @Test(arguments: [(SampleFunding.OneSpouse.half, Int64(12_000)), (.full, 24_000)])
    func `A policy on one-spouse files pays them in a line of their own`(
        policy: SampleFunding.OneSpouse, price: Int64
    ) throws {
        var sample = SampleFunding.couples(1)
        sample.accept([.sample("one", spouses: [true, false])])
        let text = SampleFunding.text(localPrice: 26_000, oneSpouse: policy)
        let statement = try SampleFunding.closing(sample, text).statement
        #expect(statement.lines.map(\.item) == ["couple", "one-spouse"])
        #expect(statement.lines.map(\.fen.fen) == [24_000, price])
        // The local addition follows in the same proportion.
        #expect(statement.payer("district")?.excessFen.fen == 2_000 + price / 12)
    }

    /// Prices of the county's own list: 30 + 20 yuan for a wife, 12.50 for a husband.
    @Test func `A one-spouse file is settled by items at the county's prices`() throws {
        var sample = SampleFunding.couples(1)
        sample.accept([
            .sample("wife", spouses: [true, false]), .sample("husband", spouses: [false, true]),
            .sample("wife-2", spouses: [true, false]),
        ])
        let text = SampleFunding.text(
            oneSpouse: .perItem,
            prices: "{ one-spouse-wife: { 血型: 3000, 肌酐: 2000 }, one-spouse-husband: { 血型: 1250 } }")
        let statement = try SampleFunding.closing(sample, text).statement
        #expect(statement.lines.map(\.item) == ["couple", "one-spouse-husband", "one-spouse-wife"])
        #expect(statement.lines.map(\.fen.fen) == [24_000, 1_250, 10_000])
        #expect(!statement.blocked.map(\.code).contains("E-PRICE-UNSET"))
    }

    @Test(arguments: [
        (SampleFunding.OneSpouse.undecided, "items[one-spouse].priceFen"),
        (.perItem, "areas[990101].prices.one-spouse-wife"),
    ])
    func `What nobody has decided of one-spouse files blocks them, and them alone`(
        policy: SampleFunding.OneSpouse, parameter: String
    ) throws {
        var sample = SampleFunding.couples(2)
        let text = SampleFunding.text(oneSpouse: policy)
        #expect(
            try SampleFunding.closing(sample, text).statement.blocked.map(\.code)
                == ["E-COUNTS-MISSING"])
        sample.accept([.sample("one", spouses: [true, false])])
        let statement = try SampleFunding.closing(sample, text).statement
        let blocker = try #require(statement.blocked.first { $0.code == "E-PRICE-UNSET" })
        #expect(blocker.parameter == parameter)
        #expect(blocker.wording.zh.contains(parameter) && blocker.wording.en.contains(parameter))
        #expect(statement.totalFen.fen == 48_000 && !statement.isClosed)
    }

    @Test func `Incomplete files are paid only where the switch says so`() throws {
        var sample = SampleBook()
        sample.accept([.sample("part", isComplete: false)])
        let text = SampleFunding.text(requires: "free")
        #expect(try SampleFunding.closing(sample, text).statement.totalFen.fen == 24_000)
    }

    @Test func `Every code has its sentence and its next step, once`() {
        let codes = settlementCodes.map(\.code)
        #expect(Set(codes).count == codes.count)
        for kind in Discrepancy.Kind.allCases { #expect(codes.contains(kind.rawValue)) }
        for entry in settlementCodes {
            #expect(!entry.what.zh.isEmpty && !entry.what.en.isEmpty)
            #expect(!entry.next.zh.isEmpty && !entry.next.en.isEmpty)
        }
    }
}
