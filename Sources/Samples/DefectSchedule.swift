/// Which row bears which defect (缺陷安排): by chance from the seed and the row alone, and each kind
/// once at a fixed place among the first 300 rows.
///
/// A row about the couple of an earlier row always looks back by the same distance, so no earlier
/// row is repeated twice in the same way; an earlier row that is repeated bears no defect itself.
struct DefectSchedule {
    private let seed: UInt64
    private let fraction: Double
    private let available: [Defect]
    private let fixed: [Int: Defect]
    private let cases: CaseSchedule

    /// - Parameters:
    ///   - available: the defects that this mapping and encoding can show.
    ///   - cases: rows of which others are never a repetition.
    init(seed: UInt64, fraction: Double, available: [Defect], cases: CaseSchedule) {
        self.cases = cases
        self.seed = seed
        self.fraction = available.isEmpty ? 0 : fraction
        self.available = available
        var fixed: [Int: Defect] = [:]
        if fraction > 0 {
            for (number, defect) in Defect.allCases.enumerated() where available.contains(defect) {
                fixed[5 + 9 * number] = defect
            }
        }
        self.fixed = fixed
    }

    /// The defect of a row, counted from 0.
    func defect(row: Int) -> Defect? {
        guard let wanted = wanted(row: row), !isRepeated(row: row) else { return nil }
        return wanted
    }

    /// How many days must be left after a row's file date, since later rows repeat its couple.
    func daysNeeded(after row: Int) -> Int {
        repeats(of: row).compactMap { $0.repeats?.daysLater }.max() ?? 0
    }

    private func isRepeated(row: Int) -> Bool { !repeats(of: row).isEmpty }

    private func repeats(of row: Int) -> [Defect] {
        guard fraction > 0 else { return [] }
        return DefectSchedule.repeating.filter { defect in
            let later = row + (defect.repeats?.rowsBack ?? 0)
            return wanted(row: later) == defect && !isRepeated(row: later)
        }
    }

    private static let repeating = Defect.allCases.filter { $0.repeats != nil }

    /// What chance or the fixed places give, before rows that are repeated are cleared.
    private func wanted(row: Int) -> Defect? {
        guard fraction > 0, !cases.holds(row: row) else { return nil }
        if let defect = fixed[row] { return defect }
        var random = RandomStream(seed: seed, couple: row, .defects)
        guard random.chance(fraction) else { return nil }
        let defect = random.pick(available)
        if let back = defect.repeats?.rowsBack {
            guard row >= back, fixed[row - back] == nil, !cases.holds(row: row - back) else {
                return nil
            }
        }
        return defect
    }
}
