import Definitions
import Evidence
import Foundation
import Records
import Settlements
import TestKit

/// Money rules as text, and a closing of a sample.
enum SampleFunding {
    static let county = "990101"

    /// How files of one spouse are paid, as items of the scheme.
    enum OneSpouse: String, CaseIterable {
        case none, half, full, perItem, undecided

        var items: String {
            func item(_ name: String, _ price: String, _ spouses: String) -> String {
                """
                  - { item: \(name), zh: 单方, en: One spouse, rule: R-11, priceFen: \(price), \
                spouses: \(spouses) }

                """
            }
            return switch self {
            case .none: ""
            case .half: item("one-spouse", "12000", "one")
            case .full: item("one-spouse", "24000", "one")
            case .undecided: item("one-spouse", "", "one")
            case .perItem:
                item("one-spouse-wife", "area", "wife")
                    + item("one-spouse-husband", "area", "husband")
            }
        }
    }

    /// One county with everything set, unless said otherwise.
    static func text(
        localPrice: Int? = nil, shares: String? = "{ central: 4/5, city: 1/10 }",
        years: String = years((2012, "forecast: 10, carryOver: { central: 0, city: 0 }")),
        oneSpouse: OneSpouse = .none, requires: String = "free, complete", prices: String = ""
    ) -> String {
        SampleFunding.head(of: "chongqing-2012")
            .replacing("requires: [ free, complete ]", with: "requires: [ \(requires) ]")
            .replacing("together: true\n", with: oneSpouse.items + "together: true\n")
                + """
                areas:
                  - area: "\(county)"
                    localPriceFen: \(localPrice.map { "\($0)" } ?? "")
                    shares: \(shares ?? "")\(prices.isEmpty ? "" : "\n    prices: \(prices)")
                    years:
                      \(years)
                """
    }

    /// A file of the house up to its areas: what is tested is what ships.
    static func head(of name: String) -> String {
        let path = Project.mappings + "/funding/\(name).yaml"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\nareas:\n")[0] + "\n"
    }

    /// What the years say of couples.
    static func years(_ entries: (year: Int, amounts: String)...) -> String {
        entries.map { "- { year: \($0.year), items: [ { item: couple, \($0.amounts) } ] }" }
            .joined(separator: "\n      ")
    }

    static func rule(_ text: String = text()) throws -> FundingScheme {
        try FundingScheme(text: text, shownAs: "test.yaml")
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
