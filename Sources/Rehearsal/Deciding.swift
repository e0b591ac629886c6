import Records
import Storage

/// One record of a stored submission.
struct PostedRecord {
    let sender: String
    let submission: String
    let position: Int64
    let record: String
    let version: Int
    let action: String
    let entitlement: String?
    let flawCode: String?
    let flawField: String?
    let warning: String?

    init(_ row: Row) throws(StorageFailure) {
        sender = try row.text("sender")
        submission = try row.text("submission")
        position = try row.int64("position")
        record = try row.text("record")
        version = try row.int("version")
        action = try row.text("action")
        entitlement = try row.optionalText("entitlement")
        flawCode = try row.optionalText("flaw_code")
        flawField = try row.optionalText("flaw_field")
        warning = try row.optionalText("warning")
    }
}

/// Verdicts on single records, and their effects.
extension Processing {
    /// The records of a submission without a final verdict, in its order.
    func undecided(_ submission: StoredSubmission) throws -> [PostedRecord] {
        try transaction.run(
            """
            SELECT sender, submission, position, record, version, action, entitlement, flaw_code,
                flaw_field, warning FROM posted
            WHERE sender = \(submission.sender) AND submission = \(submission.id)
                AND (status IS NULL OR status = 'pending')
            ORDER BY position
            """
        ).map { try PostedRecord($0) }
    }

    /// Gives the verdict on one record and lets it take effect.
    ///
    /// What was accepted before stays accepted, whatever is wrong with its second copy.
    func decide(_ record: PostedRecord) throws -> ReceiptEntry {
        switch try history(record).verdict(
            version: record.version, action: record.action, sender: record.sender)
        {
        case .duplicate(let serial):
            return try set(record, "duplicate", serial: serial)
        case .accepted where record.flawCode == nil:
            let serial = try takeEffect(record)
            return try set(
                record, record.warning == nil ? "accepted" : "accepted-with-warnings",
                serial: serial, code: record.warning)
        case .rejected(let code) where record.flawCode == nil:
            return try set(record, "rejected", code: code.rawValue, text: code.words)
        case .accepted, .rejected:
            let words = record.flawCode.flatMap { AcknowledgementCode(rawValue: $0)?.words }
            return try set(
                record, "rejected", code: record.flawCode, field: record.flawField,
                text: words ?? "")
        }
    }

    /// Remembers a record's status and returns its entry.
    func set(
        _ record: PostedRecord, _ status: String, serial: String? = nil, code: String? = nil,
        field: String? = nil, text: String = ""
    ) throws -> ReceiptEntry {
        try transaction.run(
            """
            UPDATE posted SET status = \(status), code = \(code), serial = \(serial),
                decided = (SELECT COALESCE(MAX(decided), 0) + 1 FROM posted)
            WHERE sender = \(record.sender) AND submission = \(record.submission)
                AND position = \(record.position)
            """)
        return ReceiptEntry(
            record: record.record, version: record.version, status: status, serial: serial,
            code: code, field: field, text: text)
    }

    private func history(_ record: PostedRecord) throws -> CaseHistory {
        let changes = try transaction.run(
            """
            SELECT version, action, serial, sender FROM effect WHERE record = \(record.record)
            ORDER BY ordinal
            """
        ).map {
            CaseHistory.Change(
                version: try $0.int("version"), action: try $0.text("action"),
                serial: try $0.text("serial"), sender: try $0.text("sender"))
        }
        guard let entitlement = record.entitlement else {
            return CaseHistory(changes: changes, isEntitlementUsed: false)
        }
        // A withdrawal claims nothing, so it is never found here.
        let others = try transaction.run(
            """
            SELECT 1 FROM effect AS e
            WHERE e.entitlement = \(entitlement) AND e.record <> \(record.record)
                AND e.ordinal = (SELECT MAX(ordinal) FROM effect WHERE record = e.record)
            LIMIT 1
            """)
        return CaseHistory(changes: changes, isEntitlementUsed: !others.isEmpty)
    }

    /// Writes one line of the effect ledger. No constraint keeps a second one of the same version
    /// away: that there is none is for the tests to see. Returns the serial.
    private func takeEffect(_ record: PostedRecord) throws -> String {
        let ordinal =
            try transaction.run("SELECT COALESCE(MAX(ordinal), 0) + 1 AS next FROM effect")
            .first?.int64("next") ?? 1
        let digits = String(ordinal)
        let zeros = String(repeating: "0", count: max(0, 8 - digits.utf8.count))
        let serial = "N\(book.moment.day.parts.year)\(zeros)\(digits)"
        try transaction.run(
            """
            INSERT INTO effect (ordinal, sender, submission, record, version, action, programme,
                institution, served, entitlement, serial)
            SELECT \(ordinal), sender, submission, record, version, action, programme, institution,
                served, entitlement, \(serial) FROM posted
            WHERE sender = \(record.sender) AND submission = \(record.submission)
                AND position = \(record.position)
            """)
        return serial
    }
}
