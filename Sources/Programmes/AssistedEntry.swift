import Definitions
package import Delivery
import Foundation
package import Records

/// What a platform without an interface asks of people (辅助录入): `assisted.yaml` of its profile.
/// The steps by which a case is typed into its forms, and how its list of results is read.
package struct AssistedEntry: Sendable {
    /// What a word of the list says of a case.
    package enum Outcome: String, Sendable, CaseIterable {
        case accepted, rejected
        /// Not decided yet.
        case pending
        /// The case is no longer on the platform.
        case withdrawn
    }

    /// How the platform's list of results is read; names of columns as its head has them, the first
    /// that is there counts.
    package struct Results: Sendable {
        package let sheet: String?
        package let headerRow: Int
        /// Where our reference stands, alone or in other text.
        package let reference: [String]
        package let serial: [String]
        /// The ID number's column of each person, by the role.
        package let persons: [String: [String]]
        package let status: [String]
        package let code: [String]
        package let reason: [String]
        /// By the normal form of the word.
        package let words: [String: Outcome]
        /// What the reasons of rejections mean.
        package let texts: AnswerTexts
    }

    /// What to do with a case, step by step, in the platform's own terms.
    package let checklist: [RecordAction: [String]]
    package let results: Results

    static let fileName = "assisted.yaml"

    /// Reads the file of a profile's folder; `nil` for a profile without one.
    static func read(
        folder: String, shownAs shown: String, texts: AnswerTexts
    ) throws(DefinitionError) -> AssistedEntry? {
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var section = try Section(path: path, shownAs: shown + "/" + fileName)
        var steps = try section.section("checklist")
        var checklist: [RecordAction: [String]] = [:]
        for action in RecordAction.allCases {
            checklist[action] = try steps.texts(action.rawValue)
            guard checklist[action]?.isEmpty == false else {
                throw steps.error(
                    "缺少 “\(action.rawValue)” 的步骤。", "\(action.rawValue) has no steps.")
            }
        }
        try steps.finish()
        let results = try results(&section, texts)
        try section.finish()
        return AssistedEntry(checklist: checklist, results: results)
    }

    private static func results(
        _ section: inout Section, _ texts: AnswerTexts
    ) throws(DefinitionError) -> Results {
        var list = try section.section("results")
        var columns = try list.section("columns")
        var persons: [String: [String]] = [:]
        if var group = try columns.optionalSection("persons") {
            for role in group.keys { persons[role] = try group.texts(role) }
            try group.finish()
        }
        let read = Results(
            sheet: try list.optionalText("sheet"), headerRow: try list.integer("headerRow") ?? 1,
            reference: try columns.texts("reference"), serial: try columns.texts("serial"),
            persons: persons, status: try columns.texts("status"),
            code: try columns.texts("code"), reason: try columns.texts("reason"),
            words: try words(&list, needed: [.accepted, .rejected]), texts: texts)
        guard !read.status.isEmpty else {
            throw columns.error("缺少 “status”。", "status is missing.")
        }
        guard !read.reference.isEmpty || !read.serial.isEmpty || !persons.isEmpty else {
            throw columns.error(
                "至少要有 reference、serial、persons 之一，才对得上病例。",
                "One of reference, serial and persons, by which a case is found.")
        }
        try columns.finish()
        try list.finish()
        return read
    }

    /// The words of a status, by their normal form.
    static func words(
        _ list: inout Section, needed: [Outcome]
    ) throws(DefinitionError) -> [String: Outcome] {
        var group = try list.section("words")
        var words: [String: Outcome] = [:]
        for outcome in Outcome.allCases {
            for word in try group.texts(outcome.rawValue) {
                guard words.updateValue(outcome, forKey: AnswerTexts.normal(word)) == nil else {
                    throw group.error(
                        at: outcome.rawValue, "“\(word)” 有两种意思。", "\(word) has two meanings.")
                }
            }
        }
        for outcome in needed where !words.values.contains(outcome) {
            throw group.error(
                "缺少 “\(outcome.rawValue)” 的用语。", "\(outcome.rawValue) has no word.")
        }
        try group.finish()
        return words
    }
}
