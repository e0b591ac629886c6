import Definitions
import Delivery
import Evidence
import Foundation
import LibCrypto
import LibZlib
import Mappings
import Privacy
package import Programmes
import Records
import Storage
import Submissions
import Validation

/// What goes on by itself once answers are there: rows that waited for one, and records that the
/// other side could not take just then.
extension Arrival {
    /// Takes rows whose case's earlier version has its answer now (H-WAITING).
    ///
    /// - Returns: how many rows went out.
    package func reconsider(_ catalogue: Catalogue) async throws -> Int {
        let folder = kit.programme.folderName + "/"
        let waiting = try await database.read { try register.waiting(in: $0) }
            .filter { $0.mapping.hasPrefix(folder) }
        var sent = 0
        var rest = waiting[...]
        while let first = rest.first {
            let group = rest.prefix(while: { $0.intake == first.intake }).prefix(stretchRows)
            rest = rest.dropFirst(group.count)
            guard let file = catalogue.mapping(named: first.mapping)?.mapping else { continue }
            sent += try await reconsider(Array(group), by: file)
        }
        return sent
    }

    private func reconsider(_ group: [WaitingRow], by file: MappingFile) async throws -> Int {
        let standing = try await database.read {
            try outbox.standing(of: group.map(\.record), in: $0)
        }
        let ready = zip(group, standing).filter { $1.openVersion == nil && !$1.isFrozen }
        guard let header = ready.first?.0.header else { return 0 }
        let desk = desks[0]
        var rows: [(number: Int, bytes: [UInt8])] = []
        for (row, _) in ready {
            let bytes = try await desk.open(row.sealed, intake: row.intake, number: row.row)
            rows.append((row.row, bytes))
        }
        let columns = try RowText.header(of: header)
        // A mapping that no longer reads these columns: the rows wait on, and the rest goes.
        guard
            let bound = try? file.mapping.bound(
                to: columns, acceptsInvented: kit.acceptsInvented)
        else { return 0 }
        let moment = clock()
        let parts = try CaseParts(file, in: kit.programme, acceptsInvented: kit.acceptsInvented)
        let examined = try await desk.examine(
            RowText.batch(of: rows), by: bound,
            kit.context(for: bound, parts, arrivedOn: moment.day), joining: parts,
            from: shelf(desk))
        return try await write(
            ready.map(\.0), standing: ready.map(\.1), examined, moment,
            mappingDigest: MappingContent.digest(of: file.content).sha256, desk)
    }

    private func write(
        _ rows: [WaitingRow], standing: [RecordStanding], _ examined: PreparationDesk.Examined,
        _ moment: Timestamp, mappingDigest: String, _ desk: PreparationDesk
    ) async throws -> Int {
        let known = try await database.read { transaction in
            try KnownCases(
                of: examined.identities, standing: standing, register: register, outbox: outbox,
                in: transaction)
        }
        var decisions = RowDecisions(
            known: known, waiting: rows.map(\.version), identities: examined.identities,
            intake: rows[0].intake)
        let decided = kit.programme.rules(for: examined.batch.batch.dictionary).decide(
            examined.batch, standing: rows.map { _ in .due }, entitlements: &decisions)
        var heads: [Int: RecordHead] = [:]
        for row in decided.checked.rows { heads[row] = decisions.head(row: row, of: decided) }
        let (packed, refused) = try await desk.pack(
            decided.checked, identities: examined.identities, heads: heads, at: moment)
        let withdrawals = try await withdrawals(
            of: decided, versions: decisions.versions, standing: decisions.recordStanding)
        var stretch = PreparedStretch(
            intake: rows[0].intake, mappingDigest: mappingDigest, position: "", nextRow: 0,
            packed: packed + (try await desk.withdraw(withdrawals, at: moment)), moment: moment)
        for row in decided.outcomes.indices {
            try await stretch.add(
                row: row, decided.outcomes[row], refused: refused[row],
                version: decisions.versions[row], examined, desk)
        }
        let gone = Set(stretch.packed.flatMap(\.rows))
        let facts = stretch.factsOfRowsTakenBefore
        let written = stretch
        try await database.write { transaction in
            for packed in written.packed { try outbox.enqueue(Parcel(packed), in: transaction) }
            try register.write(written.changes, in: transaction)
            for index in gone { try register.release(rows[index], in: transaction) }
            try ledger.append(facts, at: moment, in: transaction)
        }
        return gone.count
    }

    /// Packs records again that the other side could not take (E5xxx) or not so many at once (413).
    ///
    /// - Returns: how many submissions were queued.
    package func repack() async throws -> Int {
        let moment = clock()
        let due = try await database.read { try outbox.repackable(now: moment, in: $0) }
        var queued = 0
        for item in due {
            let (parcel, digest) = try await database.read { transaction in
                (
                    try outbox.parcel(of: item.submission, in: transaction),
                    try MappingDigests(in: transaction).digest(of: item.submission)
                )
            }
            guard let parcel, parcel.programme == kit.programme.dictionary.programme,
                let suite = CipherSuite(rawValue: parcel.suite)
            else { continue }
            let packed = try await desks[0].repack(
                try Gzip.decompress(parcel.wire, limit: kit.profile.mostBytes),
                records: item.positions.map { parcel.records[$0] }, from: parcel.id,
                suite: suite, ownKey: parcel.ownKey,
                limit: min(item.recordLimit ?? kit.profile.batch, kit.profile.batch), at: moment)
            try await database.write { transaction in
                for packed in packed {
                    try outbox.enqueue(Parcel(packed), in: transaction)
                    try ledger.append(
                        [
                            .enqueued(
                                Fact.Enqueued(
                                    packed.submission, mappingDigest: digest, warnings: [:]))
                        ], at: moment, in: transaction)
                }
            }
            queued += packed.count
        }
        return queued
    }
}
