import Evidence
package import Records
package import Storage

/// Everything that receipts ever said of one record, and the verdict that follows from it.
package struct RecordHistory: Sendable {
    /// What one receipt says of one version.
    package struct Answer: Sendable, Hashable {
        package let receipt: ReceiptLine
        package let says: String
        package let code: String?
        package let serial: String?
    }

    /// One version in one submission.
    package struct Version: Sendable {
        package let submission: SubmissionID
        package let version: Int
        package let action: RecordAction
        /// How it stands in our books.
        package let state: ItemState
        /// Receipts about it, in the order in which they came.
        package let answers: [Answer]
        /// What the genuine ones among them come to together, read anew.
        package let derived: ItemState

        /// Whether the books say what the receipts say. A person may have decided a dispute by one
        /// of them or had a refused record packed anew, and what waits to go again may have gone.
        package var isAsDerived: Bool {
            switch (derived, state) {
            case (.disputed, .accepted), (.disputed, .rejected), (.disputed, .reversed): true
            case (.rejected, .transient), (.rejected, .repacked), (.transient, .repacked): true
            case (.open, .void), (.open, .transient), (.open, .repacked): true
            default: derived == state
            }
        }
    }

    package let record: RecordID
    /// Oldest first.
    package let versions: [Version]
}

extension Outbox {
    /// Where the newest version of a record is, and when it goes again, if it must.
    package struct LatestItem: Sendable {
        package let submission: SubmissionID
        package let item: Item
        package let packsAgain: Timestamp?
    }

    /// The newest version of a record that ever went out; `nil` if none did. Of one version in
    /// several submissions it is the last one. Throws `StorageFailure`.
    package func latestItem(
        of record: RecordID, in transaction: any Transaction
    ) throws(StorageFailure) -> LatestItem? {
        let rows = try transaction.run(
            """
            SELECT submission, position, at, (SELECT count(*) FROM item AS earlier
                WHERE earlier.record = item.record AND earlier.version = item.version
                    AND earlier.state = 'repacked')
            FROM item WHERE record = \(record.text)
            ORDER BY version DESC, submission DESC LIMIT 1
            """)
        guard let row = rows.first else { return nil }
        let submission = SubmissionID(try row.text(0))
        let position = try row.int(1)
        let item = try items(of: submission, in: transaction).first { $0.position == position }
        guard let item,
            let status = try DeliveryStatus.load(submission, in: transaction)
        else { return nil }
        let rules = try rules(of: status, in: transaction)
        let since = Timestamp(microseconds: try row.int64(2))
        let repeats = try row.int(3)
        let isSplit = item.code == TransportCode.tooLarge.rawValue
        return LatestItem(
            submission: submission, item: item,
            packsAgain: item.state == .transient
                ? (isSplit ? since : rules.nextPacking(after: repeats, since: since)) : nil)
    }

    /// The history of a record: each of its versions with every receipt about it, read anew, and
    /// the verdict that they come to. Throws `StorageFailure`.
    package func history(
        of record: RecordID, by endpoint: Endpoint, in transaction: any Transaction
    ) throws(StorageFailure) -> RecordHistory {
        var versions: [RecordHistory.Version] = []
        for row in try transaction.run(
            """
            SELECT submission, position FROM item WHERE record = \(record.text)
            ORDER BY version, submission
            """)
        {
            let submission = SubmissionID(try row.text(0))
            let position = try row.int(1)
            let items = try items(of: submission, in: transaction)
            guard let item = items.first(where: { $0.position == position }) else { continue }
            var answers: [RecordHistory.Answer] = []
            var derived = Graded(state: .open)
            for line in try receipts(of: submission, in: transaction) {
                guard let reading = try reading(of: line, by: endpoint, in: transaction) else {
                    continue
                }
                for entry in reading.entries
                where entry.record == record && entry.version == item.version {
                    answers.append(
                        RecordHistory.Answer(
                            receipt: line, says: entry.says, code: entry.code,
                            serial: entry.serial))
                }
                let verdict = try verdict(
                    of: line.digest, on: position, in: submission, endpoint, in: transaction)
                if let verdict { derived = derived.joined(with: verdict.verdict, line.grade) }
            }
            versions.append(
                RecordHistory.Version(
                    submission: submission, version: item.version, action: item.action,
                    state: item.state, answers: answers, derived: derived.state))
        }
        return RecordHistory(record: record, versions: versions)
    }

    private func receipts(
        of submission: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> [ReceiptLine] {
        var lines: [ReceiptLine] = []
        for row in try transaction.run(
            """
            SELECT digest, received, disposition, submission, status, signing_key, grade
            FROM receipt
            WHERE submission = \(submission.text) ORDER BY received, digest
            """)
        { lines.append(try ReceiptLine(row)) }
        return lines
    }
}
