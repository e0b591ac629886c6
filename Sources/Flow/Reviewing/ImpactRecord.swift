import Evidence
import Privacy
import Records
import Storage
import Validation

/// What was written down of an item's rows when they came: those that stayed here, and those that
/// went out with their warnings.
struct ImpactRecord {
    /// What was written down of one row.
    struct Outcome {
        let state: ImpactState
        /// The record, where the row's key could be read.
        let record: RecordID?
    }

    private var rows: [Int: Outcome] = [:]

    init() {}

    /// Throws `StorageFailure`, `DecodingError`.
    init(of intake: IntakeID, in transaction: any Transaction) throws {
        for entry in try Ledger().entries(of: "enqueued", holding: intake.text, in: transaction) {
            guard case .enqueued(let fact) = entry.fact, fact.intake == intake,
                let numbers = fact.rows
            else { continue }
            for (place, row) in numbers.enumerated() {
                let record = fact.records[place]
                rows[row] = Outcome(
                    state: ImpactState(
                        record.action == .withdraw ? .withdrawn : .sent, blocking: [],
                        codes: Set((fact.warnings[place] ?? []).map(\.code)), record: record),
                    record: record.record)
            }
        }
        // The ledger has all findings of a row, the table only those that kept it here.
        var findings: [Int: (fate: String, codes: Set<String>)] = [:]
        for entry in try Ledger().entries(of: "taken", holding: intake.text, in: transaction) {
            guard case .taken(let fact) = entry.fact, fact.intake == intake else { continue }
            for row in fact.kept { findings[row.row] = (row.fate, Set(row.findings.map(\.code))) }
        }
        for row in try transaction.run(
            "SELECT row, fate, codes, record FROM kept_row WHERE intake = \(intake.text)")
        {
            let name = try row.text("fate")
            guard let fate = Fate(rawValue: name) else { continue }
            let number = try row.int("row")
            let blocking = try ImpactRecord.codes(row.text("codes"))
            let known = findings[number].flatMap { $0.fate == name ? $0.codes : nil }
            rows[number] = Outcome(
                state: ImpactState(
                    fate, blocking: blocking, codes: known ?? blocking, record: nil),
                record: try row.optionalText("record").map { RecordID($0) })
        }
    }

    /// What was written down of a row; `nil` for one that neither stayed here nor went out: it was
    /// known before.
    subscript(row: Int) -> Outcome? { rows[row] }

    private static func codes(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }

    /// What the register has of one record.
    struct Standing {
        /// What became of it last: known, or kept here.
        let state: ImpactState
        let version: Register.CaseVersion
    }

    /// What the register has of records by their names.
    ///
    /// Throws `StorageFailure`.
    static func standing(
        of names: some Sequence<String>, _ register: Register, in transaction: any Transaction
    ) throws(StorageFailure) -> [String: Standing] {
        var found: [String: Standing] = [:]
        for name in names where found[name] == nil {
            guard let version = try register.latest(of: name, in: transaction) else { continue }
            let kept = try transaction.run(
                """
                SELECT fate, codes FROM kept_row
                WHERE record = \(name) AND version = \(version.version) LIMIT 1
                """
            ).first
            var state = ImpactState.known
            if let kept, let fate = Fate(rawValue: try kept.text("fate")) {
                let codes = ImpactRecord.codes(try kept.text("codes"))
                state = ImpactState(fate, blocking: codes, codes: codes, record: nil)
            }
            found[name] = Standing(state: state, version: version)
        }
        return found
    }
}
