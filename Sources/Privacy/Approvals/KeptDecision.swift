import Foundation
package import Records

/// A decision as it lies in the folder, with what its sheet says of each field that leaves (当时的决定).
package struct KeptDecision: Sendable {
    /// One field of the sheet: of earlier releases no more may be known.
    package struct Field: Sendable, Decodable {
        package let name: String
        package let number: String
        package let title: Wording
        package let place: Wording
        /// Where it stands on the wire, e.g. `wife/name`.
        package let path: String
        package let privacyClass: String
        package let technique: ReviewSheet.Technique
    }

    private struct Sheet: Decodable {
        let sent: [Field]
    }

    package let approval: Approval
    /// `nil` where the sheet is gone, or is one that cannot be read any more.
    package let sent: [Field]?

    fileprivate init(_ approval: Approval, sheet: [UInt8]?) {
        self.approval = approval
        guard let sheet, DigestPair(of: sheet) == approval.sheet else {
            sent = nil
            return
        }
        sent = try? JSONDecoder().decode(Sheet.self, from: Data(sheet)).sent
    }
}

extension ApprovalStore {
    /// Decisions that the ledger names by their digest. Neither a signature nor an officer is asked
    /// for: the digest says that it is this one, also when who made it has left.
    ///
    /// - Parameter digests: SHA-256 of decisions, hex.
    /// - Returns: those that still lie there, by their digest.
    package func kept(_ digests: Set<String>) -> [String: KeptDecision] {
        var found: [String: KeptDecision] = [:]
        for decision in decisions {
            let (name, mapping) = (decision.text, decision.mapping)
            guard let text = try? read(name + ".json", mapping),
                digests.contains(DigestPair(of: text).sha256),
                let approval = Approval(canonical: text)
            else { continue }
            found[approval.digest] = KeptDecision(
                approval, sheet: (try? read(name + ".sheet.json", mapping)) ?? nil)
        }
        return found
    }
}
