import Evidence
import LibCrypto
import Records
import Submissions

extension Fact.Enqueued {
    /// The fact that a submission was queued.
    ///
    /// - Parameters:
    ///   - approval: of the decision that let it leave, SHA-256 hex.
    ///   - withoutRows: its versions came by no row of a file.
    ///   - source: the item that brought its records, and the row of each.
    init(
        _ submission: Submission, mappingDigest: String, approval: String? = nil,
        warnings: [Int: [Finding]],
        withoutRows: Bool = false, source: (intake: IntakeID, rows: [Int])? = nil
    ) {
        self.init(
            submission: submission.id, programme: submission.programme,
            profile: submission.profile, suite: submission.suite.rawValue,
            digest: Hex.encode(submission.digest), digestSM3: Hex.encode(submission.wireSM3),
            signingKey: submission.signingKeyID, mappingDigest: mappingDigest,
            approval: approval,
            records: submission.records, warnings: warnings,
            isWithoutRows: withoutRows ? true : nil, intake: source?.intake, rows: source?.rows)
    }
}
