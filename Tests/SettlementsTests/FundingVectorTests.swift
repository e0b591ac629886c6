import Definitions
import Evidence
import Records
import Settlements
import Testing

/// The worked vectors of the notice's rules, to the fen.
@Suite struct FundingVectorTests {
    @Test func `Forecast 3000, settled 2810 at 80 percent leaves a surplus of 36480 yuan`() throws {
        let text = SampleFunding.text(
            shares: "{ central: 4/5, city: 0 }",
            years: SampleFunding.years((2012, "forecast: 3000"), (2013, "forecast: 3000")))
        let statement = try SampleFunding.closing(SampleFunding.couples(2810), text).statement
        let central = try #require(statement.payer("central"))
        let ahead = try #require(central.prepayment)
        #expect(ahead.basisFen.fen == 57_600_000)
        #expect(ahead.paidFen.fen == 57_600_000)
        #expect(central.dueFen.fen == 53_952_000)
        #expect(ahead.surplusFen.fen == 3_648_000)
        #expect(ahead.surplusFen.yuan == "36480.00")
        #expect(ahead.carryOutFen.fen == 3_648_000)
        #expect(ahead.next?.paymentFen == Money(fen: 53_952_000))
        #expect(ahead.next?.carriedOnFen == .zero)
        #expect(statement.totalFen.fen == 67_440_000)
    }

    @Test func `The whole money of the same year is 720000 against 674400 yuan`() throws {
        let text = SampleFunding.text(
            shares: "{ central: 1, city: 0 }",
            years: SampleFunding.years((2012, "forecast: 3000")))
        let central = try SampleFunding.closing(SampleFunding.couples(2810), text)
            .statement.payer("central")
        #expect(central?.prepayment?.basisFen.yuan == "720000.00")
        #expect(central?.dueFen.yuan == "674400.00")
        #expect(central?.prepayment?.surplusFen.yuan == "45600.00")
    }

    @Test(arguments: [
        (1546, "371040.00", "333936.00", "37104.00"), (3259, "782160.00", "703944.00", "78216.00"),
    ])
    func `A county of Anhui pays a tenth of its couples`(
        couples: Int, total: String, above: String, county: String
    ) throws {
        let text = SampleFunding.text(shares: "{ central: 5/10, city: 4/10 }")
        let statement = try SampleFunding.closing(SampleFunding.couples(couples), text).statement
        let central = try #require(statement.payer("central"))
        let city = try #require(statement.payer("city"))
        #expect(statement.totalFen.yuan == total)
        #expect((central.dueFen + city.dueFen).yuan == above)
        #expect(statement.payer("district")?.dueFen.yuan == county)
    }

    @Test func `Thirty-four thousand couples cost 8160000 yuan`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(34_000)).statement
        #expect(statement.totalFen.yuan == "8160000.00")
        #expect(statement.lines.first?.persons == 68_000)
    }

    @Test func `A local price of 260 yuan puts 56200 yuan on the district alone`() throws {
        let text = SampleFunding.text(localPrice: 26_000)
        let statement = try SampleFunding.closing(SampleFunding.couples(2810), text).statement
        #expect(statement.payers.map(\.excessFen.yuan) == ["0.00", "0.00", "56200.00"])
        #expect(statement.totalFen.fen == 2810 * 24_000)
        #expect(statement.warnings.isEmpty)
        let district = try #require(statement.payer("district"))
        #expect(district.totalFen == district.dueFen + district.excessFen)
    }

    @Test func `A local price below 240 yuan warns and changes nothing`() throws {
        let text = SampleFunding.text(localPrice: 22_000)
        let statement = try SampleFunding.closing(SampleFunding.couples(3), text).statement
        #expect(statement.warnings.count == 1)
        #expect(statement.totalFen.fen == 72_000)
        #expect(statement.payer("district")?.excessFen == .zero)
    }

    @Test func `Each payer is rounded down once on the year's line, the district bears the rest`()
        throws
    {
        // 7 couples are 168,000 fen; a seventeenth is 9882.35, three elevenths are 45818.18.
        let text = SampleFunding.text(shares: "{ central: 1/17, city: 3/11 }")
        let statement = try SampleFunding.closing(SampleFunding.couples(7), text).statement
        #expect(statement.payers.map(\.dueFen.fen) == [9_882, 45_818, 112_300])
    }

    @Test func `A surplus larger than the next payment is floored at 0 and carried on`() throws {
        let text = SampleFunding.text(
            shares: "{ central: 1, city: 0 }",
            years: SampleFunding.years(
                (2012, "forecast: 1, carryOver: { central: 100000, city: 0 }"),
                (2013, "forecast: 2")))
        let ahead = try #require(
            try SampleFunding.closing(SampleFunding.couples(1), text).statement
                .payer("central")?.prepayment)
        // Basis 24,000 less 100,000 carried in: nothing is paid, 76,000 stay.
        #expect(ahead.paidFen == .zero)
        #expect(ahead.carryOutFen.fen == 76_000)
        #expect(ahead.next?.paymentFen == .zero)
        #expect(ahead.next?.carriedOnFen.fen == 28_000)
    }

    @Test func `A deficit is made good in the next year`() throws {
        let text = SampleFunding.text(
            shares: "{ central: 1, city: 0 }",
            years: SampleFunding.years((2012, "forecast: 1"), (2013, "forecast: 5")))
        let ahead = try #require(
            try SampleFunding.closing(SampleFunding.couples(3), text).statement
                .payer("central")?.prepayment)
        #expect(ahead.surplusFen.fen == -48_000)
        #expect(ahead.surplusFen.yuan == "-480.00")
        #expect(ahead.next?.paymentFen == Money(fen: 168_000))
    }

    @Test func `What was paid in fact decides the carry-over, and a difference warns`() throws {
        let text = SampleFunding.text(
            shares: "{ central: 1, city: 0 }",
            years: SampleFunding.years((2012, "forecast: 3, prepaid: { central: 50000, city: 0 }")))
        let statement = try SampleFunding.closing(SampleFunding.couples(2), text).statement
        let ahead = try #require(statement.payer("central")?.prepayment)
        #expect(ahead.paidFen.fen == 50_000)
        #expect(ahead.carryOutFen.fen == 2_000)
        #expect(statement.warnings.count == 1)
    }
}
