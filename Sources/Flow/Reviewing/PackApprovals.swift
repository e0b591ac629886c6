import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records

/// The approvals of a site's mappings, as a pack shows them: every genuine decision, also those on
/// earlier versions, under which lines of the statement may have left.
enum PackApprovals {
    private struct Proof: Encodable {
        /// SHA-256 of the decision's text, hex: what the ledger calls it by.
        let approval: String
        let officer: String
        /// PEM.
        let key: String
        /// Base64 of the DER over the decision's text.
        let signature: String
    }

    /// JSON: `approvals` as they were signed, byte by byte, and beside them `proofs`; in rehearsal
    /// both may be empty.
    static func text(_ site: Site) throws -> [UInt8] {
        let store = try site.approvals()
        var texts: [String] = []
        var proofs: [Proof] = []
        for name in try site.mappingsInUse().map(\.mapping.name) {
            for signed in store.genuine(mapping: name) {
                texts.append(String(decoding: signed.approval.canonicalText, as: UTF8.self))
                proofs.append(
                    Proof(
                        approval: signed.approval.digest, officer: signed.officer.name,
                        key: try signed.officer.key.pem(),
                        signature: Base64.standard.encode(signed.signature)))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let proved = String(decoding: try encoder.encode(proofs), as: UTF8.self)
        return Array(
            ("{\"approvals\":[" + texts.joined(separator: ",")
                + "],\"environment\":\"\(site.configuration.environment.rawValue)\","
                + "\"proofs\":\(proved)}\n").utf8)
    }
}
