import Foundation
package import Programmes
package import Settlements

extension Site {
    /// The funding rule of a programme, with this site's parameters (结算规则).
    ///
    /// - Throws: `DefinitionError` where its file is missing or wrong.
    package func funding(of programme: Programme) throws -> any FundingRule {
        let path = "funding/\(programme.settles.funding).yaml"
        return try fundingRule(
            text: try text(configuration.mappings + "/" + path), shownAs: path)
    }

    /// The county, or the area within it, by whose parameters a rule shares money.
    package func place(for rule: any FundingRule) -> String {
        let county = configuration.county
        // A wrong area is looked for and not found: it never falls back to another one's money.
        return rule.knowsAreas ? county.fundingArea ?? county.region : county.region
    }
}
