import Foundation
package import Records
package import Storage

/// What delivery knows of one record over all its submissions: whether it may be sent, and how.
package struct RecordStanding: Sendable, Hashable {
    package let record: RecordID
    /// The highest version that was ever queued; 0 if none.
    package let latestVersion: Int
    /// A version that has no final answer yet, waiting to go again included: do not send another.
    package let openVersion: Int?
    /// The highest version that was accepted and not withdrawn: `amend` or `withdraw` it, else
    /// `submit`.
    package let versionInForce: Int?
    /// What is open takes the record back.
    package let isLeaving: Bool
    /// The latest version was taken back before it left, and nothing came after it.
    package let isVoid: Bool
    /// Two answers contradict each other: nothing goes until a person decides.
    package let isFrozen: Bool
}

extension RecordStanding {
    /// The nation has the record, or will have it as far as anybody knows: what hangs on it may go.
    package var isThere: Bool {
        if isFrozen { return true }
        return openVersion == nil ? versionInForce != nil : !isLeaving
    }
}

/// Records that must go again, with the same versions, in new submissions.
package struct Repackable: Sendable {
    /// Where their bytes are: see `Outbox.parcel(of:)`.
    package let submission: SubmissionID
    /// Their places among the records of that submission, ascending.
    package let positions: [Int]
    /// The most records that one new submission may have, if the old one was too large.
    package let recordLimit: Int?
}

extension Outbox {
    /// The standing of each record, in the order asked. Throws `StorageFailure`.
    package func standing(
        of records: [RecordID], in transaction: any Transaction
    ) throws(StorageFailure) -> [RecordStanding] {
        var standings: [RecordStanding] = []
        standings.reserveCapacity(records.count)
        for record in records {
            let rows = try transaction.run(
                """
                SELECT version, action, state FROM item
                WHERE record = \(record.text) ORDER BY version
                """)
            var latest = 0
            var open: Int?
            var inForce: Int?
            var reversed = 0
            var isLeaving = false
            var isFrozen = false
            var isVoid = false
            for row in rows {
                let version = try row.int(0)
                latest = version
                isVoid = try row.text(2) == ItemState.void.rawValue
                let isWithdrawal = try row.text(1) == RecordAction.withdraw.rawValue
                switch try row.text(2) {
                case ItemState.open.rawValue, ItemState.unknown.rawValue,
                    ItemState.transient.rawValue:
                    open = version
                    isLeaving = isWithdrawal
                case ItemState.accepted.rawValue:
                    if version > reversed { inForce = isWithdrawal ? nil : version }
                // What was in force before it is not in force again: the case is gone there.
                case ItemState.reversed.rawValue:
                    reversed = version
                    inForce = nil
                case ItemState.disputed.rawValue: isFrozen = true
                default: break
                }
            }
            standings.append(
                RecordStanding(
                    record: record, latestVersion: latest, openVersion: open,
                    versionInForce: inForce, isLeaving: isLeaving, isVoid: isVoid,
                    isFrozen: isFrozen))
        }
        return standings
    }

    /// Records that were taken back and are neither in force again nor on their way.
    ///
    /// Throws `StorageFailure`.
    package func takenBack(in transaction: any Transaction) throws(StorageFailure) -> [RecordID] {
        var found: [RecordID] = []
        for row in try transaction.run(
            """
            SELECT DISTINCT record FROM item
            WHERE action = 'withdraw' AND state = 'accepted' ORDER BY record
            """)
        {
            let record = RecordID(try row.text(0))
            if let standing = try standing(of: [record], in: transaction).first,
                !standing.isThere
            {
                found.append(record)
            }
        }
        return found
    }

    /// The submission of a programme in which a version of a record was accepted; `nil` where it
    /// is another programme's. Throws `StorageFailure`.
    package func submission(
        of record: RecordID, version: Int, programme: String, in transaction: any Transaction
    ) throws(StorageFailure) -> SubmissionID? {
        try transaction.run(
            """
            SELECT item.submission FROM item JOIN submission ON submission.id = item.submission
            WHERE item.record = \(record.text) AND item.version = \(version)
                AND item.state = \(ItemState.accepted.rawValue)
                AND submission.programme = \(programme) LIMIT 1
            """
        ).first.map { (row) throws(StorageFailure) in SubmissionID(try row.text(0)) }
    }

    /// A version of a record that was accepted, as it was sent; `nil` if there is none.
    ///
    /// Throws `StorageFailure`, and `DecodingError` if the list of records is of another program's
    /// version.
    package func accepted(
        _ record: RecordID, version: Int, in transaction: any Transaction
    ) throws -> SubmittedRecord? {
        let rows = try transaction.run(
            """
            SELECT block.records, item.position FROM item
            JOIN block ON block.submission = item.submission
            WHERE item.record = \(record.text) AND item.version = \(version)
                AND item.state = \(ItemState.accepted.rawValue) LIMIT 1
            """)
        guard let row = rows.first else { return nil }
        let records = try JSONDecoder().decode(
            [SubmittedRecord].self, from: Data(try row.bytes(0)))
        let position = try row.int(1)
        return records.indices.contains(position) ? records[position] : nil
    }

    /// Whether records still wait to go again: another worker may have packed them meanwhile.
    /// Throws `StorageFailure`.
    package func stillWaits(
        _ repackable: Repackable, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        var waiting: Set<Int> = []
        for row in try transaction.run(
            """
            SELECT position FROM item
            WHERE submission = \(repackable.submission.text) AND state = 'transient'
            """)
        { waiting.insert(try row.int(0)) }
        return waiting.isSuperset(of: repackable.positions)
    }

    /// Records whose verdict was transient, or whose submission was too large, and whose time to
    /// go again has come. Throws `StorageFailure`.
    package func repackable(
        now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [Repackable] {
        let rows = try transaction.run(
            """
            SELECT item.submission, item.position, item.at, item.code, submission.record_count,
                submission.policy,
                (SELECT count(*) FROM item AS earlier WHERE earlier.record = item.record
                    AND earlier.version = item.version AND earlier.state = 'repacked')
            FROM item JOIN submission ON submission.id = item.submission
            WHERE item.state = 'transient' ORDER BY item.submission, item.position
            """)
        var found: [Repackable] = []
        for row in rows {
            let submission = SubmissionID(try row.text(0))
            let code = try row.optionalText(3)
            let isSplit = code == TransportCode.tooLarge.rawValue
            let isRecalled = code == RecallCodes.recalled.code
            let since = Timestamp(microseconds: try row.int64(2))
            let moment = try policy.rules(of: row.optionalText(5), in: transaction)
                .nextPacking(after: row.int(6), since: since)
            guard isSplit || isRecalled || moment <= now else { continue }
            var positions = [try row.int(1)]
            if let last = found.last, last.submission == submission {
                positions = last.positions + positions
                found.removeLast()
            }
            found.append(
                Repackable(
                    submission: submission, positions: positions,
                    recordLimit: isSplit ? max(1, try row.int(4) / 2) : nil))
        }
        return found
    }

    /// A submission as it was queued; `nil` if there is none. Throws `StorageFailure`, and
    /// `DecodingError` if its list of records is of another program's version.
    package func parcel(
        of id: SubmissionID, in transaction: any Transaction
    ) throws -> Parcel? {
        let rows = try transaction.run(
            """
            SELECT * FROM submission JOIN block ON block.submission = submission.id
            WHERE id = \(id.text)
            """)
        guard let row = rows.first else { return nil }
        let records = Data(try row.bytes("records"))
        return Parcel(
            id: id, programme: try row.text("programme"), profile: try row.text("endpoint"),
            sender: try row.text("sender"), region: try row.text("region"),
            suite: try row.text("suite"),
            created: Timestamp(microseconds: try row.int64("created")),
            signingKey: try row.text("signing_key"), wire: try row.bytes("wire"),
            byteCount: try row.int("byte_count"), digest: try row.text("digest"),
            wireDigest: try row.bytes("wire_digest"), signature: try row.bytes("signature"),
            ownKey: try row.text("own_key"),
            records: try JSONDecoder().decode([SubmittedRecord].self, from: records))
    }
}
