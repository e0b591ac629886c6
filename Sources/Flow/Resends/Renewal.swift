import Delivery
import Privacy
import Programmes
import Records
import Storage
import Validation

/// Reporting anew, with the same content, what the national side took back (撤销后再报): a person asked
/// for it by a list. What happened here since decides whether it still may.
extension Arrival {
    /// Why a record may not be reported anew; `nil` where it may.
    ///
    /// - Parameter record: the version that was taken back.
    func whyNotRenewed(
        _ record: SubmittedRecord, in transaction: any Transaction
    ) throws -> ResendSkip? {
        let name = record.record.text
        // A later row stayed at home: that one is to be mended, not what it replaced.
        guard try register.latest(of: name, in: transaction)?.version == record.version else {
            return .replaced
        }
        if let parent = try register.parent(of: name, in: transaction),
            try outbox.there(of: [parent], in: transaction).isEmpty
        {
            return .orphan
        }
        if record.traits.isFree, record.claimant != nil, let order = record.childOrder,
            try !register.hasClaim(name, order: order, in: transaction)
        {
            return .entitled
        }
        for memory in kit.programme.remembered {
            if let mark = try register.mark(of: name, memory: memory.name, in: transaction),
                try RepeatedKeys.isFull(
                    memory, mark, than: name, register: register, outbox: outbox, in: transaction)
            {
                return .entitled
            }
        }
        return nil
    }

    /// Notes the new versions in the register: the same row, exported again, says nothing new.
    func noteRenewed(_ records: [SubmittedRecord], in transaction: any Transaction) throws {
        for record in records {
            let name = record.record.text
            guard let latest = try register.latest(of: name, in: transaction) else {
                throw StorageFailure(.corrupt)
            }
            var changes = Register.Stretch(intake: IntakeID(latest.intake), epochs: nil)
            changes.cases = [
                Register.Stretch.Case(
                    record: name, version: record.version, content: latest.content,
                    epoch: latest.epoch)
            ]
            try register.write(changes, in: transaction)
        }
    }
}

extension SubmittedRecord {
    /// The same content as a new report in the next version.
    var renewed: SubmittedRecord {
        SubmittedRecord(
            record: record, version: version + 1, action: .submit, institution: institution,
            servedOn: servedOn, traits: traits, claimant: claimant, childOrder: childOrder,
            dueOn: dueOn, claimantBefore: claimantBefore)
    }
}
