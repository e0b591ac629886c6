import LibCrypto
import Storage

/// What a post is answered with for good: a repetition gets the same.
struct FirstAnswer: Sendable {
    let status: Int
    /// Nil for an answer without a document.
    let receipt: StoredReceipt?
}

/// What the book knows of an id.
struct KnownSubmission: Sendable {
    let stored: StoredSubmission
    let answer: FirstAnswer
}

extension Transaction {
    /// What a sender's id was used for; nil when it never was.
    func submission(sender: String, id: String) throws -> KnownSubmission? {
        let row = try run(
            """
            SELECT s.sender, s.id, s.digest, s.suite, s.status, s.answer, r.ordinal, r.bytes,
                r.signature, r.key_id
            FROM submission AS s LEFT JOIN receipt AS r ON r.ordinal = s.answer
            WHERE s.sender = \(sender) AND s.id = \(id)
            """
        ).first
        guard let row else { return nil }
        return KnownSubmission(
            stored: StoredSubmission(
                sender: try row.text("sender"), id: try row.text("id"),
                digest: try row.text("digest"),
                suite: CipherSuite(rawValue: try row.text("suite")) ?? .gm),
            answer: FirstAnswer(
                status: Int(try row.optionalInt64("status") ?? 202),
                receipt: try row.optionalInt64("answer") == nil ? nil : StoredReceipt(row)))
    }

    /// Stores a submission, without an answer yet.
    func insert(_ submission: StoredSubmission, keyID: String?) throws {
        try run(
            """
            INSERT INTO submission (sender, id, digest, suite, key_id)
            VALUES (\(submission.sender), \(submission.id), \(submission.digest),
                \(submission.suite.rawValue), \(keyID))
            """)
    }

    /// Fixes the first answer.
    func answer(_ submission: StoredSubmission, _ status: Int, receipt: Int64?) throws {
        try run(
            """
            UPDATE submission SET status = \(status), answer = \(receipt)
            WHERE sender = \(submission.sender) AND id = \(submission.id)
            """)
    }

    /// Whether any county has ever used a key id.
    func knowsKey(_ keyID: String) throws -> Bool {
        try !run("SELECT 1 FROM submission WHERE key_id = \(keyID)").isEmpty
    }

    /// Stores what a submission's records ask for.
    func insert(
        _ records: [ExaminedSubmission.Record], of submission: StoredSubmission,
        programme: String, faults: PostFaults
    ) throws {
        try runEach(
            """
            INSERT INTO posted (sender, submission, position, record, version, action, programme,
                institution, served, entitlement, opened, unopened, flaw_code, flaw_field, warning)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """, records.enumerated()
        ) { element, parameters in
            let (index, record) = element
            var flaw = record.flaw
            var warning: String?
            switch faults.fault(ofRecord: index + 1) {
            case .reject(let code), .transient(let code): flaw = (code, "")
            case .warn(let code): warning = code
            case nil: break
            }
            parameters.bind(submission.sender)
            parameters.bind(submission.id)
            parameters.bind(index + 1)
            parameters.bind(record.id)
            parameters.bind(record.version)
            parameters.bind(record.action)
            parameters.bind(programme)
            parameters.bind(record.institution)
            parameters.bind(record.servedOn)
            parameters.bind(record.entitlement)
            parameters.bind(record.opened)
            parameters.bind(record.unopened)
            parameters.bind(flaw?.code)
            parameters.bind(flaw.flatMap { $0.field.isEmpty ? nil : $0.field })
            parameters.bind(warning)
        }
    }
}
