package import Records

extension Fact {
    /// A genuine receipt takes an acceptance back, with a code that the profile calls a reversal.
    package struct Reversed: Sendable, Codable {
        package let submission: SubmissionID
        package let record: RecordID
        package let version: Int
        /// The receipt that takes it back, SHA-256 hex.
        package let receipt: String
        /// The receipt that had accepted it; `nil` where that one has not come.
        package let accepted: String?
        /// The national side's code.
        package let code: String?

        package init(
            submission: SubmissionID, record: RecordID, version: Int, receipt: String,
            accepted: String?, code: String?
        ) {
            self.submission = submission
            self.record = record
            self.version = version
            self.receipt = receipt
            self.accepted = accepted
            self.code = code
        }
    }
}
