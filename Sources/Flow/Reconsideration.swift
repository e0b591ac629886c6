import Definitions
import Delivery
import Evidence
import Foundation
import LibCrypto
import LibZlib
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Submissions
import Validation

/// What goes on by itself once answers are there: rows that waited for one, and records that the
/// other side could not take just then.
extension Arrival {
    /// Takes rows whose case's earlier version has its answer now (H-WAITING), and follow-ups whose
    /// case the nation has now (H-CASE); takes follow-ups back whose case was taken back.
    ///
    /// - Returns: how many rows went out.
    package func reconsider() async throws -> Int {
        var sent = try await takeBackFollowUps()
        let waiting = try await database.read { try register.ready(outbox, in: $0) }
        var rest = waiting[...]
        while let first = rest.first {
            let group = rest.prefix(while: { $0.intake == first.intake }).prefix(stretchRows)
            rest = rest.dropFirst(group.count)
            guard let file = kit.programme.mapping(at: first.mapping) else { continue }
            do {
                sent += try await reconsider(Array(group), by: file)
            } catch is AnotherWorker { continue }
        }
        return sent
    }

    private func reconsider(_ group: [WaitingRow], by file: MappingFile) async throws -> Int {
        let standing = try await database.read {
            try outbox.standing(of: group.map(\.record), in: $0)
        }
        let ready = zip(group, standing).filter { $1.openVersion == nil && !$1.isFrozen }
        guard let first = ready.first?.0,
            let reading = try await reread(
                ready.map { ($0.0.row, $0.0.sealed) }, of: first.intake, header: first.header,
                by: file)
        else { return 0 }
        let rows = ready.map(\.0)
        // Their versions were given when they came.
        let decisions = RowDecisions(
            known: try await knownCases(of: reading), waiting: rows.map(\.version),
            identities: reading.examined.identities, intake: first.intake)
        let stretch = try await decide(
            reading, by: decisions,
            standing: rows.indices.map { decisions.standingOfWaiting(row: $0) })
        let gone = Set(stretch.packed.flatMap(\.rows))
        let facts = stretch.factsOfRowsTakenBefore
        let recalled = try await database.writeDecided { transaction in
            for index in gone { try register.release(rows[index], in: transaction) }
            let recalled = try outbox.recall(
                stretch.recalled, now: reading.moment, in: transaction)
            for packed in stretch.packed { try outbox.enqueue(Parcel(packed), in: transaction) }
            try register.write(stretch.changes, in: transaction)
            try register.amend(stretch.judged, of: stretch.intake, in: transaction)
            try ledger.append(facts, at: reading.moment, in: transaction)
            return recalled
        }
        if recalled { try await goOn() }
        return gone.count
    }

    /// After a submission was taken back: its other records go again, and what waited for it goes.
    func goOn() async throws {
        _ = try await repack()
        _ = try await reconsider()
    }

    /// Packs records again that the other side could not take (E5xxx) or not so many at once (413).
    ///
    /// - Returns: how many submissions were queued.
    /// - Throws: `ApprovalFailure` where nobody approved to whom they would be sealed now.
    package func repack() async throws -> Int {
        let moment = clock()
        let (due, most) = try await database.read { transaction in
            (
                try outbox.repackable(now: moment, in: transaction),
                try mostRecords(at: moment, in: transaction)
            )
        }
        var queued = 0
        for item in due {
            let (parcel, origin) = try await database.read { transaction in
                (
                    try outbox.parcel(of: item.submission, in: transaction),
                    try MappingDigests(in: transaction).origin(of: item.submission)
                )
            }
            guard let parcel, parcel.programme == kit.programme.dictionary.programme,
                let suite = CipherSuite(rawValue: parcel.suite)
            else { continue }
            let approval = try passAgain(origin)
            let packed = try await desks[0].repack(
                try Gzip.decompress(parcel.wire, limit: kit.profile.mostBytes),
                records: item.positions.map { parcel.records[$0] }, from: parcel.id,
                suite: suite, ownKey: parcel.ownKey,
                limit: min(item.recordLimit ?? most, most), at: moment)
            queued += try await database.writeDecided { transaction in
                guard try outbox.stillWaits(item, in: transaction) else { return 0 }
                for packed in packed {
                    try outbox.enqueue(Parcel(packed), in: transaction)
                    try ledger.append(
                        [
                            .enqueued(
                                Fact.Enqueued(
                                    packed.submission, mappingDigest: origin.mapping,
                                    approval: approval, warnings: [:]))
                        ], at: moment, in: transaction)
                }
                // What a person held stays held, in whatever bytes.
                try outbox.keepHeld(
                    packed.map(\.submission.id), as: item.submission, now: moment,
                    in: transaction)
                return packed.count
            }
        }
        return queued
    }
}
