import LibCrypto
import LibSSH
import Records

/// What a send to a drop can come to: that the file has its name there, and no more.
package enum DropOutcome: String, CaseIterable {
    case stored = "SFTP-STORED"
    /// It was there already, with the same bytes.
    case present = "SFTP-PRESENT"
}

/// `outbox/` of the SFTP drop: how one file gets there whole, once, and never over another.
struct DropOutbox {
    /// Ends with a slash.
    let folder: String

    /// Writes `{id}.xml.part` and `{id}.xml.sig`, looks at their sizes, and renames the first to
    /// `{id}.xml`. Up to the rename it is proved that nothing was delivered.
    func put(
        _ document: [UInt8], _ shipment: Shipment, over session: SFTPSession
    ) throws(TransportFailure) -> SendAnswer {
        let place = folder + shipment.submission.text + ".xml"
        let there = try beforeSending { () throws(SFTPFailure) in try session.facts(place) }
        if there != nil { return try compare(document, with: place, over: session) }
        let signature = "\(shipment.signingKey)\n\(Base64.standard.encode(shipment.signature))\n"
        do throws(TransportFailure) {
            try upload(document, to: place + ".part", over: session)
            try upload(Array(signature.utf8), to: place + ".sig", over: session)
        } catch {
            // Neither is taken for a submission; a full disk is glad of the room all the same.
            try? session.remove(place + ".part")
            throw error
        }
        do throws(SFTPFailure) {
            try session.rename(place + ".part", to: place)
        } catch {
            guard !error.endsSession else { throw .uncertain(.init(error.code)) }
            return try settle(error, document, at: place, over: session)
        }
        return SendAnswer(outcome: DropOutcome.stored.rawValue, document: nil)
    }

    /// What became of a submission whose receipt is not there.
    func trace(
        of submission: SubmissionID, over session: SFTPSession
    ) throws(TransportFailure) -> InquiryAnswer {
        let place = folder + submission.text + ".xml"
        return try beforeSending { () throws(SFTPFailure) in
            if try session.facts(place) != nil { return .pending }
            // Its rename never happened.
            if try session.facts(place + ".part") != nil { return .unknown }
            return .untold
        }
    }

    private func upload(
        _ bytes: [UInt8], to path: String, over session: SFTPSession
    ) throws(TransportFailure) {
        let seconds = 60 + bytes.count / 65_536
        let facts = try beforeSending { () throws(SFTPFailure) in
            try session.write(bytes, to: path, within: seconds)
            return try session.facts(path)
        }
        guard facts?.size == UInt64(bytes.count) else { throw .notSent(.init(.broken)) }
    }

    /// The server said no to the rename: is the name taken, and by what?
    private func settle(
        _ failure: SFTPFailure, _ document: [UInt8], at place: String, over session: SFTPSession
    ) throws(TransportFailure) -> SendAnswer {
        let there = try afterRename { () throws(SFTPFailure) in try session.facts(place) }
        guard there != nil else { throw .notSent(.init(failure.code)) }
        return try compare(document, with: place, over: session)
    }

    /// The same bytes under the same id are delivered; other bytes are for a person.
    private func compare(
        _ document: [UInt8], with place: String, over session: SFTPSession
    ) throws(TransportFailure) -> SendAnswer {
        let isSame = try afterRename { () throws(SFTPFailure) in
            let facts = try session.facts(place)
            guard facts?.isFile == true, facts?.size == UInt64(document.count) else {
                return false
            }
            return try session.read(place, limit: document.count) == document
        }
        guard isSame else { throw .refused(.init(.conflict)) }
        return SendAnswer(outcome: DropOutcome.present.rawValue, document: nil)
    }

    /// A file has the name already: until it is known whose, nothing may go again.
    private func afterRename<Outcome>(
        _ step: () throws(SFTPFailure) -> Outcome
    ) throws(TransportFailure) -> Outcome {
        do throws(SFTPFailure) {
            return try step()
        } catch {
            throw .uncertain(.init(error.code))
        }
    }
}
