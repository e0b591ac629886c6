import Definitions
import Mappings

/// Every row of every table of numbers, mis-coded once (代码对照误编): a number of another system, or
/// that number with its system's name, which no table of this clinic knows.
extension RuleCase {
    ///
    /// - Parameter layout: whose columns show them, each list in the first that has it.
    static func crosswalks(_ layout: RowLayout) -> [RuleCase] {
        var seen: Set<String> = []
        var cases: [RuleCase] = []
        for (column, plan) in layout.plans.enumerated() {
            guard let list = plan.element.list, let crosswalk = list.crosswalk,
                !plan.isFollowUp, seen.insert(list.name).inserted
            else { continue }
            for (ordinal, entry) in list.codes.enumerated() {
                let numbers = crosswalk.sets.compactMap { set in
                    crosswalk.numbers(of: ordinal, in: set).first.map { (set, $0.text) }
                }
                guard let first = numbers.first else { continue }
                let rule = layout.rule(at: column)
                let unknown = numbers.first { number in
                    rule.words.map { table in !table.words.contains { $0.word == number.1 } }
                        ?? false
                }
                let text = unknown?.1 ?? "\(first.0):\(first.1)"
                cases.append(
                    bad(
                        "V-CODE \(list.name) \(entry.code)",
                        ["V-CODE"] + (further[list.name].map { [$0] } ?? []),
                        [plan.element.name: .text(text)]))
            }
        }
        return cases
    }

    /// What else follows where the answer is unknown: without a consent nobody consents, and
    /// without a result the item is not done (DOMAIN 4.1).
    private static let further = [
        "consent": "R-06", "qual": "R-09", "cleanliness": "R-09", "urine": "R-09", "abo": "R-09",
        "rh": "R-09", "ultrasound": "R-09",
    ]
}

extension Element {
    /// The list of a code or of a tick list.
    var list: CodeList? {
        switch kind {
        case .code(let list), .set(let list): list
        default: nil
        }
    }
}
