import Definitions
import Delivery
import Evidence
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Submissions
import Validation

/// Rows of one item that were kept sealed and are read again (重新处理): those that waited for an
/// answer, and cases of which a part came. Their item was counted when it arrived.
struct Rereading: Sendable {
    let intake: IntakeID
    let file: MappingFile
    let moment: Timestamp
    let desk: PreparationDesk
    let examined: PreparationDesk.Examined
}

extension Arrival {
    /// Opens kept rows of one item and examines them.
    ///
    /// - Returns: `nil` where the mapping no longer reads their columns, a row has not as many
    ///   cells, or the mapping is not approved: they wait on.
    func reread(
        _ kept: [(number: Int, sealed: String)], of intake: IntakeID, header: String,
        by file: MappingFile
    ) async throws -> Rereading? {
        // What is not approved as it is now waits on; whoever takes a file in is told why.
        do { try kit.approvals.pass(file) } catch is ApprovalFailure { return nil }
        let columns = try RowText.header(of: header)
        guard
            let bound = try? file.mapping.bound(
                to: columns, acceptsInvented: kit.acceptsInvented)
        else { return nil }
        let desk = desks[0]
        var rows: [(number: Int, bytes: [UInt8])] = []
        for row in kept {
            rows.append(
                (row.number, try await desk.open(row.sealed, intake: intake, number: row.number)))
        }
        let source = RowText.batch(of: rows, columns: columns.count)
        guard source.unreadable.isEmpty else { return nil }
        let moment = clock()
        let parts = try CaseParts(file, in: kit.programme, acceptsInvented: kit.acceptsInvented)
        let examined = try await desk.examine(
            source, by: bound, kit.context(for: bound, parts, arrivedOn: moment.day),
            joining: parts,
            from: shelf(desk))
        return Rereading(
            intake: intake, file: file, moment: moment, desk: desk, examined: examined)
    }

    /// What the database knows of the cases of rows that were read again.
    func knownCases(of reading: Rereading) async throws -> KnownCases {
        let identities = reading.examined.identities
        let rules = kit.programme.rules(for: reading.examined.batch.batch.dictionary)
        return try await database.read { transaction in
            try KnownCases(
                of: identities,
                standing: try outbox.standing(
                    of: identities.compactMap(\.record), in: transaction),
                remembered: rules.remembered, register: register, outbox: outbox, in: transaction)
        }
    }

    /// Decides, seals and packs rows that were read again.
    func decide(
        _ reading: Rereading, by decisions: RowDecisions, standing: [CaseStanding]
    ) async throws -> PreparedStretch {
        var decisions = decisions
        let (examined, desk, moment) = (reading.examined, reading.desk, reading.moment)
        let batch = kit.programme.rules(for: examined.batch.batch.dictionary).decide(
            examined.batch, standing: standing, entitlements: &decisions)
        var heads: [Int: RecordHead] = [:]
        for row in batch.checked.rows { heads[row] = decisions.head(row: row, of: batch) }
        let most = try await database.read { try mostRecords(at: moment, in: $0) }
        let (packed, refused) = try await desk.pack(
            batch.checked, identities: examined.identities, heads: heads, upTo: most, at: moment)
        let withdrawals = try await withdrawals(
            of: batch, versions: decisions.versions, standing: decisions.recordStanding)
        var stretch = PreparedStretch(
            intake: reading.intake,
            mappingDigest: MappingContent.digest(of: reading.file.content).sha256,
            approval: try kit.approvals.pass(reading.file), position: "", nextRow: 0,
            packed: packed + (try await desk.withdraw(withdrawals, at: moment)),
            epochs: desk.kit.naming.epochs, moment: moment)
        for row in batch.outcomes.indices {
            try await stretch.add(
                row: row, batch.outcomes[row], refused: refused[row],
                version: decisions.versions[row], examined, desk)
        }
        return stretch
    }
}
