import LibCrypto
import Records
import Storage

/// What the pretend side does with what it stored: verdicts, effects, receipts. Inside one
/// transaction.
struct Processing {
    let transaction: any Transaction
    let book: ReceiptBook

    init(_ transaction: any Transaction, _ identity: NationalIdentity, _ moment: Timestamp) {
        self.transaction = transaction
        book = ReceiptBook(transaction: transaction, identity: identity, moment: moment)
    }

    /// A sender asks for receipts: what is due for it is done now, the rest comes nearer.
    func collect(_ sender: String) throws {
        let rows = try transaction.run(
            """
            SELECT ordinal, sender, submission, plan, collects FROM due
            WHERE sender = \(sender) AND collects IS NOT NULL ORDER BY ordinal
            """)
        for row in rows {
            if try row.int64("collects") == 0 {
                try perform(row)
            } else {
                try transaction.run(
                    "UPDATE due SET collects = collects - 1 WHERE ordinal = \(row.int64("ordinal"))"
                )
            }
        }
    }

    /// Does everything that is due for anyone, and what follows from it.
    func processAll() throws {
        while let row = try transaction.run(
            "SELECT ordinal, sender, submission, plan FROM due ORDER BY ordinal LIMIT 1"
        ).first {
            try perform(row)
        }
    }

    /// Leaves work for the collect after so many, or, with nil, for `processAll` alone.
    func wait(_ submission: StoredSubmission, _ plan: ReceiptPlan, collects: Int?) throws {
        try transaction.run(
            """
            INSERT INTO due (ordinal, sender, submission, plan, collects)
            SELECT COALESCE(MAX(ordinal), 0) + 1, \(submission.sender), \(submission.id),
                \(plan.rawValue), \(collects) FROM due
            """)
    }

    private func perform(_ row: Row) throws {
        try transaction.run("DELETE FROM due WHERE ordinal = \(row.int64("ordinal"))")
        let submission = try transaction.submission(
            sender: row.text("sender"), id: row.text("submission"))
        if let submission {
            _ = try process(submission.stored, ReceiptPlan(rawValue: row.int("plan")))
        }
    }

    /// Decides what is undecided in a submission and issues the receipts that the plan wants.
    /// Returns the ordinal of the first of them; nil when there was nothing to decide.
    func process(_ submission: StoredSubmission, _ plan: ReceiptPlan) throws -> Int64? {
        if plan.contains(.contradict) { return try contradict(submission) }
        if plan.contains(.takeBack) { return try takeBack(submission) }
        var records = try undecided(submission)
        if records.isEmpty { return nil }
        if plan.contains(.partial), records.count > 1 {
            records = Array(records.prefix((records.count + 1) / 2))
            try wait(submission, plan.carriedOver, collects: 0)
        }
        if plan.contains(.pendingFirst) {
            try wait(submission, plan.carriedOver, collects: 0)
            let waits = AcknowledgementCode.waits
            return try issue(
                submission, plan,
                try records.map {
                    try set($0, "pending", code: waits.rawValue, text: waits.words)
                })
        }
        let entries = try records.map { try decide($0) }
        if plan.contains(.conflict), entries.contains(where: { $0.serial != nil }) {
            try wait(submission, .contradict, collects: 0)
        }
        if plan.contains(.reversal), entries.contains(where: { $0.serial != nil }) {
            try wait(submission, .takeBack, collects: 0)
        }
        return try issue(submission, plan, entries)
    }

    private func issue(
        _ submission: StoredSubmission, _ plan: ReceiptPlan, _ entries: [ReceiptEntry]
    ) throws -> Int64 {
        var first: Int64?
        if plan.contains(.wrongDigest) {
            let other = String(repeating: "0", count: submission.digest.utf8.count)
            first = try book.issue("processed", of: submission, entries: entries, digest: other)
        }
        if plan.contains(.wrongSender) {
            let other = try book.issue(
                "processed", of: submission, entries: entries, sender: "91990000MA0000000X")
            first = first ?? other
        }
        let right = try book.issue("processed", of: submission, entries: entries)
        if plan.contains(.answerTwice) {
            try book.repeatReceipt(right, of: submission)
            _ = try book.issue("processed", of: submission, entries: entries)
        }
        return first ?? right
    }

    /// Takes back in words what was accepted; what took effect stays.
    private func contradict(_ submission: StoredSubmission) throws -> Int64? {
        try takeBack(firstAcceptedOf: submission, .contradiction)
    }

    /// Takes an acceptance back: the case is in force no more, and its free check is free again.
    private func takeBack(_ submission: StoredSubmission) throws -> Int64? {
        let ordinal = try takeBack(firstAcceptedOf: submission, .reversal)
        guard let accepted = try firstAccepted(of: submission) else { return ordinal }
        let code = AcknowledgementCode.reversal
        try transaction.run(
            """
            INSERT INTO effect (ordinal, sender, submission, record, version, action, programme,
                institution, served, entitlement, serial)
            SELECT (SELECT MAX(ordinal) + 1 FROM effect), sender, submission, record, version,
                'withdraw', programme, institution, served, NULL, serial FROM posted
            WHERE sender = \(submission.sender) AND submission = \(submission.id)
                AND record = \(accepted.record)
            """)
        try transaction.run(
            """
            UPDATE posted SET status = 'rejected', code = \(code.rawValue), serial = NULL
            WHERE sender = \(submission.sender) AND submission = \(submission.id)
                AND record = \(accepted.record)
            """)
        return ordinal
    }

    private func firstAccepted(
        of submission: StoredSubmission
    ) throws -> (record: String, version: Int)? {
        try transaction.run(
            """
            SELECT record, version FROM posted
            WHERE sender = \(submission.sender) AND submission = \(submission.id)
                AND serial IS NOT NULL AND status <> 'duplicate'
            ORDER BY position LIMIT 1
            """
        ).first.map { (try $0.text("record"), try $0.int("version")) }
    }

    private func takeBack(
        firstAcceptedOf submission: StoredSubmission, _ code: AcknowledgementCode
    ) throws -> Int64? {
        guard let accepted = try firstAccepted(of: submission) else { return nil }
        return try book.issue(
            "processed", of: submission,
            entries: [
                ReceiptEntry(
                    record: accepted.record, version: accepted.version, status: "rejected",
                    code: code.rawValue, text: code.words)
            ])
    }
}

extension AcknowledgementCode {
    /// The words in both languages.
    var words: String { "\(wording.zh) / \(wording.en)" }
}
