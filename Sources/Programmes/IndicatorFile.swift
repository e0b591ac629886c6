package import Definitions
import Foundation
package import Records

/// What a programme is measured by (考核指标): `indicators.yaml` of its folder. Nothing about an
/// indicator stands in code.
package struct IndicatorFile: Sendable {
    /// Which records count.
    package enum Standing: String, Sendable, CaseIterable {
        /// They came, and were not taken back.
        case taken
        case accepted
        /// Accepted, with all that the programme asks for.
        case complete
    }

    /// One number.
    package enum Measure: Sendable, Hashable {
        /// Whom a list counts, or who of them was checked in the year.
        case list(String, isChecked: Bool)
        /// Records of the year: of these services, or those that are no follow-up where `nil`;
        /// each pregnancy or child of a person once; those alone that are registered here.
        case records(Standing, services: Set<String>?, isOnce: Bool, isLocal: Bool)
        /// What somebody states.
        case stated(String)
    }

    package struct Indicator: Sendable {
        package let name: String
        package let title: Wording
        package let unit: Wording
        package let numerator: Measure
        package let denominator: Measure
        /// Per cent by the year from which it holds.
        package let goals: [Int: Int]

        /// The goal of a year, per cent; `nil` where none is set.
        package func goal(in year: Int) -> Int? {
            goals.filter { $0.key <= year }.max { $0.key < $1.key }?.value
        }
    }

    /// A cell below it, and not 0, does not leave the county.
    package let smallest: Int
    /// What somebody may state, by its name.
    package let stated: [String: Wording]
    /// In the order of the file.
    package let indicators: [Indicator]

    private static let name = "indicators.yaml"

    /// Reads the file of a programme's folder; `nil` for a programme without one.
    package static func read(of programme: Programme) throws(DefinitionError) -> IndicatorFile? {
        let path = programme.folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let lists = programme.lists.compactMap(\.dictionary.list?.name)
        return try IndicatorFile(
            Section(path: path, shownAs: programme.folderName + "/" + name), lists: lists)
    }

    /// Reads a whole file.
    ///
    /// - Parameter lists: the programme's lists; no other can be named.
    package init(_ given: Section, lists: [String]) throws(DefinitionError) {
        var file = given
        guard let smallest = try file.integer("smallest"), (1...100).contains(smallest) else {
            throw file.error(at: "smallest", "smallest 应为 1 到 100。", "smallest is 1 to 100.")
        }
        self.smallest = smallest
        var stated: [String: Wording] = [:]
        if var section = try file.optionalSection("stated") {
            for name in section.keys { stated[name] = try section.wording(name) }
        }
        self.stated = stated
        var section = try file.section("indicators")
        var indicators: [Indicator] = []
        for name in section.keys {
            var one = try section.section(name)
            indicators.append(
                Indicator(
                    name: name, title: Wording(zh: try one.text("zh"), en: try one.text("en")),
                    unit: try one.wording("unit"),
                    numerator: try IndicatorFile.measure("numerator", of: &one, lists, stated),
                    denominator: try IndicatorFile.measure("denominator", of: &one, lists, stated),
                    goals: try IndicatorFile.goals(&one)))
            _ = try one.optionalText("source")
            try one.finish()
        }
        self.indicators = indicators
        try file.finish()
    }

    private static func measure(
        _ key: String, of section: inout Section, _ lists: [String], _ stated: [String: Wording]
    ) throws(DefinitionError) -> Measure {
        var part = try section.section(key)
        let measure: Measure
        if let list = try part.optionalText("list") {
            guard lists.contains(list) else {
                throw part.error(at: "list", "没有名单 “\(list)”。", "There is no list \(list).")
            }
            guard let which = try part.choice("of", of: ListCount.self) else {
                throw part.error("缺少 “of”。", "of is missing.")
            }
            measure = .list(list, isChecked: which == .checked)
        } else if let name = try part.optionalText("stated") {
            guard stated[name] != nil else {
                throw part.error(
                    at: "stated", "stated 中没有 “\(name)”。", "stated does not name \(name).")
            }
            measure = .stated(name)
        } else if let standing = try part.choice("records", of: Standing.self) {
            let services = part.has("of") ? Set(try part.texts("of")) : nil
            measure = .records(
                standing, services: services, isOnce: try part.flag("once") ?? false,
                isLocal: try part.flag("local") ?? false)
        } else {
            throw part.error(
                "应有 list、records、stated 之一。", "One of list, records and stated is needed.")
        }
        try part.finish()
        return measure
    }

    private enum ListCount: String, CaseIterable { case counted, checked }

    private static func goals(_ section: inout Section) throws(DefinitionError) -> [Int: Int] {
        guard var part = try section.optionalSection("goals") else { return [:] }
        var goals: [Int: Int] = [:]
        for key in part.keys {
            guard let year = Int(key), (1900...2999).contains(year),
                let goal = try part.integer(key), (1...100).contains(goal)
            else {
                throw part.error(
                    at: key, "goals 应为 年份: 百分数。", "goals are YEAR: per cent.")
            }
            goals[year] = goal
        }
        return goals
    }
}
