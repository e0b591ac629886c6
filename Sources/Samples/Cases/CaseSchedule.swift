/// Which rows show a case of a rule (用例安排): from row 300 of every 2,000 on, one case every few
/// rows, then the groups. Only a file with all columns and with defects has them.
struct CaseSchedule {
    private let singles: [RuleCase]
    private let takesGroups: Bool
    private static let start = 300
    private static let period = 2000

    /// - Parameter singles: in the order in which they come; empty for none at all.
    init(_ singles: [RuleCase]) {
        let room = CaseSchedule.period - CaseSchedule.start - RuleCase.groupRows
        self.singles = Array(singles.prefix(room))
        takesGroups = !singles.isEmpty
    }

    /// Rows from one case to the next, so that ordinary rows stand between them.
    private var step: Int {
        let room = CaseSchedule.period - CaseSchedule.start - RuleCase.groupRows
        return singles.isEmpty ? 1 : min(4, max(1, room / singles.count))
    }

    /// The case of a row, counted from 0.
    func item(row: Int) -> RuleCase? {
        guard takesGroups else { return nil }
        let place = row % CaseSchedule.period - CaseSchedule.start
        let groups = place - singles.count * step
        if groups >= 0 {
            guard groups < RuleCase.groupRows else { return nil }
            return RuleCase.groups(round: row / CaseSchedule.period)[groups]
        }
        return place >= 0 && place.isMultiple(of: step) ? singles[place / step] : nil
    }

    /// Whether a row shows a case.
    func holds(row: Int) -> Bool {
        guard takesGroups else { return false }
        let place = row % CaseSchedule.period - CaseSchedule.start
        let groups = place - singles.count * step
        return groups >= 0
            ? groups < RuleCase.groupRows : place >= 0 && place.isMultiple(of: step)
    }
}
