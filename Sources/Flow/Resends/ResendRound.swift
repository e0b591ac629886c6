import Definitions
import Delivery
import Evidence
import LibCrypto
import LibZlib
import Programmes
import Records
import Storage
import Submissions

/// Resending by a list, a paced handful at a time (重发).
extension Arrival {
    /// Does what the pace of the running lists allows now. Each submission's records go in one
    /// transaction with the note that they went, so that a process that dies repeats none.
    ///
    /// - Returns: how many submissions were queued or let go on.
    func resend() async throws -> Int {
        let moment = clock()
        var queued = 0
        for turn in try await database.read({ try outbox.resendTurns(now: moment, in: $0) }) {
            switch turn.step {
            case .ask, .release:
                try await database.write { try outbox.goOn(turn, now: moment, in: $0) }
                queued += 1
            case .again, .renew: queued += try await resend(turn, at: moment)
            }
        }
        return queued
    }

    private func resend(_ turn: ResendTurn, at moment: Timestamp) async throws -> Int {
        let (parcel, origin) = try await database.read { transaction in
            (
                try outbox.parcel(of: turn.submission, in: transaction),
                try MappingDigests(in: transaction).origin(of: turn.submission)
            )
        }
        guard let parcel, parcel.programme == kit.programme.dictionary.programme,
            let suite = CipherSuite(rawValue: parcel.suite)
        else { return 0 }
        let wanted = try await database.write { transaction in
            let kept = try screen(turn, of: parcel, at: moment, in: transaction)
            if kept.places.isEmpty { try outbox.finish(kept, now: moment, in: transaction) }
            return kept
        }
        guard !wanted.places.isEmpty else { return 0 }
        let approval = try passAgain(origin)
        let document = try Gzip.decompress(parcel.wire, limit: kit.profile.mostBytes)
        var packed: [(PreparationDesk.Packed, isLate: Bool)] = []
        // What is late goes apart, so that it can be held and the rest goes.
        for isLate in [false, true] {
            let records = wanted.positions.map { parcel.records[$0] }.filter {
                outbox.isLate(parcel.programme, $0.servedOn.month, moment) == isLate
            }.map { turn.step == .renew ? $0.renewed : $0 }
            guard !records.isEmpty else { continue }
            packed += try await desks[0].repack(
                document, records: records, from: parcel.id, suite: suite, ownKey: parcel.ownKey,
                limit: kit.profile.batch, at: moment
            ).map { ($0, isLate) }
        }
        return try await write(
            packed, of: wanted, parcel, .init(mapping: origin.mapping, approval: approval),
            at: moment)
    }

    private func screen(
        _ turn: ResendTurn, of parcel: Parcel, at moment: Timestamp,
        in transaction: any Transaction
    ) throws -> ResendTurn {
        try outbox.screen(turn, now: moment, in: transaction) { position in
            try whyNotRenewed(parcel.records[position], in: transaction)
        }
    }

    private func write(
        _ packed: [(PreparationDesk.Packed, isLate: Bool)], of wanted: ResendTurn,
        _ parcel: Parcel, _ origin: MappingDigests.Origin, at moment: Timestamp
    ) async throws -> Int {
        try await database.writeDecided { transaction in
            // Another worker may have been here meanwhile: then the next round looks again.
            guard try screen(wanted, of: parcel, at: moment, in: transaction) == wanted else {
                return 0
            }
            for (packed, isLate) in packed {
                try outbox.enqueue(
                    Parcel(packed), ofLate: isLate, now: moment, in: transaction)
                try ledger.append(
                    [
                        .enqueued(
                            Fact.Enqueued(
                                packed.submission, mappingDigest: origin.mapping,
                                approval: origin.approval, warnings: [:],
                                withoutRows: wanted.step == .renew))
                    ], at: moment, in: transaction)
                if wanted.step == .renew {
                    try noteRenewed(packed.submission.records, in: transaction)
                }
            }
            try outbox.finish(wanted, now: moment, in: transaction)
            return packed.count
        }
    }
}
