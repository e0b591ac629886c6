import Evidence
import Records
import Storage

/// By which mapping's content each submission's records came, and under which approval.
struct MappingDigests {
    /// Where a submission's records came from.
    struct Origin: Sendable {
        /// Of the mapping's content, SHA-256 hex; empty where no mapping made it.
        let mapping: String
        /// Of the decision that let it leave, SHA-256 hex; `nil` where none was needed.
        let approval: String?
    }

    private var bySubmission: [SubmissionID: Origin] = [:]

    init(in transaction: any Transaction) throws {
        var found: [SubmissionID: Origin] = [:]
        try Ledger().facts(in: transaction) { entry in
            if case .enqueued(let enqueued) = entry.fact {
                found[enqueued.submission] = Origin(
                    mapping: enqueued.mappingDigest, approval: enqueued.approval)
            }
        }
        bySubmission = found
    }

    func origin(of submission: SubmissionID) -> Origin {
        bySubmission[submission] ?? Origin(mapping: "", approval: nil)
    }
}

extension Arrival {
    /// Looks whether records from there may be sealed again for whom the key of the moment is.
    ///
    /// - Returns: the decision by which they leave now, SHA-256 hex.
    /// - Throws: `ApprovalFailure`.
    func passAgain(_ origin: MappingDigests.Origin) throws -> String? {
        try kit.approvals.passAgain(
            content: origin.mapping, approval: origin.approval, of: kit.programme)
    }
}
