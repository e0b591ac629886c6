import Evidence
import Records
import Storage
import Validation

/// What was written down of an item's rows when they came: those that stayed here, and those that
/// went out with their warnings.
struct ImpactRecord {
    private var rows: [Int: ImpactSide.Outcome] = [:]

    init() {}

    /// Throws `StorageFailure`, `DecodingError`.
    init(of intake: IntakeID, in transaction: any Transaction) throws {
        for entry in try Ledger().entries(of: "enqueued", holding: intake.text, in: transaction) {
            guard case .enqueued(let fact) = entry.fact, fact.intake == intake,
                let numbers = fact.rows
            else { continue }
            for (place, row) in numbers.enumerated() {
                let codes = Set((fact.warnings[place] ?? []).map(\.code))
                let isBack = fact.records[place].action == .withdraw
                rows[row] = ImpactRecord.outcome(isBack ? .withdrawn : .sent, codes)
            }
        }
        // The ledger has all findings of a row, the table only those that kept it here.
        var findings: [Int: (fate: String, codes: Set<String>)] = [:]
        for entry in try Ledger().entries(of: "taken", holding: intake.text, in: transaction) {
            guard case .taken(let fact) = entry.fact, fact.intake == intake else { continue }
            for row in fact.kept { findings[row.row] = (row.fate, Set(row.findings.map(\.code))) }
        }
        for row in try transaction.run(
            "SELECT row, fate, codes FROM kept_row WHERE intake = \(intake.text)")
        {
            let name = try row.text("fate")
            guard let fate = Fate(rawValue: name) else { continue }
            let number = try row.int("row")
            let known = findings[number].flatMap { $0.fate == name ? $0.codes : nil }
            let codes = try known ?? Set(row.text("codes").split(separator: " ").map(String.init))
            rows[number] = ImpactRecord.outcome(fate, codes)
        }
    }

    /// What was written down of a row: one that neither stayed here nor went out was known before.
    func outcome(of row: Int) -> ImpactSide.Outcome {
        rows[row] ?? ImpactRecord.outcome(.unchanged, [])
    }

    private static func outcome(_ fate: Fate, _ codes: Set<String>) -> ImpactSide.Outcome {
        ImpactSide.Outcome(fate: fate, codes: codes, leaving: [:], isRecorded: true)
    }
}
