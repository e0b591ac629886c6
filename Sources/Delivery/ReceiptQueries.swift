package import Evidence
package import Records
package import Storage

/// One kept receipt in a list.
package struct ReceiptLine: Sendable, Hashable {
    /// SHA-256 of its bytes, hex.
    package let digest: String
    package let received: Timestamp
    package let disposition: Disposition
    /// Which submission it names, where its signature was genuine.
    package let submission: SubmissionID?
    /// `received`, `processed` or `refused`; `nil` for what could not be read.
    package let status: String?
    /// The id of the key by which it claims to be signed.
    package let signingKey: String?
    /// `unsigned` for one that was made of a list of results; `nil` for all others.
    package let grade: AnswerGrade?
}

/// A submission that is without its verdicts for longer than the profile expects.
package struct OverdueLine: Sendable, Hashable {
    package let submission: SubmissionID
    package let state: DeliveryState
    package let reason: String?
    /// When it may first have been sent.
    package let since: Timestamp
    /// Records without a verdict, and all.
    package let open: Int
    package let records: Int
    /// When something is done about it, in this state.
    package let nextStep: Timestamp
}

/// What one receipt says, and what our books made of it.
package struct ReceiptReading: Sendable {
    /// What it says of one record.
    package struct Entry: Sendable, Hashable {
        package let record: RecordID
        package let version: Int
        /// As written: `accepted`, `rejected`, `pending` …; `refused` for a whole document.
        package let says: String
        package let code: String?
        package let field: String?
        package let serial: String?
        /// How the record stands in our books; `nil` if it is not among those that were sent.
        package let state: ItemState?
        /// Whether what stands in our books rests on this receipt.
        package let isGround: Bool
    }

    package let line: ReceiptLine
    /// Whether its signature holds by the keys that the site knows now.
    package let isGenuine: Bool
    /// The signatures that the same bytes came with before.
    package let refused: [RefusedSignature]
    package let entries: [Entry]
}

/// What people ask of the receipts that are kept. All throw `StorageFailure`.
extension Outbox {
    /// The newest receipts first, all or those that were taken so.
    package func receipts(
        _ dispositions: Set<Disposition>, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [ReceiptLine] {
        var lines: [ReceiptLine] = []
        for disposition in dispositions {
            for row in try transaction.run(
                """
                SELECT digest, received, disposition, submission, status, signing_key, grade
                FROM receipt
                WHERE disposition = \(disposition.rawValue)
                ORDER BY received DESC, digest LIMIT \(limit)
                """)
            { lines.append(try ReceiptLine(row)) }
        }
        lines.sort {
            ($1.received, $0.digest) < ($0.received, $1.digest)
        }
        return Array(lines.prefix(limit))
    }

    /// The receipts whose SHA-256 begins so, at most two.
    package func receipts(
        beginning digest: String, in transaction: any Transaction
    ) throws(StorageFailure) -> [ReceiptLine] {
        var lines: [ReceiptLine] = []
        for row in try transaction.run(
            """
            SELECT digest, received, disposition, submission, status, signing_key, grade
            FROM receipt WHERE instr(digest, \(digest.lowercased())) = 1
            ORDER BY digest LIMIT 2
            """)
        { lines.append(try ReceiptLine(row)) }
        return lines
    }

    /// Submissions that may have arrived, and whose verdicts are not all there after the time that
    /// the profile gives the other side. The oldest first.
    package func overdue(
        now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [OverdueLine] {
        let since = now.adding(seconds: -policy.rules.answerSeconds).microseconds
        var lines: [OverdueLine] = []
        for row in try transaction.run(
            """
            SELECT submission.id, submission.state, submission.reason, sent.began,
                (SELECT count(*) FROM item WHERE item.submission = submission.id
                    AND item.state IN ('open', 'unknown')),
                submission.record_count, submission.next_step
            FROM submission JOIN (SELECT submission, min(began) AS began FROM attempt
                WHERE on_wire = 1 GROUP BY submission) AS sent ON sent.submission = submission.id
            WHERE submission.state NOT IN ('final', 'cancelled') AND sent.began <= \(since)
            ORDER BY sent.began, submission.id
            """)
        {
            guard let state = DeliveryState(rawValue: try row.text(1)) else {
                throw StorageFailure(.unexpectedColumn("state"))
            }
            lines.append(
                OverdueLine(
                    submission: SubmissionID(try row.text(0)), state: state,
                    reason: try row.optionalText(2),
                    since: Timestamp(microseconds: try row.int64(3)), open: try row.int(4),
                    records: try row.int(5), nextStep: Timestamp(microseconds: try row.int64(6))))
        }
        return lines
    }

    /// What a kept receipt says, its signature checked once more; `nil` if it is not kept.
    package func reading(
        of line: ReceiptLine, by endpoint: Endpoint, in transaction: any Transaction
    ) throws(StorageFailure) -> ReceiptReading? {
        let shelf = ReceiptShelf(endpoint: endpoint.name)
        let refused = try refusedSignatures(of: line.digest, in: transaction)
        guard let document = try shelf.document(line.digest, in: transaction) else {
            guard try shelf.find(line.digest, in: transaction) != nil else { return nil }
            // Forged, and no more of it is kept than that it came.
            return ReceiptReading(line: line, isGenuine: false, refused: refused, entries: [])
        }
        let isGenuine = endpoint.hasSigned(document)
        let names = try AnswerTextNames.kept(for: endpoint, in: transaction)
        guard case .receipt(let receipt) = ReceiptGrammar(endpoint, names).read(document) else {
            return ReceiptReading(
                line: line, isGenuine: isGenuine, refused: refused, entries: [])
        }
        let items = try items(of: receipt.submission, in: transaction)
        var entries: [ReceiptReading.Entry] = []
        if receipt.status == .refused {
            for item in items {
                entries.append(
                    ReceiptReading.Entry(
                        record: item.record, version: item.version, says: "refused",
                        code: receipt.code, field: nil, serial: nil, state: item.state,
                        isGround: item.receipt == line.digest))
            }
        }
        for entry in receipt.entries {
            let item = items.first { $0.record == entry.record && $0.version == entry.version }
            entries.append(
                ReceiptReading.Entry(
                    record: entry.record, version: entry.version, says: entry.status.rawValue,
                    code: entry.code, field: entry.field, serial: entry.serial,
                    state: item?.state, isGround: item?.receipt == line.digest))
        }
        return ReceiptReading(
            line: line, isGenuine: isGenuine, refused: refused, entries: entries)
    }
}

extension ReceiptLine {
    /// Reads `digest, received, disposition, submission, status, signing_key, grade`.
    init(_ row: Row) throws(StorageFailure) {
        guard let disposition = Disposition(rawValue: try row.text(2)) else {
            throw StorageFailure(.unexpectedColumn("disposition"))
        }
        self.init(
            digest: try row.text(0), received: Timestamp(microseconds: try row.int64(1)),
            disposition: disposition,
            submission: try row.optionalText(3).map(SubmissionID.init),
            status: try row.optionalText(4), signingKey: try row.optionalText(5),
            grade: try row.optionalText(6).flatMap(AnswerGrade.init(rawValue:)))
    }
}
