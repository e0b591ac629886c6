package import Definitions
import Foundation
package import Records

/// Why a case's persons may be found out (还原事由): `privacy/reasons.yaml` below the folder of all
/// mappings.
package struct ReasonFile: Sendable {
    /// A reason that a request may name.
    package struct Reason: Sendable, Hashable {
        /// Capital letters, digits and dashes.
        package let code: String
        package let title: Wording
        /// The law or document on which it rests (依据).
        package let basis: String
    }

    /// In the order of the file; never empty.
    package let reasons: [Reason]

    private static let name = "privacy/reasons.yaml"

    /// Whether the folder has such a file at all.
    package static func isThere(below root: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + name)
    }

    /// - Parameter root: the folder of all mappings.
    package init(below root: String) throws(DefinitionError) {
        try self.init(Section(path: root + "/" + ReasonFile.name, shownAs: ReasonFile.name))
    }

    /// Reads a whole file. Throws for a code of another form, and where there is none.
    package init(_ given: Section) throws(DefinitionError) {
        var file = given
        var section = try file.section("reasons")
        var reasons: [Reason] = []
        for code in section.keys {
            guard code.wholeMatch(of: /[A-Z][A-Z0-9-]{1,31}/) != nil else {
                throw section.error(
                    at: code, "代码应为大写字母、数字和短横。", "A code is capitals, digits and dashes.")
            }
            var one = try section.section(code)
            reasons.append(
                Reason(
                    code: code, title: Wording(zh: try one.text("zh"), en: try one.text("en")),
                    basis: try one.text("basis")))
            try one.finish()
        }
        guard !reasons.isEmpty else {
            throw file.error(at: "reasons", "至少要有一种事由。", "At least one reason is needed.")
        }
        self.reasons = reasons
        try file.finish()
    }
}
