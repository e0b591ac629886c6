package import Definitions
import Foundation
package import Records

/// What is done about differences between books (差异单): `exchange/differences.yaml` below the folder
/// of all mappings. Every number and word of it stands there.
package struct DifferenceFile: Sendable {
    /// A word with which a person closes a difference. It changes no total.
    package struct Outcome: Sendable, Hashable {
        /// How the ledger names it.
        package let name: String
        package let title: Wording
        /// For how many days the same difference may still be there before it is opened again; 0
        /// where it may not, `nil` where it always may.
        package let days: Int?
    }

    /// Working days in which a difference is to be cleared up.
    package let workdays: Int
    /// The same for some classes, by their code.
    package let byClass: [String: Int]
    /// In the order of the file; never empty.
    package let outcomes: [Outcome]

    private static let name = "exchange/differences.yaml"
    private static let dayRange = 1...250

    /// - Parameters:
    ///   - root: the folder of all mappings.
    ///   - classes: the codes of the classes that there are.
    package init(below root: String, classes: [String]) throws(DefinitionError) {
        try self.init(
            Section(path: root + "/" + DifferenceFile.name, shownAs: DifferenceFile.name),
            classes: classes)
    }

    /// Whether the folder has such a file at all.
    package static func isThere(below root: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + name)
    }

    /// Reads a whole file. Throws where a class is none of those, or a number out of its range.
    package init(_ given: Section, classes: [String]) throws(DefinitionError) {
        var file = given
        workdays = try DifferenceFile.days("workdays", of: &file)
        var byClass: [String: Int] = [:]
        if var section = try file.optionalSection("byClass") {
            for code in classes where section.has(code) {
                byClass[code] = try DifferenceFile.days(code, of: &section)
            }
            for code in section.keys where !classes.contains(code) {
                throw section.error(
                    at: code, "没有 “\(code)” 这一类；可用：\(classes.joined(separator: ", "))。",
                    "No class \(code); known: \(classes.joined(separator: ", ")).")
            }
        }
        self.byClass = byClass
        var section = try file.section("outcomes")
        var outcomes: [Outcome] = []
        for name in section.keys {
            var one = try section.section(name)
            outcomes.append(
                Outcome(
                    name: name, title: Wording(zh: try one.text("zh"), en: try one.text("en")),
                    days: try DifferenceFile.stay(&one)))
            try one.finish()
        }
        guard !outcomes.isEmpty else {
            throw section.error("至少要有一种结果。", "At least one outcome is needed.")
        }
        self.outcomes = outcomes
        try file.finish()
    }

    /// The outcome that a person means, by its name or in either language.
    package func outcome(called word: String) -> Outcome? {
        outcomes.first { $0.name == word || $0.title.zh == word || $0.title.en == word }
    }

    private static func days(
        _ key: String, of section: inout Section
    ) throws(DefinitionError) -> Int {
        guard let days = try section.integer(key), dayRange.contains(days) else {
            throw section.error(
                at: key, "“\(key)” 应为 1 到 250 个工作日。", "\(key) is 1 to 250 working days.")
        }
        return days
    }

    /// `no`, `31 d` or `forever`.
    private static func stay(_ section: inout Section) throws(DefinitionError) -> Int? {
        let text = try section.text("mayStay")
        if text == "no" { return 0 }
        if text == "forever" { return nil }
        guard let match = text.wholeMatch(of: /([0-9]{1,4}) d/), let days = Int(match.1), days > 0
        else {
            throw section.error(
                at: "mayStay", "mayStay 应为 no、forever 或如 31 d。",
                "mayStay is no, forever, or like 31 d.")
        }
        return days
    }
}
