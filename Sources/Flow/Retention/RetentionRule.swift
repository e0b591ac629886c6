package import Definitions

/// Something personal that is kept sealed, and how long (留存类别).
package enum RetentionClass: String, Sendable, CaseIterable, Codable {
    /// Rows that a later version corrected, which has left.
    case correctedRow
    /// Rows that are not eligible, older copies, and rows of nobody known.
    case closedRow
    /// Our copy of the data key of a submission that was answered for good.
    case ownCopy
    /// Rows of parts that no case has asked for, and those that were taken off or replaced.
    case waitingPart
    /// The platform's lists of results that were brought, as a whole.
    case resultList
    /// Answers signed by a key that nobody knows, with their heads.
    case strangeAnswer

    /// Whether those who may still send what is missing are told before it is erased.
    var isNamedFirst: Bool { self == .waitingPart }
}

/// How many days each class is kept (留存期限): `mappings/privacy/retention.yaml`.
package struct RetentionRule: Sendable, Hashable {
    package let days: [RetentionClass: Int]
    /// So many days before it is erased what waits is named.
    package let warnDays: Int
    /// A ledger without a line for longer makes its clock doubtful.
    package let mostPauseDays: Int

    private static let warnDays = 30
    private static let mostPauseDays = 45

    /// Reads the file of a folder of mappings; a class that it does not name is kept for ever.
    package init(mappings folder: String) throws(DefinitionError) {
        let name = "privacy/retention.yaml"
        var section = try Section(path: folder + "/" + name, shownAs: name)
        var days: [RetentionClass: Int] = [:]
        for each in RetentionClass.allCases {
            guard let count = try section.integer(each.rawValue) else { continue }
            guard (1...36_500).contains(count) else {
                throw section.error(
                    at: each.rawValue, "应为 1 至 36500 天。", "1 to 36500 days.")
            }
            days[each] = count
        }
        let most = (days[.waitingPart] ?? 36_501) - 1
        warnDays = try section.integer("warnBefore") ?? min(RetentionRule.warnDays, most)
        guard (1...max(1, most)).contains(warnDays) else {
            throw section.error(
                at: "warnBefore", "应为 1 天以上，少于 waitingPart。",
                "A day or more, and fewer than waitingPart.")
        }
        mostPauseDays = try section.integer("mostPause") ?? RetentionRule.mostPauseDays
        guard (1...366).contains(mostPauseDays) else {
            throw section.error(at: "mostPause", "应为 1 至 366 天。", "1 to 366 days.")
        }
        try section.finish()
        self.days = days
    }
}
