import Evidence
import Records
import Storage

/// By which mapping's content each submission's records came.
struct MappingDigests {
    private var bySubmission: [SubmissionID: String] = [:]

    init(in transaction: any Transaction) throws {
        var found: [SubmissionID: String] = [:]
        try Ledger().facts(in: transaction) { entry in
            if case .enqueued(let enqueued) = entry.fact {
                found[enqueued.submission] = enqueued.mappingDigest
            }
        }
        bySubmission = found
    }

    func digest(of submission: SubmissionID) -> String { bySubmission[submission] ?? "" }
}
