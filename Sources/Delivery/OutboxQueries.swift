import Evidence
package import Records
package import Storage

/// One submission in `queue list`.
package struct QueueLine: Sendable {
    package let submission: SubmissionID
    package let state: DeliveryState
    package let endpoint: String
    package let programme: String
    package let recordCount: Int
    package let byteCount: Int
    package let created: Timestamp
    package let attempts: Int
    /// When there is something to do in this state.
    package let nextStep: Timestamp
    package let deadline: Timestamp
    /// Why it is held.
    package let reason: String?
}

/// One submission in `queue show`, with all that happened to it.
package struct QueueEntry: Sendable {
    package struct Attempt: Sendable {
        package let number: Int
        package let began: Timestamp
        package let ended: Timestamp?
        /// A stable code; `nil` while it is under way.
        package let outcome: String?
        /// Whether a byte may have left.
        package let leftHouse: Bool
    }

    package struct KeptReceipt: Sendable {
        /// SHA-256 of its bytes, hex.
        package let digest: String
        package let received: Timestamp
        package let disposition: String
        /// What it says of the document: `received`, `processed`, `refused`; `nil` if not read.
        package let status: String?
    }

    package let line: QueueLine
    package let digest: String
    package let suite: String
    package let signingKey: String
    package let attempts: [Attempt]
    package let items: [Item]
    package let receipts: [KeptReceipt]

    /// Whether a byte of it may have left the house.
    package var wasSent: Bool { attempts.contains(where: \.leftHouse) }

    /// Whether the other side refused it as a whole.
    package var isRefused: Bool {
        receipts.contains {
            $0.status == Receipt.Status.refused.rawValue
                && $0.disposition == Disposition.applied.rawValue
        }
    }
}

/// What the queue page and the metrics ask. All throw `StorageFailure`.
extension Outbox {
    /// How many submissions are in each state; states without any are absent.
    package func counts(
        in transaction: any Transaction
    ) throws(StorageFailure) -> [DeliveryState: Int] {
        var counts: [DeliveryState: Int] = [:]
        for row in try transaction.run("SELECT state, count(*) FROM submission GROUP BY state") {
            guard let state = DeliveryState(rawValue: try row.text(0)) else { continue }
            counts[state] = try row.int(1)
        }
        return counts
    }

    /// The newest submissions first, all or those in one state.
    package func list(
        _ state: DeliveryState? = nil, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [QueueLine] {
        let rows =
            if let state {
                try transaction.run(
                    """
                    SELECT id, state, endpoint, programme, record_count, byte_count, created,
                        attempts, next_step, deadline, reason
                    FROM submission WHERE state = \(state.rawValue)
                    ORDER BY id DESC LIMIT \(limit)
                    """)
            } else {
                try transaction.run(
                    """
                    SELECT id, state, endpoint, programme, record_count, byte_count, created,
                        attempts, next_step, deadline, reason
                    FROM submission ORDER BY id DESC LIMIT \(limit)
                    """)
            }
        var lines: [QueueLine] = []
        for row in rows { lines.append(try QueueLine(row)) }
        return lines
    }

    /// One submission with its attempts, records and receipts; `nil` if there is none.
    package func show(
        _ id: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> QueueEntry? {
        let rows = try transaction.run(
            """
            SELECT id, state, endpoint, programme, record_count, byte_count, created, attempts,
                next_step, deadline, reason, digest, suite, signing_key
            FROM submission WHERE id = \(id.text)
            """)
        guard let row = rows.first else { return nil }
        var attempts: [QueueEntry.Attempt] = []
        for row in try transaction.run(
            """
            SELECT number, began, ended, outcome, on_wire FROM attempt
            WHERE submission = \(id.text) ORDER BY fence
            """)
        {
            attempts.append(
                QueueEntry.Attempt(
                    number: try row.int(0), began: Timestamp(microseconds: try row.int64(1)),
                    ended: try row.optionalInt64(2).map(Timestamp.init(microseconds:)),
                    outcome: try row.optionalText(3), leftHouse: try row.flag(4)))
        }
        var receipts: [QueueEntry.KeptReceipt] = []
        for row in try transaction.run(
            """
            SELECT digest, received, disposition, status FROM receipt
            WHERE submission = \(id.text) ORDER BY received, digest
            """)
        {
            receipts.append(
                QueueEntry.KeptReceipt(
                    digest: try row.text(0), received: Timestamp(microseconds: try row.int64(1)),
                    disposition: try row.text(2), status: try row.optionalText(3)))
        }
        return QueueEntry(
            line: try QueueLine(row), digest: try row.text("digest"),
            suite: try row.text("suite"), signingKey: try row.text("signing_key"),
            attempts: attempts, items: try items(of: id, in: transaction), receipts: receipts)
    }

    /// The records of a submission in their order.
    package func items(
        of id: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> [Item] {
        var items: [Item] = []
        for row in try transaction.run(
            """
            SELECT item.position, item.record, item.version, item.action, item.state, item.code,
                item.serial, item.field, item.receipt, receipt.grade
            FROM item LEFT JOIN receipt ON receipt.digest = item.receipt
            WHERE item.submission = \(id.text) ORDER BY item.position
            """)
        {
            guard let action = RecordAction(rawValue: try row.text(3)),
                let state = ItemState(rawValue: try row.text(4))
            else { throw StorageFailure(.unexpectedColumn("state")) }
            items.append(
                Item(
                    position: try row.int(0), record: RecordID(try row.text(1)),
                    version: try row.int(2), action: action, state: state,
                    code: try row.optionalText(5), serial: try row.optionalText(6),
                    field: try row.optionalText(7), receipt: try row.optionalText(8),
                    grade: try row.optionalText(9).flatMap(AnswerGrade.init(rawValue:))))
        }
        return items
    }

    /// How many submissions of an endpoint may be under way at once.
    package func atOnce(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        try Lane.load(endpoint, in: transaction).atOnce(by: policy.rules)
    }

    /// The most records of a new submission to an endpoint, where one was too large.
    ///
    /// - Parameter most: the profile's own size.
    package func recordLimit(
        _ endpoint: String, most: Int, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        try Lane.load(endpoint, in: transaction).records(most: most, by: policy.rules, now: now)
    }

    /// The lane of an endpoint, for the queue page.
    package func lane(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Lane {
        try Lane.load(endpoint, in: transaction)
    }
}

extension QueueLine {
    fileprivate init(_ row: Row) throws(StorageFailure) {
        guard let state = DeliveryState(rawValue: try row.text("state")) else {
            throw StorageFailure(.unexpectedColumn("state"))
        }
        self.init(
            submission: SubmissionID(try row.text("id")), state: state,
            endpoint: try row.text("endpoint"), programme: try row.text("programme"),
            recordCount: try row.int("record_count"), byteCount: try row.int("byte_count"),
            created: Timestamp(microseconds: try row.int64("created")),
            attempts: try row.int("attempts"),
            nextStep: Timestamp(microseconds: try row.int64("next_step")),
            deadline: Timestamp(microseconds: try row.int64("deadline")),
            reason: try row.optionalText("reason"))
    }
}
