import Delivery
import Flow
import Foundation
import Intake
import Mappings
import Programmes
import Records
import Schedules
import Storage

/// What a schedule would do now (试运行). Changes nothing and calls nobody.
struct DryRun: Sendable {
    let site: Site
    let schedule: Schedule
    let settleSeconds: Int64

    private struct Waiting: Encodable {
        let what: String
        let isMet: Bool
    }

    private struct Result: Encodable {
        let schedule: String
        let does: String
        /// Whether the national side may be called now, where it would be.
        let isOpen: Bool
        let requirements: [Waiting]
        /// Files by source that would be taken, and how many still grow.
        var files: [String: [String]] = [:]
        var growing = 0
        /// Submissions by state.
        var submissions: [String: Int] = [:]
    }

    func show(_ output: Output) async throws -> ExitStatus {
        let now = site.clock()
        let calendar = site.configuration.calendar
        let view = try await site.withView { view in
            let outbox = try Exchange(site: site, database: view).outbox
            return try await view.read { transaction in
                (
                    try schedule.requirements.map { requirement in
                        Waiting(
                            what: requirement.words,
                            isMet: try ScheduleBook().isMet(
                                requirement, for: now.minute, in: transaction))
                    }, try outbox.counts(in: transaction)
                )
            }
        }
        var result = Result(
            schedule: schedule.name, does: schedule.work.text,
            isOpen: try calendar.isOpen(schedule, at: now.minute), requirements: view.0)
        if schedule.work.takesFiles { try listFiles(&result) }
        if schedule.work.callsNation {
            for (state, count) in view.1 { result.submissions[state.rawValue] = count }
        }
        try output.give(result)
        show(result, output)
        return .done
    }

    private func listFiles(_ result: inout Result) throws {
        var names = site.configuration.sources.map(\.name)
        if case .take(let own) = schedule.work, !own.isEmpty { names = own }
        for source in site.configuration.sources where names.contains(source.name) {
            let (_, mapping) = try site.mapping(for: source.name)
            let listing = try FolderChannel(
                folder: source.folder, endings: mapping.mapping.readerType.fileEndings,
                settleSeconds: settleSeconds, clock: site.clock
            ).listing()
            result.files[source.name] = listing.offered.map(\.name)
            result.growing += listing.waitingCount
        }
    }

    private func show(_ result: Result, _ output: Output) {
        output.line(
            "\(result.schedule)：\(schedule.workWords)", "\(result.schedule): \(schedule.workWords)")
        output.line(
            result.isOpen ? "  ✓ 现在可以运行" : "  ✗ 现在不在上报时段内，或今天停报",
            result.isOpen ? "  ✓ it may run now" : "  ✗ outside of the windows, or a closed day")
        for waiting in result.requirements {
            output.line("  \(waiting.isMet ? "✓" : "✗") \(waiting.what)")
        }
        for (source, files) in result.files.sorted(by: { $0.key < $1.key }) {
            output.line("  \(source)：\(files.count) 个文件", "  \(source): \(files.count) files")
            for file in files.prefix(20) { output.line("    \(file)") }
        }
        if result.growing > 0 {
            output.line(
                "  \(result.growing) 个文件可能还在写，下次再收",
                "  \(result.growing) files may still be written; they wait")
        }
        var table = Columns(sides: [.left, .right])
        for state in [DeliveryState.due, .inDoubt, .awaiting, .held] {
            guard let count = result.submissions[state.rawValue], count > 0 else { continue }
            table.add([state.title.said, Figure.grouped(count)])
        }
        output.table(table)
        output.line("试运行：什么也没有改。", "A dry run: nothing was changed.")
    }
}

extension Requirement {
    /// In words, for a list.
    fileprivate var words: String {
        switch subject {
        case .schedule(let name): said("日程 \(name) 已完成", "schedule \(name) has ended well")
        case .source(let name):
            said("来源 \(name) 已收到", "source \(name) has come")
                + (rows > 0 ? said("（至少 \(rows) 行）", " (\(rows) rows at least)") : "")
        }
    }
}

extension ScheduledWork {
    fileprivate var takesFiles: Bool {
        switch self {
        case .take, .all: true
        case .deliver, .collect, .reconcile: false
        }
    }
}
