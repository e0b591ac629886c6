import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Storage

/// Decides a case that contradicting receipts have frozen.
struct QueueDecide: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "decide",
            abstract: said("裁定因回执矛盾而冻结的病例。", "Decide a case that receipts contradict."),
            discussion: said(
                "先与国家平台核实哪一份回执有效；所指回执必须确实这样说。",
                "Ask the national side first which receipt holds; the one you name must say so."))
    }

    @Argument(help: ArgumentHelp(said("记录编号，32 位十六进制。", "Its id, 32 hex digits.")))
    var record: String

    @Option(
        help: ArgumentHelp(
            said("结论：accepted 或 rejected。", "What holds: accepted or rejected."),
            valueName: "verdict"))
    var `as`: Outbox.Ruling

    @Option(
        help: ArgumentHelp(
            said(
                "作为依据的回执：SHA-256 或其开头（至少 8 位）。",
                "The receipt that says so: its SHA-256, or 8 digits or more of it."),
            valueName: "sha256"))
    var receipt: String

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let record: String
        let version: Int
        let verdict: String
        let code: String?
        let serial: String?
        let by: String
        let because: String
    }

    var audited: AuditSubject { AuditSubject(object: record, reason: reason.because) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, endpoint) = (exchange.outbox, exchange.endpoint)
            let decision = reason.decision
            let now = site.clock()
            let id = RecordID(record.lowercased())
            let verdict = try await database.write { [receipt, ruling = self.as] transaction in
                try outbox.decide(
                    id, as: ruling, by: receipt, of: endpoint, decision, now: now, in: transaction)
            }
            try output.give(
                Result(
                    record: id.text, version: verdict.version, verdict: verdict.verdict.rawValue,
                    code: verdict.code, serial: verdict.serial, by: decision.by,
                    because: decision.because))
            let ruled = `as` == .accepted ? said("已接收", "accepted") : said("被退回", "rejected")
            output.line(
                "✓ \(id.text) 第 \(verdict.version) 版裁定为\(ruled)，不再冻结",
                "✓ \(id.text) version \(verdict.version) is \(ruled), and no longer frozen")
            output.line(
                "下一步：shangbao collect，处理因此可以继续的行",
                "Next: shangbao collect, for the rows that waited for it")
            return .done
        }
    }
}

extension Outbox.Ruling: ExpressibleByArgument {}
