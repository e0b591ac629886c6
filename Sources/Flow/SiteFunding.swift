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
}
