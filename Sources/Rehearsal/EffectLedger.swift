package import Records
import Storage

/// What truly happened at the pretend side, for tests and the demo to ask: the oracle that owes
/// nothing to the gateway's own tables.
package struct EffectLedger: Sendable {
    /// What became of one version of one case.
    package struct RecordVersion: Sendable, Equatable {
        package let record: RecordID
        package let version: Int
        /// How often it was posted in a stored submission.
        package let arrivals: Int
        /// How often it took effect: at most once, whatever was repeated, lost or reordered.
        package let effects: Int
    }

    /// The last verdict on one record of one submission; `status` as on the wire, nil while none.
    package struct Verdict: Sendable, Equatable {
        package let submission: SubmissionID
        package let record: RecordID
        package let version: Int
        package let status: String?
        package let code: String?
    }

    let database: SQLiteDatabase

    /// The cases of which some version was ever accepted. Throws `StorageFailure`.
    package func acceptedRecords() async throws -> Set<RecordID> {
        Set(
            try await database.read { transaction in
                try transaction.run("SELECT DISTINCT record FROM effect")
                    .map { RecordID(try $0.text("record")) }
            })
    }

    /// The cases in force, each with its version: accepted and not taken back.
    package func recordsInForce() async throws -> [RecordID: Int] {
        let rows = try await database.read { transaction in
            try transaction.run(
                """
                SELECT record, version FROM effect AS e WHERE action <> 'withdraw'
                    AND ordinal = (SELECT MAX(ordinal) FROM effect WHERE record = e.record)
                """
            ).map { (RecordID(try $0.text("record")), try $0.int("version")) }
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Every version that arrived, with its effects, by record and version.
    package func recordVersions() async throws -> [RecordVersion] {
        try await database.read { transaction in
            try transaction.run(
                """
                SELECT record, version, COUNT(*) AS arrivals,
                    (SELECT COUNT(*) FROM effect
                        WHERE record = p.record AND version = p.version) AS effects
                FROM posted AS p GROUP BY record, version ORDER BY record, version
                """
            ).map {
                RecordVersion(
                    record: RecordID(try $0.text("record")), version: try $0.int("version"),
                    arrivals: try $0.int("arrivals"), effects: try $0.int("effects"))
            }
        }
    }

    /// The verdicts in the order of arrival within each submission.
    package func verdicts() async throws -> [Verdict] {
        try await database.read { transaction in
            try transaction.run(
                """
                SELECT submission, record, version, status, code FROM posted
                ORDER BY submission, position
                """
            ).map {
                Verdict(
                    submission: SubmissionID(try $0.text("submission")),
                    record: RecordID(try $0.text("record")), version: try $0.int("version"),
                    status: try $0.optionalText("status"), code: try $0.optionalText("code"))
            }
        }
    }

    /// How many sealed values opened, and how many did not, in all stored submissions.
    package func sealedValues() async throws -> (opened: Int, failed: Int) {
        try await database.read { transaction in
            let row = try transaction.run(
                """
                SELECT CAST(COALESCE(SUM(opened), 0) AS bigint) AS opened,
                    CAST(COALESCE(SUM(unopened), 0) AS bigint) AS unopened FROM posted
                """
            ).first
            return (try row?.int("opened") ?? 0, try row?.int("unopened") ?? 0)
        }
    }

    /// The ids that are used up, refused documents among them.
    package func storedSubmissions() async throws -> Set<SubmissionID> {
        Set(
            try await database.read { transaction in
                try transaction.run("SELECT id FROM submission")
                    .map { SubmissionID(try $0.text("id")) }
            })
    }

    /// The counts that `GET /counts` would give; empty unless both ends are months or days.
    package func counts(
        sender: String, programme: String, from: String, to: String
    ) async throws -> [CaseCount] {
        let query = CountsQuery(
            sender: sender, region: "", programme: programme, from: from, to: to)
        guard let query else { return [] }
        return try await database.read { try query.run($0) }
    }
}
