import Evidence
import LibCrypto
package import Privacy
package import Storage

extension Site {
    /// Who did and looked at what here.
    package var auditTrail: AuditTrail { AuditTrail(path: configuration.audit.file) }

    /// Notes in the ledger how far the trail goes, unless that is noted already. Whoever holds the
    /// ledger's head, as every evidence pack does, finds out when rows are cut off.
    ///
    /// Throws `AuditFailure`, `StorageFailure`, `EncodingError`, `DecodingError`.
    package func anchorAudit(in database: any Database) async throws {
        let head = try auditTrail.head()
        let moment = clock()
        guard head.seq > 0 else { return }
        try await database.write { transaction in
            let ledger = Ledger()
            let anchors = try ledger.auditAnchors(in: transaction)
            guard anchors.allSatisfy({ $0.seq < head.seq }) else { return }
            let fact = Fact.Audited(row: head.seq, hash: Hex.encode(head.hash))
            try ledger.append([.audited(fact)], at: moment, in: transaction)
        }
    }

    /// The heads that the ledger knows, in its order. Throws as `anchorAudit`.
    package func auditAnchors(in database: any Database) async throws -> [AuditHead] {
        try await database.read { try Ledger().auditAnchors(in: $0) }
    }
}

extension Ledger {
    fileprivate func auditAnchors(in transaction: any Transaction) throws -> [AuditHead] {
        try entries(of: "audited", in: transaction).compactMap { entry in
            guard case .audited(let fact) = entry.fact else { return nil }
            return AuditHead(seq: fact.row, hash: try Hex.decode(fact.hash))
        }
    }
}
