import Evidence
import Privacy
import Records
import Storage

/// What the ledger knows of those who approve mappings and of what they decided (账本所记的审批):
/// a list that somebody changed, or a decision that somebody took out of the folder, is found out.
struct NotedDecisions: Sendable {
    private struct Noted: Sendable {
        /// SHA-256 of the decision, hex.
        let digest: String
        let at: Timestamp
    }

    /// Officers whose key, department or role nobody has confirmed.
    private let unconfirmed: Set<String>
    /// By mapping and content, in the order in which they were made.
    private var byContent: [String: [Noted]] = [:]

    /// - Parameters:
    ///   - officers: as the site's file lists them.
    ///   - now: what was announced long enough ago holds, also before a run has written that down.
    /// - Throws: `CryptoFailure`, `StorageFailure`, `DecodingError`.
    init(
        _ officers: [ApprovalOfficer], at now: Timestamp, in transaction: any Transaction
    ) throws {
        let list = try officers.map(KeyBook.Listed.init)
        let book = try KeyBook(.officers, in: transaction)
        let holding = list.filter { book.announced($0, at: now) != nil }.map(\.name)
        unconfirmed = Set(book.unconfirmed(in: list)).subtracting(holding)
        for entry in try Ledger().entries(of: "approved", in: transaction) {
            guard case .approved(let fact) = entry.fact, let digest = fact.approval else {
                continue
            }
            byContent[NotedDecisions.name(fact.mapping, fact.mappingDigest), default: []]
                .append(Noted(digest: digest, at: entry.at))
        }
    }

    /// Why a decision on disk does not hold; `nil` where nothing is known against it.
    func objection(to approval: Approval) -> ApprovalFailure? {
        if unconfirmed.contains(approval.approver) {
            return ApprovalFailure(
                .unconfirmed, mapping: approval.mapping, detail: approval.approver)
        }
        let noted =
            byContent[NotedDecisions.name(approval.mapping, approval.content.sha256)] ?? []
        guard let last = noted.last, last.digest != approval.digest else { return nil }
        // One that this ledger does not know may have been made after its last one, elsewhere.
        let isEarlier =
            noted.contains { $0.digest == approval.digest } || approval.decidedAt <= last.at
        return isEarlier
            ? ApprovalFailure(
                .superseded, mapping: approval.mapping, detail: String(last.digest.prefix(16)))
            : nil
    }

    private static func name(_ mapping: String, _ content: String) -> String {
        mapping + " " + content
    }
}
