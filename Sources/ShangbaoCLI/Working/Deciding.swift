import Delivery
import Evidence
import Flow
import Privacy
import Records
import Storage

/// Puts an officer's decision (审核决定) where it counts: the folder of approvals, and the ledger.
struct Deciding {
    let site: Site
    let approval: Approval
    let sheet: ReviewSheet

    private var isRejection: Bool { approval.decision == .rejected }

    /// - Parameter record: puts it into the folder, signed.
    func store(
        _ output: Output, _ record: (ApprovalStore) throws(ApprovalFailure) -> Void
    ) async throws -> ExitStatus {
        let now = site.clock()
        let fact = Fact.Approved(
            mapping: approval.mapping, mappingDigest: approval.content.sha256,
            by: approval.approver, isApproved: !isRejection, approval: approval.digest,
            key: approval.key)
        let (unconfirmed, waiting) = try await site.withDatabase(.guest) { database in
            try record(site.approvals())
            return try await database.write { transaction in
                try Ledger().append([.approved(fact)], at: now, in: transaction)
                let queued = try Exchange(site: site, database: database).outbox
                    .counts(in: transaction)
                return (
                    try site.noteOfficers(at: now, in: transaction),
                    [.due, .leased, .held].compactMap { queued[$0] }.reduce(0, +)
                )
            }
        }
        CommandAudit.current.found([approval.digest])
        try output.give(approval)
        say(output, waiting: waiting, isUnconfirmed: unconfirmed.contains(approval.approver))
        return .done
    }

    private func say(_ output: Output, waiting: Int, isUnconfirmed: Bool) {
        let (by, role, mapping) = (approval.approver, approval.role, approval.mapping)
        let mark = isUnconfirmed ? "!" : "✓"
        output.line(
            isRejection
                ? "\(mark) \(by)（\(role)）已驳回 \(mapping)"
                : "\(mark) \(by)（\(role)）已批准 \(mapping)，有效期至 \(approval.validUntil)",
            isRejection
                ? "\(mark) \(by) (\(role)) rejected \(mapping)"
                : "\(mark) \(by) (\(role)) approved \(mapping) until \(approval.validUntil)")
        output.line("  审核表 sheet   \(approval.sheet.sha256)")
        output.line("  内容 content   \(approval.content.sha256)")
        output.line("  决定 decision  \(approval.digest)")
        if isRejection, waiting > 0 {
            output.paragraph(
                said(
                    "! 驳回只管今后的；已入队的 \(waiting) 份报文仍会发出，要停：shangbao lane stop --sends",
                    "! this stops what comes: \(waiting) submissions that are queued go all the same, "
                        + "unless shangbao lane stop --sends keeps them"))
        }
        if isUnconfirmed {
            output.paragraph(
                said(
                    "! \(by) 的公钥与账本登记的不同，或是新人：有人 shangbao mapping confirm \(by) 之后，这个决定才算数",
                    "! the key of \(by) is another than the ledger noted, or he is new: this holds "
                        + "once somebody has run shangbao mapping confirm \(by)"))
        }
    }
}
