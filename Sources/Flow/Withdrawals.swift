import Delivery
import Privacy
import Records
import Storage
import Validation

extension Arrival {
    /// What takes back the rows whose consent was withdrawn while their case is in force: the
    /// case's own names as the nation has them, and no value of the row.
    ///
    /// - Parameters:
    ///   - versions: by row of the batch.
    ///   - standing: by row; what is not in force is not taken back.
    func withdrawals(
        of batch: DecidedBatch, versions: [Int], standing: (Int) -> RecordStanding?
    ) async throws -> [(row: Int, record: SubmittedRecord)] {
        var found: [(row: Int, record: SubmittedRecord)] = []
        for row in batch.outcomes.indices where batch.outcomes[row].fate == .withdrawn {
            guard let standing = standing(row), let inForce = standing.versionInForce else {
                preconditionFailure("a case that is not in force was withdrawn")
            }
            let record = try await database.read { [outbox] transaction in
                try outbox.accepted(standing.record, version: inForce, in: transaction)
            }
            guard let record else { throw StorageFailure(.corrupt) }
            found.append(
                (
                    row,
                    SubmittedRecord(
                        record: record.record, version: versions[row], action: .withdraw,
                        institution: record.institution, servedOn: record.servedOn,
                        traits: record.traits, claimant: nil, childOrder: nil)
                ))
        }
        return found
    }
}
