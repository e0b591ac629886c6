import Delivery
import Evidence
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Submissions
import Validation

/// Files that hold only a part of each case (病例的一部分): their rows go on the shelf, sealed, until the
/// rest of the case is there; then the case goes out whole.
extension Arrival {
    /// Puts every row of a part's file on the shelf.
    ///
    /// - Returns: rows on disk by now.
    func shelve(
        _ cursor: any RecordCursor, of intake: IntakeID, by file: MappingFile, _ part: CasePart,
        rows: Int, progress: @Sendable (Int) -> Void
    ) async throws -> Int {
        let table = try PartTable(file.mapping, part, header: cursor.header)
        var rows = rows
        while let batch = try cursor.next(upTo: stretchRows) {
            let stretch = try await shelved(batch, cursor, of: intake, file, table)
            let moment = clock()
            let before = rows
            try await database.writeDecided { transaction in
                try register.advance(
                    intake, to: stretch.stretch.position, rows: stretch.stretch.rows,
                    after: before, in: transaction)
                try register.write(stretch.stretch.changes, in: transaction)
                try register.shelve(
                    stretch.rows, of: intake, mapping: file.partName, in: transaction)
                try register.note(
                    stretch.stretch.said, of: intake, before: stretch.stretch.nextRow,
                    in: transaction)
                try ledger.append(stretch.stretch.facts, at: moment, in: transaction)
            }
            rows += stretch.stretch.rows
            progress(rows)
        }
        return rows
    }

    private func shelved(
        _ batch: SourceBatch, _ cursor: any RecordCursor, of intake: IntakeID, _ file: MappingFile,
        _ table: PartTable
    ) async throws -> (rows: [Register.ShelvedRow], stretch: PreparedStretch) {
        let desk = desks[0]
        var stretch = PreparedStretch(
            intake: intake, mappingDigest: "", position: try cursor.position.text,
            nextRow: cursor.position.nextRow, packed: [], epochs: desk.kit.naming.epochs,
            moment: clock())
        var rows: [Register.ShelvedRow] = []
        for row in 0..<batch.rowCount {
            let fault = table.fault(row, of: batch)
            if fault == nil,
                let shelved = try await desk.shelved(
                    row, of: batch, table, file.partName, intake: intake)
            {
                rows.append(shelved)
                stretch.addJoined()
            } else {
                let finding = Finding(
                    code: fault ?? PartCodes.key.code, effect: .quarantined, field: nil)
                try await stretch.add(
                    unreadable: UnreadableRow(place: batch.places[row], finding: finding),
                    raw: RowText.bytes(of: batch, row: row), desk)
            }
        }
        for row in batch.unreadable {
            try await stretch.add(
                unreadable: row, raw: try cursor.content(of: row), desk)
        }
        try stretch.close()
        return (rows, stretch)
    }

    /// The shelf as a desk opens it.
    func shelf(_ desk: PreparationDesk) -> CaseParts.Shelf {
        let (database, register, programme) = (database, register, kit.programme)
        return CaseParts.Shelf(
            rows: { mapping, keys in
                guard let file = programme.mapping(named: mapping), let part = file.mapping.part
                else { return [:] }
                return try await PartReading(
                    database: database, desk: desk, file: file, part: part
                ).rows(keys)
            },
            erased: { mapping, keys in
                guard !keys.isEmpty else { return [] }
                return try await database.read { transaction in
                    try register.erasedParts(mapping, keys: keys, in: transaction)
                }
            },
            claimants: { claim, keys in
                try await database.read { transaction in
                    try register.cases(of: claim, keys: keys, in: transaction)
                }
            })
    }

    /// Puts cases together again of which a part came, or whose key has become theirs alone or not
    /// so any more: new ones go out, changed ones as amendments.
    ///
    /// - Returns: how many rows went out, and what became of all that were looked at.
    func reassemble() async throws -> Reassembly {
        let due = try await database.read { try register.dueLeads(in: $0) }
        var done = Reassembly()
        var rest = due[...]
        while let first = rest.first {
            let group = rest.prefix(while: { $0.intake == first.intake }).prefix(stretchRows)
            rest = rest.dropFirst(group.count)
            guard let file = kit.programme.mapping(at: first.mapping) else { continue }
            do {
                done.add(try await reassemble(Array(group), by: file))
            } catch is AnotherWorker { continue }
        }
        return done
    }

    private func reassemble(_ group: [Register.DueLead], by file: MappingFile) async throws
        -> Reassembly
    {
        guard
            let reading = try await reread(
                group.map { ($0.row, $0.sealed) }, of: group[0].intake, header: group[0].header,
                by: file)
        else { return Reassembly() }
        let examined = reading.examined
        // Not the item itself: a case that says the same as before is no second copy of its row.
        var decisions = RowDecisions(
            known: try await knownCases(of: reading), ahead: DecisionsAhead(),
            intake: IntakeID(""), identities: examined.identities)
        let standing = examined.identities.indices.map { row in
            decisions.standing(row: row, examined.batch.outcomes[row])
        }
        let stretch = try await decide(reading, by: decisions, standing: standing)
        // What stays at home with the same content may stay for another reason by now.
        let judged = zip(stretch.judged, examined.batch.outcomes).map { note, outcome in
            note.fate == .unchanged && outcome.fate != .sent
                ? RowNote(row: note.row, fate: outcome.fate, findings: outcome.findings) : note
        }
        let gone = Set(stretch.packed.flatMap(\.rows)).map { group[$0].row }.sorted()
        let facts = stretch.factsOfRowsTakenBefore
        let recalled = try await database.writeDecided { transaction in
            guard try register.areDue(group.map(\.record), in: transaction) else {
                throw AnotherWorker()
            }
            let recalled = try outbox.recall(
                stretch.recalled, now: reading.moment, in: transaction)
            for packed in stretch.packed { try outbox.enqueue(Parcel(packed), in: transaction) }
            try register.write(stretch.changes, in: transaction)
            try register.writeLeads(stretch.leads, of: stretch.intake, in: transaction)
            try register.release(gone, of: stretch.intake, in: transaction)
            try register.amend(judged, of: stretch.intake, in: transaction)
            try register.settleDue(group.map(\.record), in: transaction)
            try ledger.append(facts, at: reading.moment, in: transaction)
            return recalled
        }
        if recalled { try await goOn() }
        return Reassembly(sent: gone.count, judged: judged, of: group[0], by: file)
    }
}
