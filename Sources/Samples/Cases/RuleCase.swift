import Records

/// What a cell of a case says, before it is spelled as the mapping's clinic would.
enum Said {
    case text(String)
    /// A code of the field's list, in the first of its words.
    case code(String)
    case yes
    case no
    case nothing
    /// Days after the file date; negative before it.
    case day(Int)
    /// Whole months and days after the file date.
    case later(months: Int, days: Int)
}

/// A couple on whom one rule is shown (规则用例): plain but for the cells named, so that what must
/// be found follows from the label and from the page of rules (DOMAIN 5.5, 0.4) alone.
struct RuleCase {
    /// Begins with the code it is about; ends in `ok` where the record is just inside the bound.
    let label: String
    let expectation: Expectation
    var wish = CoupleWish(areLocal: (true, true), isPlain: true)
    var cells: [String: Said]
    /// Whether a workbook can hold the cells too: it cannot hold control characters.
    var isForWorkbooks = true
    /// What is wrong with the numbers of both, beyond cells that are known beforehand.
    var identity = Identity.own

    enum Identity {
        case own
        /// The husband bears the wife's number.
        case shared
        /// The wife bears a number of before 1999.
        case fifteenDigits
        /// The husband is that of the row so many rows before.
        case husbandOf(rowsBack: Int)
    }

    init(
        _ label: String, _ fate: ExpectedFate, _ codes: [String], isPaid: Bool = true,
        _ cells: [String: Said]
    ) {
        self.label = label
        self.expectation = Expectation(fate, codes.sorted(), isPaid: isPaid)
        self.cells = cells
    }

    /// Just inside the bound: nothing is found.
    static func fine(_ label: String, _ cells: [String: Said]) -> RuleCase {
        RuleCase(label + " ok", .sent, [], cells)
    }

    /// Shown, and sent and settled all the same.
    static func warned(_ label: String, _ codes: [String], _ cells: [String: Said]) -> RuleCase {
        RuleCase(label, .sent, codes, cells)
    }

    /// Back to the clinic, or for a person to decide.
    static func bad(_ label: String, _ codes: [String], _ cells: [String: Said]) -> RuleCase {
        RuleCase(label, .quarantined, codes, cells)
    }

    func wishing(_ change: (inout CoupleWish) -> Void) -> RuleCase {
        var copy = self
        change(&copy.wish)
        return copy
    }

    /// All cases of single rows, in the order in which a sample has them.
    static let all: [RuleCase] =
        persons + days + history + pregnancies + examination + laboratory
        + infections + assessment + eligibility + reading

    /// A couple at risk: who (1 the wife, 2 the husband), with the factor that goes with it.
    static func atRisk(_ party: String = "1", _ cells: [String: Said] = [:]) -> [String: Said] {
        let factor = (party == "2" ? "husband" : "wife") + ".riskFactorClassB"
        let risk: [String: Said] = [
            "riskLevel": .code("RISK"), "highRiskParty": .code(party),
            "adviceTemplate": .code("3"), factor: .text("需干预"),
        ]
        return risk.merging(cells) { _, own in own }
    }
}
