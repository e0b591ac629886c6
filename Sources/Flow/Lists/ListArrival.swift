import Definitions
import Evidence
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Validation

/// Files of lists (名单): their rows are counted for their year and never reported.
extension Arrival {
    /// Counts every row of a list's file.
    ///
    /// - Returns: rows on disk by now.
    func count(
        _ cursor: any RecordCursor, of intake: IntakeID, from source: String,
        by bound: BoundMapping, _ list: CountedList, rows: Int, progress: @Sendable (Int) -> Void
    ) async throws -> Int {
        let moment = clock()
        let context = kit.context(for: bound, nil, arrivedOn: moment.day)
        let name = Register.ListName(
            programme: kit.programme.dictionary.programme, list: list.name)
        let decision = ListDecision(source: source, intake: intake.text)
        var rows = rows
        while let batch = try cursor.next(upTo: stretchRows) {
            let desk = desks[0]
            let read = try await desk.read(batch, by: bound, list, context)
            let known = try await standings(of: read, on: name)
            let (outcomes, changes) = read.decide(by: decision, known: known)
            var stretch = PreparedStretch(
                intake: intake, mappingDigest: "", position: try cursor.position.text,
                nextRow: cursor.position.nextRow, packed: [], epochs: desk.kit.naming.epochs,
                moment: clock())
            for (row, outcome) in outcomes.enumerated() {
                try await stretch.add(listed: row, outcome, of: batch, desk)
            }
            for row in batch.unreadable {
                try await stretch.add(unreadable: row, raw: try cursor.content(of: row), desk)
            }
            try stretch.close()
            let done = stretch
            let before = rows
            try await database.writeDecided { transaction in
                try register.advance(
                    intake, to: done.position, rows: done.rows, after: before, in: transaction)
                try register.write(done.changes, in: transaction)
                try register.write(
                    changes, on: name, of: intake, day: moment.day, in: transaction)
                try register.note(done.said, of: intake, before: done.nextRow, in: transaction)
                try ledger.append(done.facts, at: done.moment, in: transaction)
            }
            rows += done.rows
            progress(rows)
        }
        return rows
    }

    private func standings(of read: ListStretch, on name: Register.ListName) async throws
        -> [ListedKey: ListedStanding]
    {
        let keys = read.keys
        return try await database.read { transaction in
            var known: [ListedKey: ListedStanding] = [:]
            for key in keys {
                known[key] = try register.standing(of: key, on: name, in: transaction)
            }
            return known
        }
    }
}

extension PreparationDesk {
    /// Reads, checks and names a stretch of a list's rows.
    func read(
        _ source: SourceBatch, by mapping: BoundMapping, _ list: CountedList,
        _ context: RuleContext
    ) throws -> ListStretch {
        let examined = kit.programme.rules(for: mapping.mapping.dictionary).examine(
            mapping.apply(to: source), context)
        return ListStretch(
            outcomes: examined.outcomes.map {
                ListOutcome(fate: $0.fate, findings: $0.findings)
            },
            listed: try identification.identify(examined.batch, listedIn: list),
            fields: mapping.mapping.dictionary.elements.map(\.name),
            numbers: source.places.map(\.row))
    }
}

/// Rows of a list, checked one by one and named.
struct ListStretch: Sendable {
    /// What reading and the list's rules say of each row.
    let outcomes: [ListOutcome]
    let listed: [ListedRow]
    /// The names of the list's fields, by ordinal.
    let fields: [String]
    /// The rows' numbers in their file.
    let numbers: [Int]

    /// The persons and years of sound rows.
    var keys: Set<ListedKey> {
        var keys: Set<ListedKey> = []
        for (outcome, row) in zip(outcomes, listed) where outcome.fate == .sent {
            if case .complete(let person) = row { keys.insert(ListedKey(person)) }
        }
        return keys
    }

    /// Decides the rows in their order.
    ///
    /// - Parameter known: what is on disk, or was decided before, of the persons.
    func decide(by decision: ListDecision, known: [ListedKey: ListedStanding])
        -> (outcomes: [ListOutcome], changes: [Register.ListedChange])
    {
        var known = known
        var decided = outcomes
        var changes: [Register.ListedChange] = []
        // What the rules let pass is `sent` to them; a list goes nowhere.
        for row in decided.indices where decided[row].fate == .sent {
            switch listed[row] {
            case .incomplete(let field):
                decided[row].fate = .quarantined
                decided[row].findings.append(
                    Finding(
                        code: ListCodes.incomplete.code, effect: .quarantined,
                        field: fields[field]))
            case .complete(let person):
                let key = ListedKey(person)
                let outcome = decision.decide(person, &known[key])
                decided[row].fate = outcome.fate
                decided[row].findings += outcome.findings
                guard let standing = known[key] else { continue }
                changes.append(
                    Register.ListedChange(
                        key: key, standing: standing, row: numbers[row],
                        decides: outcome.fate == .counted || outcome.fate == .struckOff))
            }
        }
        return (decided, changes)
    }
}
