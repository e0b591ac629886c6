import Evidence
package import Records
package import Storage

/// What an assisted site keeps: how much each receipt can be relied on, and the lists of results
/// that were brought, sealed, in pieces.
package let assistedMigration: StaticString = """
    ALTER TABLE receipt ADD COLUMN grade text CHECK (grade = 'unsigned');
    CREATE TABLE result_list (
        digest text PRIMARY KEY,
        received bigint NOT NULL,
        brought_by text NOT NULL,
        byte_count bigint NOT NULL
    );
    CREATE TABLE result_list_part (
        digest text NOT NULL REFERENCES result_list,
        number bigint NOT NULL,
        sealed text NOT NULL,
        PRIMARY KEY (digest, number)
    );
    """

/// A submission that is to be handed to the person who types.
package struct Handout: Sendable, Hashable {
    package let submission: SubmissionID
    /// As it was when it was looked at: whoever took it since has a higher one.
    let fence: Int64
}

/// A record of a submission that was handed out, as a list of results may speak of it.
package struct HandedItem: Sendable, Hashable {
    package let submission: SubmissionID
    package let record: RecordID
    package let version: Int
    package let action: RecordAction
    package let state: ItemState
    /// The platform's number of the record, where some version of it has one.
    package let serial: String?
}

/// Why nothing was handed out.
package struct HandoutFailure: ExplainedFailure {
    package enum Reason: String, Sendable, CaseIterable {
        /// A person stopped what leaves, or the database must first be reconciled.
        case stopped = "W-STOPPED"
        /// Another process took one of them meanwhile.
        case taken = "W-TAKEN"
    }

    package let reason: Reason

    package var entry: CodeEntry { DeliveryCodes.entry(reason) }
    package var place: String? { nil }
    package var detail: String? { nil }
}

/// Cases that people type into the platform's forms (辅助录入). All throw `StorageFailure`.
extension Outbox {
    /// How an attempt is named that was a worklist.
    package static let worklistOutcome = "WORKLIST"

    /// The due submissions of a programme, oldest first. Throws `HandoutFailure`.
    package func handouts(
        _ endpoint: String, programme: String, in transaction: any Transaction
    ) throws -> [Handout] {
        let isStopped = try LaneStop.load(endpoint, in: transaction)?.scope == .sends
        guard !isStopped, try !Reconciling.isOn(in: transaction) else {
            throw HandoutFailure(reason: .stopped)
        }
        return try transaction.run(
            """
            SELECT id, fence FROM submission
            WHERE endpoint = \(endpoint) AND programme = \(programme) AND state = 'due'
            ORDER BY created, id
            """
        ).map { Handout(submission: SubmissionID(try $0.text(0)), fence: try $0.int64(1)) }
    }

    /// Notes that these submissions were handed out: from here on they may stand on the platform.
    ///
    /// Throws `HandoutFailure` where one of them is no longer due, and then none moves;
    /// `EncodingError`.
    ///
    /// - Parameter workbook: SHA-256 of the bytes that the person gets, hex.
    package func handOut(
        _ handouts: [Handout], workbook: String, cases: Int, by person: String, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        var facts: [Fact] = []
        for handout in handouts {
            guard let before = try DeliveryStatus.load(handout.submission, in: transaction),
                before.fence == handout.fence
            else { throw HandoutFailure(reason: .taken) }
            var status = before
            guard status.take(.claimed, owner: epoch), status.take(.sendingBegan),
                status.take(.stored)
            else { throw HandoutFailure(reason: .taken) }
            status.attempts += 1
            status.nextStep = now.adding(
                seconds: try rules(of: before, in: transaction).answerSeconds)
            guard try status.save(over: before, in: transaction) else {
                throw HandoutFailure(reason: .taken)
            }
            try transaction.run(
                """
                INSERT INTO attempt (submission, fence, number, began, ended, on_wire, outcome,
                    wire_digest)
                SELECT id, \(status.fence), \(status.attempts), \(now.microseconds),
                    \(now.microseconds), 1, \(Outbox.worklistOutcome), wire_digest
                FROM submission WHERE id = \(handout.submission.text)
                """)
            let (id, attempt) = (handout.submission, status.attempts)
            facts.append(.onWire(.init(submission: id, attempt: attempt)))
            facts.append(
                .attempted(
                    .init(
                        submission: id, attempt: attempt, state: status.state.rawValue,
                        outcome: Outbox.worklistOutcome)))
        }
        facts.append(
            .handedOut(
                .init(
                    workbook: workbook, submissions: handouts.map(\.submission), cases: cases,
                    by: person)))
        try ledger.append(facts, at: now, in: transaction)
    }

    /// What was handed out of a programme in workbooks whose SHA-256 begins so, by the ledger, the
    /// last first.
    package func handouts(
        programme: String, beginning digest: String = "", in transaction: any Transaction
    ) throws -> [(submissions: [SubmissionID], workbook: String)] {
        var found: [(submissions: [SubmissionID], workbook: String)] = []
        for entry in try ledger.entries(of: "handedOut", in: transaction).reversed() {
            guard case .handedOut(let fact) = entry.fact, fact.workbook.hasPrefix(digest),
                let first = fact.submissions.first,
                let row = try transaction.run(
                    "SELECT programme FROM submission WHERE id = \(first.text)"
                ).first, try row.text(0) == programme
            else { continue }
            found.append((fact.submissions, fact.workbook))
        }
        return found
    }

    /// The national side's number of a record by its last accepted version before this one.
    package func serial(
        of record: RecordID, before version: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> String? {
        try transaction.run(
            """
            SELECT serial FROM item WHERE record = \(record.text) AND version < \(version)
                AND state = 'accepted' AND serial IS NOT NULL ORDER BY version DESC LIMIT 1
            """
        ).first?.text(0)
    }

    /// The version of a record that stands on the platform before this one, and in which submission
    /// it was typed; `nil` if none was accepted.
    package func standing(
        of record: RecordID, before version: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> (version: Int, submission: SubmissionID)? {
        let rows = try transaction.run(
            """
            SELECT version, submission FROM item WHERE record = \(record.text)
                AND version < \(version) AND state = 'accepted' AND action <> 'withdraw'
            ORDER BY version DESC, submission DESC LIMIT 1
            """)
        guard let row = rows.first else { return nil }
        return (try row.int(0), SubmissionID(try row.text(1)))
    }

    /// Every record of a programme that was ever handed out, oldest first.
    package func handedItems(
        programme: String, in transaction: any Transaction
    ) throws(StorageFailure) -> [HandedItem] {
        var items: [HandedItem] = []
        for row in try transaction.run(
            """
            SELECT item.submission, item.record, item.version, item.action, item.state,
                (SELECT other.serial FROM item AS other WHERE other.record = item.record
                    AND other.state = 'accepted' AND other.serial IS NOT NULL
                    ORDER BY other.version DESC LIMIT 1)
            FROM item JOIN submission ON submission.id = item.submission
            WHERE submission.programme = \(programme) AND EXISTS (SELECT 1 FROM attempt
                WHERE attempt.submission = item.submission
                    AND attempt.outcome = \(Outbox.worklistOutcome))
            ORDER BY item.submission, item.position
            """)
        {
            guard let action = RecordAction(rawValue: try row.text(3)),
                let state = ItemState(rawValue: try row.text(4))
            else { throw StorageFailure(.unexpectedColumn("state")) }
            items.append(
                HandedItem(
                    submission: SubmissionID(try row.text(0)), record: RecordID(try row.text(1)),
                    version: try row.int(2), action: action, state: state,
                    serial: try row.optionalText(5)))
        }
        return items
    }
}

// MARK: - Lists of results

extension Outbox {
    /// Keeps a list of results, sealed, unless it is kept already.
    ///
    /// Throws `EncodingError`.
    ///
    /// - Returns: when it was first kept, by whom, and whether that is now.
    package func keepList(
        _ digest: String, sealed: [String], byteCount: Int, by person: String, now: Timestamp,
        in transaction: any Transaction
    ) throws -> (received: Timestamp, by: String, isNew: Bool) {
        if let row = try transaction.run(
            "SELECT received, brought_by FROM result_list WHERE digest = \(digest)"
        ).first {
            return (Timestamp(microseconds: try row.int64(0)), try row.text(1), false)
        }
        try transaction.run(
            """
            INSERT INTO result_list (digest, received, brought_by, byte_count)
            VALUES (\(digest), \(now.microseconds), \(person), \(byteCount))
            """)
        for (number, text) in sealed.enumerated() {
            try transaction.run(
                """
                INSERT INTO result_list_part (digest, number, sealed)
                VALUES (\(digest), \(number), \(text))
                """)
        }
        try ledger.append(
            [.listKept(.init(list: digest, byteCount: byteCount, by: person))], at: now,
            in: transaction)
        return (now, person, true)
    }

    /// The sealed pieces of a kept list, whose SHA-256 begins so; `nil` unless just one does.
    package func keptList(
        beginning digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> (digest: String, sealed: [String])? {
        let found = try transaction.run(
            """
            SELECT digest FROM result_list WHERE instr(digest, \(digest.lowercased())) = 1 LIMIT 2
            """)
        guard let row = found.first, found.count == 1 else { return nil }
        let whole = try row.text(0)
        var sealed: [String] = []
        for row in try transaction.run(
            "SELECT sealed FROM result_list_part WHERE digest = \(whole) ORDER BY number")
        { sealed.append(try row.text(0)) }
        return (whole, sealed)
    }
}
