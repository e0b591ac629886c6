import Flow
import Privacy
import Records
import Storage

extension Examination {
    /// Whether the audit trail is whole, and has what the ledger knows of it.
    mutating func trail(_ site: Site, _ view: any Database) async {
        let what = said("审计记录", "audit trail")
        do {
            let anchors = try await site.auditAnchors(in: view)
            let report = try site.auditTrail.read(heldTo: anchors.heads)
            let rows = said("\(report.head.seq) 行", "\(report.head.seq) rows")
            let code = report.brokenAt == nil ? AuditAnchors.cut : AuditFailure(.broken).entry
            note(
                report.holds, what,
                report.holds
                    ? rows : [code.code, rows, report.words ?? ""].joined(separator: ", "),
                next: code.next)
        } catch { note(error, what) }
    }
}
