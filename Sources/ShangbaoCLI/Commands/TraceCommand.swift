import ArgumentParser
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
        let summary: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let id = RecordID(record.lowercased())
            let trace = try await database.read { try Trace(of: id, in: $0) }
            guard !trace.lines.isEmpty else { throw CommandFailure(.unknownRecord, place: record) }
            try output.give(
                trace.lines.map {
                    Line(seq: $0.seq, at: $0.at.dateTime, kind: $0.kind, summary: $0.summary.said)
                })
            var table = Columns([
                (said("账本", "seq"), .right), (said("时间", "when"), .left),
                (said("发生了什么", "what happened"), .left),
            ])
            for line in trace.lines {
                table.add([
                    "\(line.seq)", String(line.at.dateTime.prefix(19)).replacing("T", with: " "),
                    line.summary.said,
                ])
            }
            output.table(table, indent: 0)
            return .done
        }
    }
}
