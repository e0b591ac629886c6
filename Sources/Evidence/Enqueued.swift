package import Records

extension Fact {
    /// Records that were sealed, signed and queued as one submission.
    package struct Enqueued: Sendable, Codable {
        package let submission: SubmissionID
        package let programme: String
        package let profile: String
        package let suite: String
        /// SHA-256 of the submission's XML bytes, hex: what the receipt repeats.
        package let digest: String
        /// SM3 of the compressed bytes as they are sent, hex.
        package let digestSM3: String
        package let signingKey: String
        /// SHA-256 of the content of the mapping that the records came by, hex.
        package let mappingDigest: String
        /// SHA-256 of the decision of the privacy officer that let them leave, hex; absent in
        /// rehearsal, and in facts of earlier releases.
        package let approval: String?
        package let records: [SubmittedRecord]
        /// For each record its warnings, where it has any; by the record's place in `records`.
        package let warnings: [Int: [Finding]]
        /// Set where its versions came by no row of a file: a withdrawal that follows from another,
        /// or a report made anew (`resend`).
        package let isWithoutRows: Bool?
        /// The item that brought its records, and the row of each in `records`, as Excel counts;
        /// absent where they were packed again.
        package let intake: IntakeID?
        package let rows: [Int]?

        package init(
            submission: SubmissionID, programme: String, profile: String, suite: String,
            digest: String, digestSM3: String, signingKey: String, mappingDigest: String = "",
            approval: String? = nil, records: [SubmittedRecord], warnings: [Int: [Finding]],
            isWithoutRows: Bool? = nil,
            intake: IntakeID? = nil, rows: [Int]? = nil
        ) {
            self.submission = submission
            self.programme = programme
            self.profile = profile
            self.suite = suite
            self.digest = digest
            self.digestSM3 = digestSM3
            self.signingKey = signingKey
            self.mappingDigest = mappingDigest
            self.approval = approval
            self.records = records
            self.warnings = warnings
            self.isWithoutRows = isWithoutRows
            self.intake = intake
            self.rows = rows
        }

        /// The same fact about other records.
        func with(records: [SubmittedRecord]) -> Enqueued {
            Enqueued(
                submission: submission, programme: programme, profile: profile, suite: suite,
                digest: digest, digestSM3: digestSM3, signingKey: signingKey,
                mappingDigest: mappingDigest, approval: approval, records: records,
                warnings: warnings,
                isWithoutRows: isWithoutRows, intake: intake, rows: rows)
        }
    }
}
