import Evidence
package import Records
package import Storage

/// What taking back may say.
enum RecallCodes {
    static let recalled = CodeEntry(
        "Q-RECALL",
        what: Wording(
            zh: "报文尚未发出时，其中有病例被机构撤回同意、改为不符合条件或样本有争议：已截回；"
                + "同报文的其他病例重新组包上报，原报文是暂停的，新报文同样暂停。",
            en: "Before the submission left, the clinic withdrew a consent in it, found a case not "
                + "eligible, or a sample came into dispute: it was taken back. Its other cases go "
                + "in a new one, which is held if the old one was."),
        next: Wording(
            zh: "无需处理；新报文若是暂停的，由人决定（queue list --state held）。",
            en: "Nothing to do; a new one that is held waits for a person: see queue list "
                + "--state held."))
}

/// Taking back what has not left yet (截回): the clinic has said meanwhile that it may not.
extension Outbox {
    /// Takes some records out of submissions of which nothing was ever on the wire. What was signed
    /// never changes: the whole submission is cancelled, and its other records go again at once.
    ///
    /// What may have been sent stays; a later version amends or withdraws it.
    /// Throws `StorageFailure`, `EncodingError`.
    ///
    /// - Returns: whether anything was taken back.
    @discardableResult
    package func recall(
        _ records: [RecordID], now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        var bySubmission: [SubmissionID: [RecordID]] = [:]
        for record in records {
            let rows = try transaction.run(
                """
                SELECT item.submission FROM item
                JOIN submission ON submission.id = item.submission
                WHERE item.record = \(record.text) AND item.state = 'open'
                    AND submission.state IN ('due', 'held')
                """)
            for row in rows {
                bySubmission[SubmissionID(try row.text(0)), default: []].append(record)
            }
        }
        var isAny = false
        for (id, records) in bySubmission.sorted(by: { $0.key.text < $1.key.text }) {
            isAny = try recall(records, from: id, now: now, in: transaction) || isAny
        }
        return try recallWaiting(records, now: now, in: transaction) || isAny
    }

    /// Takes records off the list of those that go again: what the other side could not take, or
    /// what a person had packed anew, is in force nowhere and need not leave a second time.
    private func recallWaiting(
        _ records: [RecordID], now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        var bySubmission: [SubmissionID: [RecordID]] = [:]
        for record in records {
            for row in try transaction.run(
                """
                UPDATE item SET state = 'void', code = \(RecallCodes.recalled.code),
                    at = \(now.microseconds)
                WHERE record = \(record.text) AND state = 'transient' RETURNING submission
                """)
            { bySubmission[SubmissionID(try row.text(0)), default: []].append(record) }
        }
        for (id, records) in bySubmission.sorted(by: { $0.key.text < $1.key.text }) {
            try tellRecalled(records, from: id, now: now, in: transaction)
        }
        return !bySubmission.isEmpty
    }

    private func tellRecalled(
        _ records: [RecordID], from id: SubmissionID, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        let fact = Fact.Intervened(
            submission: id, step: "recalled", by: Outbox.itself,
            because: RecallCodes.recalled.code, records: records)
        try ledger.append([.intervened(fact)], at: now, in: transaction)
    }

    private func recall(
        _ records: [RecordID], from id: SubmissionID, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Bool {
        guard try !wasOnWire(id, in: transaction),
            let before = try DeliveryStatus.load(id, in: transaction)
        else { return false }
        var status = before
        guard status.take(.cancelled), try status.save(over: before, in: transaction) else {
            return false
        }
        for record in records {
            try transaction.run(
                """
                UPDATE item SET state = 'void', code = \(RecallCodes.recalled.code),
                    at = \(now.microseconds)
                WHERE submission = \(id.text) AND record = \(record.text) AND state = 'open'
                """)
        }
        try transaction.run(
            """
            UPDATE item SET state = 'transient', code = \(RecallCodes.recalled.code),
                at = \(now.microseconds)
            WHERE submission = \(id.text) AND state = 'open'
            """)
        let decision = Decision(by: "shangbao", because: RecallCodes.recalled.code)
        try tell(id, "cancelled", decision, now: now, in: transaction)
        try tellRecalled(records, from: id, now: now, in: transaction)
        return true
    }
}

/// A hold that outlives its submission (暂停的延续): what was stopped stays so, in whatever bytes.
extension Outbox {
    /// Holds submissions as an earlier one was that was taken back while it was held: for the same
    /// reason and by the same decision. They were queued in this transaction, with its other
    /// records.
    ///
    /// Throws `OutboxFailure`, `StorageFailure`, `EncodingError`, `DecodingError`.
    package func keepHeld(
        _ submissions: [SubmissionID], as earlier: SubmissionID, now: Timestamp,
        in transaction: any Transaction
    ) throws {
        guard let hold = try holdTakenBack(of: earlier, in: transaction) else { return }
        for id in submissions {
            guard let before = try DeliveryStatus.load(id, in: transaction) else { continue }
            var status = before
            guard status.take(.stopped, reason: hold.reason),
                try status.save(over: before, in: transaction)
            else { throw OutboxFailure(reason: .wrongState, submission: id) }
            try tell(id, "held", hold.decision, now: now, in: transaction)
        }
    }

    /// Why, and by whom, a submission was held when its records were taken out of it; `nil` where
    /// it was not held, or where a person has decided on it since.
    private func holdTakenBack(
        of id: SubmissionID, in transaction: any Transaction
    ) throws -> (reason: String, decision: Decision)? {
        var last: Decision?
        var isTakenBack = false
        for entry in try ledger.entries(of: "intervened", holding: id.text, in: transaction) {
            guard case .intervened(let fact) = entry.fact, fact.submission == id else { continue }
            switch fact.step {
            case "held": last = Decision(by: fact.by, because: fact.because)
            case "cancelled": isTakenBack = fact.because == RecallCodes.recalled.code
            case "recalled": continue
            default: (last, isTakenBack) = (nil, false)
            }
        }
        guard isTakenBack, let last else { return nil }
        // The program's own holds have their code where a person's have words; a person may have
        // the program's name, as the user that it runs as.
        let own = last.by == Outbox.itself ? QueueReason(rawValue: last.because) : nil
        return ((own ?? .person).rawValue, last)
    }
}
