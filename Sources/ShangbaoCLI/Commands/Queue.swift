import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// The queue of submissions.
struct Queue: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("发件箱：查看、重发、暂停、放行、取消。", "See the queue, and step in."),
            subcommands: [
                QueueList.self, QueueShow.self, QueueRetry.self, QueueHold.self,
                QueueRelease.self, QueueCancel.self, QueueRepack.self, QueueDecide.self,
                QueueReconcile.self, QueueOpen.self,
            ])
    }
}

struct QueueList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: said("列出报文，新的在前。", "List submissions, newest first."))
    }

    @Option(help: ArgumentHelp(said("只列这种状态。", "Only those in this state.")))
    var state: DeliveryState?

    @Option(help: ArgumentHelp(said("最多几份。", "At most so many.")))
    var limit = 50

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let id: String
        let state: String
        let transport: String
        /// How many records are in each state.
        let business: [String: Int]
        let records: Int
        let bytes: Int
        let created: String
        let attempts: Int
        let nextStep: String
        let reason: String?
        /// The other side refused it as a whole: a person has it packed anew.
        let isRefused: Bool
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let (found, bearings) = try await database.read { [state, limit] in
                let lines = try outbox.list(state, limit: max(1, limit), in: $0)
                return (lines, try outbox.bearings(of: lines.map(\.submission), in: $0))
            }
            try output.give(
                found.map {
                    Line(
                        id: $0.submission.text, state: $0.state.rawValue,
                        transport: (bearings[$0.submission]?.transport ?? .notSent).rawValue,
                        business: bearings[$0.submission]?.counts ?? [:], records: $0.recordCount,
                        bytes: $0.byteCount, created: $0.created.dateTime, attempts: $0.attempts,
                        nextStep: $0.nextStep.dateTime, reason: $0.reason,
                        isRefused: bearings[$0.submission]?.isRefused ?? false)
                })
            guard !found.isEmpty else {
                output.line(
                    state == nil ? "队列是空的。下一步：shangbao take 文件.csv" : "没有这种状态的报文。",
                    state == nil
                        ? "The queue is empty. Next: shangbao take FILE.csv"
                        : "None is in this state.")
                return .done
            }
            show(found, bearings, output)
            return .done
        }
    }
}

extension QueueList {
    /// What tells most submissions apart: their moment and some of their chance.
    static let shownDigits = 18

    private func show(
        _ found: [QueueLine], _ bearings: [SubmissionID: Bearings], _ output: Output
    ) {
        let short = Set(found.map { $0.submission.text.prefix(QueueList.shownDigits) })
        let digits = short.count == found.count ? QueueList.shownDigits : 36
        var table = Columns([
            (said("编号", "id"), .left), (said("生成", "made"), .left),
            (said("状态", "state"), .left), (said("传输", "transport"), .left),
            (said("业务", "business"), .left),
        ])
        for line in found {
            table.add([
                String(line.submission.text.prefix(digits)),
                String(Figure.minute(line.created).dropFirst(5)),
                bearings[line.submission]?.isRefused == true
                    ? said("✗ 整份拒绝", "✗ refused")
                    : line.state.title.said + (line.reason.map { " \($0)" } ?? ""),
                bearings[line.submission]?.transport.title.said ?? "",
                bearings[line.submission]?.decided.said ?? "",
            ])
        }
        output.table(table, indent: 0)
        if bearings.values.contains(where: \.isRefused) {
            output.paragraph(
                said(
                    "✗ 整份拒绝的不会自己继续：原因解决之后 shangbao queue repack 编号 --because 理由",
                    "✗ What was refused does not go on by itself: once the cause is mended, shangbao "
                        + "queue repack ID --because WHY"))
        }
    }
}

extension DeliveryState: ExpressibleByArgument {}

struct QueueShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("一份报文的全部经过。", "All that happened to one submission."))
    }

    @Argument(help: ArgumentHelp(said("报文编号，或其开头。", "Its id, or how it begins.")))
    var id: String

    @Flag(help: ArgumentHelp(said("逐条列出记录。", "List every record.")))
    var records = false

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: id) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let (entry, bearings) = try await database.read { [id] transaction in
                let found = try QueueLookup.find(id, outbox, in: transaction)
                return (
                    try outbox.show(found, in: transaction),
                    try outbox.bearings(of: [found], in: transaction)[found]
                )
            }
            guard let entry, let bearings else {
                throw CommandFailure(.unknownSubmission, place: id)
            }
            let page = QueuePage(entry, bearings)
            try output.give(page)
            page.show(withRecords: records, bearings, CodeBook(site.catalogue), output)
            return .done
        }
    }
}

/// Finds a submission by how its id begins.
enum QueueLookup {
    static func find(_ text: String, _ outbox: Outbox, in transaction: any Transaction) throws
        -> SubmissionID
    {
        if text.count == 36 { return SubmissionID(text.lowercased()) }
        let found = try outbox.list(limit: 10_000, in: transaction).map(\.submission)
            .filter { $0.text.hasPrefix(text.lowercased()) }
        guard let only = found.first, text.count >= 4 else {
            throw CommandFailure(.unknownSubmission, place: text)
        }
        guard found.count == 1 else {
            throw CommandFailure(.severalSubmissions, place: text, detail: "\(found.count)")
        }
        return only
    }
}
