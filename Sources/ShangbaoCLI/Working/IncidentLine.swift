import Flow
import Foundation
import Notices
import Privacy
import Records
import Storage

/// What people were told of and what has not ended, for `status`; and notices that nobody took.
struct IncidentLines: Encodable {
    struct Line: Encodable {
        let code: String
        let subject: String
        let since: String
    }

    let open: [Line]
    let waiting: [IncidentBook.Waiting]
    /// Rows of the audit trail that the ledger knows and that are not there: looked for here, as a
    /// site without the service has nobody else who says so.
    let auditMissing: [Int64]

    /// Throws `StorageFailure`, `AuditFailure`, `DecodingError`.
    init(of site: Site, in transaction: any Transaction) throws {
        open = try IncidentBook().open(in: transaction).map {
            Line(code: $0.code, subject: $0.subject, since: $0.since.dateTime)
        }
        waiting = try IncidentBook().waiting(in: transaction)
        let heads = try AuditAnchors(of: site, in: transaction).heads
        auditMissing = try site.auditTrail.missing(of: heads).map(\.seq)
    }

    func show(_ output: Output, _ site: Site) {
        let codes = CodeBook(site.catalogue)
        for line in open {
            let head = [line.code, line.subject].filter { !$0.isEmpty }.joined(separator: " ")
            let since = String(line.since.prefix(16)).replacing("T", with: " ")
            output.paragraph(
                "✗ \(head) \(said("始于", "since")) \(since)\(said("：", ": "))"
                    + (codes[line.code]?.what.said ?? ""))
        }
        let cut = AuditAnchors.cut
        if !auditMissing.isEmpty, !open.contains(where: { $0.code == cut.code }) {
            output.paragraph("✗ \(cut.code)\(said("：", ": "))\(cut.what.said)")
        }
        for line in waiting {
            output.paragraph(
                said(
                    "✗ 通知渠道 \(line.channel)：\(line.count) 条发不出（\(line.failure)），会再试",
                    "✗ notices to \(line.channel): \(line.count) not taken (\(line.failure)), "
                        + "tried again"))
        }
    }
}
