package import Definitions
import Records

/// What may go wrong, what stands against it, and how grave it is by the facts (威胁、措施、风险程度):
/// `mappings/privacy/threats.csv`, raised by `mappings/privacy/ratings.csv`.
package struct AssessedThreats: Sendable {
    /// 风险程度.
    package enum Grade: String, Sendable, Comparable {
        case low = "低"
        case middle = "中"
        case high = "高"

        private var rank: Int {
            switch self {
            case .low: 0
            case .middle: 1
            case .high: 2
            }
        }

        package static func < (left: Grade, right: Grade) -> Bool { left.rank < right.rank }
    }

    /// One threat, rated.
    package struct Threat: Sendable {
        /// e.g. `T04`.
        package let code: String
        package let threat: String
        package let measure: String
        /// What is left in spite of the measures.
        package let left: String
        /// Without the measures, and with them.
        package fileprivate(set) var before: Grade
        package fileprivate(set) var after: Grade
        /// The facts that raised it, in words.
        package fileprivate(set) var because: [String] = []
    }

    private struct Rating: Sendable {
        let threat: String
        let fact: AssessmentFact
        let least: Int
        let before: Grade
        let after: Grade
        let because: String
    }

    private let threats: [Threat]
    private let ratings: [Rating]

    /// - Parameters:
    ///   - threats: the text of `threats.csv`.
    ///   - ratings: the text of `ratings.csv`.
    /// - Throws: `DefinitionError` at the first line that is wrong.
    package init(threats: String, ratings: String) throws(DefinitionError) {
        let table = try CodeTable(text: threats, shownAs: "privacy/threats.csv")
        try table.expect(header: ["code", "threat", "measure", "left", "before", "after"])
        var known: [Threat] = []
        for row in table.rows {
            let cells = row.cells
            known.append(
                Threat(
                    code: cells[0], threat: cells[1], measure: cells[2], left: cells[3],
                    before: try AssessedThreats.grade(cells[4], row, table),
                    after: try AssessedThreats.grade(cells[5], row, table)))
        }
        self.threats = known
        let rules = try CodeTable(text: ratings, shownAs: "privacy/ratings.csv")
        try rules.expect(header: ["threat", "fact", "least", "before", "after", "because"])
        var read: [Rating] = []
        for row in rules.rows {
            let cells = row.cells
            guard known.contains(where: { $0.code == cells[0] }) else {
                throw rules.error(
                    row, "threats.csv 里没有 “\(cells[0])”。",
                    "threats.csv has no \(cells[0]).")
            }
            guard let fact = AssessmentFact(rawValue: cells[1]) else {
                let all = AssessmentFact.allCases.map(\.rawValue).joined(separator: ", ")
                throw rules.error(
                    row, "没有事实 “\(cells[1])”；有：\(all)。",
                    "There is no fact \(cells[1]); there are: \(all).")
            }
            // At zero every fact would raise it.
            guard let least = Int(cells[2]), least > 0 else {
                throw rules.error(
                    row, "least 应为 1 以上的整数。", "least is a whole number above 0.")
            }
            read.append(
                Rating(
                    threat: cells[0], fact: fact, least: least,
                    before: try AssessedThreats.grade(cells[3], row, rules),
                    after: try AssessedThreats.grade(cells[4], row, rules), because: cells[5]))
        }
        self.ratings = read
    }

    /// The threats in their order, each as grave as the facts make it.
    package func rated(by facts: [AssessmentFact: Int]) -> [Threat] {
        threats.map { threat in
            var threat = threat
            // Of several steps of one fact the highest speaks.
            var said: [AssessmentFact: (least: Int, text: String)] = [:]
            for rating in ratings where rating.threat == threat.code {
                guard let number = facts[rating.fact], number >= rating.least else { continue }
                threat.before = max(threat.before, rating.before)
                threat.after = max(threat.after, rating.after)
                if rating.least >= said[rating.fact]?.least ?? 0 {
                    said[rating.fact] = (
                        rating.least, rating.because.replacing("{n}", with: "\(number)")
                    )
                }
            }
            // What measures leave is no graver than what there was.
            threat.before = max(threat.before, threat.after)
            threat.because = AssessmentFact.allCases.compactMap { said[$0]?.text }
            return threat
        }
    }

    private static func grade(_ text: String, _ row: CodeTable.Row, _ table: CodeTable)
        throws(DefinitionError) -> Grade
    {
        guard let grade = Grade(rawValue: text) else {
            throw table.error(row, "“\(text)” 应为 高、中 或 低。", "\(text) should be 高, 中 or 低.")
        }
        return grade
    }
}
