/// Which row bears which defect (缺陷安排), by the seed and the row alone: each kind once at a fixed
/// place, every fifth row, and by chance beyond.
///
/// Only every fifth row may be about an earlier one, and looks back by one to four rows: no row is
/// repeated twice, and a repeated one bears no defect but the one that its repetition needs.
struct PregnancySchedule {
    private static let step = 5
    private let seed: UInt64
    private let fraction: Double
    private let all: [PregnancyDefect]
    private let alone: [PregnancyDefect]

    /// - Parameter isWorkbook: leaves out what a workbook cannot show.
    init(seed: UInt64, fraction: Double, isWorkbook: Bool) {
        self.seed = seed
        self.fraction = fraction
        all = PregnancyDefect.all.filter { !isWorkbook || $0.isForWorkbooks }
        alone = all.filter { $0.repeats == nil }
    }

    /// The defect of a row, counted from 0.
    func defect(row: Int) -> PregnancyDefect? {
        guard fraction > 0 else { return nil }
        let slot = row / PregnancySchedule.step
        if row % PregnancySchedule.step == 0 { return atSlot(slot) }
        let next = (slot + 1) * PregnancySchedule.step
        if let later = atSlot(slot + 1)?.repeats, next - later.rowsBack == row {
            return later.source.flatMap(PregnancyDefect.named)
        }
        return drawn(row: row, from: alone)
    }

    private func atSlot(_ slot: Int) -> PregnancyDefect? {
        guard slot > 0 else { return nil }
        if slot <= all.count { return all[slot - 1] }
        return drawn(row: slot * PregnancySchedule.step, from: all)
    }

    private func drawn(row: Int, from defects: [PregnancyDefect]) -> PregnancyDefect? {
        var random = RandomStream(seed: seed, couple: row, .defects)
        return random.chance(fraction) ? random.pick(defects) : nil
    }
}
