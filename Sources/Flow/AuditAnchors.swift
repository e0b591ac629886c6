import Evidence
import Foundation
import LibCrypto
package import Privacy
package import Records
package import Storage

extension Site {
    /// Who did and looked at what here.
    package var auditTrail: AuditTrail { AuditTrail(path: configuration.audit.file) }

    /// Notes in the ledger how far the audit trail goes, unless that is noted already. Whoever
    /// holds the ledger's head, as every evidence pack does, finds out when rows are cut off.
    ///
    /// Throws `AuditFailure`, `StorageFailure`, `EncodingError`, `DecodingError`.
    package func anchorAudit(in database: any Database) async throws {
        let head = try auditTrail.head()
        let moment = clock()
        guard head.seq > 0 else { return }
        try await database.write { transaction in
            let anchors = try AuditAnchors(of: self, in: transaction)
            guard anchors.heads.allSatisfy({ $0.seq < head.seq }) else { return }
            let fact = Fact.Audited(
                row: head.seq, hash: Hex.encode(head.hash), machine: AuditAnchors.machine)
            try Ledger().append([.audited(fact)], at: moment, in: transaction)
        }
    }

    /// The heads that the ledger knows. Throws as `anchorAudit`.
    package func auditAnchors(in database: any Database) async throws -> AuditAnchors {
        try await database.read { try AuditAnchors(of: self, in: $0) }
    }

    /// Notes that somebody has seen to rows that are gone: they are missed no more. How many heads
    /// that is; nought where none is missing. Throws as `anchorAudit`.
    package func acceptAuditLoss(
        by name: String, because: String, in database: any Database
    ) async throws -> Int {
        let anchors = try await auditAnchors(in: database)
        let missing = try auditTrail.missing(of: anchors.heads)
        let head = try auditTrail.head()
        let moment = clock()
        guard !missing.isEmpty else { return 0 }
        try await database.write { transaction in
            let fact = Fact.Audited(
                row: head.seq, hash: Hex.encode(head.hash), machine: AuditAnchors.machine,
                lost: missing.map(\.seq), by: name, because: because)
            try Ledger().append([.audited(fact)], at: moment, in: transaction)
        }
        return missing.count
    }
}

/// The heads of the audit trail that the ledger knows (审计锚点).
package struct AuditAnchors: Sendable {
    /// What the trail of this machine must have, oldest first.
    package private(set) var heads: [AuditHead] = []
    /// Machines that share the database, and have trails of their own.
    package private(set) var others: Set<String> = []
    /// Losses that somebody has seen to.
    package private(set) var accepted: [Accepted] = []

    /// Rows that are known to be gone.
    package struct Accepted: Sendable {
        package let rows: [Int64]
        package let by: String
        package let because: String
        package let at: Timestamp
    }

    /// As a fact has it.
    package static var machine: String { ProcessInfo.processInfo.hostName }

    /// Throws `StorageFailure`, `DecodingError`, `CryptoFailure`.
    package init(of site: Site, in transaction: any Transaction) throws {
        // A file is one machine's, whatever that is called now; a server has several.
        let isShared =
            switch site.configuration.database {
            case .file: false
            case .server: true
            }
        for entry in try Ledger().entries(of: "audited", in: transaction) {
            guard case .audited(let fact) = entry.fact else { continue }
            if isShared, fact.machine != AuditAnchors.machine {
                others.insert(fact.machine ?? "?")
                continue
            }
            if let lost = fact.lost {
                heads.removeAll { lost.contains($0.seq) }
                accepted.append(
                    Accepted(
                        rows: lost, by: fact.by ?? "?", because: fact.because ?? "", at: entry.at))
            }
            heads.append(AuditHead(seq: fact.row, hash: try Hex.decode(fact.hash)))
        }
    }

    /// Rows that the ledger knows are not in the trail.
    package static let cut = CodeEntry(
        "N-AUDIT-CUT",
        what: Wording(
            zh: "审计记录缺了账本记着的行：被截断、删除或换成了别的。",
            en: "The audit trail lacks rows that the ledger knows: cut off, removed or replaced."),
        next: Wording(
            zh: "保留现场，报告隐私负责人；shangbao audit verify 看缺哪些，与备份核对。查清后：shangbao status "
                + "--acknowledge N-AUDIT-CUT --because 怎样查的。",
            en:
                "Leave everything as it is and tell the privacy officer. See shangbao audit verify, "
                + "and compare with a backup. Once it is known: shangbao status --acknowledge "
                + "N-AUDIT-CUT --because HOW."))
}
