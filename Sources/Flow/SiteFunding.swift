package import Definitions
import Foundation
package import Programmes
import Records
package import Settlements

extension Site {
    /// The funding rule of a programme, with this site's parameters (结算规则).
    ///
    /// - Throws: `DefinitionError` where its file is missing or wrong.
    package func funding(of programme: Programme) throws -> FundingScheme {
        let path = "funding/\(programme.settles.funding).yaml"
        return try FundingScheme(
            text: try text(configuration.mappings + "/" + path), shownAs: path)
    }

    /// The county, or the area within it, by whose parameters a rule shares money.
    package func place(for rule: FundingScheme) -> String {
        let county = configuration.county
        // A wrong area is looked for and not found: it never falls back to another one's money.
        return rule.knowsAreas ? county.fundingArea ?? county.region : county.region
    }
}

/// Reads every funding rule under `mappings/funding/`, whether a programme names it or not.
///
/// - Returns: how many could be read, and what is the matter with the others.
package func fundingProblems(below root: String) -> (checked: Int, problems: [DefinitionError]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/funding")) ?? []
    var checked = 0
    var problems: [DefinitionError] = []
    for name in names.sorted() where name.hasSuffix(".yaml") {
        let shown = "funding/" + name
        let text = FileManager.default.contents(atPath: "\(root)/\(shown)").flatMap {
            String(bytes: $0, encoding: .utf8)
        }
        do throws(DefinitionError) {
            guard let text else {
                throw DefinitionError(
                    file: shown,
                    problem: Wording(zh: "读不出，或不是 UTF-8。", en: "Unreadable, or not UTF-8."))
            }
            let rule = try FundingScheme(text: text, shownAs: shown)
            guard rule.name + ".yaml" == name else {
                throw DefinitionError(
                    file: shown,
                    problem: Wording(
                        zh: "funding 应与文件名相同：\(name.dropLast(5))。",
                        en: "funding must be the file's name: \(name.dropLast(5))."))
            }
            checked += 1
        } catch {
            problems.append(error)
        }
    }
    return (checked, problems)
}
