import Definitions
import Evidence
import Records
import Settlements

/// Money rules as text, and a closing of a sample.
enum SampleFunding {
    static let county = "990101"

    /// One county with everything set, unless said otherwise.
    static func text(
        localPrice: Int? = nil, shares: String? = "{ central: 4/5, city: 1/10, district: 1/10 }",
        years: String = "- { year: 2012, forecast: 10, carryOver: { central: 0, city: 0 } }",
        oneSpousePolicy: String = "none", countIncomplete: Bool = false
    ) -> String {
        """
        funding: chongqing-2012
        programme: preconception-check
        title: { zh: 经费结算, en: Settlement }
        unitPriceFen: 24000
        starts: 2012-01-01
        oneSpousePolicy: \(oneSpousePolicy)
        countIncomplete: \(countIncomplete)
        districts:
          - division: "\(county)"
            localPriceFen: \(localPrice.map { "\($0)" } ?? "")
            shares: \(shares ?? "")
            years:
              \(years)
        """
    }

    static func rule(_ text: String = text()) throws -> any FundingRule {
        try fundingRule(text: text, shownAs: "test.yaml")
    }

    static func closing(
        _ sample: SampleBook, _ text: String = text(), year: Int = 2012,
        division: String = county, national: [NationalCounts]? = nil,
        since earlier: Settlement.Earlier = .none
    ) throws -> Settlement {
        Settlement.closing(
            CaseBook(sample.facts), rule: try rule(text), year: year, division: division,
            national: national, since: earlier, at: Timestamp(microseconds: 1_357_780_000_000_000))
    }

    /// A year with this many accepted, free and complete checks of couples.
    static func couples(_ count: Int) -> SampleBook {
        var sample = SampleBook()
        sample.accept((0..<count).map { .sample("case-\($0)") })
        return sample
    }
}

extension Statement {
    func payer(_ name: String) -> PayerLine? { payers.first { $0.payer == name } }
}
