import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Storage

/// The receipts that are kept, and those that are missing.
struct Receipts: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "回执：收到的、对不上的、逾期未到的。", "Receipts: kept, unmatched, overdue."),
            subcommands: [
                ReceiptsList.self, ReceiptsShow.self, ReceiptsRecord.self, ReceiptsTexts.self,
            ])
    }
}

/// Receipts, newest first; or the submissions that wait for theirs too long.
struct ReceiptsList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: said("列出回执，新的在前。", "List receipts, newest first."))
    }

    @Flag(
        help: ArgumentHelp(
            said(
                "只列没有采用的：对不上、发错、伪造、不合规、还没读懂。",
                "Only what was not applied: unmatched, misaddressed, forged, odd, not understood."))
    )
    var unmatched = false

    @Flag(
        help: ArgumentHelp(
            said("改列逾期没有结果的报文。", "Instead, submissions whose verdicts are overdue.")))
    var overdue = false

    @Option(help: ArgumentHelp(said("最多几份。", "At most so many.")))
    var limit = 50

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard !(unmatched && overdue), limit > 0 else {
            throw ValidationError(
                said("--unmatched 与 --overdue 只能选一个。", "Either --unmatched or --overdue."))
        }
    }

    private struct Kept: Encodable {
        let sha256: String
        let received: String
        let disposition: String
        let submission: String?
        let status: String?
        let signingKey: String?
        let grade: String?
    }

    private struct Late: Encodable {
        let submission: String
        let state: String
        let transport: String
        /// How many records are in each state.
        let business: [String: Int]
        let reason: String?
        let since: String
        let open: Int
        let records: Int
        let nextStep: String
    }

    /// Kept, and nothing followed from it.
    private static let notApplied: Set<Disposition> = [
        .stored, .unknown, .misaddressed, .forged, .malformed,
    ]

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let now = site.clock()
        return try await site.withView { database in
            let outbox = try Exchange(site: site, database: database).outbox
            if overdue {
                let (lines, bearings) = try await database.read {
                    let lines = try outbox.overdue(now: now, in: $0)
                    return (lines, try outbox.bearings(of: lines.map(\.submission), in: $0))
                }
                return try show(lines, bearings, now, output)
            }
            let wanted = unmatched ? ReceiptsList.notApplied : Set(Disposition.allCases)
            let lines = try await database.read { [limit] in
                try outbox.receipts(wanted, limit: limit, in: $0)
            }
            return try show(lines, output)
        }
    }

    private func show(_ lines: [ReceiptLine], _ output: Output) throws -> ExitStatus {
        try output.give(
            lines.map {
                Kept(
                    sha256: $0.digest, received: $0.received.dateTime,
                    disposition: $0.disposition.rawValue, submission: $0.submission?.text,
                    status: $0.status, signingKey: $0.signingKey, grade: $0.grade?.rawValue)
            })
        guard !lines.isEmpty else {
            output.line(
                unmatched ? "✓ 没有对不上的回执" : "还没有回执。",
                unmatched ? "✓ every receipt was applied" : "No receipts yet.")
            return .done
        }
        var table = Columns([
            ("SHA-256", .left), (said("收到", "received"), .left),
            (said("处理", "taken as"), .left), (said("报文", "submission"), .left),
        ])
        for line in lines {
            table.add([
                String(line.digest.prefix(12)), Figure.minute(line.received),
                DeliveryCodes.entry(line.disposition).code
                    + (line.grade == nil ? "" : said("（无签名）", " (unsigned)")),
                String(line.submission?.text.prefix(QueueList.shownDigits) ?? ""),
            ])
        }
        output.table(table, indent: 0)
        output.line("看一份：shangbao receipts show SHA-256", "See one: shangbao receipts show SHA-256")
        return unmatched ? .refused : .done
    }

    private func show(
        _ lines: [OverdueLine], _ bearings: [SubmissionID: Bearings], _ now: Timestamp,
        _ output: Output
    ) throws -> ExitStatus {
        try output.give(
            lines.map {
                Late(
                    submission: $0.submission.text, state: $0.state.rawValue,
                    transport: (bearings[$0.submission]?.transport ?? .notSent).rawValue,
                    business: bearings[$0.submission]?.counts ?? [:], reason: $0.reason,
                    since: $0.since.dateTime, open: $0.open, records: $0.records,
                    nextStep: $0.nextStep.dateTime)
            })
        guard !lines.isEmpty else {
            output.line("✓ 没有逾期未答的报文", "✓ no verdict is overdue")
            return .done
        }
        var table = Columns([
            (said("报文", "submission"), .left), (said("小时", "hours"), .right),
            (said("下一步", "next step"), .left), (said("传输", "transport"), .left),
            (said("业务", "business"), .left),
        ])
        for line in lines {
            let hours = (now.microseconds - line.since.microseconds) / 3_600_000_000
            table.add([
                String(line.submission.text.prefix(QueueList.shownDigits)), "\(hours)",
                line.state == .held ? (line.reason ?? "") : Figure.minute(line.nextStep),
                bearings[line.submission]?.transport.title.said ?? "",
                bearings[line.submission]?.decided.said ?? "",
            ])
        }
        output.table(table, indent: 0)
        output.line(
            "原因和能做的：shangbao explain 报文编号", "Why, and what can be done: shangbao explain SUBMISSION"
        )
        return .undelivered
    }
}

/// One receipt: what it says, and what was made of it.
struct ReceiptsShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("一份回执怎么说，采用了没有。", "What one receipt says, and what came of it."))
    }

    @Argument(
        help: ArgumentHelp(said("SHA-256 或其开头（至少 8 位）。", "Its SHA-256, or 8 digits or more of it."))
    )
    var digest: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: digest) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, endpoint) = (exchange.outbox, exchange.endpoint)
            let reading = try await database.read { [digest] transaction in
                let found = try outbox.receipts(beginning: digest, in: transaction)
                guard digest.count >= 8, let only = found.first, found.count == 1 else {
                    throw CommandFailure(.unknownReceipt, place: digest)
                }
                return try outbox.reading(of: only, by: endpoint, in: transaction)
            }
            guard let reading else { throw CommandFailure(.unknownReceipt, place: digest) }
            let page = ReceiptPage(reading)
            try output.give(page)
            page.show(output)
            return .done
        }
    }
}

/// Everything that receipts ever said of one record.
struct ReceiptsRecord: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "record",
            abstract: said(
                "关于一个记录的全部回执，以及由此得出的结论。",
                "All receipts about one record, and the verdict that follows."))
    }

    @Argument(help: ArgumentHelp(said("记录编号，32 位十六进制。", "Its id, 32 hex digits.")))
    var record: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: record) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, endpoint) = (exchange.outbox, exchange.endpoint)
            let id = RecordID(record.lowercased())
            let (history, bearings) = try await database.read {
                let history = try outbox.history(of: id, by: endpoint, in: $0)
                return (
                    history,
                    try outbox.bearings(of: history.versions.map(\.submission), in: $0)
                )
            }
            guard !history.versions.isEmpty else {
                throw CommandFailure(.unknownRecord, place: record)
            }
            let page = RecordHistoryPage(history, bearings)
            try output.give(page)
            page.show(output)
            return page.isSound ? .done : .unbalanced
        }
    }
}
