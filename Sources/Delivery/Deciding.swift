package import Evidence
package import Records
package import Storage

/// Why a frozen case was not decided.
package struct DecisionFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// No version of the case is frozen.
        case notDisputed = "Q-NOT-DISPUTED"
        /// No such receipt is kept about the frozen version, or the beginning fits several.
        case noEvidence = "Q-NO-EVIDENCE"
        /// The receipt is not signed by a key that we know, or does not say this of the version.
        case notEvidence = "Q-NOT-EVIDENCE"
    }

    package let reason: Reason
    package let place: String?

    package var entry: CodeEntry { DeliveryCodes.entry(reason) }
    package var detail: String? { nil }

    package static func == (left: DecisionFailure, right: DecisionFailure) -> Bool {
        left.reason == right.reason && left.place == right.place
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(place)
    }
}

/// Deciding a case that contradicting receipts have frozen (裁定).
extension Outbox {
    /// What a person may decide: one of the answers that were given.
    package enum Ruling: String, Sendable, CaseIterable {
        case accepted
        /// Rejected, or accepted once and taken back.
        case rejected

        func holds(of verdict: Verdict) -> Bool {
            switch self {
            case .accepted: verdict == .accepted
            case .rejected: verdict == .rejected || verdict == .reversed
            }
        }
    }

    /// Gives a frozen version the answer of one of its receipts, with the fact. It is the person
    /// who says which receipt holds, and the receipt that says what holds.
    ///
    /// - Parameters:
    ///   - receipt: SHA-256 of the receipt's bytes, hex, or how it begins: at least 8 digits.
    ///   - endpoint: whose keys and codes the receipt is read by, once more.
    /// - Returns: the verdict as it now stands.
    /// - Throws: `DecisionFailure`, `StorageFailure`, `EncodingError`.
    @discardableResult
    package func decide(
        _ record: RecordID, as ruling: Ruling, by receipt: String, of endpoint: Endpoint,
        _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws -> RecordVerdict {
        let frozen = try transaction.run(
            """
            SELECT submission, position FROM item
            WHERE record = \(record.text) AND state = 'disputed' ORDER BY version, submission
            """
        ).map { row in (submission: SubmissionID(try row.text(0)), position: try row.int(1)) }
        guard !frozen.isEmpty else {
            throw DecisionFailure(reason: .notDisputed, place: record.text)
        }
        var named: [(submission: SubmissionID, position: Int, digest: String)] = []
        for item in frozen {
            for digest in try receipts(about: item.submission, in: transaction)
            where receipt.count >= 8 && digest.hasPrefix(receipt.lowercased()) {
                named.append((item.submission, item.position, digest))
            }
        }
        if named.isEmpty {
            // What was resent: the same version stands in another submission, whose receipt counts.
            return try decideResent(
                frozen, as: ruling, by: receipt, of: endpoint, decision, now: now, in: transaction)
        }
        guard let evidence = named.first, named.count == 1 else {
            throw DecisionFailure(reason: .noEvidence, place: receipt)
        }
        guard
            let verdict = try verdict(
                of: evidence.digest, on: evidence.position, in: evidence.submission, endpoint,
                in: transaction), ruling.holds(of: verdict.verdict)
        else { throw DecisionFailure(reason: .notEvidence, place: evidence.digest) }
        let changed = try transaction.run(
            """
            UPDATE item SET state = \(verdict.verdict.rawValue), at = \(now.microseconds),
                code = \(verdict.code), serial = \(verdict.serial), field = \(verdict.field),
                receipt = \(evidence.digest)
            WHERE submission = \(evidence.submission.text) AND position = \(evidence.position)
                AND state = 'disputed'
            RETURNING position
            """)
        guard changed.count == 1 else { throw StorageFailure(.corrupt) }
        if ruling == .rejected {
            try overrule(
                evidence.submission, evidence.position, verdict, evidence.digest, in: transaction)
        }
        let grade = try ReceiptShelf(endpoint: endpoint.name)
            .find(evidence.digest, in: transaction)?.grade
        let fact = Fact.Decided(
            submission: evidence.submission, receipt: evidence.digest, verdict: verdict,
            by: decision.by, because: decision.because, grade: grade)
        try ledger.append([.decided(fact)], at: now, in: transaction)
        return verdict
    }

    /// An acceptance of the same version in another submission no longer holds.
    private func overrule(
        _ submission: SubmissionID, _ position: Int, _ verdict: RecordVerdict, _ digest: String,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            UPDATE item SET state = \(verdict.verdict.rawValue), code = \(verdict.code),
                serial = \(verdict.serial), field = \(verdict.field), receipt = \(digest)
            WHERE record = \(verdict.record.text) AND version = \(verdict.version)
                AND state = 'accepted' AND submission <> \(submission.text)
            """)
    }

    /// Decides a version that was resent, by a receipt of an earlier submission of it.
    private func decideResent(
        _ frozen: [(submission: SubmissionID, position: Int)], as ruling: Ruling,
        by receipt: String, of endpoint: Endpoint, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws -> RecordVerdict {
        var named: [(place: (SubmissionID, Int), of: SubmissionID, digest: String, RecordVerdict)] =
            []
        for item in frozen {
            let others = try transaction.run(
                """
                SELECT other.submission, other.position FROM item JOIN item AS other
                    ON other.record = item.record AND other.version = item.version
                        AND other.submission <> item.submission
                WHERE item.submission = \(item.submission.text)
                    AND item.position = \(item.position)
                """)
            for row in others {
                let other = SubmissionID(try row.text(0))
                let position = try row.int(1)
                for digest in try receipts(about: other, in: transaction)
                where receipt.count >= 8 && digest.hasPrefix(receipt.lowercased()) {
                    guard
                        let verdict = try verdict(
                            of: digest, on: position, in: other, endpoint, in: transaction),
                        ruling.holds(of: verdict.verdict)
                    else { throw DecisionFailure(reason: .notEvidence, place: digest) }
                    named.append(((item.submission, item.position), other, digest, verdict))
                }
            }
        }
        guard let evidence = named.first, named.count == 1 else {
            throw DecisionFailure(reason: .noEvidence, place: receipt)
        }
        try transaction.run(
            """
            UPDATE item SET state = \(evidence.3.verdict.rawValue),
                at = \(now.microseconds), code = \(evidence.3.code),
                serial = \(evidence.3.serial), field = \(evidence.3.field),
                receipt = \(evidence.digest)
            WHERE submission = \(evidence.place.0.text) AND position = \(evidence.place.1)
                AND state = 'disputed'
            """)
        let grade = try ReceiptShelf(endpoint: endpoint.name)
            .find(evidence.digest, in: transaction)?.grade
        let fact = Fact.Decided(
            submission: evidence.of, receipt: evidence.digest, verdict: evidence.3,
            by: decision.by, because: decision.because, grade: grade)
        try ledger.append([.decided(fact)], at: now, in: transaction)
        return evidence.3
    }

    private func receipts(
        about submission: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        var digests: [String] = []
        for row in try transaction.run(
            "SELECT digest FROM receipt WHERE submission = \(submission.text) ORDER BY digest")
        { digests.append(try row.text(0)) }
        return digests
    }

    /// What a stored receipt says of one record, its signature checked again; `nil` if nothing.
    func verdict(
        of digest: String, on position: Int, in submission: SubmissionID, _ endpoint: Endpoint,
        in transaction: any Transaction
    ) throws(StorageFailure) -> RecordVerdict? {
        let shelf = ReceiptShelf(endpoint: endpoint.name)
        let names = try AnswerTextNames.kept(for: endpoint, in: transaction)
        guard let document = try shelf.document(digest, in: transaction),
            case .receipt(let receipt) = ReceiptGrammar(endpoint, names).read(document),
            let sent = try DeliveryStatus.load(submission, in: transaction),
            receipt.submission == submission, receipt.sender == sent.sender,
            receipt.digest == sent.digest
        else { return nil }
        // As if nothing had been answered yet: what this receipt alone says.
        let unanswered = try items(of: submission, in: transaction).map {
            Item(
                position: $0.position, record: $0.record, version: $0.version, action: $0.action,
                state: .open)
        }
        return Acknowledgement(of: receipt, on: unanswered, by: endpoint.codes)?
            .changes.first { $0.position == position }?.verdict
    }
}
