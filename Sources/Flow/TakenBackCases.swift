import Definitions
package import Delivery
import Evidence
import Mappings
import Privacy
import Programmes
import Records
package import Storage
import Submissions
import Validation

/// A case that was taken back takes its follow-ups with it (撤回档案的随访): the nation must not hold a
/// follow-up of nobody. Each is told in a withdrawal of its own, once its case's is accepted.
extension Arrival {
    /// What one follow-up's withdrawal needs.
    private struct Leaving: Sendable {
        let record: SubmittedRecord
        /// Of the mapping by which it had come, SHA-256 hex.
        let mappingDigest: String
        /// Under which decision, SHA-256 hex.
        let approval: String?
    }

    /// Takes back the follow-ups in force whose case is in force no more. One with an open version
    /// waits for its answer; one whose withdrawal the nation refused is a discrepancy, and is not
    /// told again and again.
    ///
    /// - Returns: how many were taken back.
    func takeBackFollowUps() async throws -> Int {
        let moment = clock()
        let leaving = try await database.read { try self.leaving(in: $0) }
        var rest = leaving[...]
        var sent = 0
        while let first = rest.first {
            let group = rest.prefix {
                $0.mappingDigest == first.mappingDigest && $0.approval == first.approval
            }
            rest = rest.dropFirst(group.count)
            let records = Array(group.map(\.record))
            let approval = try passAgain(
                .init(mapping: first.mappingDigest, approval: first.approval))
            let packed = try await desks[0].withdraw(
                records.enumerated().map { (row: $0.offset, record: $0.element) }, at: moment)
            let isOurs = try await database.writeDecided { transaction in
                let standing = try outbox.standing(of: records.map(\.record), in: transaction)
                guard zip(standing, records).allSatisfy({ $0.latestVersion < $1.version }) else {
                    return false
                }
                for packed in packed {
                    try outbox.enqueue(Parcel(packed), in: transaction)
                    try ledger.append(
                        [
                            .enqueued(
                                Fact.Enqueued(
                                    packed.submission, mappingDigest: first.mappingDigest,
                                    approval: approval, warnings: [:], withoutRows: true))
                        ], at: moment, in: transaction)
                }
                // The same row, exported again, says something new after this: it may come back.
                var changes = Register.Stretch(
                    intake: IntakeID(""), epochs: kit.naming.epochs)
                changes.cases = records.map {
                    Register.Stretch.Case(
                        record: $0.record.text, version: $0.version, content: [],
                        epoch: kit.naming.epochs.content)
                }
                try register.write(changes, in: transaction)
                return true
            }
            if isOurs { sent += group.count }
        }
        return sent
    }

    private func leaving(in transaction: any Transaction) throws -> [Leaving] {
        var found: [(record: SubmittedRecord, submission: SubmissionID)] = []
        for item in try register.leavingFollowUps(outbox, in: transaction) {
            guard
                let record = try outbox.accepted(
                    item.record, version: item.inForce, in: transaction),
                let submission = try outbox.submission(
                    of: item.record, version: item.inForce,
                    programme: kit.programme.dictionary.programme, in: transaction)
            else { continue }
            found.append(
                (
                    SubmittedRecord(
                        record: record.record, version: item.next, action: .withdraw,
                        institution: record.institution, servedOn: record.servedOn,
                        traits: record.traits, claimant: nil, childOrder: nil), submission
                ))
        }
        if found.isEmpty { return [] }
        let digests = try MappingDigests(in: transaction)
        return found.map { item in
            let origin = digests.origin(of: item.submission)
            return Leaving(
                record: item.record, mappingDigest: origin.mapping, approval: origin.approval)
        }.sorted { ($0.mappingDigest, $0.approval ?? "") < ($1.mappingDigest, $1.approval ?? "") }
    }
}

extension Register {
    /// Follow-ups in force whose case was taken back, with the version in force and the next one;
    /// what was told once already is not among them.
    func leavingFollowUps(_ outbox: Outbox, in transaction: any Transaction)
        throws(StorageFailure) -> [(record: RecordID, inForce: Int, next: Int)]
    {
        var found: [(record: RecordID, inForce: Int, next: Int)] = []
        for parent in try outbox.takenBack(in: transaction) {
            for followUp in try followUps(of: parent, in: transaction) {
                let standing = try outbox.standing(of: [followUp], in: transaction)[0]
                guard let inForce = standing.versionInForce, standing.openVersion == nil,
                    !standing.isFrozen,
                    let latest = try self.latest(of: followUp.text, in: transaction),
                    !latest.content.isEmpty
                else { continue }
                found.append(
                    (followUp, inForce, max(latest.version, standing.latestVersion) + 1))
            }
        }
        return found
    }

    /// Waiting rows without the follow-ups whose case the nation does not have.
    func ready(_ outbox: Outbox, in transaction: any Transaction) throws(StorageFailure)
        -> [WaitingRow]
    {
        let waiting = try self.waiting(in: transaction)
        let there = try outbox.there(
            of: Set(waiting.filter(\.waitsForCase).map { RecordID($0.parent) }), in: transaction)
        return waiting.filter { !$0.waitsForCase || there.contains(RecordID($0.parent)) }
    }

    /// Whether `Arrivals.reconsider` may have something to do, asked without any key.
    package func hasMore(_ outbox: Outbox, in transaction: any Transaction)
        throws(StorageFailure) -> Bool
    {
        if try !ready(outbox, in: transaction).isEmpty { return true }
        return try !leavingFollowUps(outbox, in: transaction).isEmpty
    }
}
