package import Evidence
package import Records

/// A receipt (回执) as it was written by the national side; what it means is an `Acknowledgement`.
package struct Receipt: Sendable, Hashable {
    /// How far the national side is with the document.
    package enum Status: String, Sendable {
        /// Stored; entries follow in a later receipt.
        case received
        /// Its entries are final, but for pending ones.
        case processed
        /// The whole document, with a code and without entries.
        case refused
    }

    /// The answer on one record.
    package struct Entry: Sendable, Hashable {
        package let record: RecordID
        package let version: Int
        package let status: EntryStatus
        package let code: String?
        package let serial: String?
        package let field: String?
    }

    package let id: String
    package let submission: SubmissionID
    package let sender: String
    /// SHA-256 of the submission's XML, 64 lower-case hex digits.
    package let digest: String
    package let status: Status
    /// Of a refusal.
    package let code: String?
    package let entries: [Entry]
    /// `nil` for a signed one.
    package let grade: AnswerGrade?
}

/// `Entry@status`.
package enum EntryStatus: String, Sendable {
    case accepted
    case acceptedWithWarnings = "accepted-with-warnings"
    case rejected
    /// This record and version was accepted before.
    case duplicate
    case pending
}
