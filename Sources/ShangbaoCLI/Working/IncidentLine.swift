import Flow
import Foundation
import Notices
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

    /// Throws `StorageFailure`.
    init(in transaction: any Transaction) throws(StorageFailure) {
        open = try IncidentBook().open(in: transaction).map {
            Line(code: $0.code, subject: $0.subject, since: $0.since.dateTime)
        }
        waiting = try IncidentBook().waiting(in: transaction)
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
        for line in waiting {
            output.paragraph(
                said(
                    "✗ 通知渠道 \(line.channel)：\(line.count) 条发不出（\(line.failure)），会再试",
                    "✗ notices to \(line.channel): \(line.count) not taken (\(line.failure)), "
                        + "tried again"))
        }
    }
}
