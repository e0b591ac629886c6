import LibXML
package import Privacy
package import Records

extension Packing {
    /// Packs bare withdrawals (撤回): the attributes of each record and nothing of its people. The
    /// envelope's key seals nothing.
    ///
    /// - Parameter records: their action is `withdraw`.
    package func withdraw(
        _ records: [SubmittedRecord], under envelope: Envelope, programme: String, sender: Sender,
        at moment: Timestamp
    ) throws(PackingFailure) -> Submission {
        precondition(records.allSatisfy { $0.action == .withdraw }, "only withdrawals are bare")
        var document = try header(of: envelope, programme, sender, count: records.count, moment)
        for record in records {
            document += Packing.startTag(of: record) + Array("</Record>\n".utf8)
        }
        document += Packing.end
        do {
            try validate(document)
        } catch {
            throw PackingFailure(.checksDisagree, detail: error.firstElement)
        }
        return try finished(document, records, envelope, programme, sender, moment)
    }
}
