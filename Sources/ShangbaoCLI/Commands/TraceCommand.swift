import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Storage

/// The life of one record, from the ledger.
struct TraceCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "trace", abstract: said("一个记录的来龙去脉。", "The life of one record."))
    }

    @Argument(help: ArgumentHelp(said("记录编号，32 位十六进制。", "Its id, 32 hex digits.")))
    var record: String

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let seq: Int64
        let at: String
        let kind: String
        /// `transport` or `business`: which of the two the line tells of.
        let about: String
        let summary: String
    }

    private struct Life: Encodable {
        let record: String
        let version: Int?
        /// How the newest version stands.
        let transport: String?
        let business: StateWords.Business?
        let lines: [Line]
    }

    var audited: AuditSubject { AuditSubject(object: record) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let id = RecordID(record.lowercased())
            let outbox = try Exchange(site: site, database: database).outbox
            let inquiry = Inquiry(site: site, outbox: outbox)
            let (trace, stand, bearings) = try await database.read { transaction in
                let stand = try inquiry.stand(of: id, in: transaction)
                return (
                    try Trace(of: id, in: transaction), stand,
                    try outbox.bearings(
                        of: stand?.submission.map { [$0] } ?? [], in: transaction)
                )
            }
            guard !trace.lines.isEmpty else { throw CommandFailure(.unknownRecord, place: record) }
            let words = stand.map { StateWords($0, bearings) }
            try output.give(
                Life(
                    record: id.text, version: stand?.version,
                    transport: words?.transport.rawValue, business: words?.business,
                    lines: trace.lines.map {
                        Line(
                            seq: $0.seq, at: $0.at.dateTime, kind: $0.kind,
                            about: $0.about.rawValue, summary: $0.summary.said)
                    }))
            if let stand, let words {
                output.line("第 \(stand.version) 版：", "Version \(stand.version):")
                words.show(output)
            }
            show(trace, output)
            return .done
        }
    }

    private func show(_ trace: Trace, _ output: Output) {
        var table = Columns([
            (said("账本", "seq"), .right), (said("时间", "when"), .left),
            (said("方面", "about"), .left), (said("发生了什么", "what happened"), .left),
        ])
        for line in trace.lines {
            table.add([
                "\(line.seq)", String(line.at.dateTime.prefix(19)).replacing("T", with: " "),
                line.about.title.said, line.summary.said,
            ])
        }
        output.table(table, indent: 0)
    }
}
