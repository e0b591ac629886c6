import Evidence
import LibCrypto
package import Records
package import Storage

/// Takes receipts in: stores the bytes first, understands them second.
///
/// Both are transactions of their own, and the second can be repeated: whatever the order and
/// however often receipts come, the same is known in the end.
package struct Collector: Sendable {
    /// What became of a document.
    package struct Taken: Sendable, Hashable {
        /// SHA-256 of the bytes, hex.
        package let digest: String
        package let disposition: Disposition
        /// Which submission it names, where its signature was genuine.
        package let submission: SubmissionID?
    }

    /// How long a receipt for an unknown submission is tried again: a restored backup may catch up.
    private static let unknownMemorySeconds: Int64 = 30 * 86_400

    private let database: any Database
    private let outbox: Outbox
    private let endpoint: Endpoint
    private let shelf: ReceiptShelf
    private let clock: Clock
    private let failPoint: FailPointHook

    package init(
        database: any Database, outbox: Outbox, endpoint: Endpoint, clock: @escaping Clock,
        failPoint: @escaping FailPointHook = { _ in }
    ) {
        self.database = database
        self.outbox = outbox
        self.endpoint = endpoint
        shelf = ReceiptShelf(endpoint: endpoint.name)
        self.clock = clock
        self.failPoint = failPoint
    }

    /// Stores the document, and then applies it. When this returns, both are on disk.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    @discardableResult
    package func take(_ document: SignedDocument) async throws -> Taken {
        let isCandidate = endpoint.mayBelieve(document)
        let document =
            isCandidate ? document : document.withoutWords { endpoint.keys[$0] != nil }
        let digest = Hex.encode(Hash.sha256.digest(document.bytes))
        let now = clock()
        failPoint(.beforeReceiptStored)
        let kept = try await database.write { transaction in
            try shelf.keep(
                document, as: digest, isCandidate: isCandidate, now: now, in: transaction)
        }
        failPoint(.afterReceiptStored)
        guard let kept else { return try await apply(document, digest) }
        switch kept.disposition {
        // A forged one may have come before the key that it is signed with.
        case .stored, .unknown, .forged: return try await applyKept(document, digest)
        case .applied, .duplicate, .conflict, .misaddressed, .malformed: break
        }
        if let submission = kept.submission, kept.disposition.isBelieved {
            try await database.write { try confirm(submission, now: now, in: $0) }
        }
        return Taken(
            digest: digest, disposition: kept.disposition, submission: kept.submission)
    }

    /// What is kept and not understood yet is read with the signature that it is kept with: these
    /// bytes may have come again with one that is none.
    private func applyKept(_ document: SignedDocument, _ digest: String) async throws -> Taken {
        let kept = try await database.read { try shelf.document(digest, in: $0) }
        // Without its bytes it was forged from the start, whatever key is known by now.
        let taken =
            if let kept { try await apply(kept, digest) } else { try await refuse(digest) }
        let hasOther =
            kept.map { $0.signature != document.signature || $0.key != document.key }
            ?? endpoint.mayBelieve(document)
        guard taken.disposition == .forged, hasOther else { return taken }
        // Kept with a bad signature, and read only now: this one has its chance.
        return try await take(document)
    }

    /// At the start: applies what was stored but not applied, and what may be understood by now.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func applyStored() async throws {
        let since = clock().adding(seconds: -Collector.unknownMemorySeconds)
        for (digest, wasRead) in try await database.read({
            try shelf.unfinished(since: since, in: $0)
        }) {
            guard let document = try await database.read({ try shelf.document(digest, in: $0) })
            else {
                if !wasRead { _ = try await refuse(digest) }
                continue
            }
            // What was genuine stays so while a key is missing.
            if wasRead, !endpoint.isCredible(document) { continue }
            _ = try await apply(document, digest)
        }
    }

    /// Understands a stored document, and writes what it meant in one transaction.
    private func apply(_ document: SignedDocument, _ digest: String) async throws -> Taken {
        try await conclude(ReceiptGrammar(endpoint, try await names()).read(document), digest)
    }

    /// Notes that a document whose bytes were not kept is forged.
    private func refuse(_ digest: String) async throws -> Taken {
        try await conclude(.forged, digest)
    }

    private func conclude(
        _ reading: ReceiptGrammar.Reading, _ digest: String
    ) async throws -> Taken {
        let now = clock()
        failPoint(.beforeApplied)
        let taken = try await database.write { transaction in
            try conclude(reading, digest, now: now, in: transaction)
        }
        failPoint(.afterApplied)
        return taken
    }

    /// What unknown texts are called; nothing for a side that gives a code with every refusal.
    private func names() async throws -> AnswerTextNames? {
        guard endpoint.texts != nil else { return nil }
        let kept = try await database.read { try AnswerTextNames.kept(for: endpoint, in: $0) }
        if let kept { return kept }
        return try await database.write { try AnswerTextNames.made(for: endpoint, in: $0) }
    }

    private func conclude(
        _ reading: ReceiptGrammar.Reading, _ digest: String, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Taken {
        guard let kept = try shelf.find(digest, in: transaction) else {
            throw StorageFailure(.corrupt)
        }
        let disposition: Disposition
        var receipt: Receipt?
        switch reading {
        case .forged: disposition = .forged
        case .malformed: disposition = .malformed
        case .receipt(let read):
            receipt = read
            disposition = try apply(read, digest, now: now, in: transaction)
        }
        try shelf.conclude(
            digest, disposition, receipt, before: kept, now: now, in: transaction)
        return Taken(
            digest: digest, disposition: disposition, submission: receipt?.submission)
    }

    /// Applies a genuine receipt, if it is about what we sent.
    private func apply(
        _ receipt: Receipt, _ digest: String, now: Timestamp, in transaction: any Transaction
    ) throws -> Disposition {
        guard let before = try DeliveryStatus.load(receipt.submission, in: transaction) else {
            return receipt.sender == endpoint.sender ? .unknown : .misaddressed
        }
        guard before.endpoint == endpoint.name, receipt.sender == before.sender,
            receipt.digest == before.digest
        else { return .misaddressed }
        // Genuine, and about our very bytes, which we do not remember having sent: a backup was put
        // back. It is read again once they were sent, or by itself within its memory.
        guard try outbox.wasOnWire(receipt.submission, in: transaction) else { return .unknown }
        let items = try outbox.items(of: receipt.submission, in: transaction)
        guard
            var acknowledgement = Acknowledgement(of: receipt, on: items, by: endpoint.codes)
        else {
            try outbox.stop(before, because: .oddReceipt, now: now, in: transaction)
            return .malformed
        }
        acknowledgement.dispute(
            try outbox.contradicted(by: acknowledgement, of: before.submission, in: transaction))
        let renumbered = try outbox.renumbered(
            by: acknowledgement, of: before.submission, digest, in: transaction)
        try write(acknowledgement, of: before.submission, digest, now: now, in: transaction)
        try outbox.ledger.append(renumbered, at: now, in: transaction)
        let moved = try advance(before, now: now, in: transaction)
        if acknowledgement.hasUnknownCode { return .stored }
        if !acknowledgement.disputes.isEmpty || acknowledgement.isOverruled { return .conflict }
        return moved || !acknowledgement.changes.isEmpty ? .applied : .duplicate
    }

    /// Writes the changes with their facts.
    private func write(
        _ acknowledgement: Acknowledgement, of submission: SubmissionID, _ digest: String,
        now: Timestamp, in transaction: any Transaction
    ) throws {
        guard !acknowledgement.changes.isEmpty else { return }
        // What contradicts leaves the first answer as it was, beside the mark.
        try transaction.runEach(
            """
            UPDATE item SET state = $1, at = $2, code = $3, serial = $4, field = $5, receipt = $6
            WHERE submission = $7 AND position = $8
            """, acknowledgement.changes.filter { $0.state != .disputed }
        ) { change, parameters in
            parameters.bind(change.state.rawValue)
            parameters.bind(now.microseconds)
            parameters.bind(change.verdict.code)
            parameters.bind(change.verdict.serial)
            parameters.bind(change.verdict.field)
            parameters.bind(digest)
            parameters.bind(submission.text)
            parameters.bind(change.position)
        }
        try transaction.runEach(
            """
            UPDATE item SET state = 'disputed', at = $1 WHERE submission = $2 AND position = $3
            """, acknowledgement.changes.filter { $0.state == .disputed }
        ) { change, parameters in
            parameters.bind(now.microseconds)
            parameters.bind(submission.text)
            parameters.bind(change.position)
        }
        var facts: [Fact] = []
        if !acknowledgement.verdicts.isEmpty {
            facts.append(
                .acknowledged(
                    .init(
                        submission: submission, receipt: digest,
                        verdicts: acknowledgement.verdicts, grade: acknowledgement.grade)))
        }
        for change in acknowledgement.reversals {
            facts.append(
                .reversed(
                    .init(
                        submission: submission, record: change.verdict.record,
                        version: change.verdict.version, receipt: digest,
                        accepted: change.accepted, code: change.verdict.code)))
        }
        for dispute in acknowledgement.disputes {
            facts.append(
                .disputed(
                    .init(
                        submission: submission, record: dispute.record, version: dispute.version,
                        receipt: digest, grade: acknowledgement.grade)))
        }
        try outbox.ledger.append(facts, at: now, in: transaction)
    }

    /// Moves the submission to where its records now are; whether it moved.
    private func advance(
        _ before: DeliveryStatus, now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        let items = try outbox.items(of: before.submission, in: transaction)
        var status = before
        if items.contains(where: { $0.state == .open }) {
            guard status.take(.stored) else { return false }
            let rules = try outbox.rules(of: before, in: transaction)
            status.nextStep = now.adding(seconds: rules.answerSeconds)
        } else if items.contains(where: { $0.state == .unknown }) {
            guard before.state.after(.stopped) != nil else { return false }
            try outbox.stop(before, because: .unknownCode, now: now, in: transaction)
            return true
        } else {
            guard status.take(.answered) else { return false }
        }
        guard try status.save(over: before, in: transaction) else { return false }
        return status.state != before.state
    }

    /// A receipt that is known came again: at least they have the submission.
    private func confirm(
        _ submission: SubmissionID, now: Timestamp, in transaction: any Transaction
    ) throws {
        guard let before = try DeliveryStatus.load(submission, in: transaction) else { return }
        switch before.state {
        case .due, .leased, .onWire, .inDoubt:
            _ = try advance(before, now: now, in: transaction)
        case .awaiting, .held, .final, .cancelled: break
        }
    }
}
